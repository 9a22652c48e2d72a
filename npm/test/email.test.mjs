import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { EMAIL_CODES, checkEmail, checkEmails, createEmailSchema, localize, suggestEmail } from "../js/email.js";
import { watchingMemory } from "./memory.mjs";

const rows = (path) =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

const here = (path) => new URL(path, import.meta.url);
const own = rows(here("../../tests/fixtures/email/corpus.jsonl"));
// the collection of many suites does not come with the repository
const folder = process.env.ROLECALL_SHARED ?? here("../../../shared").pathname;
const collection = `${folder}/reference/email/corpus-shared.jsonl`;
const collected = existsSync(collection) ? rows(collection) : [];
const corpus = [...own, ...collected];

/** UTF-16 units in the first octets of a text. */
const units = (text, octets) => new TextDecoder().decode(new TextEncoder().encode(text).slice(0, octets)).length;
// a byte order mark would be dropped by the decoder
const unitsOf = (text, octets) => units(`x${text}`, octets + 1) - 1;

test("verdict, kind and position on the corpus", (t) => {
  if (collected.length === 0) {
    t.diagnostic(`no collected corpus at ${collection}: only the project's own rows are checked`);
  }
  let settled = 0;
  for (const { address, invitable, error, at, normalized } of corpus) {
    if (invitable === undefined) {
      continue;
    }
    settled += 1;
    const result = checkEmail(address);
    if (invitable) {
      assert.equal(result.type, "ok", address);
      assert.equal(result.email, normalized ?? address);
      assert.equal(`${result.local}@${result.domain}`, result.email);
    } else {
      assert.equal(result.type, "invalid", address);
      assert.deepEqual([result.issue.code, result.issue.range[0]], [error, unitsOf(address, at)], address);
    }
  }
  assert.ok(settled > 60);
});

test("suggestions on the corpus", () => {
  for (const { address, suggestion } of corpus) {
    if (suggestion !== undefined) {
      assert.equal(suggestEmail(address), suggestion, address);
    }
  }
});

/** What frameworks for pages put around an object: a proxy that gives proxies. */
function reactive(object) {
  return new Proxy(object, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver);
      return typeof value === "object" && value !== null ? reactive(value) : value;
    },
  });
}

test("what was meant is part of the answer, and found when it is read", () => {
  const answers = ["ann@example,com", "bob @gmail.com", "nothing"].map((text) => checkEmail(text));
  assert.deepEqual(
    answers.map(({ suggestion }) => suggestion),
    ["ann@example.com", "bob@gmail.com", undefined],
  );
  for (const answer of answers) {
    assert.deepEqual(Object.keys(answer), ["type", "issue", "suggestion"]);
    assert.equal(Object.getPrototypeOf(answer), Object.prototype);
    assert.deepEqual({ ...answer }, { type: "invalid", issue: answer.issue, suggestion: answer.suggestion });
    assert.deepEqual(structuredClone(answer), { ...answer });
    for (const held of [Object.create(answer), new Proxy(answer, {}), reactive(answer), reactive(reactive(answer))]) {
      assert.equal(held.suggestion, answer.suggestion);
    }
    assert.equal(JSON.stringify(reactive(answer)), JSON.stringify(answer));
    assert.deepEqual({ ...reactive(answer) }.suggestion, answer.suggestion);
  }
  assert.equal(JSON.parse(JSON.stringify(answers[0])).suggestion, "ann@example.com");
});

test("a batch gives what single checks give", () => {
  const addresses = corpus.map(({ address }) => address);
  const { count, codes, at, issue } = checkEmails(addresses);
  assert.equal(count, addresses.length);
  assert.deepEqual([codes.length, at.length], [count, count]);
  addresses.forEach((address, i) => {
    const single = checkEmail(address);
    assert.equal(EMAIL_CODES[codes[i]], single.type === "ok" ? "" : single.issue.code, address);
    assert.deepEqual(issue(i), single.type === "ok" ? null : single.issue, address);
    assert.equal(at[i], single.type === "ok" ? 0 : single.issue.range[0], address);
  });
});

