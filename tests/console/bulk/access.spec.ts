import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { RUN, go, line, open, paste, runStatus, sendButton } from "../../support/bulk.ts";
import { mails } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

async function expectNoViolation(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((it) => it.html).join("\n  ")}`);
  expect(told, where).toEqual([]);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(sideways, `${where}: nothing to scroll sideways`).toBeLessThanOrEqual(0);
}

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 360]) {
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 } });

      test("the pages of a list are without a violation", async ({ page, rolecall }) => {
        test.slow();
        await open(page, rolecall, "Invite");
        await expect(page.getByRole("textbox", { name: "Who" })).toBeVisible();
        await expectNoViolation(page, "Invite, empty");

        await paste(
          page,
          [
            "email,role",
            "ada@newcomers.example,Owner",
            "fails.400@newcomers.example,Member",
            "olive.owner@cosmicenergy.example,",
            "bad@@newcomers.example,",
            "tom@gmial.com,",
            "kim@newcomers.example,OWNR",
            "ada@newcomers.example,",
          ].join("\n"),
        );
        await expect(line(page, 6)).toContainText("a slip?");
        await expectNoViolation(page, "Invite, filled");

        await sendButton(page).click();
        const dialog = page.getByRole("dialog", { name: /^Invite \d people/ });
        await dialog.getByText("Show the calls").click();
        await expect(dialog).toContainText("ada@newcomers.example becomes Owner.");
        await expectNoViolation(page, "Invite, dialog");

        await dialog.getByRole("button", { name: "Send 3" }).click();
        await expect(runStatus(page)).toHaveText("Finished: 2 done, 1 not done.", RUN);
        await expectNoViolation(page, "Run");

        await go(page, "Roster");
        await expectNoViolation(page, "Roster, empty");
        await page
          .getByRole("textbox", { name: "Everybody who should be here" })
          .fill("olive.owner@cosmicenergy.example\nlena@newcomers.example\nbad@@newcomers.example");
        await expect(page.getByRole("table", { name: "Difference" })).toContainText("is invited as Member");
        await expectNoViolation(page, "Roster, filled");

        await go(page, "Activity");
        await expect(page.getByRole("region", { name: "Journal" }).getByRole("row")).toHaveCount(4);
        await expectNoViolation(page, "Activity");
      });
    });
  }
}

/** Presses Tab until something has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, wanted: ReturnType<Page["getByRole"]>): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluateAll((found) => found.includes(document.activeElement as never))) return;
  }
  throw new Error(`60 times Tab do not reach ${wanted.toString()}`);
}

test("a list is read, mended and sent with the keyboard alone", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  const tab = page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Invite" });
  await tabTo(page, tab);
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("textbox", { name: "Who" }));
  await page.keyboard.insertText("ada@newcomers.example\ntom@gmial.com\nbad@@newcomers.example\nomar@newcomers.example");
  await expect(sendButton(page)).toHaveText("Send 3…");

  // the offered mend
  await tabTo(page, line(page, 2).getByRole("button", { name: "Use tom@gmail.com" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Address of line 2", exact: true })).toHaveValue("tom@gmail.com");

  // one's own
  await tabTo(page, page.getByRole("textbox", { name: "Address of line 3", exact: true }));
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("lena@newcomers.example");
  await page.keyboard.press("Tab");
  await expect(line(page, 3)).toContainText("new");

  // one is left out
  await tabTo(page, page.getByRole("checkbox", { name: "Send line 4", exact: true }));
  await page.keyboard.press("Space");
  await expect(line(page, 4)).toContainText("left out");

  await tabTo(page, sendButton(page));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: /^Invite \d people/ });
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(sendButton(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await tabTo(page, dialog.getByRole("button", { name: "Send 3" }));
  await page.keyboard.press("Enter");
  await expect(runStatus(page)).toHaveText("Finished: 3 done.", RUN);
  expect([...(await mails(rolecall.started.sandbox)).keys()].sort()).toEqual([
    "ada@newcomers.example",
    "lena@newcomers.example",
    "tom@gmail.com",
  ]);

  // what came of it can be reached and read
  await tabTo(page, page.getByRole("region", { name: "Table of steps" }));
});
