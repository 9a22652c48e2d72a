// Where the module comes from: it stands in a string.

import { mask, wasm } from "../../generated/email-wasm.js";
import { octetsOf } from "./octets.js";

/** What the module exports. */
export function instantiate() {
  return new WebAssembly.Instance(new WebAssembly.Module(octetsOf(wasm, mask))).exports;
}
