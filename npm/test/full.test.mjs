// The face over all of core, in Node.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import * as rolecall from "../js/index.js";
import { compare } from "./vectors.mjs";
import { watchingMemory } from "./memory.mjs";

const { planInvites, readRecipients } = rolecall;

const { cases } = JSON.parse(readFileSync(new URL("../vectors.json", import.meta.url), "utf8"));
const ASTRO = { service: "astro", organization: "o1" };

test("every function gives core's answers", () => {
  const { count, different } = compare(rolecall, cases);
  assert.equal(count, cases.length);
  assert.deepEqual(different, []);
});

test("each operation of both services is among the vectors, out and in", () => {
  for (const name of ["buildRequest", "readResponse"]) {
    const calls = cases.filter((it) => it.function === name).map(({ arguments: [call] }) => `${call.service} ${call.type}`);
    assert.equal(new Set(calls).size, 11 + 8, name);
  }
});

test("misuse names the function and the argument, and has a code", () => {
  const { matchRole, readRecipients, planInvites, planRoleChange, buildRequest, readResponse, knownRoles } = rolecall;
  const { roleSchema, recipientsSchema } = rolecall;
  const list = { service: "astra", type: "listUsers" };
  const detached = new ArrayBuffer(4);
  const view = new DataView(detached);
  structuredClone(detached, { transfer: [detached] });
  const users = { service: "astro", type: "listUsers", organization: "o" };
  for (const [misuse, words, code = "ERR_INVALID_ARG_TYPE"] of [
    [() => knownRoles(), "knownRoles: service"],
    [() => knownRoles("aster"), "knownRoles: service", "ERR_INVALID_ARG_VALUE"],
    [() => matchRole(7, "astro"), "matchRole: text must be a string, not a number"],
    [() => matchRole("x", "astro", "owner"), "matchRole: roles must be an array"],
    [() => matchRole("x", "astro", [{}]), "matchRole: roles[0].id is missing"],
    [() => matchRole("x", "astro", [{ id: "r", rank: 1.5 }]), "matchRole: roles[0].rank", "ERR_INVALID_ARG_VALUE"],
    [() => readRecipients(null), "readRecipients: source"],
    [() => readRecipients("", { maxRows: -1 }), "readRecipients: options.maxRows", "ERR_INVALID_ARG_VALUE"],
    [() => readRecipients("", { format: { type: "table" } }), "readRecipients: options.format.delimiter is missing"],
    [() => planInvites("a@b.example", [], ASTRO), "planInvites: recipients must be an array"],
    [() => planInvites([{ email: 7 }], [], ASTRO), "planInvites: recipients[0].email must be a string"],
    [() => planInvites([], [{ id: "u" }], ASTRO), "planInvites: users[0].email is missing"],
    [() => planInvites([], [], {}), "planInvites: options.service is missing"],
    [() => planRoleChange([{ user: "u" }], [], ASTRO), "planRoleChange: changes[0] must have one of", "ERR_INVALID_ARG_VALUE"],
    [() => buildRequest({ service: "astro" }), "buildRequest: call.type is missing"],
    [() => buildRequest({ ...list, type: "x" }), "buildRequest: call.type", "ERR_INVALID_ARG_VALUE"],
    [() => buildRequest({ ...list, type: "getUser", user: "../x" }), "buildRequest: call.user", "ERR_INVALID_ARG_VALUE"],
    [() => buildRequest({ ...users, limit: 0 }), "buildRequest: call.limit must be a whole number from 1 to 1000", "ERR_INVALID_ARG_VALUE"],
    [() => buildRequest({ ...users, limit: 1001 }), "buildRequest: call.limit", "ERR_INVALID_ARG_VALUE"],
    [() => buildRequest(list, { base: "nowhere" }), "buildRequest: options.base", "ERR_INVALID_ARG_VALUE"],
    [() => readResponse(list, {}), "readResponse: response.status is missing"],
    [() => readResponse(list, { status: 200, body: {} }), "readResponse: response.body"],
    [() => readResponse(list, { status: 200, headers: [7] }), "readResponse: response.headers[0]"],
    [() => roleSchema("aster"), "roleSchema: service", "ERR_INVALID_ARG_VALUE"],
    [() => readResponse(list, { status: 0 }), "readResponse: response.status must be a whole number from 100", "ERR_INVALID_ARG_VALUE"],
    [() => readResponse(list, { status: 1000 }), "readResponse: response.status must be a whole number from 100", "ERR_INVALID_ARG_VALUE"],
    [() => readRecipients(detached), "readRecipients: source is detached", "ERR_INVALID_ARG_VALUE"],
    [() => readRecipients(view), "readRecipients: source is detached", "ERR_INVALID_ARG_VALUE"],
    [() => planRoleChange([{ user: "u", role: "a", roles: ["b"] }], [], ASTRO), "planRoleChange: changes[0].role must be one of", "ERR_INVALID_ARG_VALUE"],
    [() => recipientsSchema({ messages: 5 }), "recipientsSchema: options.messages must be an object, not a number"],
    [() => roleSchema("astro", { messages: [] }), "roleSchema: options.messages must be an object, not an array"],
    [() => roleSchema("astro", { roles: 5 }), "roleSchema: options.roles must be an array, not a number"],
    [() => roleSchema("astro", 5), "roleSchema: options must be an object"],
    [() => recipientsSchema({ service: "x" }), "recipientsSchema: options.service", "ERR_INVALID_ARG_VALUE"],
    [() => recipientsSchema({ roles: 5 }), "recipientsSchema: options.roles must be an array"],
    [() => recipientsSchema({ maxRows: 1.5 }), "recipientsSchema: options.maxRows", "ERR_INVALID_ARG_VALUE"],
    [() => recipientsSchema([]), "recipientsSchema: options must be an object, not an array"],
    [() => matchRole("x", "astro", 5), "matchRole: roles must be an array, not a number"],
    [() => readRecipients("", { roles: 5 }), "readRecipients: options.roles must be an array"],
    [() => planInvites([], [], { ...ASTRO, roles: 5 }), "planInvites: options.roles must be an array"],
    [() => planRoleChange([], [], { ...ASTRO, roles: 5 }), "planRoleChange: options.roles must be an array"],
  ]) {
    assert.throws(misuse, (error) => {
      assert.ok(error instanceof TypeError, `${error}`);
      assert.ok(error.message.startsWith(words), `${error.message} starts with ${words}`);
      assert.equal(error.code, code, error.message);
      return true;
    });
  }
});

