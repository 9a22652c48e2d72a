import { join } from "node:path";

import { type Page } from "@playwright/test";

import { type Project, ROOT, expect, test } from "../support/package.ts";

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'none'";

const FORM = `
  <form>
    <fieldset>
      <p id="hint">We write once.</p>
      <rolecall-email><label>Email <input name="email" required aria-describedby="hint"></label></rolecall-email>
      <rolecall-role service="astro"><label>Role <input name="role" value="member"></label></rolecall-role>
      <rolecall-recipients service="astro"><label>People <textarea name="people"></textarea></label></rolecall-recipients>
    </fieldset>
    <button>Send</button> <button type="reset">Reset</button>
  </form>`;

async function write(project: Project, script: string, body = FORM): Promise<void> {
  await project.write({
    "main.js": script,
    "index.html": `<!doctype html><html lang="en"><meta charset="utf-8"><title>Test</title><body>${body}<script type="module" src="/main.js"></script></body></html>`,
  });
}

const AUTO = 'import "/node_modules/rolecall/element/auto.js"; document.title = "ready";';

test("the control inside stays the form control", async ({ project, page, serve }) => {
  await write(project, AUTO);
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  const email = page.getByLabel("Email");

  // nothing is said before anything was done, and `required` is the browser's own
  await expect(email).not.toHaveAttribute("aria-invalid");
  expect(await email.evaluate((it: HTMLInputElement) => it.validity.valueMissing && !it.validity.customError)).toBe(true);

  await email.fill("ann@example,com");
  expect(await email.evaluate((it: HTMLInputElement) => it.validity.customError)).toBe(true);
  await expect(email).not.toHaveAttribute("aria-invalid");
  await email.blur();
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await expect(email).toHaveAccessibleDescription(/We write once\..*Enter one address at a time/);
  expect(await email.evaluate((it) => it.matches(":user-invalid"))).toBe(true);

  await page.getByRole("button", { name: "Did you mean ann@example.com?" }).click();
  await expect(email).toHaveValue("ann@example.com");
  await expect(email).toBeFocused();
  await expect(email).not.toHaveAttribute("aria-invalid");
  await expect(email).toHaveAccessibleDescription("We write once.");

  await page.getByLabel("People").fill("bob@b.example");
  const entries = await page.evaluate(() => [...new FormData(document.forms[0])]);
  expect(entries).toEqual([
    ["email", "ann@example.com"],
    ["role", "member"],
    ["people", "bob@b.example"],
  ]);
});

test("a list has a live count, and its errors by line", async ({ project, page, serve }) => {
  await write(project, AUTO);
  await page.goto(await serve(project.folder, POLICY));
  const people = page.getByLabel("People");
  await people.fill("a@b.example, a@b.example\nnobody\nc@d.example OWNR");
  await expect(page.getByRole("status")).toHaveText("1 recipient, 1 given twice, 2 not valid");
  await people.blur();
  await expect(page.getByRole("listitem")).toHaveText([/^nobody: an email address has an `@`/, /OWNR/]);
  await people.fill("a@b.example\nc@d.example");
  await expect(page.getByRole("status")).toHaveText("2 recipients");
  await expect(page.getByRole("listitem")).toHaveCount(0);
});

test("a long list is looked at when the typing stops, and before it is submitted", async ({ project, page, serve }) => {
  await write(project, AUTO);
  await page.goto(await serve(project.folder, POLICY));
  const list = Array.from({ length: 5_000 }, (_, i) => `person.${i}@b.example`);
  const people = page.getByLabel("People");
  // not typed: the browser itself takes half a minute for that
  await people.evaluate((it: HTMLTextAreaElement, text) => {
    it.value = text;
    it.dispatchEvent(new Event("input", { bubbles: true }));
  }, list.join("\n"));
  await expect(page.getByRole("status")).toHaveText("5000 recipients");
  const submitted = await people.evaluate((it: HTMLTextAreaElement, text) => {
    let submitted = 0;
    it.form!.addEventListener("submit", (event) => {
      event.preventDefault();
      submitted += 1;
    });
    it.value = text;
    it.dispatchEvent(new Event("input", { bubbles: true }));
    it.form!.requestSubmit();
    return submitted;
  }, `${list.join("\n")}\nnobody`);
  expect(submitted).toBe(0);
  await expect(page.getByRole("status")).toHaveText("5000 recipients, 1 not valid");
});

