// Roles.

import * as rim from "../../generated/full.js";
import { loneSurrogate } from "../email/host.js";
import * as read from "./arguments.js";
import { call } from "./rim.js";

/** @type {typeof import("../index.js").knownRoles} */
export function knownRoles(service) {
  return call("knownRoles", rim.knownRoles, read.service("knownRoles: service", service));
}

/** @type {typeof import("../index.js").matchRole} */
export function matchRole(text, service, roles) {
  const given = read.text("matchRole: text", text);
  const of = read.service("matchRole: service", service);
  const among = roles === undefined || roles === null ? null : read.roles("matchRole: roles", roles);
  const matched = call("matchRole", rim.matchRole, given, of, JSON.stringify(among));
  // what is said of the text is said of the text as given
  if (matched.type === "invalid" && loneSurrogate(text) >= 0) matched.issue.range = [0, text.length];
  return matched;
}
