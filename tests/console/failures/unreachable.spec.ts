import type { Page } from "@playwright/test";

import type { Rolecall } from "../../support/rolecall.ts";
import { expect, test } from "../../support/test.ts";

// The browser itself complains in its console about an answer that is not a success.
test.use({ expectedErrors: [/the server responded with a status of/] });

const UNREACHABLE = {
  status: 502,
  headers: { "rolecall-failure": "unreachable" },
  contentType: "application/json",
  body: '{"message":"connection refused"}',
};

/** The second organization, how to wait until its users are kept, and how to make the service answer nothing about it. */
function staging(page: Page, rolecall: Awaited<ReturnType<typeof Rolecall.start>>) {
  const organization = rolecall.started.sandbox.organizations.find(({ name }) => name === "Cosmic Energy Staging")!;
  const lists = new RegExp(`/organizations/${organization.id}/users\\?`);
  const count = () =>
    page.evaluate(async (path) => {
      const headers = { "rolecall-page": localStorage.getItem("rolecall.page")! };
      const answer = await fetch(path, { headers });
      return (await answer.json()).users.length;
    }, `/api/known/sandbox-astro/${organization.id}`);
  return {
    organization,
    lists,
    kept: () => expect.poll(count).toBe(organization.users),
    cut: () => page.route(lists, (route) => route.fulfill(UNREACHABLE)),
  };
}

test("an organization seen before is shown as it was, with its time, while its service is slow", async ({
  console,
  rolecall,
  users,
}) => {
  const { organization, lists, kept } = staging(console.page, rolecall);
  await console.switchTo(organization.name, "Astro", organization.users);
  await expect(console.count).toHaveText(`${organization.users} users`);
  await kept();
  await console.switchTo("Cosmic Energy", "Astro", users);
  let answer = () => {};
  const wait = new Promise<void>((resolve) => (answer = resolve));
  await console.page.route(lists, async (route) => {
    await wait;
    await route.continue();
  });
  await console.switchTo(organization.name, "Astro", organization.users);
  await expect(console.page.getByTestId("user-row").first()).toBeVisible();
  await expect(console.page.getByTestId("as-of")).toHaveText(/^as of \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  await expect(console.page).toHaveURL(new RegExp(organization.id));
  answer();
  await expect(console.page.getByTestId("as-of")).toBeEmpty();
  await expect(console.count).toHaveText(`${organization.users} users`);
});

test("while the service cannot be reached, reading, searching and exporting go on and changes say why not", async ({
  console,
  rolecall,
  users,
}) => {
  const { organization, lists, cut } = staging(console.page, rolecall);
  await console.switchTo(organization.name, "Astro", organization.users);
  await expect(console.count).toHaveText(`${organization.users} users`);
  await console.switchTo("Cosmic Energy", "Astro", users);
  await cut();
  await console.switchTo(organization.name, "Astro", organization.users);
  await expect(console.page.getByRole("alert")).toContainText("connection refused");
  await expect(console.page.getByTestId("as-of")).toHaveText(/^as of /);

  const invite = console.page.getByRole("main").getByRole("button", { name: "Invite…" });
  await expect(invite).toBeDisabled();
  await expect(invite).toHaveAccessibleDescription(/cannot be reached/);
  await console.search.fill("role:owner");
  await expect(console.page.getByTestId("user-row").first()).toBeVisible();
  await console.table.getByRole("button", { name: /^Role of / }).first().click();
  await expect(console.dialog).toContainText("Nothing can be changed while the service cannot be reached.");
  await console.page.keyboard.press("Escape");
  await console.page.getByRole("button", { name: "Export…" }).click();
  const file = console.page.waitForEvent("download");
  await console.dialog.getByRole("button", { name: /CSV/ }).first().click();
  expect((await file).suggestedFilename()).toContain("Cosmic-Energy-Staging");

  await console.page.unroute(lists);
  await console.page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await expect(console.page.getByRole("alert")).toHaveCount(0);
  await expect(invite).toBeEnabled();
});

test("a start without the service shows what was seen last", async ({ console, rolecall }) => {
  const { organization, kept, cut } = staging(console.page, rolecall);
  await console.switchTo(organization.name, "Astro", organization.users);
  await expect(console.count).toHaveText(`${organization.users} users`);
  await kept();
  await cut();
  await console.page.reload();
  await expect(console.count).toHaveAttribute("data-total", String(organization.users));
  await expect(console.page.getByRole("alert")).toContainText("connection refused");
});

test("reading again keeps scroll, selection and focus", async ({ console }) => {
  const { page } = console;
  await console.table.getByRole("link").first().focus();
  for (let presses = 0; presses < 60; presses++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Space");
  const scroller = page.getByTestId("user-scroller");
  const top = await scroller.evaluate((it) => it.scrollTop);
  expect(top).toBeGreaterThan(500);
  await expect(page.getByRole("region", { name: "Selection" })).toBeVisible();
  const name = await page.getByTestId("user-row").locator(":focus").textContent();
  const again = page.waitForResponse(/\/users\?/);
  await page.getByRole("button", { name: "Read the list again" }).evaluate((it: HTMLElement) => it.click());
  await again;
  await expect(page.getByRole("button", { name: "Read the list again" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Selection" })).toContainText("1 selected");
  expect(await scroller.evaluate((it) => it.scrollTop)).toBe(top);
  await expect(page.locator(":focus")).toHaveText(name!);
});