test("beside several roles stands one of them, or none", () => {
  const users = [{ id: "u", email: "a@b.example", roles: ["r1"] }];
  const options = { service: "astra", organization: "o", roles: [{ id: "r1" }, { id: "r2" }] };
  const recipient = { email: "a@b.example", role: "r1", roles: ["r1", "r2"] };
  assert.deepEqual(rolecall.planRoleChange([recipient], users, options).steps[0].after, ["r1", "r2"]);
});

test("a request without a body has none", () => {
  const request = rolecall.buildRequest({ service: "astra", type: "listUsers" });
  assert.deepEqual(Object.keys(request), ["method", "url", "headers"]);
});

test("sentences that fail are English in every schema", (t) => {
  t.mock.method(console, "error", () => {});
  const messages = {
    Empty: () => undefined,
    UnknownRole: () => {
      throw new Error("a function of the caller");
    },
  };
  const { roleSchema, recipientsSchema } = rolecall;
  const said = (schema, value) => schema["~standard"].validate(value).issues.map(({ message }) => message);
  assert.deepEqual(said(recipientsSchema({ messages }), ""), ["enter at least one recipient"]);
  assert.deepEqual(said(roleSchema("astro", { messages }), "x"), ["there is no role `x`"]);
  const rows = ["a@b.example", { email: "c@d.example", role: "x" }];
  assert.deepEqual(said(recipientsSchema({ service: "astro", messages }), rows), ["there is no role `x`"]);
});

