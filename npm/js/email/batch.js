// Many addresses: one crossing for thousands, no object for each.

import { checkEmail } from "./check.js";
import { loneSurrogate, noText, wellFormed } from "./host.js";
import { issueOf } from "./issue.js";
import { DOMAIN_NEEDS_IDNA, EMAIL_CODES } from "./kinds.js";
import { INPUT, fill, octets, places, rules, write } from "./module.js";

/** @type {typeof import("../email.js").checkEmails} */
export function checkEmails(addresses) {
  if (typeof addresses === "string") {
    return batch(checkLines(addresses), () => addresses.split(/\r?\n/));
  }
  if (!Array.isArray(addresses)) {
    throw noText("checkEmails: addresses", addresses);
  }
  for (let i = 0; i < addresses.length; i++) {
    if (typeof addresses[i] !== "string") {
      throw noText(`checkEmails: addresses[${i}]`, addresses[i]);
    }
  }
  let checked = checkLines(joined(addresses));
  if (checked.count !== addresses.length) {
    // an item with a line end: a tab in its place is refused or dropped just the same
    checked = checkLines(joined(addresses.map((item) => item.replaceAll("\n", "\t"))));
  }
  return batch(checked, () => addresses);
}

function joined(items) {
  // an empty line counts when it ends
  return items.join("\n") + (items.at(-1) === "" ? "\n" : "");
}

/** The answers about addresses, which `split` gives one by one where that is needed. */
function batch({ count, codes, at }, split) {
  let items;
  const item = (index) => (items ??= split())[index];
  // what only the host's tables can decide
  for (let i = codes.indexOf(DOMAIN_NEEDS_IDNA); i >= 0; i = codes.indexOf(DOMAIN_NEEDS_IDNA, i + 1)) {
    const result = checkEmail(item(i));
    codes[i] = result.type === "ok" ? 0 : EMAIL_CODES.indexOf(result.issue.code);
    at[i] = result.type === "ok" ? 0 : result.issue.range[0];
  }
  const issue = (index) => (codes[index] ? issueOf(item(index), codes[index], at[index]) : null);
  return { count, codes, at, issue };
}

/** Checks the lines of a text. Nothing is done here for each, not even for those that are wrong. */
function checkLines(given) {
  const text = loneSurrogate(given) < 0 ? given : wellFormed(given);
  let found = { count: 0, codes: new Uint8Array(0), at: new Uint32Array(0) };
  for (let start = 0; start < text.length; ) {
    // each unit takes one octet at least; the whole, where it fits, is not copied
    const piece = text.slice(start, start + INPUT);
    let { read, written } = fill(piece);
    if (start + read < text.length) {
      const end = piece.lastIndexOf("\n", read - 1) + 1;
      // up to the last line that fits, or the only one
      const lines = end > 0 ? piece.slice(0, end) : lineAt(text, start);
      written = write(lines);
      read = lines.length;
    }
    found = joinedTo(found, rules.check_all(written, written !== read));
    start += read;
  }
  return found;
}

/** The line that starts there, with its end. */
function lineAt(text, start) {
  const end = text.indexOf("\n", start) + 1;
  return text.slice(start, end > 0 ? end : text.length);
}

/** What was found before, and what is known now about so many lines. */
function joinedTo({ count, codes, at }, lines) {
  const found = { count: count + lines, codes: new Uint8Array(count + lines), at: new Uint32Array(count + lines) };
  found.codes.set(codes);
  found.at.set(at);
  found.codes.set(octets.subarray(0, lines), count);
  found.at.set(places.subarray(0, lines), count);
  return found;
}