test("reset, a disabled fieldset and a role that is none", async ({ project, page, serve }) => {
  await write(project, AUTO);
  await page.goto(await serve(project.folder, POLICY));
  const role = page.getByLabel("Role");
  await role.fill("OWNR");
  await role.blur();
  await expect(page.getByText("There is no role `OWNR`; did you mean `Owner`?")).toBeVisible();
  await page.getByRole("button", { name: "Reset" }).click();
  await expect(role).toHaveValue("member");
  await expect(page.getByText("There is no role")).toBeHidden();
  expect(await role.evaluate((it: HTMLInputElement) => it.checkValidity())).toBe(true);
  await role.fill("OWNR");
  await page.locator("fieldset").evaluate((it: HTMLFieldSetElement) => (it.disabled = true));
  expect(await page.evaluate(() => document.forms[0]?.checkValidity())).toBe(true);
});

test("attach and detach leave no trace", async ({ project, page, serve }) => {
  await write(
    project,
    `import { attach } from "/node_modules/rolecall/element.js";
     const before = document.body.innerHTML;
     const input = document.querySelector("input[name=email]");
     const messages = { MissingAt: "Es fehlt ein @" };
     const attached = attach(input, { messages });
     input.value = "ann";
     const valid = attached.check();
     input.dispatchEvent(new Event("change"));
     const told = [input.validationMessage, document.querySelector(".rolecall-error").textContent];
     attached.detach();
     attached.detach();
     input.dispatchEvent(new Event("input"));
     const misuse = [];
     for (const wrong of [() => attach(null), () => attach(input, { kind: "phone" }), () => attach(input, { kind: "role" })]) {
       try { wrong(); } catch (error) { misuse.push([error.name, error.code]); }
     }
     globalThis.seen = { valid, told, same: document.body.innerHTML === before, after: input.validationMessage, custom: input.validity.customError, misuse };`,
  );
  await page.goto(await serve(project.folder, POLICY));
  await page.waitForFunction(() => "seen" in globalThis);
  expect(await page.evaluate(() => Reflect.get(globalThis, "seen"))).toEqual({
    valid: false,
    told: ["Es fehlt ein @", "Es fehlt ein @"],
    same: true,
    after: "",
    custom: false,
    misuse: [
      ["TypeError", "ERR_INVALID_ARG_TYPE"],
      ["TypeError", "ERR_INVALID_ARG_VALUE"],
      ["TypeError", "ERR_INVALID_ARG_TYPE"],
    ],
  });
});

test("an element takes a control that comes later, and lets go of one that leaves", async ({ project, page, serve }) => {
  await write(project, AUTO, "<rolecall-email></rolecall-email>");
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  const states = await page.evaluate(async () => {
    const element = document.querySelector("rolecall-email")!;
    const turn = () => new Promise((done) => setTimeout(done));
    const input = document.createElement("input");
    input.value = "ann";
    element.append(input);
    await turn();
    const inside = input.validity.customError;
    element.remove();
    const outside = input.validity.customError;
    document.body.append(element);
    await turn();
    return [inside, outside, input.validity.customError, element.querySelectorAll(".rolecall-help").length];
  });
  expect(states).toEqual([true, false, true, 1]);
});

/** A bare form with an address and a list, attached by the script of the page or by the elements. */
const BARE = `
  <form action="/sent.html">
    <rolecall-email><label>Email <input name="email"></label></rolecall-email>
    <rolecall-recipients><label>People <textarea name="people"></textarea></label></rolecall-recipients>
    <button>Send</button> <button type="reset">Reset</button>
  </form>`;

