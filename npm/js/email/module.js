// The WebAssembly module: compiled on the first call, with views of its memory.

import { instantiate } from "./source.js";

/** Octets of input that the module takes without growing; the batch passes at most a third of it. */
export const INPUT = 48 * 1024;

/**
 * Functions and memory of the module.
 *
 * `bytes` is where short texts go and stays at its place. Growing memory detaches views in
 * WebAssembly and leaves stale ones behind in code made from it, so both are looked at anew.
 */
export class Module {
  constructor() {
    const exports = instantiate();
    this.exports = exports;
    this.check = exports.check;
    this.view();
  }

  view() {
    const { memory, input, codes, places } = this.exports;
    const { buffer } = memory;
    this.buffer = buffer;
    this.bytes = new Uint8Array(buffer, input(0), INPUT);
    this.codes = new Uint8Array(buffer, codes(), INPUT / 3);
    this.places = new Uint32Array(buffer, places(), INPUT / 3);
  }

  /** Writes a well-formed text and gives its octets. */
  write(text) {
    if (text.length * 3 <= INPUT) {
      return ENCODER.encodeInto(text, this.bytes).written;
    }
    const { memory, input } = this.exports;
    // a text of this many units may take three times as many octets, but mostly does not
    const octets = ENCODER.encode(text);
    const place = input(octets.length);
    new Uint8Array(memory.buffer, place, octets.length).set(octets);
    if (this.buffer !== memory.buffer) {
      this.view();
    }
    return octets.length;
  }

  /** Reads the suggestion that was written. */
  output(length) {
    const { memory, output } = this.exports;
    return DECODER.decode(new Uint8Array(memory.buffer, output(), length));
  }
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** @type {Module | undefined} */
let loaded;

/** The module, compiled when it is first needed. */
export function load() {
  return (loaded ??= new Module());
}
