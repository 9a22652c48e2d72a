// What the host lends to the rules: its tables of Unicode, and whole characters.

import { DOMAIN_NEEDS_IDNA, DOMAIN_TOO_LONG, IDNA_INVALID } from "./kinds.js";

/**
 * The domain as A-labels, or the number of what is wrong with it.
 *
 * The rules hand over nothing in ASCII but letters, digits, hyphens and dots. The label behind it
 * keeps the parser from reading numbers as an IP address.
 */
export function domainToAscii(domain) {
  if (typeof URL !== "function") {
    return DOMAIN_NEEDS_IDNA;
  }
  // a longer one is not handed to the host
  if (domain.length > 4096) {
    return DOMAIN_TOO_LONG;
  }
  try {
    const { hostname } = new URL(`http://${domain}.x/`);
    return hostname.endsWith(".x") ? hostname.slice(0, -2) : IDNA_INVALID;
  } catch {
    return IDNA_INVALID;
  }
}

const LONE = /\p{Surrogate}/gu;

/** Where the first surrogate without its other half is; -1 for none. */
export function loneSurrogate(text) {
  return text.isWellFormed?.() ? -1 : text.search(LONE);
}

/**
 * The text with a noncharacter for each surrogate without its other half: as long, refused
 * everywhere, and not U+FFFD, which an encoder would write without a word.
 */
export function wellFormed(text) {
  return text.isWellFormed?.() ? text : text.replace(LONE, "\uffff");
}

/** An error for a caller who passed something else than the function takes. */
export function misuse(what, code = "ERR_INVALID_ARG_TYPE") {
  const error = new TypeError(what);
  error.code = code;
  return error;
}

/** Says no to what is no text. */
export function needText(at, value) {
  if (typeof value !== "string") throw misuse(`${at} must be a string, not ${kind(value)}`);
}

/** What a value is, for those who passed it. */
export function kind(value) {
  return value == null ? value : `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
}