const ATTACH = `
  import { attach } from "/node_modules/rolecall/element.js";
  globalThis.attached = attach(document.querySelector("input"));
  attach(document.querySelector("textarea"), { kind: "recipients" });
  document.title = "ready";`;

for (const [way, script] of [["the elements", AUTO], ["attach", ATTACH]] as const) {
  test(`values that the browser brings back are checked: ${way}`, async ({ project, page, serve }) => {
    await write(project, script, BARE);
    await project.write({ "sent.html": "<!doctype html><title>Sent</title>" });
    const address = await serve(project.folder, POLICY);
    await page.goto(address);
    await expect(page).toHaveTitle("ready");
    await page.getByLabel("Email").fill("bad");
    await page.getByLabel("People").fill("worse");
    await page.goto(`${address}sent.html`);
    await page.goBack();
    await expect(page).toHaveTitle("ready");
    await expect(page.getByLabel("Email")).toHaveValue("bad");
    const custom = (label: string) => page.getByLabel(label).evaluate((it: HTMLInputElement) => it.validity.customError);
    await expect.poll(() => custom("Email")).toBe(true);
    await expect.poll(() => custom("People")).toBe(true);
    await expect(page.getByLabel("Email")).not.toHaveAttribute("aria-invalid");
    await page.getByRole("button", { name: "Send" }).click();
    await expect(page.getByText("Line 1: an email address has an `@`")).toBeVisible();
    await expect(page).toHaveTitle("ready");
  });
}

test("values set by a script are checked before they are sent", async ({ project, page, serve }) => {
  await write(project, ATTACH, BARE);
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  const states = await page.evaluate(() => {
    const form = document.forms[0]!;
    const input = document.querySelector("input")!;
    const sent: string[] = [];
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      sent.push(input.value);
    });
    const custom = () => input.validity.customError;
    const button = form.querySelector<HTMLButtonElement>("button:not([type])")!;
    const seen: unknown[] = [];
    input.value = "changed";
    input.dispatchEvent(new Event("change"));
    seen.push([custom(), input.getAttribute("aria-invalid")]);
    // mended, and sent by a button
    input.value = "ann@a.example";
    button.click();
    seen.push([custom(), input.getAttribute("aria-invalid"), sent.splice(0)]);
    // spoilt, and sent by a script, a button, and a button that asks for no checks
    input.value = "bad";
    form.requestSubmit();
    seen.push([custom(), sent.splice(0)]);
    input.value = "worse";
    button.click();
    seen.push([custom(), sent.splice(0)]);
    button.formNoValidate = true;
    input.value = "unchecked";
    form.requestSubmit(button);
    seen.push([custom(), sent.splice(0)]);
    button.formNoValidate = false;
    // mended, and asked for by a script: the next time it is known
    input.value = "ann@a.example";
    seen.push([form.checkValidity(), form.checkValidity(), custom()]);
    return seen;
  });
  expect(states).toEqual([
    [true, "true"],
    [false, null, ["ann@a.example"]],
    [true, []],
    [true, []],
    [true, ["unchecked"]],
    [false, true, false],
  ]);
});

test("a control follows the form it is in", async ({ project, page, serve }) => {
  await write(project, ATTACH, '<input aria-label="Email" value="bad"><textarea></textarea><form><button type="reset">Reset</button></form>');
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  const email = page.getByLabel("Email");
  await email.evaluate((it) => document.forms[0]!.append(it));
  await email.fill("worse");
  await email.blur();
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await page.evaluate(() => document.forms[0]!.addEventListener("reset", (event) => event.preventDefault(), { once: true }));
  await page.getByRole("button", { name: "Reset" }).click();
  await page.evaluate(() => new Promise((done) => setTimeout(done, 20)));
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("button", { name: "Reset" }).click();
  await expect(email).not.toHaveAttribute("aria-invalid");
  expect(await email.evaluate((it: HTMLInputElement) => [it.value, it.validity.customError])).toEqual(["bad", true]);
});

