// Where the module comes from where policies forbid WebAssembly: the same, as JavaScript.

import { make } from "../../generated/email-js.js";

/** What the module exports. */
export function instantiate() {
  return make();
}