test("a page has 1 to 1000 entries and begins anywhere", () => {
  const call = { service: "astro", type: "listUsers", organization: "o" };
  for (const [paging, query] of [
    [{}, "offset=0&limit=1000"],
    [{ offset: 123_456, limit: 1 }, "offset=123456&limit=1"],
  ]) {
    assert.ok(rolecall.buildRequest({ ...call, ...paging }).url.includes(query), query);
  }
  // whoever sent it, the answer can be read
  const answer = { status: 200, body: '{"users":[],"limit":0,"offset":0,"totalCount":0}' };
  assert.equal(rolecall.readResponse({ ...call, limit: 0 }, answer).type, "users");
});

test("a byte order mark in front of an answer is dropped", () => {
  const call = { service: "astra", type: "listUsers" };
  const text = '\ufeff{"orgId":"o","orgName":"O","users":[]}';
  for (const body of [text, new TextEncoder().encode(text)]) {
    assert.equal(rolecall.readResponse(call, { status: 200, body }).type, "users");
  }
});

test("a file is read as its octets", async () => {
  const { rows, encoding } = await rolecall.readRecipientsFile(new Blob([Uint8Array.of(0xff, 0xfe, 0x61, 0, 0x40, 0)]));
  assert.equal(encoding, "utf-16le");
  assert.equal(rows[0].raw, "a@");
  await assert.rejects(rolecall.readRecipientsFile("a@b.example"), { code: "ERR_INVALID_ARG_TYPE" });
  await assert.rejects(rolecall.readRecipientsFile(new Blob(), { maxRows: "1" }), { code: "ERR_INVALID_ARG_TYPE" });
});

test("whatever is passed, the next call works", () => {
  const { planInvites, readRecipients, matchRole, buildRequest } = rolecall;
  const thrown = new Error("a getter of the caller");
  const hostile = Object.freeze({
    get email() {
      throw thrown;
    },
  });
  const bare = Object.assign(Object.create(null), { email: "a@b.example", role: "member" });
  for (let i = 0; i < 3; i++) {
    assert.throws(() => planInvites([hostile], [], ASTRO), thrown);
    assert.equal(planInvites([Object.freeze(bare)], [], ASTRO).steps.length, 1);
    assert.throws(() => buildRequest(new Proxy({}, { get: () => assert.fail() })));
    assert.equal(matchRole("\ud800", "astro").issue.code, "UnknownRole");
    const [broken, name, good] = readRecipients('a\ud800@b.example, "\udc00" <a@b.example>, c@d.example').rows;
    assert.equal(broken.issue.code, "LocalNonAscii");
    assert.deepEqual(broken.issue.range, [1, 2]);
    assert.equal(name.issue.code, "LoneSurrogate");
    assert.equal(name.recipient, undefined);
    assert.equal(good.recipient.email, "c@d.example");
  }
  for (const piece of ["@", ",", '"', "<", "a@b.example\n", "😀", "("]) {
    const length = (piece === "@" ? 10_000_000 : 1_000_000) / piece.length;
    assert.ok(readRecipients(piece.repeat(length), { maxRows: 10 }).rows.length <= 10, piece);
  }
  assert.equal(readRecipients("a@b.example").rows.length, 1);
});

test("after a trap the next call works", () => {
  // so little memory that a large list cannot be held: the module traps
  const script = `
    import { readRecipients } from ${JSON.stringify(new URL("../js/index.js", import.meta.url).href)};
    const before = readRecipients("a@b.example").rows.length;
    let code;
    try { readRecipients("a@b.example\\n".repeat(1_000_000)); } catch (error) { code = error.code; }
    console.log(JSON.stringify([before, code, readRecipients("a@b.example, c@d.example").rows.length]));`;
  const output = execFileSync(
    process.execPath,
    ["--wasm-max-mem-pages=160", "--input-type=module", "--eval", script],
    { encoding: "utf8", cwd: fileURLToPath(new URL(".", import.meta.url)) },
  );
  assert.deepEqual(JSON.parse(output), [1, "ERR_OUT_OF_RESOURCES", 2]);
});

