// An error in full: name, sentence, range.

import { CHARACTER_NAMES, EMAIL_CODES, MESSAGES } from "./kinds.js";

/** Octets allowed, by the number of the kind that is about them. */
const LIMITS = { 16: 64, 28: 63, 31: 253, 32: 254 };
/** Kinds that are about the character at their position. */
export const ABOUT_CHARACTER = [10, 11, 12, 13, 14, 15, 20];
/** Kinds that are about all that follows their position. */
const ABOUT_REST = [16, 18, 21, 22, 23, 28, 30, 31, 32, 33];

/** The error `code` at unit `at` of `text`. */
export function issueOf(text, code, at) {
  let end = at;
  let params = NO_PARAMS;
  let message = MESSAGES[code];
  if (ABOUT_CHARACTER.includes(code)) {
    const point = text.codePointAt(at);
    end += String.fromCodePoint(point).length;
    ({ params, message } = aboutCharacter(code, point));
  } else if (LIMITS[code]) {
    params = { max: LIMITS[code] };
  }
  if (ABOUT_REST.includes(code)) {
    end = text.trimEnd().length;
  } else if (code === 2) {
    end = at + "mailto:".length;
  } else if (end === at && at < text.length) {
    // a dot, a hyphen, an `@`
    end = at + 1;
  }
  return { code: EMAIL_CODES[code], params, message, range: [at, Math.max(at, end)] };
}

/** The error `code` without what it says of a character. */
export function bareIssue(code, range) {
  return { code: EMAIL_CODES[code], params: NO_PARAMS, message: MESSAGES[code], range };
}

const NO_PARAMS = Object.freeze({});

/** What was said about characters of ASCII, by kind and character: there are few. */
const said = new Map();

function aboutCharacter(code, point) {
  const key = (point << 6) | code;
  const known = said.get(key);
  if (known) {
    return known;
  }
  const character = String.fromCodePoint(point);
  const codePoint = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
  const name = CHARACTER_NAMES[point];
  let shown = `\`${character}\``;
  const params = { character, codePoint };
  if (name) {
    params.name = name;
    shown = `${codePoint} (${name})`;
  } else if (/[\p{White_Space}\p{Cc}\p{Cf}\p{Cs}]/u.test(character)) {
    shown = codePoint;
  }
  const about = { params: Object.freeze(params), message: `${MESSAGES[code]}: ${shown}` };
  if (point < 128) said.set(key, about);
  return about;
}
