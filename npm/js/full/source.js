// Where the module comes from: it stands in a string, and is compiled on the first call.

import { initSync } from "../../generated/full.js";
import { wasm } from "../../generated/full-wasm.js";

let loaded = false;

/** Makes sure that the module is there. */
export function ensure() {
  if (loaded) return;
  const octets = new Uint8Array(wasm.length);
  for (let i = 0; i < wasm.length; i++) octets[i] = wasm.charCodeAt(i);
  initSync({ module: new WebAssembly.Module(octets) });
  loaded = true;
}
