// Schemas of roles and lists.

import { checkEmail } from "../email/check.js";
import { noText, shown, standard } from "../schema.js";
import * as read from "./arguments.js";
import { readRecipients } from "./recipients.js";
import { matchRole } from "./roles.js";

/** @type {typeof import("../index.js").roleSchema} */
export function roleSchema(service, options) {
  read.service("roleSchema: service", service);
  const { messages, roles } = options ?? {};
  return standard((value) => {
    if (typeof value !== "string") return { issues: [shown(noText("enter a role"), messages)] };
    const matched = matchRole(value, service, roles);
    return matched.type === "ok" ? { value: matched.role.id } : { issues: [shown(matched.issue, messages)] };
  });
}

/** @type {typeof import("../index.js").recipientsSchema} */
export function recipientsSchema(options) {
  const { messages, ...reading } = options ?? {};
  return standard((value) => {
    const { recipients, issues } = typeof value === "string" ? ofText(value, reading) : ofArray(value, reading);
    if (issues.length > 0) {
      return { issues: issues.map(({ issue, path }) => shown(issue, messages, path)) };
    }
    if (recipients.length === 0) {
      return { issues: [shown(noText("enter at least one recipient"), messages)] };
    }
    return { value: recipients };
  });
}

function ofText(text, reading) {
  const { rows } = readRecipients(text, reading);
  return {
    recipients: rows.filter((row) => row.recipient && row.duplicateOf === undefined).map((row) => row.recipient),
    issues: rows.flatMap((row, i) => (row.issue ? [{ issue: row.issue, path: [i, partOf(row.issue)] }] : [])),
  };
}

/** Addresses and recipients, each where it stands. */
function ofArray(value, { service, roles, ignoreCase = false }) {
  const recipients = [];
  const issues = [];
  const seen = new Set();
  if (!Array.isArray(value)) return { recipients, issues };
  value.forEach((item, i) => {
    const bare = typeof item === "string";
    const { email, name, role } = bare ? { email: item } : (item ?? {});
    const refuse = (issue, part) => issues.push({ issue, path: bare ? [i] : [i, part] });
    if (typeof email !== "string") return refuse(noText("enter an email address"), "email");
    const checked = checkEmail(email);
    if (checked.type === "invalid") return refuse(checked.issue, "email");
    const recipient = { email: checked.email };
    if (typeof name === "string" && name !== "") recipient.name = name;
    if (typeof role === "string" && role !== "") {
      const matched = service === undefined ? undefined : matchRole(role, service, roles);
      if (matched?.type === "invalid") return refuse(matched.issue, "role");
      recipient.role = matched?.role.id ?? role;
    }
    const key = ignoreCase ? checked.key.toLowerCase() : checked.key;
    if (!seen.has(key)) recipients.push(recipient);
    seen.add(key);
  });
  return { recipients, issues };
}

const OF_ROLES = new Set(["UnknownRole", "AmbiguousRole"]);

const partOf = (issue) => (OF_ROLES.has(issue.code) ? "role" : "email");