test("schemas follow the Standard Schema and never throw", () => {
  const { emailSchema, createEmailSchema, roleSchema, recipientsSchema } = rolecall;
  for (const schema of [emailSchema, roleSchema("astro"), recipientsSchema()]) {
    const { version, vendor, validate } = schema["~standard"];
    assert.deepEqual([version, vendor], [1, "rolecall"]);
    for (const odd of [undefined, null, 7, {}, [], [null], [{ email: 7 }], Symbol("x")]) {
      const { issues } = validate(odd);
      assert.ok(issues.length > 0 && issues.every((issue) => issue.message !== ""), String(odd));
    }
  }
  assert.deepEqual(emailSchema["~standard"].validate(" Ann@Example.com"), { value: "Ann@example.com" });
  assert.deepEqual(roleSchema("astro")["~standard"].validate("owner"), { value: "ORGANIZATION_OWNER" });
  const messages = { MissingAt: "Es fehlt ein @", LocalInvalidChar: ({ params }) => `ohne ${params.character}` };
  const german = (text) => createEmailSchema({ messages })["~standard"].validate(text).issues[0].message;
  assert.equal(german("ann"), "Es fehlt ein @");
  assert.equal(german("a:b@c.example"), "ohne :");
});

test("paths lead into lists", () => {
  const { validate } = rolecall.recipientsSchema({ service: "astro" })["~standard"];
  assert.deepEqual(
    validate("email,role\na@b.example,owner\nb,member\nc@d.example,OWNR").issues.map((issue) => issue.path),
    [[1, "email"], [2, "role"]],
  );
  assert.deepEqual(
    validate(["a@b.example", "b", { email: "c@d.example", role: "OWNR" }]).issues.map((issue) => issue.path),
    [[1], [2, "role"]],
  );
  assert.deepEqual(validate("a@b.example, A@b.example, a@B.example"), {
    value: [{ email: "a@b.example" }, { email: "A@b.example" }],
  });
});

/** What a schema makes of a list as text and as an array: the same. */
function bothForms(options, text, items) {
  const { validate } = rolecall.recipientsSchema(options)["~standard"];
  const plain = ({ value, issues }) =>
    value ?? issues.map(({ code, path, params, message }) => ({ code, path, params, message }));
  const [ofText, ofItems] = [plain(validate(text)), plain(validate(items))];
  assert.deepEqual(ofItems, ofText);
  return ofText;
}

test("a list is the same as text and as an array", () => {
  const own = { roles: [{ id: "r1", label: "Superuser" }, { id: "r2", label: "Data; Steward" }] };
  const both = (role, options = own) =>
    bothForms(options, `email,role\na@b.example,"${role.replaceAll('"', '""')}"`, [{ email: "a@b.example", role }]);
  assert.deepEqual(both("Superuser"), [{ email: "a@b.example", role: "r1" }]);
  assert.equal(both("r1; data; steward")[0].code, "UnknownRole");
  assert.deepEqual(both("data; steward"), [{ email: "a@b.example", role: "r2" }]);
  assert.deepEqual(both("r1;r1"), [{ email: "a@b.example", role: "r1" }]);
  for (const options of [own, { service: "astro", ...own }, { service: "astra" }, { service: "astro" }, { roles: [] }, {}]) {
    for (const role of ["nope", "OWNR", "owner", " r1 ", " ", "", 'a"b', "a\nb", "a;b", "R/W User;ro user", "x".repeat(300), "\ud800"]) {
      both(role, options);
    }
  }
  // without its label a role is known by its id alone, unless it is known whose
  assert.equal(both("owner", { roles: [{ id: "ORGANIZATION_OWNER" }] })[0].code, "UnknownRole");
  const [issue] = both("x".repeat(300));
  assert.deepEqual([issue.code, issue.path], ["TooLong", [0, "role"]]);
  const { issues } = rolecall.recipientsSchema(own)["~standard"].validate([{ email: "a@b.example", role: "nope" }]);
  assert.deepEqual(issues[0].range, [0, 4]);
  for (const roles of [7, [7], [null], {}]) {
    const { issues } = rolecall.recipientsSchema(own)["~standard"].validate([{ email: "a@b.example", roles }]);
    assert.deepEqual([issues[0].code, issues[0].path, issues[0].params.what], ["Empty", [0, "role"], "role"]);
  }
});

