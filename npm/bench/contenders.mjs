// The e-mail check beside its peers, in whatever engine this runs.

import emailValidator from "email-validator";
import { email as valibotEmail, pipe, safeParse, string } from "valibot";
import isEmail from "validator/lib/isEmail.js";
import { z } from "zod";

import { checkEmail, checkEmails } from "../js/email.js";
import { random } from "./random.mjs";

// https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
const WHATWG =
  /^[a-zA-Z0-9.!#$%&'*+\/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

const zodEmail = z.email();
const valibotSchema = pipe(string(), valibotEmail());

/** Addresses as companies have them, one in twenty with a slip. */
export function addresses(count) {
  const next = random(7);
  const pick = (items) => items[Math.floor(next() * items.length)];
  const first = ["ann", "bob", "carla", "dmitri", "elena", "francois", "giulia", "hans", "ines", "jo"];
  const last = ["smith", "garcia-lopez", "mueller", "okafor", "nakamura", "oneil", "vandenberg", "li"];
  const domain = ["example.com", "mail.company.org", "gmail.com", "data-team.io", "uni.example.ac.uk", "astro.dev"];
  const slips = [
    (text) => text.replace("@", ""),
    (text) => text.replace(".", ".."),
    (text) => text.replace("@", " @"),
    (text) => text.replace(/\.\w+$/, ""),
    (text) => `${text}.`,
    (text) => text.replace(/\.(\w+)$/, ",$1"),
  ];
  return Array.from({ length: count }, (_, i) => {
    const text = `${pick(first)}.${pick(last)}${i % 3 === 0 ? i : ""}@${pick(domain)}`;
    return i % 20 === 19 ? pick(slips)(text) : text;
  });
}

const PER_CALL = {
  "rolecall checkEmail": (text) => checkEmail(text).type === "ok",
  "bare WHATWG expression": (text) => WHATWG.test(text),
  "validator.js isEmail": (text) => isEmail(text),
  "zod": (text) => zodEmail.safeParse(text).success,
  "valibot": (text) => safeParse(valibotSchema, text).success,
  "email-validator": (text) => emailValidator.validate(text),
};

const ENCODER = new TextEncoder();
const OCTETS = new Uint8Array(1 << 20);

const BATCH = {
  "rolecall checkEmails": (text) => {
    const { codes } = checkEmails(text);
    let valid = 0;
    for (let i = 0; i < codes.length; i++) {
      valid += codes[i] === 0 ? 1 : 0;
    }
    return valid;
  },
  "WHATWG expression over split": (text) => {
    let valid = 0;
    for (const line of text.split("\n")) {
      valid += WHATWG.test(line) ? 1 : 0;
    }
    return valid;
  },
  // no check: what any module of WebAssembly pays to get the text at all
  "encodeInto alone": (text) => ENCODER.encodeInto(text, OCTETS).read,
  "validator.js over split": (text) => {
    let valid = 0;
    for (const line of text.split("\n")) {
      valid += isEmail(line) ? 1 : 0;
    }
    return valid;
  },
};

/** Makes a text that no engine has looked at: built afresh, flat, not shared with the last round. */
function fresh(text) {
  return String.fromCharCode(...new Uint16Array([...text].map((c) => c.charCodeAt(0))));
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** How often each contender goes through the list in a round: the clock of a browser is coarse. */
const REPEAT = 5;

/** Milliseconds that one of `REPEAT` turns takes. Nobody pays for what others left behind. */
function timed(work) {
  globalThis.gc?.({ type: "minor" });
  const start = performance.now();
  for (let i = 0; i < REPEAT; i++) {
    work();
  }
  return (performance.now() - start) / REPEAT;
}

/**
 * Nanoseconds an address, of rounds in which the contenders take turns: the median, and the fastest,
 * which is what is left when the machine has other things to do.
 */
export function run({ count = 10_000, rounds = 15 } = {}) {
  const list = addresses(count).map(fresh);
  const text = list.join("\n");
  const results = { perCall: {}, batch: {}, fastest: {}, valid: {} };
  const times = new Map();
  const measure = (name, round, work) => {
    const time = timed(work);
    if (round >= 0) {
      times.set(name, [...(times.get(name) ?? []), time]);
    }
  };
  for (let round = -3; round < rounds; round++) {
    for (const [name, check] of Object.entries(PER_CALL)) {
      measure(name, round, () => {
        let valid = 0;
        for (let i = 0; i < list.length; i++) {
          valid += check(list[i]) ? 1 : 0;
        }
        results.valid[name] = valid;
      });
    }
    for (const [name, check] of Object.entries(BATCH)) {
      measure(name, round, () => {
        results.valid[name] = check(text);
      });
    }
  }
  for (const [name, values] of times) {
    const kind = name in PER_CALL ? "perCall" : "batch";
    results[kind][name] = (median(values) * 1e6) / count;
    results.fastest[name] = (values[0] * 1e6) / count;
  }
  return results;
}
