// Reading what callers pass. All of it happens before WebAssembly is entered: getters and proxies
// run here, once each, and what they throw is the caller's own. The first wrong value is named with
// its path.

import { kind, misuse, wellFormed } from "../email/host.js";

export { misuse };

function wrong(at, wanted, value) {
  return misuse(`${at} must be ${wanted}, not ${Array.isArray(value) ? "an array" : kind(value)}`);
}

/** A text; what it holds is no error here. */
export function text(at, value) {
  if (typeof value !== "string") throw wrong(at, "a string", value);
  return wellFormed(value);
}

/** One of the names of a closed choice. */
export function choice(at, value, names) {
  if (typeof value !== "string") throw wrong(at, "a string", value);
  if (!names.includes(value)) {
    throw misuse(`${at} must be one of ${names.map((name) => `"${name}"`).join(", ")}`, "ERR_INVALID_ARG_VALUE");
  }
  return value;
}

export function flag(at, value) {
  if (typeof value !== "boolean") throw wrong(at, "a boolean", value);
  return value;
}

/** A whole number from `least` to `most`. */
export function count(at, value, most = 0xffff_ffff, least = 0) {
  if (typeof value !== "number") throw wrong(at, "a number", value);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw misuse(`${at} must be a whole number from ${least} to ${most}`, "ERR_INVALID_ARG_VALUE");
  }
  return value;
}

/** An array, each item read by `item(value, i)`. */
export function each(at, value, item) {
  if (!Array.isArray(value)) throw wrong(at, "an array", value);
  return Array.from(value, item);
}

/** An array, each item read by `item(at, value)`. */
export function list(at, value, item) {
  return each(at, value, (one, i) => item(`${at}[${i}]`, one));
}

/** An object with these fields, each read by its reader if it is there; other fields are left alone. */
export function fields(at, value, readers) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(at, "an object", value);
  const read = {};
  for (const [name, reader] of Object.entries(readers)) {
    const given = value[name];
    if (given !== undefined && given !== null) read[name] = reader(`${at}.${name}`, given);
  }
  return read;
}

/** Says no unless each of these fields is there. */
export function needs(at, read, ...names) {
  for (const name of names) {
    if (read[name] === undefined) throw misuse(`${at}.${name} is missing`);
  }
  return read;
}

export const texts = (at, value) => list(at, value, text);
export const service = (at, value) => choice(at, value, ["astro", "astra"]);

/** A role of an organization; the id is all it needs. */
export const role = (at, value) =>
  needs(
    at,
    fields(at, value, {
      id: text,
      key: text,
      label: text,
      summary: text,
      tier: (at, value) => choice(at, value, ["owner", "admin", "observe", "member"]),
      rank: (at, value) => count(at, value, 0xffff),
      managesUsers: flag,
      inCli: flag,
      custom: flag,
    }),
    "id",
  );

export const roles = (at, value) => list(at, value, role);

/** Sentences by code; what is not there or fails is said in English. */
export const messages = (at, value) => fields(at, value, {}) && value;

/** Octets, in whatever view of them. Who takes them takes a string, too. */
export function octets(at, value) {
  try {
    if (value instanceof ArrayBuffer) return new Uint8Array(value);
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  } catch {
    throw misuse(`${at} is detached`, "ERR_INVALID_ARG_VALUE");
  }
  throw misuse(`${at} must be a string, an ArrayBuffer or a view of one`);
}