test("lines of a text", () => {
  assert.equal(checkEmails("").count, 0);
  assert.deepEqual([...checkEmails("a@b.co\r\n\nx\n").codes], [0, 1, 3]);
  assert.equal(checkEmails([]).count, 0);
  assert.deepEqual([...checkEmails([""]).codes], [1]);
  assert.deepEqual(EMAIL_CODES.slice(0, 2), ["", "Empty"]);
});

test("batches longer than a pass, and lines longer than one", () => {
  const addresses = Array.from({ length: 60_000 }, (_, i) => (i % 7 === 0 ? `bad${i}` : `user${i}@example.com`));
  const { count, codes } = checkEmails(addresses.join("\n"));
  assert.equal(count, 60_000);
  addresses.forEach((address, i) => assert.equal(codes[i] === 0, i % 7 !== 0, address));
  // short lines: more of them than of the average
  assert.equal(checkEmails("\n".repeat(500_000)).count, 500_000);
  // characters of several octets, which end a pass sooner
  const foreign = checkEmails("a@b.co\n日本語 x\n".repeat(60_000));
  assert.equal(foreign.count, 120_000);
  const alternating = (found, even, odd) => found.every((it, i) => it === (i % 2 ? odd : even));
  assert.ok(alternating(foreign.codes, 0, EMAIL_CODES.indexOf("MissingAt")));
  assert.ok(alternating(foreign.at, 0, 5));
  // what a long batch left behind is not found in a short one
  assert.deepEqual([...checkEmails("a@b.co\nb@c.co\na").codes], [0, 0, 3]);
  // the memory grows, and the views of it are stale
  const long = `${"a".repeat(3_000_000)}@b.co`;
  assert.deepEqual([...checkEmails(["a@b.co", long, "c@d.co", "é"]).codes], [0, 16, 0, 3]);
  assert.equal(checkEmail(long).issue.code, "LocalTooLong");
  assert.equal(checkEmail("a@b.co").type, "ok");
});

test("a batch is about the array as it was given", () => {
  const addresses = ["a@b.co", "bad", "x @b.co"];
  const { count, issue } = checkEmails(addresses);
  addresses[1] = 5;
  addresses.length = 2;
  assert.equal(count, 3);
  assert.equal(issue(1).code, "MissingAt");
  assert.deepEqual([issue(2).code, issue(2).range], ["WhitespaceInside", [1, 2]]);
});

test("what a long text took is given back", () => {
  const long = "é".repeat(5_000_000);
  const allow = { allowNonAsciiLocal: true };
  watchingMemory(({ modules, octets }) => {
    for (const [ask, answer] of [
      [() => checkEmail(long).issue.code, "MissingAt"],
      [() => checkEmail(`${long}@b.co`, allow).issue.code, "LocalTooLong"],
      [() => checkEmail(`a@${long}.co`).issue.code, "DomainTooLong"],
      [() => checkEmail(`${" ".repeat(10_000_000)}a@b.co`).email, "a@b.co"],
      [() => checkEmails(["a@b.co", long, "c@d.co"]).codes.join(), "0,3,0"],
    ]) {
      const before = modules();
      assert.equal(ask(), answer);
      assert.ok(modules() > before, "the module is made anew");
      assert.ok(octets() < 4 << 20, `${octets()} octets`);
      assert.equal(checkEmail("Ann@example.com").email, "Ann@example.com");
      assert.deepEqual([...checkEmails("a@b.co\nb").codes], [0, 3]);
    }
  });
});

test("who is told in other words is told in any case", (t) => {
  const said = t.mock.method(console, "error", () => {});
  const { issue } = checkEmail("ann");
  const broken = {
    get MissingAt() {
      throw new Error("a getter of the caller");
    },
  };
  const fails = () => {
    throw new Error("a function of the caller");
  };
  for (const own of [undefined, null, "", 7, {}, () => undefined, () => "", () => ({}), fails]) {
    assert.equal(localize(issue, { MissingAt: own }), issue.message);
    const { issues } = createEmailSchema({ messages: { MissingAt: own } })["~standard"].validate("ann");
    assert.equal(issues[0].message, issue.message);
  }
  assert.equal(localize(issue, broken), issue.message);
  // what failed is not kept from whoever wrote it
  assert.equal(said.mock.callCount(), 3);
  assert.equal(localize(issue, { MissingAt: ({ code }) => code }), "MissingAt");
  assert.equal(localize(issue, { MissingAt: "kein @" }), "kein @");
});

