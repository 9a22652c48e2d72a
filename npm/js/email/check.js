// One address.

import { domainToAscii, loneSurrogate, misuse, wellFormed } from "./host.js";
import { issueOf } from "./issue.js";
import {
  LOCAL_NON_ASCII,
  LOCAL_TOO_LONG,
  MESSAGES,
  RESERVED_DOMAIN,
  TOO_LONG,
} from "./kinds.js";
import { load } from "./module.js";

/** Bits of an accepted address; the seven below say where its `@` is. */
const TRIMMED = 1 << 8;
const UPPER = 1 << 9;
const RESERVED = 1 << 10;
const SUGGESTION = 1 << 11;
const FOREIGN = 1 << 12;
const FOREIGN_LOCAL = 1 << 13;

/** Units of the longest text that is written unit by unit. */
const SHORT = 64;

const NO_NOTICES = Object.freeze([]);

/** @type {typeof import("../email.js").checkEmail} */
export function checkEmail(text, options) {
  if (typeof text === "string" && text.length < SHORT && options === undefined) {
    const { bytes, check } = load();
    const { length } = text;
    let all = 0;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      all |= unit;
      bytes[i] = unit;
    }
    if (all < 128) {
      const packed = check(length, 0);
      if (packed < 0) {
        return invalid(text, -packed, load().exports.outline(0));
      }
      if (packed < TRIMMED) {
        return {
          type: "ok",
          email: text,
          local: text.slice(0, packed),
          domain: text.slice(packed + 1),
          key: text,
          notices: NO_NOTICES,
        };
      }
    }
  }
  return checkWhole(text, options);
}

/** The answer about an address which is none. What was meant is found when somebody asks. */
function invalid(text, code, at) {
  let meant;
  return {
    type: "invalid",
    issue: issueOf(text, code, at),
    get suggestion() {
      return (meant ??= suggestEmail(text)) ?? undefined;
    },
  };
}

/** @type {typeof import("../email.js").checkEmail} */
function checkWhole(text, options) {
  if (typeof text !== "string") {
    throw misuse("checkEmail", text);
  }
  const { allowNonAsciiLocal = false, refuseReserved = false } = options ?? {};
  const lone = loneSurrogate(text);
  const answer = decide(lone < 0 ? text : wellFormed(text), allowNonAsciiLocal, refuseReserved);
  if (answer.code === 0 && lone >= 0) {
    return invalid(text, LOCAL_NON_ASCII, lone);
  }
  if (answer.code !== 0) {
    return invalid(text, answer.code, answer.at);
  }
  const { local, domain, notices } = answer;
  const email = `${local}@${domain}`;
  return { type: "ok", email, local, domain, key: email, notices };
}

/**
 * Code and position of what is wrong, or the parts of the normalized address and its notices.
 */
function decide(text, allowNonAsciiLocal, refuseReserved) {
  const module = load();
  const { exports } = module;
  let packed = module.check(module.write(text), allowNonAsciiLocal ? 1 : 0);
  if (packed < 0) {
    return { code: -packed, at: exports.outline(0) };
  }
  // octets of the local part, which are units as long as it is ASCII
  let [start, at, end] = [0, packed & 127, text.length];
  if ((packed & (TRIMMED | FOREIGN_LOCAL)) !== 0) {
    const { outline } = exports;
    [start, at, end] = [outline(0), outline(1), outline(2)];
  }
  const given = text.slice(start, end);
  let local = text.slice(start, at);
  let domain = text.slice(at + 1, end);
  if ((packed & FOREIGN_LOCAL) !== 0) {
    local = local.normalize();
    if (octets(local) > 64) {
      return { code: LOCAL_TOO_LONG, at: unitAt(text, start, 64) };
    }
  }
  const before = octets(local) + 1;
  if ((packed & FOREIGN) !== 0) {
    const mapped = domainToAscii(domain);
    const code =
      typeof mapped === "number" ? mapped : exports.check_mapped(module.write(mapped), before);
    if (code !== 0) {
      return { code, at: at + 1 };
    }
    domain = mapped;
  } else if ((packed & FOREIGN_LOCAL) !== 0 && before + domain.length > 254) {
    return { code: TOO_LONG, at: unitAt(text, start, 254) };
  }
  domain = domain.toLowerCase();
  const email = `${local}@${domain}`;
  const notices = [];
  if (given.length < text.length) {
    notices.push(notice("Trimmed", "blanks or invisible characters around the address were dropped"));
  }
  if (email !== given) {
    notices.push(notice("Normalized", "the domain is written in its usual form"));
    // what is said about the domain is said about this form
    packed = module.check(module.write(email), allowNonAsciiLocal ? 1 : 0);
  }
  if ((packed & RESERVED) !== 0) {
    if (refuseReserved) {
      const label = domain.length - domain.lastIndexOf(".") - 1;
      return { code: RESERVED_DOMAIN, at: isAscii(given) ? end - label : at + 1 };
    }
    notices.push(notice("ReservedDomain", MESSAGES[RESERVED_DOMAIN]));
  }
  if ((packed & SUGGESTION) !== 0) {
    const suggestion = suggestEmail(email) ?? domainMeant(local, domain);
    notices.push({ ...notice("Suggestion", `did you mean ${suggestion}?`), suggestion });
  }
  return { code: 0, at: 0, local, domain, notices };
}

/** The suggestion for the domain alone, where the local part is one that suggestions leave alone. */
function domainMeant(local, domain) {
  return local + suggestEmail(`a@${domain}`)?.slice(1);
}

function notice(code, message) {
  return { code, message };
}

function octets(text) {
  return isAscii(text) ? text.length : new TextEncoder().encode(text).length;
}

function isAscii(text) {
  return /^[\0-\x7f]*$/.test(text);
}

/** The unit of `text` at which the octet lies that is `count` octets behind unit `start`. */
function unitAt(text, start, count) {
  let unit = start;
  for (const character of text.slice(start)) {
    count -= octets(character);
    if (count < 0) {
      break;
    }
    unit += character.length;
  }
  return unit;
}

/** @type {typeof import("../email.js").suggestEmail} */
export function suggestEmail(text) {
  if (typeof text !== "string") {
    throw misuse("suggestEmail", text);
  }
  // longer ones are no slip of the hand
  if (text.length > 512 || loneSurrogate(text) >= 0) {
    return null;
  }
  const module = load();
  const length = module.exports.suggest(module.write(text));
  return length === 0 ? null : module.output(length);
}