test("a plain string in an array is a row", () => {
  const { validate } = rolecall.recipientsSchema({ service: "astro" })["~standard"];
  const items = ["Ann <a@b.example>", "mailto:c@b.example", "<d@b.example>", "e@b.example Owner", "f@b.example"];
  const { value } = validate(items);
  assert.deepEqual(value, [
    { email: "a@b.example", name: "Ann" },
    { email: "c@b.example" },
    { email: "d@b.example" },
    { email: "e@b.example", role: "ORGANIZATION_OWNER" },
    { email: "f@b.example" },
  ]);
  for (const item of items) assert.deepEqual(validate([item]), validate(item));
  const { issues } = validate(["e@b.example OWNR", "a@b.example, c@b.example", "nobody", " "]);
  assert.deepEqual(
    issues.map(({ code, path }) => [code, path]),
    [["UnknownRole", [0]], ["Separator", [1]], ["MissingAt", [2]], ["Empty", [3]]],
  );
});

test("rows beyond the limit are no success", () => {
  const [issue, ...rest] = bothForms({ maxRows: 1 }, "a@b.example\nb@b.example\nbad", ["a@b.example", "b@b.example", "bad"]);
  assert.deepEqual(issue, {
    code: "TooMany",
    path: undefined,
    params: { max: 1, leftOut: 2 },
    message: "at most 1 in a list: 2 too many",
  });
  assert.deepEqual(rest, []);
  assert.deepEqual(bothForms({ maxRows: 1 }, "a@b.example", ["a@b.example"]), [{ email: "a@b.example" }]);
  assert.equal(bothForms({ maxRows: 0 }, "a@b.example", ["a@b.example"])[0].code, "TooMany");
});

test("what a schema gives, it takes", () => {
  const roles = [{ id: "r1", label: "Reader" }, { id: "r2", label: "Writer" }];
  const text = [
    "email,name,role",
    "a@B.example,Ann,Writer;Reader",
    "clmaxoarx000008l2c5ayb9pt,,Reader",
    "0f8fad5b-d9cb-469f-a165-70867728950e,,",
    "b@b.example,,",
  ].join("\n");
  for (const options of [{ roles }, {}, { service: "astra", roles, ignoreCase: true }]) {
    const { validate } = rolecall.recipientsSchema(options)["~standard"];
    const { value } = validate(text);
    assert.equal(value.length, 4);
    assert.equal(value[1].user, "clmaxoarx000008l2c5ayb9pt");
    assert.deepEqual(validate(value), { value });
    const read = readRecipients(text, options).rows.map((row) => row.recipient);
    assert.deepEqual(value, read);
  }
  const { validate } = rolecall.recipientsSchema()["~standard"];
  const several = [{ email: "a@b.example", role: "x", roles: ["x", "y"] }];
  assert.deepEqual(validate(several), { value: several });
  const twice = validate([{ user: "U1" }, { user: " u1 " }, , { email: "a@b.example", user: "u1" }]);
  assert.deepEqual(twice.issues.map(({ path }) => path), [[2, "email"]]);
  assert.deepEqual(validate([{ user: "U1" }, { user: " u1 " }]), { value: [{ user: "U1" }] });
});

