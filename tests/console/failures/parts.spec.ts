import { expect, test } from "../../support/test.ts";

/** Modules of the console that are fetched when they are needed. */
const PARTS = /\/(split|chunk)_[^/]+\.wasm$/;

test("the first load brings the table, and pointing at a button what it opens", async ({ console }) => {
  const fetched = () =>
    console.page.evaluate(() => performance.getEntriesByType("resource").map((it) => new URL(it.name).pathname));
  const modules = (await fetched()).filter((path) => path.endsWith(".wasm"));
  expect(modules, "one module, fetched once").toHaveLength(1);
  expect(modules[0]).not.toMatch(PARTS);
  await console.page.getByRole("main").getByRole("button", { name: "Invite…" }).hover();
  await expect.poll(async () => (await fetched()).some((path) => path.includes("/split_changes"))).toBe(true);
  expect((await fetched()).some((path) => path.includes("/split_menus"))).toBe(false);
});

test.describe("a part that does not come", () => {
  test.use({ expectedErrors: [/Failed to load resource|Failed to fetch/] });

  test("of a dialog is told at the edge of the page, and comes when it is tried again", async ({ console }) => {
    const { page } = console;
    await page.route(PARTS, (route) => route.abort());
    await page.getByRole("button", { name: "Views…" }).click();
    const told = page.getByRole("alert").filter({ hasText: "could not be loaded" });
    await expect(told).toBeVisible();
    await expect(console.dialog).toHaveCount(0);
    await page.unroute(PARTS);
    await told.getByRole("button", { name: "Try again" }).click();
    await expect(console.dialog).toBeVisible();
    await expect(told).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(console.dialog).toHaveCount(0);
  });

  test("of a page is told in its place, and the other pages stay", async ({ console }) => {
    const { page } = console;
    await page.route(PARTS, (route) => route.abort());
    await page.getByRole("link", { name: "Connections" }).click();
    const told = page.getByRole("main").getByRole("alert");
    await expect(told).toContainText("could not be loaded");
    await page.getByRole("link", { name: "Users" }).click();
    await expect(console.table).toBeVisible();
    await page.unroute(PARTS);
    await page.getByRole("link", { name: "Connections" }).click();
    await expect(page.getByRole("heading", { name: "Connections" })).toBeVisible();
  });
});
