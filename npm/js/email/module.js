// The WebAssembly module: compiled on the first call, with views of its memory.

import { instantiate } from "./source.js";

/** Octets of input that the module takes without growing; the batch passes at most a third of it. */
export const INPUT = 48 * 1024;

/** Units of a text that is written unit by unit; browsers take long to encode one. */
export const SHORT = 64;

/**
 * Functions and memory of the module: first what is written, then octets and numbers that are read.
 *
 * Growing memory detaches views in WebAssembly and leaves stale ones behind in code made from it, so
 * they are looked at anew.
 */
class Module {
  constructor() {
    this.exports = instantiate();
    this.view();
  }

  view() {
    const { memory, input } = this.exports;
    const place = input(0);
    this.buffer = memory.buffer;
    this.input = new Uint8Array(this.buffer, place, INPUT);
    this.octets = new Uint8Array(this.buffer, place + INPUT, INPUT / 3);
    this.places = new Uint32Array(this.buffer, place + INPUT + INPUT / 3, INPUT / 3);
  }

  /** Writes a well-formed text and gives its octets. */
  write(text) {
    const { length } = text;
    const { input } = this;
    if (length < SHORT) {
      let all = 0;
      for (let i = 0; i < length; i++) {
        const unit = text.charCodeAt(i);
        all |= unit;
        input[i] = unit;
      }
      if (all < 128) return length;
    }
    if (length * 3 <= INPUT) {
      return ENCODER.encodeInto(text, input).written;
    }
    // a text of this many units may take three times as many octets, but mostly does not
    const octets = ENCODER.encode(text);
    const { memory, input: place } = this.exports;
    const to = place(octets.length);
    new Uint8Array(memory.buffer, to, octets.length).set(octets);
    if (this.buffer !== memory.buffer) {
      this.view();
    }
    return octets.length;
  }
}

const ENCODER = /* @__PURE__ */ new TextEncoder();

/** @type {Module | undefined} */
let loaded;

/** The module, compiled when it is first needed. */
export function load() {
  return (loaded ??= new Module());
}
