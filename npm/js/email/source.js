// Where the module comes from: it stands in a string.

import { mask, wasm } from "../../generated/email-wasm.js";

/** What the module exports. */
export function instantiate() {
  const octets = new Uint8Array(wasm.length);
  for (let i = 0; i < wasm.length; i++) {
    octets[i] = wasm.charCodeAt(i) ^ mask;
  }
  return new WebAssembly.Instance(new WebAssembly.Module(octets)).exports;
}
