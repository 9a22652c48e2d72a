// Calls of both services: requests out, answers in.

import * as read from "./arguments.js";
import { call } from "./rim.js";

const scoped = (...names) => (at, value) =>
  read.list(at, value, (at, value) =>
    read.fields(at, value, Object.fromEntries([...names, "role"].map((name) => [name, read.text]))),
  );

const CALL = {
  service: read.service,
  type: read.text,
  organization: read.text,
  user: read.text,
  invite: read.text,
  email: read.text,
  role: read.text,
  roles: read.texts,
  workspaceRoles: scoped("workspaceId"),
  deploymentRoles: scoped("deploymentId"),
  dagRoles: scoped("deploymentId", "dagId", "dagTag"),
  includeDefaultRoles: read.flag,
  offset: read.count,
  limit: read.count,
};

/** What is sent: an answer may be to a call that asked for more than the services take. */
const SENT = { ...CALL, limit: (at, value) => read.count(at, value, 1000, 1) };

function callOf(name, given, readers) {
  const at = `${name}: call`;
  return JSON.stringify(read.needs(at, read.fields(at, given, readers), "service", "type"));
}

/** @type {typeof import("../index.js").buildRequest} */
export function buildRequest(given, options) {
  const name = "buildRequest";
  const site =
    options === undefined ? {} : read.fields(`${name}: options`, options, { base: read.text, token: read.text });
  return call(name, "buildRequest", [callOf(name, given, SENT), JSON.stringify(site)]);
}

/** @type {typeof import("../index.js").readResponse} */
export function readResponse(given, response) {
  const name = "readResponse";
  const at = `${name}: response`;
  const { status, headers, body } = read.needs(
    at,
    read.fields(at, response, {
      status: (at, value) => read.count(at, value, 999, 100),
      headers: pairs,
      body: octetsOf,
    }),
    "status",
  );
  const answer = call(name, "readResponse", [callOf(name, given, CALL), status, JSON.stringify(headers ?? [])], "", body);
  if (answer.type === "me") answer.roles = answer.roles.map(([organization, role]) => ({ organization, role }));
  return answer;
}

/** The headers as pairs: of a `Headers`, of pairs, or of an object. */
function pairs(at, value) {
  if (typeof value !== "object") throw read.misuse(`${at} must be a Headers, an array of pairs or an object`);
  const entries = typeof value[Symbol.iterator] === "function" ? [...value] : Object.entries(value);
  return entries.flatMap((pair, i) => {
    if (!Array.isArray(pair)) throw read.misuse(`${at}[${i}] must be a pair`);
    const name = read.text(`${at}[${i}][0]`, pair[0]);
    if (pair[1] === undefined) return [];
    // as Node gives headers that come more than once
    const value = Array.isArray(pair[1]) ? pair[1].join(", ") : pair[1];
    return [[name, read.text(`${at}.${name}`, value)]];
  });
}

function octetsOf(at, value) {
  const octets = typeof value === "string" ? new TextEncoder().encode(value) : read.octets(at, value);
  // a byte order mark is no JSON; `text()` of `fetch` drops it, others leave it
  return octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf ? octets.subarray(3) : octets;
}
