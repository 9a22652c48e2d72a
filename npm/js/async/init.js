// Bringing the modules: once, however often and from wherever it is asked for.

import { misuse } from "../full/arguments.js";
import { keep } from "./modules.js";

/** @type {Promise<void> | undefined} */
let pending;

/** `init` over a way to compile what stands at an address. */
export function initOver(compileAt, addresses) {
  return function init(sources = {}) {
    if (typeof sources !== "object" || sources === null) {
      return Promise.reject(misuse("init: sources must be an object"));
    }
    pending ??= Promise.all([
      compiled(compileAt, "full", sources.full ?? addresses.full),
      compiled(compileAt, "email", sources.email ?? addresses.email),
    ]).then(
      ([full, email]) => keep(full, email),
      (error) => {
        // the next call tries again
        pending = undefined;
        throw error;
      },
    );
    return pending;
  };
}

async function compiled(compileAt, name, source) {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  if (given instanceof ArrayBuffer || ArrayBuffer.isView(given)) return WebAssembly.compile(given);
  if (typeof Response === "function" && given instanceof Response) return compileResponse(given);
  if (typeof given === "string" || given instanceof URL) return compileAt(given, name);
  throw misuse(`init: sources.${name} must be an address, a Response, octets or a WebAssembly.Module`);
}

/** Compiles while the octets arrive, where the server names their type. */
export async function compileResponse(response) {
  if (!response.ok) {
    const error = new Error(`init: ${response.url} answered ${response.status}`);
    error.code = "ERR_MODULE_NOT_FETCHED";
    throw error;
  }
  const streams =
    typeof WebAssembly.compileStreaming === "function" &&
    response.headers.get("content-type")?.split(";")[0].trim() === "application/wasm";
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
