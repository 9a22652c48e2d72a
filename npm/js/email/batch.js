// Many addresses: one crossing for thousands, no object for each.

import { checkEmail } from "./check.js";
import { misuse, needText, wellFormed } from "./host.js";
import { issueOf } from "./issue.js";
import { DOMAIN_NEEDS_IDNA, EMAIL_CODES } from "./kinds.js";
import { INPUT, fill, giveBack, octets, places, rules, write } from "./module.js";

/** @type {typeof import("../email.js").checkEmails} */
export function checkEmails(addresses) {
  if (typeof addresses === "string") {
    return batch(checkLines(addresses), addresses);
  }
  if (!Array.isArray(addresses)) {
    throw misuse("checkEmails: addresses must be a string or an array");
  }
  // the caller's own may be changed before `issue` is called
  const items = addresses.slice();
  for (let i = 0; i < items.length; i++) {
    if (typeof items[i] !== "string") {
      needText(`checkEmails: addresses[${i}]`, items[i]);
    }
  }
  let checked = checkItems(items);
  if (checked.count !== items.length) {
    // an item with a line end: a tab in its place is refused or dropped just the same
    checked = checkItems(items.map((item) => item.replaceAll("\n", "\t")));
  }
  return batch(checked, "", items);
}

/** Checks items as lines, each of which ends: an empty one counts, too. */
const checkItems = (items) => checkLines(items.concat("").join("\n"));

/** The answers about addresses; a text is only taken apart where one of them is needed. */
function batch({ count, codes, at }, text, items) {
  const item = (index) => (items ??= text.split(/\r?\n/))[index];
  // what only the host's tables can decide
  for (let i = codes.indexOf(DOMAIN_NEEDS_IDNA); i >= 0; i = codes.indexOf(DOMAIN_NEEDS_IDNA, i + 1)) {
    const { issue } = checkEmail(item(i));
    codes[i] = EMAIL_CODES.indexOf(issue?.code ?? "");
    at[i] = issue?.range[0] ?? 0;
  }
  const issue = (index) => (codes[index] ? issueOf(item(index), codes[index], at[index]) : null);
  return { count, codes, at, issue };
}

/** Checks the lines of a text. Nothing is done here for each, not even for those that are wrong. */
function checkLines(given) {
  const text = wellFormed(given);
  let codes = new Uint8Array();
  let at = new Uint32Array();
  for (let start = 0; start < text.length; ) {
    // each unit takes one octet at least; the whole, where it fits, is not copied
    const piece = text.slice(start, start + INPUT);
    let { read, written } = fill(piece);
    if (start + read < text.length) {
      const end = piece.lastIndexOf("\n", read - 1) + 1;
      // up to the last line that fits, or the only one
      const lines = end > 0 ? piece.slice(0, end) : text.slice(start, text.indexOf("\n", start) + 1 || text.length);
      written = write(lines);
      read = lines.length;
    }
    const lines = rules.check_all(written, written !== read);
    codes = joinedTo(codes, octets, lines);
    at = joinedTo(at, places, lines);
    start += read;
  }
  giveBack();
  return { count: at.length, codes, at };
}

/** What was found before, and what is known now about so many lines. */
function joinedTo(before, now, lines) {
  const { length } = before;
  const all = new before.constructor(length + lines);
  all.set(before);
  all.set(now.subarray(0, lines), length);
  return all;
}
