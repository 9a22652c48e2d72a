import type { Page } from "@playwright/test";

import { expect, test } from "../../support/test.ts";

/** Presses Tab until what has the focus has this role and name, as somebody without a mouse does. */
async function tabTo(page: Page, role: Parameters<Page["getByRole"]>[0], name: RegExp | string): Promise<void> {
  const wanted = page.getByRole(role, { name }).and(page.locator(":focus"));
  for (let presses = 0; presses < 80; presses++) {
    if ((await wanted.count()) > 0) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`80 presses of Tab did not reach the ${role} ${name}`);
}

test("everything a person does with users is done by keys alone", async ({ console, users }) => {
  const { page } = console;

  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();

  await tabTo(page, "button", "Invite…");
  await page.keyboard.press("Enter");
  await expect(console.dialog.getByLabel("Email")).toBeFocused();
  await page.keyboard.type("new.person@example.com");
  await tabTo(page, "radio", /^Member/);
  await page.keyboard.press("ArrowUp");
  await expect(console.role("Observe member")).toBeChecked();
  await tabTo(page, "button", /^Invite$/);
  await page.keyboard.press("Enter");
  await expect(console.dialog).toBeHidden();
  await console.loaded(users + 1);
  await expect(page.getByRole("button", { name: "Invite…" })).toBeFocused();

  await page.keyboard.press("/");
  await page.keyboard.type("new.person@example.com");
  await expect(console.count).toHaveAttribute("data-shown", "1");
  await tabTo(page, "button", /^Role of new\.person/);
  await page.keyboard.press("Enter");
  await tabTo(page, "radio", /^Observe member/);
  await page.keyboard.press("Escape");
  await expect(console.dialog).toBeHidden();
  await expect(page.getByRole("button", { name: /^Role of new\.person/ })).toBeFocused();

  await tabTo(page, "button", /^Withdraw new\.person/);
  await page.keyboard.press("Enter");
  await tabTo(page, "button", /^Withdraw$/);
  await page.keyboard.press("Space");
  await expect(console.dialog).toBeHidden();
  await console.loaded(users);

  await page.keyboard.press("Control+k");
  await expect(console.dialog.getByRole("searchbox")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  const third = console.dialog.getByRole("listitem").nth(2).getByRole("button");
  await expect(third).toBeFocused();
  const name = (await third.locator(".name").textContent())!;
  await page.keyboard.press("Enter");
  await expect(console.dialog).toBeHidden();
  await expect(console.switcher).toContainText(name);
});

test("what has the focus can be seen", async ({ console }) => {
  await console.page.keyboard.press("Tab");
  for (let presses = 0; presses < 12; presses++) {
    await console.page.keyboard.press("Tab");
    const outline = await console.page.evaluate(() => {
      const focused = document.activeElement!;
      const style = (element: Element) => getComputedStyle(element);
      // A field may leave its ring to the box around it.
      return [focused, focused.parentElement!].some(
        (element) => style(element).outlineStyle !== "none" || style(element).boxShadow !== "none",
      );
    });
    const what = await console.page.evaluate(() => document.activeElement!.outerHTML.slice(0, 120));
    expect(outline, what).toBe(true);
  }
});
