import type { Page } from "@playwright/test";

import { expect, test } from "../../support/test.ts";

/** Row number of what has the focus, as the table counts them. */
async function focusedRow(page: Page): Promise<number> {
  const row = await page.evaluate(() => document.activeElement?.closest("tr")?.getAttribute("aria-rowindex"));
  return Number(row ?? 0);
}

test("arrows, Page, Home and End move through the rows, far beyond what is drawn", async ({ console, users }) => {
  const { page } = console;
  await console.table.getByRole("link").first().focus();
  await expect.poll(() => focusedRow(page)).toBe(2);
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => focusedRow(page)).toBe(3);
  await page.keyboard.press("PageDown");
  await expect.poll(() => focusedRow(page)).toBeGreaterThan(6);
  await page.keyboard.press("End");
  await expect.poll(() => focusedRow(page)).toBe(users + 1);
  await expect(page.locator(":focus")).toBeInViewport();
  await page.keyboard.press("PageUp");
  await expect.poll(() => focusedRow(page)).toBeLessThan(users + 1);
  await page.keyboard.press("Home");
  await expect.poll(() => focusedRow(page)).toBe(2);
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => focusedRow(page)).toBe(2);
});

test("a key held down goes through each row and loses none", async ({ console }) => {
  const { page } = console;
  await console.table.getByRole("link").first().focus();
  for (let presses = 0; presses < 40; presses++) await page.keyboard.press("ArrowDown");
  await expect.poll(() => focusedRow(page)).toBe(42);
});

test("left and right reach what can be done in a row; one row at a time is on the way of Tab", async ({ console, rolecall }) => {
  const { page } = console;
  const stellar = rolecall.started.sandbox.organizations.find(({ service }) => service === "astra")!;
  await console.switchTo(stellar.name, "Astra", stellar.users);
  await console.table.getByRole("link").nth(2).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("button", { name: /^Role of / }).and(page.locator(":focus"))).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("button", { name: /^Role of / }).and(page.locator(":focus"))).toHaveCount(1);
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("button", { name: /^(Remove|Withdraw) / }).and(page.locator(":focus"))).toHaveCount(1);
  await page.keyboard.press("Tab");
  expect(await focusedRow(page)).toBe(0);
});

test("a row without its last cell has the focus in the cell before", async ({ console }) => {
  const { page } = console;
  await console.search.fill("status:active");
  await console.table.getByRole("link").nth(2).focus();
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press("ArrowRight");
  const role = page.getByRole("button", { name: /^Role of / }).and(page.locator(":focus"));
  await expect(role).toHaveCount(1);
  await page.keyboard.press("ArrowLeft");
  await expect(console.table.getByRole("link").and(page.locator(":focus"))).toHaveCount(1);
});

test("Space selects the row, Enter opens its panel, Escape comes back to it", async ({ console }) => {
  const { page } = console;
  const name = console.table.getByRole("link").nth(1);
  await name.focus();
  await page.keyboard.press("Space");
  await expect(page.getByRole("region", { name: "Selection" })).toContainText("1 selected");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+Space");
  await expect(page.getByRole("region", { name: "Selection" })).toContainText("3 selected");
  await page.keyboard.press("Enter");
  await expect(console.dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(console.dialog).toBeHidden();
  await expect.poll(() => focusedRow(page)).toBe(5);
});

test("a row that scrolls away does not leave the focus on another person", async ({ console }) => {
  const { page } = console;
  await page.getByRole("button", { name: /^Role of / }).first().focus();
  await page.getByTestId("user-scroller").evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
  await expect(page.getByTestId("user-scroller")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => focusedRow(page)).toBe(2);
});

test("the focus stays in the table when the row that had it is gone", async ({ console }) => {
  const { page } = console;
  await console.invite("new.person@example.com", ["Member"]);
  await console.search.fill("status:pending");
  const before = Number(await console.count.getAttribute("data-shown"));
  await console.row("new.person@example.com").getByRole("button", { name: /^Withdraw / }).click();
  await console.dialog.getByRole("button", { name: "Withdraw", exact: true }).click();
  await expect(console.count).toHaveAttribute("data-shown", String(before - 1));
  await expect.poll(() => focusedRow(page)).toBeGreaterThan(1);
});

test("who comes back from another page finds the row where it was left, with low rows too", async ({ console, users }) => {
  const { page } = console;
  await page.evaluate(() => localStorage.setItem("density", "dense"));
  await page.reload();
  await console.loaded(users);
  await console.table.getByRole("link").first().focus();
  for (let presses = 0; presses < 6; presses++) await page.keyboard.press("PageDown");
  const row = await focusedRow(page);
  expect(row).toBeGreaterThan(40);
  await page.getByRole("link", { name: "Activity" }).click();
  await expect(console.table).toHaveCount(0);
  await page.getByRole("link", { name: "Users" }).click();
  await expect(console.table.locator(`tr[aria-rowindex="${row}"]`)).toBeInViewport();
});
