// What both modules of WebAssembly have in common.

/** What Node 20 and the browsers of its time know; `--all-features` would write more. */
export const FEATURES = ["simd", "bulk-memory", "bulk-memory-opt", "sign-ext", "mutable-globals", "nontrapping-float-to-int"];

/**
 * A string literal with a character for each octet. Written as UTF-8 that compresses to 2 % more
 * than the module itself; base64 to 28 % more.
 */
export function literal(octets) {
  const escapes = { 0: "\\0", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\" };
  let text = "";
  octets.forEach((octet, i) => {
    // a digit behind \0 would make another number of it
    const digit = octet === 0 && octets[i + 1] >= 48 && octets[i + 1] <= 57;
    text += digit ? "\\x00" : (escapes[octet] ?? String.fromCharCode(octet));
  });
  return `"${text}"`;
}
