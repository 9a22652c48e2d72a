/** All of `rolecall`, with the modules of WebAssembly as files of their own. */
export * from "./index.js";

/** Where a module is: an address, what `fetch` gave, its octets, or the compiled module. */
export type ModuleSource = string | URL | Response | BufferSource | WebAssembly.Module;

/**
 * Brings the modules, once: every further call gives the same promise. The functions work when it is
 * through; before, they throw an `Error` with the code `ERR_NOT_INITIALIZED`.
 *
 * Bundlers that know `new URL(…, import.meta.url)` need no `sources`.
 *
 * @example
 * import { checkEmail, init } from "rolecall/async";
 * await init();
 * checkEmail("ann@example.com").type; // "ok"
 */
export function init(sources?: {
  /** Of `rolecall/rolecall.wasm`. */
  full?: ModuleSource | Promise<ModuleSource>;
  /** Of `rolecall/email.wasm`. */
  email?: ModuleSource | Promise<ModuleSource>;
}): Promise<void>;
