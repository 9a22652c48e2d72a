// A module of WebAssembly that stands in a string.

/** The octets of a string that has a character for each, or-ed exclusively with `mask`. */
export function octetsOf(text, mask) {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) octets[i] = text.charCodeAt(i) ^ mask;
  return octets;
}
