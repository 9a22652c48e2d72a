// Where the module comes from: it stands in a string, and is compiled on the first call.

import { initSync } from "../../generated/full.js";
import { mask, wasm } from "../../generated/full-wasm.js";
import { octetsOf } from "../email/octets.js";

let loaded = false;

/** The memory of the module, once that is there. */
export function memory() {
  const exports = initSync(loaded ? undefined : { module: new WebAssembly.Module(octetsOf(wasm, mask)) });
  loaded = true;
  return exports.memory;
}
