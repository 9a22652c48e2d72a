// Schemas of roles and lists.

import { checkEmail } from "../email/check.js";
import { entered, shown, standard } from "../schema.js";
import * as read from "./arguments.js";
import { nobody, options, readRecipients } from "./recipients.js";
import { matchRole } from "./roles.js";

/** Whether an issue is about a role: those tell what was written. */
const isOfRole = ({ code, params }) => "text" in params || code === "Duplicate";

/** An issue as the Standard Schema has it. `Empty` is one code for three: `what` tells them apart. */
function told(issue, messages, path) {
  const what = isOfRole(issue) ? "role" : "address";
  const where = path && { path };
  return shown(issue.code === "Empty" ? { ...issue, params: { what, ...issue.params } } : issue, messages, where);
}

/** @type {typeof import("../index.js").roleSchema} */
export function roleSchema(service, given) {
  const name = "roleSchema";
  read.service(`${name}: service`, service);
  const { roles } = read.fields(`${name}: options`, given ?? {}, { roles: read.roles, messages: read.messages });
  return standard((value) => {
    const matched = matchRole(entered(value), service, roles);
    return matched.type === "ok" ? { value: matched.role.id } : { issues: [told(matched.issue, given?.messages)] };
  });
}

/** @type {typeof import("../index.js").recipientsSchema} */
export function recipientsSchema(given) {
  const name = "recipientsSchema";
  const reading = options(name, given ?? {});
  read.fields(`${name}: options`, given ?? {}, { messages: read.messages });
  const { ignoreCase, maxRows: max } = reading;
  return standard((value) => {
    const { rows, leftOut } = (typeof value === "string" ? readRecipients : readItems)(value, reading);
    const recipients = [];
    const issues = [];
    const seen = new Map();
    const refuse = (issue, path) => issues.push(told(issue, given?.messages, path));
    rows.forEach(({ recipient, issue, item }, i) => {
      if (recipient) {
        const { email, user } = recipient;
        const key = ignoreCase || user ? (email ?? user).toLowerCase() : email;
        const row = seen.get(key);
        if (row === undefined) {
          seen.set(key, i);
          recipients.push(recipient);
        } else if (written(rows[row].recipient) !== written(recipient)) {
          issue = { code: "Duplicate", params: { row }, message: `the same as row ${row + 1}, with another role` };
        }
      }
      if (issue) refuse(issue, typeof item === "string" ? [i] : [i, isOfRole(issue) ? "role" : "email"]);
    });
    if (leftOut > 0) {
      refuse({ code: "TooMany", params: { max, leftOut }, message: `at most ${max} in a list: ${leftOut} too many` });
    }
    if (issues.length + recipients.length === 0) refuse(nobody());
    return issues.length > 0 ? { issues } : { value: recipients };
  });
}

/** The roles of a recipient, however they are given. */
const rolesOf = (it) => [].concat(it?.roles ?? it?.role ?? []);

/** The roles of a recipient, whatever their order. */
const written = (recipient) => JSON.stringify(rolesOf(recipient).sort());

/** Addresses and recipients as rows of a list. */
function readItems(value, { maxRows, format, ...reading }) {
  const items = Array.isArray(value) ? [...value] : [];
  const known = new Map();
  const roleOf = (name) => known.get(name) ?? known.set(name, readRole(name, reading)).get(name);
  const rows = items.slice(0, maxRows).map((item) => ({ ...readItem(item, roleOf, reading), item }));
  return { rows, leftOut: items.length - rows.length };
}

function readItem(item, roleOf, reading) {
  // of a text or of nothing there is an object, too
  const { email = item, user, name } = Object(item);
  const recipient = {};
  const address = entered(email);
  const id = entered(user).trim();
  if (!address && id) {
    recipient.user = id;
  } else {
    const checked = checkEmail(address);
    if (checked.issue) {
      // what stands there beside an address
      const rows = typeof item === "string" ? readRecipients(item, reading).rows : [];
      return rows.length === 1 ? rows[0] : checked;
    }
    recipient.email = checked.email;
  }
  if (entered(name)) recipient.name = name;
  const named = rolesOf(item).map(roleOf);
  const wrong = named.find(({ issue }) => issue);
  if (wrong) return wrong;
  const roles = new Set(named.flatMap(({ recipient }) => rolesOf(recipient)));
  if (roles.size > 0) [recipient.role] = roles;
  if (roles.size > 1) recipient.roles = [...roles];
  return { recipient };
}

/** What a list makes of the name of a role: here it is the same. */
function readRole(name, reading) {
  if (typeof name !== "string") return matchRole("", "astro");
  const table = `email,role\na@b.co,"${name.replaceAll('"', '""')}"`;
  const [row] = readRecipients(table, reading).rows;
  if (row.issue) row.issue.range = [0, name.length];
  return row;
}