test("nothing keeps a control that left the page", async ({ project, page, serve }) => {
  await write(project, ATTACH, BARE);
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  await page.evaluate(() => {
    Reflect.set(globalThis, "left", new WeakRef(document.querySelector("input")!));
    Reflect.deleteProperty(globalThis, "attached");
    document.body.replaceChildren();
  });
  await expect
    .poll(async () => {
      await page.requestGC();
      return page.evaluate(() => Reflect.get(globalThis, "left").deref() === undefined);
    })
    .toBe(true);
});

test("own words are texts or functions, and what is not attached leaves nothing behind", async ({ project, page, serve }) => {
  await write(
    project,
    `import { attach } from "/node_modules/rolecall/element.js";
     const before = document.body.innerHTML;
     const [input, list] = document.querySelectorAll("input, textarea");
     const thrown = [];
     for (const [control, options] of [[list, { kind: "recipients", ignoreCase: "true" }], [input, { kind: "role", service: "astro", roles: 7 }]]) {
       try { attach(control, options); } catch (error) { thrown.push(error.message.slice(0, 4)); }
     }
     globalThis.same = document.body.innerHTML === before;
     globalThis.thrown = thrown;
     attach(input, { messages: { DidYouMean: "Das andere" } });
     attach(list, { kind: "recipients", messages: { Count: "Anzahl", Line: ({ line, message }) => "zeile " + line + ": " + message, MissingAt: "es fehlt ein @" } });
     document.title = "ready";`,
    BARE,
  );
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  expect(await page.evaluate(() => [Reflect.get(globalThis, "same"), Reflect.get(globalThis, "thrown").length])).toEqual([true, 2]);
  await page.getByLabel("Email").fill("ann@example,com");
  await page.getByLabel("People").fill("a@b.example\nnobody");
  await page.getByLabel("People").blur();
  await expect(page.getByRole("button", { name: "Das andere" })).toBeVisible();
  await expect(page.getByRole("status")).toHaveText("Anzahl");
  await expect(page.getByText("Zeile 2: es fehlt ein @")).toBeVisible();
});

test("a required list has somebody in it", async ({ project, page, serve }) => {
  const body = BARE.replace("<textarea", "<textarea required");
  await write(project, AUTO, body);
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  const people = page.getByLabel("People");
  const state = () => people.evaluate((it: HTMLTextAreaElement) => [it.validity.valueMissing, it.validationMessage]);
  for (const value of [" \n", ";;", "email,role\n"]) {
    await people.fill(value);
    expect(await state(), value).toEqual([false, "Enter at least one recipient"]);
  }
  await people.blur();
  await expect(people).toHaveAccessibleDescription(/^Enter at least one recipient/);
  await people.fill("a@b.example");
  expect(await state()).toEqual([false, ""]);
  await people.evaluate((it: HTMLTextAreaElement) => (it.required = false));
  await people.fill(";;");
  expect(await state()).toEqual([false, ""]);
});

test("an element takes options, before and after it is defined, and is asked", async ({ project, page, serve }) => {
  const script = `
    document.querySelector("rolecall-email").options = { messages: { MissingAt: "es fehlt ein @" } };
    const { define } = await import("/node_modules/rolecall/element.js");
    define();
    document.title = "ready";`;
  await write(project, script, `${BARE}<rolecall-role><input value="boss"></rolecall-role>`);
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  const states = await page.evaluate(() => {
    const email = document.querySelector<HTMLElement & { options: object; control: HTMLInputElement; check(): boolean }>("rolecall-email")!;
    email.control.value = "bob";
    const seen: unknown[] = [email.control.name, email.check(), email.control.validationMessage];
    email.options = {};
    seen.push(email.control.validationMessage);
    const role = document.querySelector<typeof email>("rolecall-role")!;
    seen.push(role.check());
    role.options = { service: "astro", roles: [{ id: "boss" }] };
    seen.push(role.check());
    role.options = { service: "astro" };
    seen.push(role.check());
    return seen;
  });
  const english = "An email address has an `@` between name and domain";
  expect(states).toEqual(["email", false, "Es fehlt ein @", english, true, true, false]);
});

