import { join } from "node:path";

import { ROOT, expect, tarball, test } from "../support/package.ts";

const BIN = join(ROOT, "node_modules/.bin");

/** Every function once, as the documentation has it; wrong uses that must not compile. */
const EXAMPLES = `
  import * as rolecall from "rolecall";
  import { checkEmail, createEmailSchema, emailSchema } from "rolecall/email";
  import { init } from "rolecall/async";
  import * as plain from "rolecall/js";
  import { type ControlMessages, attach, define } from "rolecall/element";
  import "rolecall/element/auto";

  const result = checkEmail("ann@example,com");
  if (result.type === "invalid") {
    const code: "Separator" | "Empty" | string = result.issue.code;
    const [start, end]: readonly [number, number] = result.issue.range;
    console.log(code, start, end, result.suggestion);
  } else {
    const email: string = result.email;
    console.log(email, result.notices.length);
    // @ts-expect-error a valid address has no issue
    console.log(result.issue);
  }
  const list = rolecall.readRecipients(new Uint8Array(), { service: "astro", format: { type: "table", delimiter: ";" } });
  const recipients = list.rows.flatMap((row) => (row.recipient ? [row.recipient] : []));
  const plan = rolecall.planInvites(recipients, [], { service: "astro", organization: "o", role: "member" });
  rolecall.planRoleChange([{ user: "u", add: ["x"] }, { email: "a@b.example", role: "owner" }], [], { service: "astra", organization: "o" });
  for (const step of plan.steps) {
    const request = rolecall.buildRequest(step.call, { base: "/api" });
    void fetch(request.url, request).then(async (response) => {
      const answer = rolecall.readResponse(step.call, {
        status: response.status,
        headers: response.headers,
        body: await response.text(),
      });
      if (answer.type === "invited") console.log(answer.email);
      else if (answer.type === "refused") console.log(answer.issue.message, answer.mayBeDone);
    });
  }
  for (const guard of plan.confirm) if (guard.type === "escalation") console.log(guard.who.length);
  const role = rolecall.matchRole("OWNR", "astro");
  if (role.type === "invalid") console.log(role.issue.params.nearest?.label);
  const validated = emailSchema["~standard"].validate("x");
  if (!validated.issues) { const value: string = validated.value; console.log(value); }
  rolecall.roleSchema("astro", { messages: { UnknownRole: ({ params }) => \`\${params.text}?\` } });
  const schema = rolecall.recipientsSchema({ service: "astra" });
  type Input = NonNullable<(typeof schema)["~standard"]["types"]>["input"];
  const inputs: Input[] = [recipients, "a@b.example", ["a@b.example", { email: "a@b.example", roles: ["x"] as const }, { user: "u" }]];
  console.log(inputs.map((input) => schema["~standard"].validate(input)));
  void rolecall.readRecipientsFile(new Blob());
  void init({ full: fetch("/rolecall.wasm") });
  plain.checkEmails(["a@b.example"]).codes.at(0);
  rolecall.localize({ code: "x", params: {}, message: "x" }, { x: "y" });
  define();
  attach(document.createElement("input"), { kind: "role", service: "astro" }).detach();
  attach(document.createElement("input"), { kind: undefined, messages: undefined });
  attach(document.createElement("input"), { kind: "role", service: "astro", roles: undefined, messages: undefined });
  const reading = { service: undefined, roles: undefined, ignoreCase: undefined, messages: { Count: undefined } };
  attach(document.createElement("textarea"), { kind: "recipients", ...reading });
  const messages: ControlMessages = { MissingAt: "x", Line: ({ line }) => line.toFixed() };
  createEmailSchema({ messages });
  rolecall.recipientsSchema({ messages });
  // @ts-expect-error a role is somebody's
  attach(document.createElement("input"), { kind: "role" });
  // @ts-expect-error what a role permits is the service's to say
  rolecall.matchRole("x", "astro", [{ id: "r", permissions: [] }]);
  // @ts-expect-error there is no such service
  rolecall.matchRole("x", "aster");
  // @ts-expect-error an operation of the other service
  rolecall.buildRequest({ service: "astra", type: "createInvite", organization: "o", email: "a@b.example", role: "r" });
`;

