// Roles.

import { loneSurrogate } from "../email/host.js";
import * as read from "./arguments.js";
import { call, rolesOf } from "./rim.js";

/** @type {typeof import("../index.js").knownRoles} */
export function knownRoles(service) {
  return rolesOf(read.service("knownRoles: service", service));
}

/** @type {typeof import("../index.js").matchRole} */
export function matchRole(text, service, roles) {
  const given = read.text("matchRole: text", text);
  const of = read.service("matchRole: service", service);
  const among = roles === undefined || roles === null ? null : read.roles("matchRole: roles", roles);
  const matched = call("matchRole", "matchRole", [of, JSON.stringify(among)], given);
  // what is said of the text is said of the text as given
  if (matched.type === "invalid" && loneSurrogate(text) >= 0) matched.issue.range = [0, text.length];
  return matched;
}