test("the elements have types by their names", async ({ project }) => {
  const script = (specifier: string) => `
    ${specifier}
    const { options, control } = document.querySelector("rolecall-email")!;
    const valid: boolean = document.createElement("rolecall-role").check();
    console.log(options.messages, control?.value, valid);
    document.querySelector("rolecall-recipients")!.options = {
      service: "astro",
      roles: [{ id: "boss" }],
      ignoreCase: true,
      messages: {
        MissingAt: "es fehlt ein @",
        UnknownRole: ({ params }) => String(params.text),
        DidYouMean: (offer) => offer.toUpperCase(),
        Count: ({ good, doubled, wrong }) => (good + doubled + wrong).toFixed(),
        Line: ({ line, message }) => line.toFixed() + message.trim(),
      },
    };
    // @ts-expect-error an address has no roles
    document.querySelector("rolecall-email")!.options = { roles: [] };
    // @ts-expect-error a line is a number
    document.querySelector("rolecall-email")!.options = { messages: { Line: ({ line }) => line.trim() } };
  `;
  await project.write({
    "main.ts": `${script('import "rolecall/element/auto";')} export {};`,
    "other.cts": `${script('import { type Messages, attach } from "rolecall/element";')}
      const messages: Messages = { MissingAt: "x" };
      attach(document.createElement("input"), { messages });`,
    "tsconfig.json": JSON.stringify({
      compilerOptions: { strict: true, noEmit: true, module: "nodenext", target: "es2022", lib: ["es2022", "dom"], types: [] },
      files: ["main.ts", "other.cts"],
    }),
  });
  const said = await project.node(join(ROOT, "node_modules/.bin/tsc"), "--project", ".").catch((error) => error.stdout ?? String(error));
  expect(said).toBe("");
});

test("the last to attach has the control, and what the page had said comes back", async ({ project, page, serve }) => {
  await write(
    project,
    `import { attach } from "/node_modules/rolecall/element.js";
     const input = document.querySelector("input");
     input.setCustomValidity("taken");
     const before = document.body.innerHTML;
     const first = attach(input);
     const second = attach(input, { kind: "role", service: "astro" });
     const described = () => (input.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id) !== null);
     const seen = [described(), document.querySelectorAll(".rolecall-help").length, input.validationMessage];
     first.detach();
     input.value = "OWNR";
     seen.push(described(), first.check(), input.validationMessage, second.check());
     second.detach();
     seen.push(input.validationMessage, second.check(), input.validationMessage, document.body.innerHTML === before);
     globalThis.seen = seen;`,
    '<p id="hint">We write once.</p><input aria-describedby="hint">',
  );
  await page.goto(await serve(project.folder, POLICY));
  await page.waitForFunction(() => "seen" in globalThis);
  expect(await page.evaluate(() => Reflect.get(globalThis, "seen"))).toEqual([
    ...[[true, true], 1, ""],
    ...[[true, true], true, "", false],
    ...["taken", false, "taken", true],
  ]);
});

test("a clone has helpers of its own", async ({ project, page, serve }) => {
  await write(project, AUTO);
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  for (const [label, value] of [["Email", "ann@example,com"], ["Role", "OWNR"], ["People", "nobody"]] as const) {
    await page.getByLabel(label).fill(value);
    await page.getByLabel(label).blur();
  }
  const controls = await page.evaluate(() => {
    const fieldset = document.querySelector("fieldset")!;
    const clone = fieldset.cloneNode(true) as HTMLFieldSetElement;
    clone.querySelector("#hint")!.remove();
    fieldset.after(clone);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    const dangling = [...document.querySelectorAll("[aria-describedby]")]
      .flatMap((it) => it.getAttribute("aria-describedby")!.split(" "))
      .filter((id) => document.getElementById(id) === null);
    return [...clone.querySelectorAll<HTMLInputElement>("input, textarea")].map((it) => ({
      own: it.getAttribute("aria-describedby")!.split(" ").filter((id) => clone.querySelector(`#${id}`)).length,
      list: it.list ? clone.contains(it.list) : null,
      helpers: it.closest("label")!.parentElement!.querySelectorAll(".rolecall-help").length,
      said: it.getAttribute("aria-invalid"),
      once: ids.length === new Set(ids).size && dangling.length === 0,
    }));
  });
  const own = { own: 1, helpers: 1, list: null, said: null, once: true };
  expect(controls).toEqual([own, { ...own, list: true }, own]);
});

