// The WebAssembly module: compiled on the first call, with views of its memory.

import { instantiate } from "./source.js";

/** Octets of input that the module takes without growing, and the most lines of a pass. */
export const INPUT = 384 << 10;

/** Octets behind the input. */
const PADDING = 64;

/** Units of a text that is written unit by unit; browsers take long to encode one. */
export const SHORT = 64;

/** What the module exports. */
export let rules;
/** What it found: octets, and places in units. */
export let octets;
export let places;
/** What it is given. */
export let input;

let buffer;
let encoder;

/** Growing memory detaches views in WebAssembly and leaves stale ones behind in code made from it. */
function look() {
  const place = rules.input(0);
  buffer = rules.memory.buffer;
  input = new Uint8Array(buffer, place, INPUT);
  octets = new Uint8Array(buffer, place + INPUT + PADDING, INPUT);
  places = new Uint32Array(buffer, place + INPUT + PADDING + INPUT, INPUT);
}

function begin() {
  rules = instantiate();
  encoder = new TextEncoder();
  look();
}

/** Makes the module anew once it has more than 16 MiB, as memory never shrinks. */
export function giveBack() {
  if (buffer?.byteLength > 1 << 24) begin();
}

/** Writes as much of a well-formed text as fits: units that were read, and octets. */
export function fill(text) {
  rules ?? begin();
  return encoder.encodeInto(text, input);
}

/** Writes a well-formed text and gives its octets. */
export function write(text) {
  rules ?? begin();
  const { length } = text;
  if (length < SHORT) {
    const into = input;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      into[i] = unit;
    }
    if (all < 128) return length;
  }
  if (length * 3 <= INPUT) {
    return encoder.encodeInto(text, input).written;
  }
  // a text of this many units may take three times as many octets, but mostly does not
  const encoded = encoder.encode(text);
  const place = rules.input(encoded.length);
  new Uint8Array(rules.memory.buffer, place).set(encoded);
  if (buffer !== rules.memory.buffer) look();
  return encoded.length;
}