test("lone surrogates are errors where they stand", () => {
  for (const [text, code, at] of [
    ["a\ud800@b.com", "LocalNonAscii", 1],
    ["\udc00a@b.com", "LocalNonAscii", 0],
    ["a@b\ud800.com", "IdnaInvalid", 2],
    ["\ud800", "MissingAt", 1],
  ]) {
    for (const options of [undefined, { allowNonAsciiLocal: true }]) {
      const result = checkEmail(text, options);
      assert.deepEqual([result.issue?.code, result.issue?.range[0]], [code, at], JSON.stringify(text));
    }
    assert.deepEqual([...checkEmails([text, "a@b.co"]).codes], [EMAIL_CODES.indexOf(code), 0]);
    assert.equal(suggestEmail(text), null);
  }
});

test("a non-ASCII local part is accepted where asked for, normalized and counted", () => {
  const allow = { allowNonAsciiLocal: true };
  assert.equal(checkEmail("jose\u0301@b.co").issue.code, "LocalNonAscii");
  const result = checkEmail(" jose\u0301@B.co", allow);
  assert.deepEqual(
    [result.email, result.local, result.notices.map(({ code }) => code)],
    ["jos\u00e9@b.co", "jos\u00e9", ["Trimmed", "Normalized"]],
  );
  assert.equal(checkEmail(`${"é".repeat(32)}@b.co`, allow).type, "ok");
  assert.deepEqual(checkEmail(`${"é".repeat(33)}@b.co`, allow).issue.range[0], 32);
  assert.equal(checkEmail("e\u202e@b.co", allow).issue.code, "WhitespaceInside");
  for (const nothing of [undefined, null, false]) {
    assert.equal(checkEmail("\u00e4@b.co", { allowNonAsciiLocal: nothing }).issue.code, "LocalNonAscii");
  }
  assert.equal(checkEmail("a\u0085b@b.co", allow).issue.code, "WhitespaceInside");
  assert.equal(checkEmail("a\u0080b@b.co", allow).issue.code, "LocalNonAscii");
});

test("notices", () => {
  const codes = (text) => checkEmail(text).notices.map(({ code }) => code);
  assert.deepEqual(codes("a@b.co"), []);
  assert.deepEqual(codes("\u200ba@B.co\u00a0"), ["Trimmed", "Normalized"]);
  assert.deepEqual(codes("a@PRINTER.local"), ["Normalized", "ReservedDomain"]);
  assert.deepEqual(codes("A@GMIAL.com"), ["Normalized", "Suggestion"]);
  assert.equal(checkEmail("'A@gmial.com").notices[0].suggestion, "'A@gmail.com");
  const refused = checkEmail("a@printer.local", { refuseReserved: true });
  assert.deepEqual([refused.issue.code, refused.issue.range], ["ReservedDomain", [10, 15]]);
  assert.equal(checkEmail("a@b.example", { refuseReserved: true }).type, "ok");
});

test("issues say what and where", () => {
  assert.deepEqual(checkEmail("ann@example,com"), {
    type: "invalid",
    issue: {
      code: "Separator",
      params: { character: ",", codePoint: "U+002C" },
      message: "enter one address at a time, without comma or semicolon: `,`",
      range: [11, 12],
    },
    suggestion: "ann@example.com",
  });
  assert.match(checkEmail("a\u202e@b.co").issue.message, /U\+202E \(right-to-left override\)$/);
  assert.match(checkEmail("a\0@b.co").issue.message, /U\+0000 \(null\)$/);
  assert.deepEqual(checkEmail("é😀@b.co").issue.params.character, "é");
  assert.deepEqual(checkEmail("😀@b.co").issue.range, [0, 2]);
  assert.deepEqual(checkEmail(`${"a".repeat(65)}@b.co`).issue.params, { max: 64 });
  assert.equal(checkEmail("nobody").suggestion, undefined);
});

