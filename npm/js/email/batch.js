// Many addresses: one crossing for thousands, no object for each.

import { checkEmail } from "./check.js";
import { loneSurrogate, misuse, wellFormed } from "./host.js";
import { issueOf } from "./issue.js";
import { DOMAIN_NEEDS_IDNA, EMAIL_CODES } from "./kinds.js";
import { INPUT, octets, places, rules, write } from "./module.js";

/** UTF-16 units of one pass: each may take three octets. */
const PASS = INPUT / 3;

/** @type {typeof import("../email.js").checkEmails} */
export function checkEmails(addresses) {
  if (typeof addresses === "string") {
    return batch(checkLines(addresses), () => addresses.split(/\r?\n/));
  }
  if (!Array.isArray(addresses)) {
    throw misuse("checkEmails", addresses);
  }
  for (const address of addresses) {
    if (typeof address !== "string") {
      throw misuse("checkEmails", address);
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

/** Checks the lines of a text. */
function checkLines(given) {
  const text = loneSurrogate(given) < 0 ? given : wellFormed(given);
  // what is wrong, three numbers each: the line, the code, the place
  const wrong = [];
  let count = 0;
  for (let start = 0; start < text.length; ) {
    const end = endOfPass(text, start);
    const length = write(text.slice(start, end));
    const more = rules.check_all(length);
    for (let i = 0; i < places[0]; i++) {
      wrong.push(count + places[2 * i + 1], octets[i], places[2 * i + 2]);
    }
    count += more;
    start = end;
  }
  const codes = new Uint8Array(count);
  const at = new Uint32Array(count);
  for (let i = 0; i < wrong.length; i += 3) {
    codes[wrong[i]] = wrong[i + 1];
    at[wrong[i]] = wrong[i + 2];
  }
  return { count, codes, at };
}

/** Where a pass ends that starts at `start`: behind the last line that fits, or the only one. */
function endOfPass(text, start) {
  const end = start + PASS;
  if (end >= text.length) {
    return text.length;
  }
  const line = text.lastIndexOf("\n", end - 1);
  if (line >= start) {
    return line + 1;
  }
  const next = text.indexOf("\n", end);
  return next < 0 ? text.length : next + 1;
}