test("who is in a list twice has the same roles both times", () => {
  const list = (...roles) =>
    bothForms(
      { service: "astra" },
      ["email,role", ...roles.map((role) => `a@b.example,${role}`)].join("\n"),
      roles.map((role) => ({ email: "a@b.example", role })),
    );
  const [ro, rw] = ["API Read Only User", "rw user"];
  assert.deepEqual(list(ro, rw), [
    { code: "Duplicate", path: [1, "role"], params: { row: 0 }, message: "the same as row 1, with another role" },
  ]);
  assert.equal(list(ro, "").length, 1);
  assert.equal(list(ro, "")[0].code, "Duplicate");
  assert.deepEqual(list(ro, ro, "api_ro_user"), list(ro));
  assert.deepEqual(list(`${ro};${rw}`, `${rw};${ro}`), list(`${ro};${rw}`));
  assert.equal(list(ro, ro, "nope", rw).map(({ code }) => code).join(), "UnknownRole,Duplicate");
  const cases = bothForms({ ignoreCase: true }, "A@b.example owner\na@b.example member", [
    { email: "A@b.example", role: "owner" },
    { email: "a@b.example", role: "member" },
  ]);
  assert.equal(cases[0].code, "Duplicate");
  const bare = rolecall.recipientsSchema()["~standard"].validate([{ email: "a@b.example", role: "owner" }, "a@b.example"]);
  assert.deepEqual(bare.issues[0].path, [1]);
});

test("what is missing can be told apart", () => {
  const { roleSchema, recipientsSchema } = rolecall;
  const messages = { Empty: ({ params }) => `${params.what} fehlt` };
  const said = (schema, value) => schema["~standard"].validate(value).issues[0].message;
  assert.equal(said(roleSchema("astro", { messages }), ""), "role fehlt");
  assert.equal(said(roleSchema("astro", { messages }), undefined), "role fehlt");
  assert.equal(said(recipientsSchema({ messages }), ""), "recipients fehlt");
  assert.equal(said(recipientsSchema({ messages }), []), "recipients fehlt");
  assert.equal(said(recipientsSchema({ messages }), [""]), "address fehlt");
  assert.equal(said(recipientsSchema({ messages }), "name,email\nAnn,"), "address fehlt");
});

test("users are met whichever way their address is written", () => {
  const roles = ["ORGANIZATION_MEMBER"];
  const users = [
    { id: "u1", email: "Ann@B.example", roles },
    { id: "u2", email: "bob@xn--bcher-kva.example", roles: [{ id: roles[0], name: "Member" }] },
    { id: "u3", email: " carla@b.example ", roles },
    { id: "u4", email: "\u00a0dora@b.example", roles },
    { id: "u5", email: "me@b.example", roles },
  ];
  const options = { service: "astro", organization: "o", role: "member", me: "u5" };
  const invitees = ["aNN@b.example", "bob@bücher.example", "carla@b.example\n", "\u200bDORA@b.example", { user: "u5" }];
  const plan = planInvites(invitees, users, options);
  assert.deepEqual(plan.refused.map(({ row, issue }) => [row, issue.code]), [0, 1, 2, 3, 4].map((row) => [row, "AlreadySo"]));
  // without the one by id only those who are met are handed over
  assert.equal(planInvites(invitees.slice(0, 4), users, options).refused.length, 4);
  const broken = planInvites(["a\nb@b.example", { email: "new@b.example", roles: [] }, "nobody"], users, options);
  assert.deepEqual(broken.refused.map(({ who, issue }) => [who, issue.code]), [
    ["a\nb@b.example", "WhitespaceInside"],
    ["nobody", "MissingAt"],
  ]);
  assert.deepEqual(broken.steps.map(({ row, email, call }) => [row, email, call.email, call.role]), [
    [1, "new@b.example", "new@b.example", "ORGANIZATION_MEMBER"],
  ]);
});

