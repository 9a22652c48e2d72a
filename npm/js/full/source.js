// Where the module comes from: it stands in a string, and is compiled on the first call.

import { initSync } from "../../generated/full.js";
import { mask, wasm } from "../../generated/full-wasm.js";
import { octetsOf } from "../email/octets.js";

let loaded = false;

/** Makes sure that the module is there. */
export function ensure() {
  if (loaded) return;
  initSync({ module: new WebAssembly.Module(octetsOf(wasm, mask)) });
  loaded = true;
}