/** What the README does, in TypeScript and without a page. */
const FLOW = `
  import { createEmailSchema, planInvites, planRoleChange, readRecipients, readRecipientsFile, readResponse, recipientsSchema, roleSchema } from "rolecall";
  import { buildRequest, type Call, type Recipient, type User } from "rolecall";
  import { init } from "rolecall/async";

  export async function send(call: Call, { token, base }: { token?: string | undefined; base?: string | undefined }) {
    const request = buildRequest(call, { token, base });
    const response = await fetch(request.url, request);
    return readResponse(call, { status: response.status, headers: response.headers, body: await response.text() });
  }

  export async function invite(file: Blob, organization: string, me?: string) {
    const { rows } = await readRecipientsFile(file, { service: "astro", maxRows: undefined });
    const recipients: Recipient[] = rows.flatMap((row) => (row.recipient && row.duplicateOf === undefined ? [row.recipient] : []));
    const answer = await send({ service: "astro", type: "listUsers", organization, limit: undefined }, {});
    const users: User[] = answer.type === "users" ? answer.users : [];
    const plan = planInvites(recipients, users, { service: "astro", organization, me, role: "member" });
    const result = recipientsSchema({ service: "astro", messages: undefined })["~standard"].validate(recipients);
    if (!result.issues) planInvites(result.value, users, { service: "astro", organization });
    for (const step of plan.steps) await send(step.call, { token: "t" });
    planRoleChange(users.map(({ id, email }) => ({ user: id, email, role: "member" })), users, { service: "astro", organization, me });
    return readRecipients(new Uint8Array(await file.arrayBuffer())).rows.length;
  }

  createEmailSchema({ refuseReserved: undefined, messages: undefined });
  roleSchema("astro", { roles: [{ id: "r", label: undefined }] });
  void init({ full: new URL("https://b.example/rolecall.wasm"), email: undefined });
`;

test("the types hold under every way to resolve them", async ({ project }) => {
  const options = (more: object) =>
    JSON.stringify({
      compilerOptions: { strict: true, noEmit: true, target: "es2022", lib: ["es2022", "dom", "dom.iterable"], types: [], ...more },
      files: ["main.ts", "main.cts"],
    });
  await project.write({
    "main.ts": EXAMPLES,
    "main.cts": 'import rolecall = require("rolecall");\nrolecall.checkEmail("a@b.example").type;\n',
    "nodenext.json": options({ module: "nodenext", exactOptionalPropertyTypes: true }),
    "bundler.json": options({ module: "preserve", moduleResolution: "bundler" }),
  });
  for (const config of ["nodenext.json", "bundler.json"]) {
    const said = await project.node(join(BIN, "tsc"), "--project", config).catch((error) => error.stdout ?? String(error));
    expect(said, config).toBe("");
  }
});

test("the types need no DOM, and hold where optional is not undefined", async ({ project }) => {
  const options = (more: object) =>
    JSON.stringify({
      compilerOptions: { strict: true, noEmit: true, target: "es2022", module: "nodenext", ...more },
      files: ["main.ts"],
    });
  const node = { lib: ["es2022"], types: ["node"], typeRoots: [join(ROOT, "node_modules/@types")] };
  const exact = { exactOptionalPropertyTypes: true };
  await project.write({
    "main.ts": FLOW,
    "node.json": options(node),
    // what Node's own types say is not exact
    "node-exact.json": options({ ...node, ...exact, skipLibCheck: true }),
    "dom-exact.json": options({ lib: ["es2022", "dom", "dom.iterable"], types: [], ...exact }),
  });
  for (const config of ["node.json", "node-exact.json", "dom-exact.json"]) {
    const said = await project.node(join(BIN, "tsc"), "--project", config).catch((error) => error.stdout ?? String(error));
    expect(said, config).toBe("");
  }
});

test("attw and publint find nothing", async ({ project }) => {
  const attw = await project
    .node(join(BIN, "attw"), tarball(), "--no-definitely-typed", "--format", "json")
    .catch((error) => error.stdout ?? String(error));
  expect(JSON.parse(attw).analysis.problems).toEqual([]);
  const publint = await project
    .node(join(BIN, "publint"), "--strict", project.path("node_modules/rolecall"))
    .catch((error) => `${error.stdout}${error.stderr}`);
  expect(publint).toContain("All good!");
});
