// Plans: what will be sent, what will not and why, what has to be confirmed first.

import { checkEmail } from "../email/check.js";
import { loneSurrogate } from "../email/host.js";
import { bareIssue } from "../email/issue.js";
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

const options = (at, value) => read.needs(at, read.fields(at, value, OPTIONS), "service", "organization");

/** A user or recipient in a list of thousands, whose path is only written when something is wrong with it. */
const many = (at, value, quick, reader) =>
  read.each(at, value, (one, i) => quick(one) ?? reader(`${at}[${i}]`, one));

const isText = (value) => typeof value === "string" && loneSurrogate(value) < 0;
const isTextOrNone = (value) => value === undefined || isText(value);

/** A user as nearly all of them are; nothing for another. */
function plainUser(value) {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, email, name, status, invite, roles = [] } = value;
  if (!isText(id) || !isText(email) || !isTextOrNone(name) || !isTextOrNone(status) || !isTextOrNone(invite)) return undefined;
  if (!Array.isArray(roles)) return undefined;
  const held = [];
  for (const role of roles) {
    const isId = typeof role === "string";
    const { id, name } = isId ? { id: role } : (role ?? {});
    if (!isText(id) || !isTextOrNone(name)) return undefined;
    held.push({ id, name });
  }
  return { id, email, name, status, invite, roles: held };
}

const knownUsers = (at, value) => many(at, value, plainUser, user);

const NO_ROLES = [];

/** An address, or one with a role, as nearly all recipients are; nothing for another. */
function plainRecipient(value) {
  if (isText(value)) return { email: value, user: undefined, roles: NO_ROLES };
  if (typeof value !== "object" || value === null) return undefined;
  const { email, user, role, roles } = value;
  if (!isText(email) || user != null || roles != null || !isTextOrNone(role)) return undefined;
  return { email, user, roles: role === undefined ? NO_ROLES : [role] };
}

/** An address, a recipient, or a row of a list. */
function recipient(at, value) {
  if (typeof value === "string") return { email: read.text(at, value), roles: NO_ROLES };
  const given = read.fields(at, value, { email: read.text, user: read.text, role: read.text, roles: read.texts });
  if (given.email === undefined && given.user === undefined) throw read.misuse(`${at}.email is missing`);
  const { email, user } = given;
  return { email, user, roles: given.roles ?? (given.role === undefined ? NO_ROLES : [given.role]) };
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
  const { user, email, role, add, remove } = given;
  // beside several roles a recipient has the first of them
  if (role !== undefined && given.roles?.includes(role) === false) {
    throw read.misuse(`${at}.role must be one of its roles`, "ERR_INVALID_ARG_VALUE");
  }
  const replace = given.roles ?? (role === undefined ? undefined : [role]);
  if ([replace, add, remove].filter((it) => it !== undefined).length !== 1) {
    throw read.misuse(`${at} must have one of role, roles, add and remove`, "ERR_INVALID_ARG_VALUE");
  }
  return { user, email, replace, add, remove };
}

/** A line for each recipient and a number: above one bit for ids stands which list of roles is its own. */
function packed(rows) {
  // most recipients name one role
  const [ofOne, ofMany] = [new Map(), new Map()];
  const lists = [];
  const kinds = new Uint32Array(rows.length);
  const who = rows.map(({ email, user, roles }, i) => {
    const [numbers, key] = roles.length === 1 ? [ofOne, roles[0]] : [ofMany, JSON.stringify(roles)];
    let number = numbers.get(key);
    if (number === undefined) {
      number = lists.push(roles) - 1;
      numbers.set(key, number);
    }
    kinds[i] = (number << 1) | (email === undefined ? 1 : 0);
    // a line end in an address is refused or dropped as this is
    const text = email ?? user;
    return text.includes("\n") ? text.replaceAll("\n", "\v") : text;
  });
  return { who: who.join("\n"), kinds: new Uint8Array(kinds.buffer), lists };
}

const NOT_ASCII = /[^\0-\x7f]/;

/** The users of whom an invitation can be about; all of them where one is meant by id. */
function concerned(all, rows, me) {
  const meant = new Set();
  for (const { email } of rows) {
    if (email === undefined) return all;
    // what the rules make of other alphabets and invisible characters, they say
    meant.add((NOT_ASCII.test(email) ? (checkEmail(email).key ?? "") : email.trim()).toLowerCase());
  }
  // the planner decides; what it may see otherwise than this is left to it
  return all.filter(({ id, email }) => id === me || meant.has(email.trim().toLowerCase()) || NOT_ASCII.test(email));
}

/** Makes objects of columns. */
function unpacked({ shapes, shape, row, emails, refused, confirm }) {
  const lines = emails.split("\n");
  const steps = shape.map((index, i) => {
    const { act, user, before, after, call } = shapes[index];
    const email = lines[i];
    if (user !== undefined) return { row: row[i], act, email, user, before, after, call };
    const own = { ...call, email };
    if (call.roles !== undefined) own.roles = call.roles.slice();
    return { row: row[i], act, email, before: before.slice(), after: after.slice(), call: own };
  });
  for (const one of refused) if (one.issue.why) one.issue = named(one.issue);
  refused.sort((one, other) => one.row - other.row);
  return { steps, refused, confirm: confirm.map(({ guard, ...rest }) => ({ type: guard, ...rest })) };
}

/** A reason of the planner as every other issue. */
function named({ why: { reason, ...params }, message }) {
  return { code: reason[0].toUpperCase() + reason.slice(1), params, message };
}

/** @type {typeof import("../index.js").planInvites} */
export function planInvites(recipients, known, given) {
  const name = "planInvites";
  const rows = many(`${name}: recipients`, recipients, plainRecipient, recipient);
  const all = knownUsers(`${name}: users`, known);
  const { who, kinds, lists } = packed(rows);
  const asked = { ...options(`${name}: options`, given), roleLists: lists };
  const users = JSON.stringify(concerned(all, rows, asked.me));
  const plan = unpacked(call(name, name, [users, JSON.stringify(asked)], who, kinds));
  for (const refused of plan.refused) {
    if (typeof refused.issue.code === "number") {
      // the same words, parameters and range as everywhere else
      const { email, user } = rows[refused.row];
      // of a user who is told of twice the planner goes by the last
      const checked = checkEmail(email ?? all.findLast(({ id }) => id === user)?.email ?? "");
      const { range, ...issue } = checked.issue ?? bareIssue(refused.issue.code);
      refused.issue = issue;
      if (email !== undefined) {
        refused.who = email;
        issue.range = range;
      }
    }
  }
  return plan;
}

/** @type {typeof import("../index.js").planRoleChange} */
export function planRoleChange(changes, known, given) {
  const name = "planRoleChange";
  return unpacked(
    call(name, name, [
      JSON.stringify(read.list(`${name}: changes`, changes, change)),
      JSON.stringify(knownUsers(`${name}: users`, known)),
      JSON.stringify(options(`${name}: options`, given)),
    ]),
  );
}
