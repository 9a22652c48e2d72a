import type { Page } from "@playwright/test";

import { Console } from "../../support/console.ts";
import { expect, test } from "../../support/test.ts";

// The browser itself complains in its console about an answer that is not a success.
test.use({ expectedErrors: [/the server responded with a status of/] });

const UNREACHABLE = {
  status: 502,
  headers: { "rolecall-failure": "unreachable" },
  contentType: "application/json",
  body: '{"message":"connection refused"}',
};

/** The first page of an organization's users, which is no page of the console. */
const FIRST_USERS = /\/organizations\/[^/]+\/users\?offset=0&/;

/** Keeps answers back until they are released. */
async function held(page: Page, urls: RegExp): Promise<{ release: () => void }> {
  let release = () => {};
  const wait = new Promise<void>((resolve) => (release = resolve));
  await page.route(urls, async (route) => {
    await wait;
    await route.continue();
  });
  return { release };
}

for (const late of ["the users", "the list of organizations"]) {
  test(`an organization that the address names gets its name, ${late} coming last`, async ({ console, rolecall }) => {
    const { page } = console;
    const staging = rolecall.started.sandbox.organizations.find(({ name }) => name === "Cosmic Energy Staging")!;
    await console.switchTo(staging.name, "Astro", staging.users);
    await expect(page).toHaveURL(new RegExp(staging.id));
    const { release } = await held(page, late === "the users" ? FIRST_USERS : /\/organizations\?/);
    const first = page.waitForResponse(late === "the users" ? /\/organizations\?/ : FIRST_USERS);
    await page.reload();
    await first;
    await page.waitForTimeout(200);
    release();
    await expect(console.switcher).toContainText(staging.name);
    await expect(page).toHaveTitle(`Users – ${staging.name} – Rolecall`);
  });
}

for (const address of ["names an organization", "names nothing"]) {
  test(`where the address ${address}, its users are asked for before the code is there, and once`, async ({ console, rolecall, users }) => {
    const { page } = console;
    const [first] = rolecall.started.sandbox.organizations;
    const named = `?connection=sandbox-astro&organization=${first!.id}`;
    const code = await held(page, /\.wasm$/);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url().replace(/^.*?\/api\/c\//, "")));
    const times = (list: RegExp) => asked.filter((path) => path.startsWith("sandbox-astro/") && list.test(path)).length;
    const answered = page.waitForResponse(FIRST_USERS);
    await page.goto(new URL(`/users${address === "names nothing" ? "" : named}`, rolecall.started.link).href);
    await answered;
    await expect(page.getByTestId("user-row")).toHaveCount(0);
    for (const late of [false, true]) {
      if (late) {
        code.release();
        await console.loaded(users);
      }
      expect([times(/^[^/]+\/organizations\?/), times(FIRST_USERS)]).toEqual([1, 1]);
    }
  });
}

test("a link that is pasted over a page that lets nobody in opens it", async ({ page, rolecall, users }) => {
  const { link } = rolecall.started;
  await page.goto(new URL("/", link).href);
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  await page.evaluate((hash) => (location.hash = hash), new URL(link).hash);
  await new Console(page).loaded(users);
  expect(page.url()).not.toContain("key=");
});

test("when no organization can be read, that is said, and trying again opens one", async ({ console, rolecall, users }) => {
  const { page } = console;
  await page.route("**/api/c/**", (route) => route.fulfill(UNREACHABLE));
  await page.goto(new URL("/users", rolecall.started.link).href);
  const alert = page.getByRole("alert");
  await expect(alert.getByRole("heading")).toHaveText("No organization could be read");
  await expect(alert).toContainText("connection refused");
  await page.unroute("**/api/c/**");
  await alert.getByRole("button", { name: "Try again" }).click();
  await console.loaded(users);
  await expect(console.switcher).toContainText("Cosmic Energy");
});

test("a connection that cannot be read does not keep the next one from opening", async ({ console, rolecall }) => {
  const { page } = console;
  await page.route("**/api/c/sandbox-astro/**", (route) => route.fulfill(UNREACHABLE));
  await page.goto(new URL("/users", rolecall.started.link).href);
  const astra = rolecall.started.sandbox.organizations.find(({ service }) => service === "astra")!;
  await expect(console.switcher).toContainText(astra.name);
});

test("a connection that the address names opens its own first organization", async ({ console, rolecall }) => {
  const { page } = console;
  const astra = rolecall.started.sandbox.organizations.find(({ service }) => service === "astra")!;
  await page.goto(new URL("/users?connection=sandbox-astra-1", rolecall.started.link).href);
  await expect(console.switcher).toContainText(astra.name);
});

test("a connection that the address names and nobody knows is named", async ({ console, rolecall, users }) => {
  const { page } = console;
  await page.goto(new URL("/users?connection=nope&organization=nope", rolecall.started.link).href);
  await expect(page.getByRole("alert").getByRole("heading")).toHaveText("There is no connection “nope” here");
  await console.switchTo("Cosmic Energy", "Astro", users);
  await expect(page.getByRole("alert")).toHaveCount(0);
});