test("steps and rows share nothing", () => {
  const options = { service: "astra", organization: "o", roles: [{ id: "r1", label: "Reader" }], role: "Reader" };
  const { steps } = planInvites(["a@b.example", "c@b.example"], [], options);
  assert.deepEqual(steps[0].after, ["r1"]);
  assert.notEqual(steps[0].after, steps[1].after);
  assert.notEqual(steps[0].call, steps[1].call);
  steps[0].call.roles?.push("r2");
  assert.deepEqual(steps[1].call.roles, ["r1"]);
  const { rows } = readRecipients("a@b.example, a@b.example, x");
  assert.deepEqual(rows.map(({ recipient, duplicateOf }) => [recipient?.email, duplicateOf]), [
    ["a@b.example", undefined],
    ["a@b.example", 0],
    [undefined, undefined],
  ]);
});

test("what is wrong in a long list is named with its path", () => {
  const plan = (recipients, users) => () => planInvites(recipients, users, { service: "astro", organization: "o" });
  assert.throws(plan(["a@b.example", {}], []), { code: "ERR_INVALID_ARG_TYPE", message: /recipients\[1\]\.email is missing/ });
  assert.throws(plan([7], []), { message: /recipients\[0\]/ });
  assert.throws(plan([], [{ id: "u", email: "a@b.example", roles: [{}] }]), { message: /users\[0\]\.roles\[0\]\.id is missing/ });
  assert.throws(plan([], [{ id: 7, email: "a@b.example" }]), { message: /users\[0\]\.id must be a string/ });
});

test("an address that a user has and that cannot be invited is told without a place", () => {
  const user = { id: "u1", email: "no address", roles: ["ORGANIZATION_MEMBER"] };
  const before = { ...user, email: "a@b.example" };
  const { refused } = planInvites([{ user: "u1" }, "no address"], [before, user], { ...ASTRO, role: "member" });
  assert.deepEqual(
    refused.map(({ row, who, issue }) => [row, who, issue.code, "range" in issue]),
    [
      [0, "u1", "MissingAt", false],
      [1, "no address", "MissingAt", true],
    ],
  );
  assert.equal(refused[0].issue.message, refused[1].issue.message);
});

test("a call inside another leaves that alone", () => {
  const { matchRole, readRecipients } = rolecall;
  const list = Array.from({ length: 200 }, (_, i) => `user${i}@bücher${i}.example`).join("\n");
  const expected = readRecipients(list);
  const Own = globalThis.URL;
  let inner = 0;
  globalThis.URL = class extends Own {
    constructor(...given) {
      super(...given);
      inner += matchRole("OWNR", "astra").issue.code === "UnknownRole" ? 1 : 0;
    }
  };
  try {
    assert.deepEqual(readRecipients(list), expected);
  } finally {
    globalThis.URL = Own;
  }
  assert.ok(inner >= 200);
});

test("no number of calls takes more memory than one", () => {
  const { knownRoles, matchRole, readRecipients } = rolecall;
  watchingMemory(({ modules, octets }) => {
    assert.equal(readRecipients("a@b.example\n".repeat(200_000)).rows.length, 200_000);
    assert.equal(modules(), 1, "what a long list took is given back");
    const { code } = matchRole("OWNR", "astra").issue;
    const few = octets();
    assert.ok(few < 4 << 20, `${few} octets`);
    for (let i = 0; i < 20_000; i++) assert.equal(matchRole("OWNR", "astra").issue.code, code);
    assert.deepEqual([modules(), octets()], [1, few], "each call has the memory of the one before");
    const list = "a@b.example\n".repeat(10_000);
    const roles = JSON.stringify(knownRoles("astro"));
    readRecipients(list);
    const more = octets();
    for (let i = 0; i < 30; i++) {
      assert.equal(JSON.stringify(knownRoles("astro")), roles);
      assert.equal(readRecipients(list).rows.length, 10_000);
    }
    assert.deepEqual([modules(), octets()], [1, more], "of roles, which are objects, nothing stays either");
    assert.throws(() => matchRole("OWNR", "astra", [{ id: "a", key: "\n" }, { key: "b" }]), { name: "TypeError" });
    assert.equal(JSON.stringify(knownRoles("astro")), roles);
  });
});
