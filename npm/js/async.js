// `rolecall/async` in browsers and workers: the modules are assets beside this file.

import { compileResponse, initOver } from "./async/init.js";

export * from "./async/everything.js";

export const init = /* @__PURE__ */ initOver(async (address) => compileResponse(await fetch(address)), {
  get full() {
    return new URL("./rolecall.wasm", import.meta.url);
  },
  get email() {
    return new URL("./email.wasm", import.meta.url);
  },
});
