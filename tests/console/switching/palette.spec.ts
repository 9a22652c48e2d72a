import { Console } from "../../support/console.ts";
import { expect, test } from "../../support/test.ts";

const OLIVE = "olive.owner@cosmicenergy.example";

test("Control and K offers actions too, and what begins an action's name does it", async ({ console }) => {
  const { page } = console;
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Go to, find or do" });
  await expect(palette.getByRole("button", { name: "Invite…" })).toBeVisible();
  await palette.getByRole("searchbox").fill("go to act");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("invite…");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Invite to Cosmic Energy" })).toBeVisible();
  await expect(page).toHaveURL(/\/users/);
});

test("a role is changed from the palette by picking the person", async ({ console }) => {
  const { page } = console;
  await page.keyboard.press("Control+k");
  await page.keyboard.type("change role");
  await page.keyboard.press("Enter");
  const picker = page.getByRole("dialog", { name: "Change role of…" });
  await expect(picker.getByRole("searchbox", { name: "Find a person" })).toBeFocused();
  await page.keyboard.type("olive.o");
  await expect(picker.getByRole("listitem")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Change role of Olive Owner" })).toBeVisible();
});

test("what is typed while the palette is on its way is kept, Enter too", async ({ page, rolecall, users }) => {
  let held = Promise.resolve();
  let waiting = 0;
  await page.route(/\.wasm$/, async (route) => {
    waiting += 1;
    await held;
    await route.continue();
  });
  await page.goto(rolecall.started.link);
  await expect(new Console(page).count).toHaveAttribute("data-shown", String(users));
  waiting = 0;
  let go = () => {};
  held = new Promise((resolve) => (go = resolve));
  await page.keyboard.press("Control+k");
  await page.keyboard.type("chanx");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("ge role");
  await page.keyboard.press("Enter");
  await page.keyboard.type("olive.o");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
  expect(waiting, "the palette is still to come").toBeGreaterThan(0);
  go();
  await expect(page.getByRole("dialog", { name: "Change role of Olive Owner" })).toBeVisible();
});

test("a person of the open organization is found without leaving the keys", async ({ console }) => {
  await console.page.keyboard.press("Control+k");
  await console.page.keyboard.type("olive.o");
  await console.dialog.getByRole("listitem").getByRole("button", { name: /Olive Owner/ }).click();
  await expect(console.page.getByRole("dialog", { name: "Olive Owner" })).toContainText(OLIVE);
});

test("a person is found in all organizations, and opened there", async ({ console, rolecall, users }) => {
  const { page } = console;
  const staging = rolecall.started.sandbox.organizations.find(({ name }) => name === "Cosmic Energy Staging")!;
  await console.switchTo(staging.name, "Astro", staging.users);
  await console.switchTo("Cosmic Energy", "Astro", users);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("everywhere");
  await page.keyboard.press("Enter");
  const finder = page.getByRole("dialog", { name: "Find a person everywhere" });
  await finder.getByRole("searchbox").fill("OLIVE.owner");
  const found = finder.getByRole("list", { name: "People" }).getByRole("listitem");
  await expect(found).toHaveCount(2);
  await expect(finder).toContainText(/Looked among the users seen last in 2 of \d+ organizations/);
  await finder.getByRole("button", { name: "Read the others too" }).click();
  await expect(found.filter({ hasText: "Example Labs" })).toHaveCount(1, { timeout: 30_000 });
  await found.filter({ hasText: "Staging" }).getByRole("button").click();
  await expect(page.getByRole("dialog", { name: "Olive Owner" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(console.switcher).toContainText("Cosmic Energy Staging");
});

test.describe("with a thousand organizations", () => {
  test.use({ flags: ["--seed-organizations", "1000"] });

  test("typing finds one among them, and Enter alone goes back to what was open before", async ({ page, rolecall }) => {
    const console = new Console(page);
    await page.goto(rolecall.started.link);
    await expect(page.getByTestId("user-row").first()).toBeVisible({ timeout: 30_000 });
    const first = (await console.switcher.locator("bdi").textContent())!;
    const one = rolecall.started.sandbox.organizations.filter(({ service }) => service === "astro").at(-1)!;
    await console.switcher.click();
    const list = console.dialog.getByRole("list", { name: "Organizations" });
    await expect(console.dialog.getByRole("status")).toContainText(/The first 50 of [\d,]+; type to narrow/);
    await expect(list.getByRole("listitem")).toHaveCount(50);
    await page.keyboard.press("Escape");
    await console.switchTo(one.name, "Astro", one.users);
    await console.switcher.click();
    await expect(list.getByRole("listitem").first()).toContainText(first);
    await expect(list.getByRole("listitem").nth(1)).toContainText(one.name);
    await page.keyboard.press("Enter");
    await expect(console.switcher).toContainText(first);
  });
});
