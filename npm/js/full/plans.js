// Plans: what will be sent, what will not and why, what has to be confirmed first.

import * as rim from "../../generated/full.js";
import { checkEmail } from "../email/check.js";
import { EMAIL_CODES } from "../email/kinds.js";
import * as read from "./arguments.js";
import { call } from "./rim.js";

/** One role or several, as a list. */
const oneOrMany = (at, value) => (Array.isArray(value) ? read.texts(at, value) : [read.text(at, value)]);

const held = (at, value) =>
  typeof value === "string"
    ? { id: read.text(at, value) }
    : read.needs(at, read.fields(at, value, { id: read.text, name: read.text }), "id");

const user = (at, value) =>
  read.needs(
    at,
    read.fields(at, value, {
      id: read.text,
      email: read.text,
      name: read.text,
      status: read.text,
      invite: read.text,
      roles: (at, value) => read.list(at, value, held),
    }),
    "id",
    "email",
  );

const OPTIONS = {
  service: read.service,
  organization: read.text,
  me: read.text,
  roles: read.roles,
  role: oneOrMany,
  resend: read.flag,
};

function options(at, value) {
  return JSON.stringify(read.needs(at, read.fields(at, value, OPTIONS), "service", "organization"));
}

const users = (at, value) => JSON.stringify(read.list(at, value, user));

/** An address, a recipient, or a row of a list. */
function recipient(at, value) {
  if (typeof value === "string") return { email: read.text(at, value) };
  const given = read.fields(at, value, { email: read.text, user: read.text, role: read.text, roles: read.texts });
  if (given.email === undefined && given.user === undefined) throw read.misuse(`${at}.email is missing`);
  return { email: given.email, user: given.user, roles: given.roles ?? (given.role === undefined ? [] : [given.role]) };
}

function change(at, value) {
  const given = read.fields(at, value, {
    user: read.text,
    email: read.text,
    role: read.text,
    roles: read.texts,
    add: oneOrMany,
    remove: oneOrMany,
  });
  if (given.user === undefined && given.email === undefined) throw read.misuse(`${at}.user is missing`);
  const { user, email, add, remove } = given;
  const replace = given.roles ?? (given.role === undefined ? undefined : [given.role]);
  if ([replace, add, remove].filter((it) => it !== undefined).length !== 1) {
    throw read.misuse(`${at} must have one of role, roles, add and remove`, "ERR_INVALID_ARG_VALUE");
  }
  return { user, email, replace, add, remove };
}

/** @type {typeof import("../index.js").planInvites} */
export function planInvites(recipients, known, given) {
  const name = "planInvites";
  const rows = read.list(`${name}: recipients`, recipients, recipient);
  const plan = call(
    name,
    rim.planInvites,
    JSON.stringify(rows),
    users(`${name}: users`, known),
    options(`${name}: options`, given),
  );
  for (const refused of plan.refused) {
    const { email } = rows[refused.row];
    if (email !== undefined && EMAIL_CODES.includes(refused.issue.code)) {
      // the same words, parameters and range as everywhere else
      const checked = checkEmail(email);
      if (checked.type === "invalid") refused.issue = checked.issue;
    }
  }
  return plan;
}

/** @type {typeof import("../index.js").planRoleChange} */
export function planRoleChange(changes, known, given) {
  const name = "planRoleChange";
  return call(
    name,
    rim.planRoleChange,
    JSON.stringify(read.list(`${name}: changes`, changes, change)),
    users(`${name}: users`, known),
    options(`${name}: options`, given),
  );
}
