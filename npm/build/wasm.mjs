// What both modules of WebAssembly have in common.

import { gzipSync } from "node:zlib";

/** Flags of rustc in addition to those that the caller gives for WebAssembly. */
export const rustflags = (...more) => [process.env.CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS, ...more].join(" ");

/** What a crate without the standard library brings along of it, where cargo is to compile that. */
export const NO_STD = process.env.CARGO_UNSTABLE_BUILD_STD === undefined ? {} : { CARGO_UNSTABLE_BUILD_STD: "core,alloc" };

/** What Node 20 and the browsers of its time know; `--all-features` would write more. */
export const FEATURES = ["simd", "bulk-memory", "bulk-memory-opt", "sign-ext", "mutable-globals", "nontrapping-float-to-int"];

/**
 * What the optimizer does: small before all, and like functions beside one another, which compresses better. From
 * a flat form it makes smaller blocks, though not faster ones.
 */
export const PASSES = [
  ...["--flatten", "--rereloop", "-Oz", "-Oz", "--converge", "--reorder-functions"],
  ...["--strip-debug", "--strip-producers", "--strip-target-features"],
];

/**
 * A string literal with a character for each octet. Written as UTF-8 that compresses to little more
 * than the module itself, and to much less than base64.
 */
function literal(octets) {
  const escapes = { 0: "\\0", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\" };
  let text = "";
  octets.forEach((octet, i) => {
    // a digit behind \0 would make another number of it
    const digit = octet === 0 && octets[i + 1] >= 48 && octets[i + 1] <= 57;
    text += digit ? "\\x00" : (escapes[octet] ?? String.fromCharCode(octet));
  });
  return `"${text}"`;
}

/**
 * The module as JavaScript: a string, and the number with which each of its characters is to be
 * exclusively or-ed. It is the one that leaves the fewest octets which take two in UTF-8, and then
 * compresses best together with the script `beside` it, as both share one code.
 */
export function masked(octets, beside = "") {
  const tries = Array.from({ length: 256 }, (_, mask) => {
    const text = literal(octets.map((octet) => octet ^ mask));
    return { mask, text, size: gzipSync(beside + text, { level: 9 }).length };
  });
  const { mask, text } = tries.reduce((best, it) => (it.size < best.size ? it : best));
  return `export const wasm = ${text};\nexport const mask = ${mask};\n`;
}