test("only misuse throws, and names what is wrong", () => {
  for (const [call, message] of [
    [() => checkEmail(undefined), "checkEmail: text must be a string, not undefined"],
    [() => checkEmail(null), "checkEmail: text must be a string, not null"],
    [() => checkEmail("\u00e4@b.co", { allowNonAsciiLocal: "a@b.co" }), "checkEmail: options.allowNonAsciiLocal must be a boolean"],
    [() => checkEmail("a@b.co", { allowNonAsciiLocal: 1 }), "checkEmail: options.allowNonAsciiLocal must be a boolean"],
    [() => suggestEmail(7), "suggestEmail: text must be a string, not a number"],
    [() => checkEmails({}), "checkEmails: addresses must be a string or an array"],
    [() => checkEmails(5), "checkEmails: addresses must be a string or an array"],
    [() => checkEmails(["a@b.co", 5]), "checkEmails: addresses[1] must be a string, not a number"],
    [() => checkEmails(["a@b.co", , "a@b.co"]), "checkEmails: addresses[1] must be a string, not undefined"],
  ]) {
    assert.throws(call, { name: "TypeError", code: "ERR_INVALID_ARG_TYPE", message });
  }
});

test("hostile input takes linear time", () => {
  for (const piece of ["@", '"', ",", "<", "\u202e", "ü", "a@", "\ud800", "\n", "a.", "(at)"]) {
    const text = piece.repeat(3_000_000 / piece.length);
    const start = performance.now();
    assert.equal(checkEmail(text).type, "invalid");
    assert.equal(checkEmail(`a@${text}.com`).type, "invalid");
    assert.equal(suggestEmail(text), null);
    checkEmails([text, "a@b.co"]);
    // an hour, if it were quadratic
    assert.ok(performance.now() - start < 20_000, piece);
  }
});

test("every octet in every place is told the same way by vectors and by the rules", () => {
  // what the fast path accepts, a text that is too long for it must be accepted too
  const pad = "x".repeat(40);
  const template = "a.b-c@d-e.f0.com";
  for (let at = 0; at < template.length; at++) {
    for (let octet = 0; octet < 128; octet++) {
      const text = template.slice(0, at) + String.fromCharCode(octet) + template.slice(at + 1);
      const sign = text.indexOf("@");
      const short = checkEmail(text);
      if (short.type !== "ok" || short.notices.length > 0) {
        continue;
      }
      const long = text.replace("@", `@${pad}.${pad}.`);
      assert.equal(checkEmail(long).type, "ok", text);
      assert.equal(short.local, text.slice(0, sign));
    }
  }
});

test("a domain seen before changes no answer", () => {
  const locals = corpus.map(({ address }) => address.split("@")[0]).filter((it) => it.length < 40);
  const domains = ["example.com", "mail.example.org", "gmail.com", "gmial.com", "a.test", "B.example", "b..example"];
  // with options the rules are asked about the whole
  const asked = {};
  for (const domain of domains) {
    for (const local of [...locals, "a", "a.b", ".a", "a.", "a..b", "a@b", "é", "\u00a0a", "a\ud800", ""]) {
      const address = `${local}@${domain}`;
      const expected = checkEmail(address, asked);
      assert.deepEqual(checkEmail(`known@${domain}`), checkEmail(`known@${domain}`, asked));
      assert.deepEqual(checkEmail(address), expected, address);
    }
  }
  // two domains that take turns at one place
  for (const domain of ["aa.example", "ab.example", "aa.example", "ab.example"]) {
    assert.equal(checkEmail(`a@${domain}`).domain, domain);
  }
  for (let unit = 0; unit < 0x3000; unit++) {
    const address = `a${String.fromCharCode(unit)}b@example.com`;
    assert.deepEqual(checkEmail(address), checkEmail(address, asked));
  }
});