test("the control is the first that takes a text", async ({ project, page, serve }) => {
  const others = ["hidden", "checkbox", "radio", "file", "button", "submit", "reset", "image", "color", "range"];
  const before = others.map((type) => `<input type="${type}" value="#000000">`).join("");
  await write(project, AUTO, `<rolecall-email>${before}<input type="email" value="ann@b"></rolecall-email>`);
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  expect(await page.locator("input[type=email]").evaluate((it: HTMLInputElement) => it.validity.customError)).toBe(true);
});

test("what is offered is reached by the keyboard, and announced", async ({ project, page, serve }) => {
  await write(project, AUTO, BARE);
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  const email = page.getByLabel("Email");
  const offer = page.getByRole("button", { name: "Did you mean ann@gmail.com?" });
  await email.pressSequentially("ann@gmial.com");
  await expect(offer).toBeHidden();
  await page.keyboard.press("Tab");
  await expect(offer).toBeFocused();
  await expect(email).not.toHaveAttribute("aria-invalid");
  await expect(email).toHaveAccessibleDescription("Did you mean ann@gmail.com?");
  await expect(page.locator("[aria-live=polite]").filter({ has: offer })).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(email).toHaveValue("ann@gmail.com");
  await expect(email).toBeFocused();
  await expect(offer).toBeHidden();
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("People")).toBeFocused();
});

test("where the policy forbids WebAssembly the controls are plain ones, and the page is told once", async ({ project, page, serve }) => {
  await write(project, AUTO);
  const other = await page.context().newPage();
  const errors: string[] = [];
  other.on("pageerror", (error) => errors.push(error.message));
  other.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await other.goto(await serve(project.folder, "default-src 'self'"));
  await expect(other).toHaveTitle("ready");
  await expect(other.getByRole("status")).toHaveCount(0);
  for (const label of ["Email", "Role", "People"]) {
    await other.getByLabel(label).fill("one, two");
    await other.getByLabel(label).fill("three");
    await other.getByLabel(label).blur();
  }
  expect(await other.evaluate(() => [document.forms[0]!.checkValidity(), document.querySelectorAll("[class]").length])).toEqual([true, 0]);
  expect(errors.filter((it) => !it.startsWith("rolecall: nothing is checked without script-src 'wasm-unsafe-eval'"))).toEqual([]);
  expect(errors.length).toBe(1);
});

test("a control in a shadow tree is checked there", async ({ project, page, serve }) => {
  await write(
    project,
    `import "/node_modules/rolecall/element/auto.js";
     const root = document.querySelector("div").attachShadow({ mode: "open" });
     root.innerHTML = '<form><rolecall-email><input></rolecall-email><button>Send</button></form>';
     const [form, input] = [root.querySelector("form"), root.querySelector("input")];
     const sent = [];
     form.addEventListener("submit", (event) => { event.preventDefault(); sent.push(input.value); });
     input.value = "bad";
     form.requestSubmit();
     const said = input.getAttribute("aria-invalid");
     form.reset();
     await new Promise((done) => setTimeout(done, 20));
     globalThis.seen = [sent, said, input.value, input.validity.customError, input.getAttribute("aria-invalid")];`,
    "<div></div>",
  );
  await page.goto(await serve(project.folder, POLICY));
  await page.waitForFunction(() => "seen" in globalThis);
  expect(await page.evaluate(() => Reflect.get(globalThis, "seen"))).toEqual([[], "true", "", false, null]);
});

/** Defines the elements when the script has done what stands before. */
const LATER = 'await import("/node_modules/rolecall/element/auto.js"); document.title = "ready";';

