// One address.

import { domainToAscii, loneSurrogate, misuse, needText, wellFormed } from "./host.js";
import { issueOf } from "./issue.js";
import { LOCAL_NON_ASCII, LOCAL_TOO_LONG, MESSAGES, RESERVED_DOMAIN, TOO_LONG } from "./kinds.js";
import { SHORT, giveBack, input, octets, places, rules, write } from "./module.js";

/** What a character of ASCII is before the `@`: nothing special, a dot, the sign itself, refused. */
const DOT = 1;
const SIGN = 2;
const REFUSED = 4;
const LOCAL = /* @__PURE__ */ new Uint8Array(128);

/**
 * Domains that the rules accepted and had nothing to say about: addresses come in lists, and lists
 * have few domains. Each has one place, and the last one there stays.
 */
const DOMAINS = /* @__PURE__ */ Array(512).fill("");

const NO_NOTICES = /* @__PURE__ */ Object.freeze([]);

/** The place of the domain behind `at`, by its length and two of its last six units; a shorter one is not looked for. */
function place(text, at) {
  const { length } = text;
  const name = text.charCodeAt(length - 5) * 31 + text.charCodeAt(length - 6);
  return (name * 31 + length - at) & 511;
}

/** @type {typeof import("../email.js").checkEmail} */
export function checkEmail(text, options) {
  if (typeof text === "string" && text.length < SHORT && options === undefined) {
    const { length } = text;
    let at = 0;
    let last = DOT;
    let wrong = 0;
    let all = 0;
    for (; at < length; at++) {
      const unit = text.charCodeAt(at);
      all |= unit;
      const is = LOCAL[unit & 127];
      if (is === SIGN) break;
      wrong |= is & (last | REFUSED);
      last = is;
    }
    if ((wrong | (last & DOT)) === 0 && all < 128 && at + 6 < length) {
      const domain = text.slice(at + 1);
      if (DOMAINS[place(text, at)] === domain) {
        return { type: "ok", email: text, local: text.slice(0, at), domain, key: text, notices: NO_NOTICES };
      }
    }
  }
  return checkWhole(text, options);
}

/** Asks the rules which characters may stand before the `@`. */
function learn() {
  const length = write("?@b.co");
  for (let unit = 0; unit < 128; unit++) {
    input[0] = unit;
    LOCAL[unit] = rules.check(length, 0) < 0 ? REFUSED : 0;
  }
  LOCAL[46] = DOT;
  LOCAL[64] = SIGN;
}

/**
 * Keeps with an issue the text that it is about, where nobody sees it: what this is constructed
 * with gets the field.
 */
class Asked extends (
  /** @this {void} */ function (issue) {
    return issue;
  }
) {
  #text;

  constructor(issue, text) {
    super(issue);
    this.#text = text;
  }

  /** What was meant by the text. An answer may be behind a proxy, which gives proxies, or be inherited from. */
  static meant() {
    const issue = Object.getOwnPropertyDescriptor(this, "issue")?.value ?? this.issue;
    if (#text in issue) return suggestEmail(issue.#text) ?? undefined;
  }
}

/** One getter for all answers: engines take long to give each object its own. */
const WHEN_ASKED = { configurable: true, enumerable: true, get: Asked.meant };

/** The answer about an address which is none. What was meant is found when somebody asks. */
function invalid(text, code, at) {
  giveBack();
  const issue = issueOf(text, code, at);
  const answer = { type: "invalid", issue };
  Object.defineProperty(answer, "suggestion", WHEN_ASKED);
  new Asked(issue, text);
  return answer;
}

function valid(email, local, domain, notices) {
  return { type: "ok", email, local, domain, key: email, notices };
}

/** @type {typeof import("../email.js").checkEmail} */
function checkWhole(given, options) {
  needText("checkEmail: text", given);
  if (!LOCAL[64]) learn();
  const allow = options?.allowNonAsciiLocal ?? false;
  if (allow !== !!allow) throw misuse("checkEmail: options.allowNonAsciiLocal must be a boolean");
  let text = given;
  let lone = -1;
  let length = write(text);
  if (length !== text.length) {
    lone = loneSurrogate(text);
    if (lone >= 0) {
      text = wellFormed(text);
      length = write(text);
    }
  }
  let packed = rules.check(length, allow);
  if (packed < 0) {
    return invalid(given, -packed, places[0]);
  }
  // seven bits of an accepted address say where its `@` is, those from the eighth what is to be done with it
  let at = packed & 127;
  if (packed < 1 << 8) {
    const domain = text.slice(at + 1);
    DOMAINS[place(text, at)] = domain;
    return valid(text, text.slice(0, at), domain, NO_NOTICES);
  }
  // octets of the local part are units as long as it is ASCII
  let start = 0;
  let end = text.length;
  const isForeign = packed & (1 << 12);
  const isLocalForeign = packed & (1 << 13);
  if (isLocalForeign || packed & (1 << 8)) {
    [start, at, end] = places;
    giveBack();
  }
  const trimmed = text.slice(start, end);
  let local = text.slice(start, at);
  let domain = text.slice(at + 1, end);
  if (isLocalForeign) {
    local = local.normalize();
    if (write(local) > 64) {
      return invalid(given, LOCAL_TOO_LONG, unitAt(text, start, 64));
    }
  }
  const before = write(local) + 1;
  if (isForeign) {
    const mapped = domainToAscii(domain);
    const code = typeof mapped === "number" ? mapped : rules.check_mapped(write(mapped), before);
    if (code) {
      return invalid(given, code, at + 1);
    }
    domain = mapped;
  } else if (isLocalForeign && before + domain.length > 254) {
    return invalid(given, TOO_LONG, unitAt(text, start, 254));
  }
  domain = domain.toLowerCase();
  const email = `${local}@${domain}`;
  const notices = [];
  const notice = (code, message, more) => notices.push({ code, message, ...more });
  if (trimmed !== text) {
    notice("Trimmed", "blanks or invisible characters around the address were dropped");
  }
  if (email !== trimmed) {
    notice("Normalized", "the domain is written in its usual form");
    // what is said about the domain is said about this form
    packed = rules.check(write(email), allow);
  }
  // a reserved domain
  if (packed & (1 << 10)) {
    if (options?.refuseReserved) {
      const label = domain.length - domain.lastIndexOf(".") - 1;
      return invalid(given, RESERVED_DOMAIN, write(trimmed) === trimmed.length ? end - label : at + 1);
    }
    notice("ReservedDomain", MESSAGES[RESERVED_DOMAIN]);
  }
  if (packed & (1 << 11)) {
    // a slip; suggestions leave some local parts alone
    const suggestion = suggestEmail(email) ?? local + suggestEmail(`a@${domain}`)?.slice(1);
    notice("Suggestion", `did you mean ${suggestion}?`, { suggestion });
  }
  return lone < 0 ? valid(email, local, domain, notices) : invalid(given, LOCAL_NON_ASCII, lone);
}

/** The unit of `text` at which the octet lies that is `count` octets behind unit `start`. */
function unitAt(text, start, count) {
  return start + new TextEncoder().encodeInto(text.slice(start), new Uint8Array(count)).read;
}

/** @type {typeof import("../email.js").suggestEmail} */
export function suggestEmail(text) {
  needText("suggestEmail: text", text);
  // longer ones are no slip of the hand
  if (text.length > 512 || loneSurrogate(text) >= 0) {
    return null;
  }
  const written = write(text);
  const length = rules.suggest(written);
  // an address that can be invited is ASCII
  return length ? String.fromCharCode(...octets.subarray(0, length)) : null;
}
