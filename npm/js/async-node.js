// `rolecall/async` in Node: the modules are files beside this one.

import { readFile } from "node:fs/promises";

import { compileResponse, initOver } from "./async/init.js";

export * from "./async/everything.js";

async function compileAt(address) {
  const url = address instanceof URL ? address : new URL(address);
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
