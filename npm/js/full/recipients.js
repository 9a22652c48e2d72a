// Lists of recipients.

import { loneSurrogate } from "../email/host.js";
import { ABOUT_CHARACTER, bareIssue, issueOf } from "../email/issue.js";
import * as read from "./arguments.js";
import { call } from "./rim.js";

const OPTIONS = {
  service: read.service,
  roles: read.roles,
  ignoreCase: read.flag,
  maxRows: read.count,
  format: (at, value) => {
    const format = read.needs(
      at,
      read.fields(at, value, {
        type: (at, value) => read.choice(at, value, ["addresses", "usersFile", "table"]),
        delimiter: (at, value) => read.choice(at, value, [",", ";", "\t", "|", "  "]),
      }),
      "type",
    );
    return format.type === "table" ? read.needs(at, format, "delimiter") : { type: format.type };
  },
};

/** How to read a list; names what is none of it. */
export function options(name, given = {}) {
  return read.fields(`${name}: options`, given, OPTIONS);
}

/** What is wrong with a list that must not be empty. */
export const nobody = () => ({
  code: "Empty",
  params: { what: "recipients" },
  message: "enter at least one recipient",
  range: [0, 0],
});

/** @type {typeof import("../index.js").readRecipients} */
export function readRecipients(source, given) {
  return readAs("readRecipients", source, given);
}

/** @type {typeof import("../index.js").readRecipientsFile} */
export async function readRecipientsFile(blob, given) {
  const name = "readRecipientsFile";
  if (typeof blob?.arrayBuffer !== "function") throw read.misuse(`${name}: blob must be a Blob or File`);
  // wrong options are told before anything is read
  options(name, given);
  return readAs(name, await blob.arrayBuffer(), given);
}

function readAs(name, source, given) {
  if (typeof source === "string") {
    const text = read.text(`${name}: source`, source);
    const list = call(name, "readText", [JSON.stringify(options(name, given))], text);
    return finished(list, source);
  }
  const octets = read.octets(`${name}: source`, source);
  const list = call(name, "readBytes", [JSON.stringify(options(name, given))], "", octets);
  return finished(list, list.text);
}

/** Makes rows of columns, with what stands there in the text as it was given. */
function finished({ line, column, start, end, emails, names, role, roles, more, ...list }, text) {
  const addresses = emails.split("\n");
  const rows = line.map((line, i) => {
    const [from, to] = [start[i], end[i]];
    const recipient = {};
    const email = addresses[i];
    if (email !== "") recipient.email = email;
    const name = names[i];
    if (name !== null) recipient.name = name;
    if (role[i] > 0) recipient.role = roles[role[i] - 1];
    return { line, column: column[i], range: [from, to], raw: text.slice(from, to), recipient };
  });
  for (const [i, { user, roles, address, duplicateOf, issue }] of more) {
    const row = rows[i];
    if (user !== undefined) row.recipient.user = user;
    if (roles !== undefined) row.recipient.roles = roles;
    if (duplicateOf !== undefined) row.duplicateOf = duplicateOf;
    if (issue !== undefined) {
      delete row.recipient;
      row.issue = typeof issue.code === "number" ? addressIssue(issue, address, text) : issue;
    }
  }
  if (loneSurrogate(text) >= 0) {
    for (const row of rows) if (row.issue === undefined) refuseBroken(row);
  }
  return { rows, ...list };
}

/** The same words, parameters and range for an address as everywhere else, wherever it stands. */
function addressIssue({ code, range }, [start, end], text) {
  // an address inside taken-out quotes has its error at its beginning, whatever the character there
  if (range[1] === range[0] && ABOUT_CHARACTER.includes(code)) return bareIssue(code, range);
  const issue = issueOf(text.slice(start, end), code, range[0] - start);
  return { ...issue, range: issue.range.map((at) => at + start) };
}

/** Half a character anywhere in a row is an error: no encoder writes it, and nothing is changed silently. */
function refuseBroken(row) {
  const at = loneSurrogate(row.raw);
  if (at < 0) return;
  const start = row.range[0] + at;
  const codePoint = `U+${row.raw.charCodeAt(at).toString(16).toUpperCase()}`;
  delete row.recipient;
  row.issue = {
    code: "LoneSurrogate",
    params: { codePoint },
    message: `remove the broken character: ${codePoint} (half of a character)`,
    range: [start, start + 1],
  };
}