/** A page beside the test's own, where errors are collected instead of failing it. */
async function withErrors(page: Page): Promise<{ other: Page; errors: string[] }> {
  const other = await page.context().newPage();
  const errors: string[] = [];
  other.on("pageerror", (error) => errors.push(error.message));
  return { other, errors };
}

test("an element that cannot attach says so once, and its control stays a plain one", async ({ project, page, serve }) => {
  const script = `
    const [people, role] = document.querySelectorAll("rolecall-recipients, rolecall-role");
    people.options = { ignoreCase: "true" };
    role.options = { roles: [{ label: "Boss" }] };
    ${LATER}`;
  const body = `
    <form>
      <rolecall-email service="aster"><label>Email <input name="email" value="bad"></label></rolecall-email>
      <rolecall-role service="astro"><label>Role <input name="role" value="boss"></label></rolecall-role>
      <rolecall-recipients><label>People <textarea name="people">bad</textarea></label></rolecall-recipients>
    </form>`;
  await write(project, script, body);
  const { other, errors } = await withErrors(page);
  await other.goto(await serve(project.folder, POLICY));
  await expect(other).toHaveTitle("ready");
  const seen = await other.evaluate(async () => {
    const wait = () => new Promise((done) => setTimeout(done, 20));
    await wait();
    const role = document.querySelector<HTMLElement & { options: object; check(): boolean }>("rolecall-role")!;
    role.append("news");
    await wait();
    const plain = [document.forms[0]!.checkValidity(), role.check(), document.querySelectorAll("[class]").length];
    // other options are another try
    role.options = { roles: [{ id: "chief" }] };
    return [...plain, role.check()];
  });
  expect(seen).toEqual([true, true, 0, false]);
  expect(errors.sort()).toEqual([
    'attach: options.ignoreCase must be a boolean, not a string',
    'attach: options.roles[0].id is missing',
    'attach: options.service must be one of "astro", "astra"',
  ]);
});

test("what fails to speak is said in English, and never valid", async ({ project, page, serve }) => {
  await write(
    project,
    `const messages = { MissingAt: () => undefined, UnknownRole: () => { throw new Error("mine"); }, Count: () => {}, Line: () => 7, DidYouMean: "" };
     for (const element of document.querySelectorAll("rolecall-email, rolecall-role, rolecall-recipients")) element.options = { messages };
     ${LATER}`,
    FORM.replace('value="member"', 'value="OWNR"').replace("<textarea name=\"people\">", "$&nobody"),
  );
  const { other, errors } = await withErrors(page);
  other.on("console", (message) => message.type() === "error" && errors.push(message.text().split("\n")[0]!));
  await other.goto(await serve(project.folder, POLICY));
  await expect(other).toHaveTitle("ready");
  await other.getByLabel("Email").fill("ann");
  const said = await other.evaluate(() => [...document.querySelectorAll<HTMLInputElement>("input, textarea")].map((it) => it.validationMessage));
  expect(said).toEqual([
    "An email address has an `@` between name and domain",
    "There is no role `OWNR`; did you mean `Owner`?",
    "Line 1: an email address has an `@` between name and domain",
  ]);
  await expect(other.getByRole("status")).toHaveText("0 recipients, 1 not valid");
  expect(errors).toEqual(["Error: mine"]);
});

