import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { RUN, go, lines, open, paste, runStatus, send, sendButton } from "../../support/bulk.ts";
import { mails } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

/** Presses something that gives a file, and reads it. */
async function kept(page: Page, press: () => Promise<void>): Promise<{ name: string; buffer: Buffer; mimeType: string }> {
  const download = page.waitForEvent("download");
  await press();
  const file = await download;
  return { name: file.suggestedFilename(), buffer: await readFile(await file.path()), mimeType: "text/plain" };
}

for (const form of ["CSV", "JSON", "users.txt"]) {
  test(`an export as ${form} that is read back in plans nothing`, async ({ page, console, rolecall }) => {
    await expect(console.count).toHaveAttribute("data-shown", "200");
    await page.getByRole("button", { name: "Export…" }).click();
    const dialog = page.getByRole("dialog", { name: "Export 200 users" });
    const file = await kept(page, () => dialog.getByRole("button", { name: form }).click());

    await go(page, "Invite");
    await page.getByLabel("List to read").setInputFiles(file);
    await expect(lines(page).first()).toBeVisible();
    await expect(page.getByRole("group", { name: "Show only" }).getByRole("button", { name: /^\d+ nothing to do$/ })).toBeVisible();
    await expect(page.getByRole("group", { name: "Show only" }).getByRole("button")).toHaveCount(1);
    await expect(sendButton(page)).toHaveText("Nothing to send yet");

    await go(page, "Roster");
    await page.getByLabel("List to read").setInputFiles(file);
    await expect(page.getByTestId("roster-row").first()).toBeVisible();
    await expect(page.getByRole("button", { name: "Nothing to apply" })).toBeDisabled();
    expect((await mails(rolecall.started.sandbox)).size).toBe(0);
  });
}

for (const form of ["CSV", "JSON"]) test(`a report as ${form} that is read back in plans nothing`, async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, "ada@newcomers.example ORGANIZATION_BILLING_ADMIN\nomar@newcomers.example ORGANIZATION_MEMBER");
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 2 done.", RUN);
  const report = await kept(page, () => page.getByRole("button", { name: `Report ${form}` }).click());
  await go(page, "Invite");
  await page.getByLabel("List to read").setInputFiles(report);
  await expect(lines(page)).toHaveCount(2);
  await expect(sendButton(page)).toHaveText("Nothing to send yet");
});

test("a list of 5,000 rows is told rather than shown, and reviewed whole", async ({ page, rolecall }) => {
  const rows = Array.from({ length: 5_000 }, (_, i) => `"Person, ${i + 1}",person.${i + 1}@newcomers.example,Member`);
  rows.splice(4_321, 1, `"Person",person.77@newcomers.example,Member`);
  await open(page, rolecall, "Invite");
  const file = { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(["Name,Email,Role", ...rows].join("\r\n")) };
  await page.getByLabel("List to read").setInputFiles(file);
  await expect(sendButton(page)).toHaveText("Send 4,999…", RUN);
  const who = page.getByRole("group", { name: "Who" });
  await expect(who).toContainText("5,001 lines");
  await page.getByRole("group", { name: "Show only" }).getByRole("button", { name: "1 nothing to do" }).click();
  await expect(lines(page)).toHaveCount(1);
  await expect(lines(page)).toContainText("the same as line 78");

  await who.getByRole("button", { name: "Show the text" }).press("Enter");
  const field = page.getByRole("textbox", { name: "Who" });
  await expect(field).toHaveValue(/person\.5000@newcomers/);
  await expect(field, "the focus stays with the list").toBeFocused();
  await field.fill("");
  await expect(sendButton(page)).toHaveText("Nothing to send yet");
  await expect(field).toBeFocused();
  await page.evaluate((list) => {
    const data = new DataTransfer();
    data.setData("text/plain", list);
    document.activeElement!.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, ["Name,Email,Role", ...rows].join("\r\n"));
  await expect(who).toBeFocused();
  await who.getByRole("button", { name: "Take it out" }).press("Enter");
  await expect(field).toHaveValue("");
  await expect(field).toBeFocused();
});
