// `rolecall/async` in Node: the modules are files beside this one.

import { readFile } from "node:fs/promises";

import { compileResponse, initOver } from "./async/init.js";
import { misuse } from "./full/arguments.js";

export * from "./async/everything.js";

async function compileAt(address, name) {
  if (!URL.canParse(address)) {
    throw misuse(`init: sources.${name} must be an absolute address, as of a file: ${address}`, "ERR_INVALID_ARG_VALUE");
  }
  const url = new URL(address);
  return url.protocol === "file:" ? WebAssembly.compile(await readFile(url)) : compileResponse(await fetch(url));
}

export const init = /* @__PURE__ */ initOver(compileAt, {
  get full() {
    return new URL("./rolecall.wasm", import.meta.url);
  },
  get email() {
    return new URL("./email.wasm", import.meta.url);
  },
});