test("misuse of `attach` and `define` names them", async ({ project, page, serve }) => {
  await write(
    project,
    `import { attach, define } from "/node_modules/rolecall/element.js";
     const input = document.querySelector("input");
     globalThis.seen = [
       () => define(null),
       () => attach(document.querySelector("fieldset")),
       () => attach(input, null),
       () => attach(input, 5),
       () => attach(input, { kind: "role" }),
       () => attach(input, { kind: "role", service: "Astro" }),
       () => attach(input, { kind: "role", service: "astro", roles: 5 }),
       () => attach(input, { kind: "recipients", service: "Astro" }),
       () => attach(input, { messages: 5 }),
     ].map((misuse) => {
       try { misuse(); } catch (error) { return [error.name, error.code, error.message].join(); }
     });`,
  );
  await page.goto(await serve(project.folder, POLICY));
  await page.waitForFunction(() => "seen" in globalThis);
  const type = (words: string) => `TypeError,ERR_INVALID_ARG_TYPE,${words}`;
  const value = (words: string) => `TypeError,ERR_INVALID_ARG_VALUE,${words}`;
  expect(await page.evaluate(() => Reflect.get(globalThis, "seen"))).toEqual([
    type("define: registry must be a CustomElementRegistry"),
    type("attach: control must be an input, a select or a textarea"),
    type("attach: options must be an object, not null"),
    type("attach: options must be an object, not a number"),
    type("attach: options.service is missing"),
    value('attach: options.service must be one of "astro", "astra"'),
    type("attach: options.roles must be an array, not a number"),
    value('attach: options.service must be one of "astro", "astra"'),
    type("attach: options.messages must be an object, not a number"),
  ]);
});

test("what describes a control besides is left alone, and comes back to", async ({ project, page, serve }) => {
  await write(project, ATTACH, `<p id="hint">We write once.</p><p id="more">Soon.</p>${BARE.replace("<input", '<input aria-describedby="hint"')}`);
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  const email = page.getByLabel("Email");
  await email.fill("bad");
  await email.blur();
  // as a framework does, which knows nothing of what was added
  await email.evaluate((it) => it.setAttribute("aria-describedby", "more hint"));
  await expect(email).toHaveAccessibleDescription("Soon. We write once. An email address has an `@` between name and domain");
  const left = await email.evaluate((it: HTMLInputElement) => {
    const { attached } = globalThis as unknown as { attached: { check(): void; detach(): void } };
    it.removeAttribute("aria-describedby");
    attached.check();
    const alone = it.getAttribute("aria-describedby");
    it.setAttribute("aria-describedby", `more ${alone} hint`);
    attached.detach();
    return [/^rolecall-\d+$/.test(alone!), it.getAttribute("aria-describedby")];
  });
  expect(left).toEqual([true, "more hint"]);
});

test("blanks alone are nothing, unless something has to be there", async ({ project, page, serve }) => {
  await write(project, AUTO, FORM.replace(" required", ""));
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  for (const [label, words] of [["Email", "Enter an email address"], ["Role", "Enter a role"], ["People", "Enter at least one recipient"]] as const) {
    const control = page.getByLabel(label);
    const said = () => control.evaluate((it: HTMLInputElement) => it.validationMessage);
    await control.fill(" \u00a0 ");
    await control.blur();
    expect(await said(), label).toBe("");
    await expect(control).not.toHaveAttribute("aria-invalid");
    await control.evaluate((it: HTMLInputElement) => (it.required = true));
    await control.fill(" ");
    expect(await said(), label).toBe(words);
  }
});

test("a select is offered what it has", async ({ project, page, serve }) => {
  const select = (label: string, values: string[]) =>
    `<rolecall-role service="astro"><label>${label} <select>${values.map((it) => `<option value="${it}">${it}</option>`).join("")}</select></label></rolecall-role>`;
  await write(project, AUTO, select("Ids", ["OWNR", "ORGANIZATION_OWNER"]) + select("Labels", ["OWNR", "Owner"]) + select("Others", ["OWNR", "ORGANIZATION_MEMBER"]));
  await page.goto(await serve(project.folder, POLICY));
  await expect(page).toHaveTitle("ready");
  for (const [label, value] of [["Ids", "ORGANIZATION_OWNER"], ["Labels", "Owner"]] as const) {
    const control = page.getByRole("combobox", { name: label });
    await control.dispatchEvent("change");
    await page.getByRole("button", { name: "Did you mean Owner?" }).click();
    await expect(control).toHaveValue(value);
    expect(await control.evaluate((it: HTMLSelectElement) => it.validity.valid)).toBe(true);
  }
  await page.getByRole("combobox", { name: "Others" }).dispatchEvent("change");
  await expect(page.getByText("There is no role `OWNR`")).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
});
