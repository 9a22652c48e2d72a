import type { Page } from "@playwright/test";

import { expect, test } from "../../support/test.ts";

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

test("a question mark lists the keys, and single keys can be turned off for good", async ({ console, users }) => {
  const { page } = console;
  await page.keyboard.press("?");
  const settings = page.getByRole("dialog", { name: "Shortcuts and settings" });
  await expect(settings.getByRole("row", { name: /Ctrl K/ })).toBeVisible();
  await settings.getByRole("checkbox", { name: "Single-key shortcuts" }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await expect(console.search).not.toBeFocused();
  await page.reload();
  await console.loaded(users);
  await page.keyboard.press("?");
  await expect(settings).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await expect(console.dialog.getByRole("searchbox")).toBeFocused();
});

test("single keys invite and go to the search from any page, and leave fields alone", async ({ console }) => {
  const { page } = console;
  await page.keyboard.press("i");
  await expect(console.dialog.getByLabel("Email")).toBeFocused();
  await page.keyboard.type("i/?");
  await expect(console.dialog.getByLabel("Email")).toHaveValue("i/?");
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Activity" }).click();
  await page.keyboard.press("/");
  await expect(console.search).toBeFocused();
});

test("a single key can be another one, and stays so", async ({ console, users }) => {
  const { page } = console;
  await page.keyboard.press("?");
  const settings = page.getByRole("dialog", { name: "Shortcuts and settings" });
  const search = settings.getByLabel("Search", { exact: true });
  await search.focus();
  await page.keyboard.type("s");
  await expect(search).toHaveValue("s");
  // a key that does something else already is refused, and says what
  const invite = settings.getByLabel("Invite", { exact: true });
  await invite.focus();
  await page.keyboard.type("r");
  await expect(settings.getByRole("alert")).toHaveText("“r” is the key of “Read the list again” already.");
  await expect(invite).toHaveValue("i");
  await page.keyboard.press("Escape");
  await page.reload();
  await console.loaded(users);
  await page.keyboard.press("/");
  await expect(console.search).not.toBeFocused();
  await page.keyboard.press("s");
  await expect(console.search).toBeFocused();
  await console.search.blur();
  await page.keyboard.press("?");
  await settings.getByRole("button", { name: "Usual keys" }).click();
  await expect(search).toHaveValue("/");
});

test("colors and density are chosen and stay", async ({ console, users }) => {
  const { page } = console;
  const light = await background(page);
  const row = () => page.getByTestId("user-row").first().boundingBox();
  const tall = (await row())!.height;
  await page.getByRole("button", { name: "Shortcuts and settings" }).click();
  await page.getByRole("radio", { name: "Dark" }).check();
  await page.getByRole("checkbox", { name: "Lower rows" }).check();
  await page.keyboard.press("Escape");
  const dark = await background(page);
  expect(dark).not.toBe(light);
  await expect.poll(async () => (await row())!.height).toBeLessThan(tall);
  await page.reload();
  await console.loaded(users);
  expect(await background(page)).toBe(dark);
  const rows = page.getByTestId("user-row");
  const [first, second] = [(await rows.nth(0).boundingBox())!, (await rows.nth(1).boundingBox())!];
  expect(second.y - first.y).toBeLessThan(tall);
});

test("the focus never falls to the page when what had it goes", async ({ console }) => {
  const { page } = console;
  const focused = () => page.evaluate(() => document.activeElement!.tagName);
  await page.getByTestId("user-row").first().getByRole("checkbox").check();
  await page.getByRole("button", { name: "Clear the selection" }).click();
  await expect.poll(focused).not.toBe("BODY");
  await console.find("nobody at all", 0);
  await page.getByRole("button", { name: "Clear the search" }).click();
  await expect.poll(focused).not.toBe("BODY");
  await console.table.getByRole("link").first().click();
  await expect(console.dialog).toBeVisible();
  await page.goBack();
  await expect(console.dialog).toBeHidden();
  await expect.poll(focused).not.toBe("BODY");
});
