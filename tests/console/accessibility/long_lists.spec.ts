import { RUN, go, line, open, paste, runStatus, sendButton } from "../../support/bulk.ts";
import { expect, test } from "../../support/test.ts";

const PEOPLE = 60;
const list = Array.from({ length: PEOPLE }, (_, i) => `person.${i + 1}@newcomers.example`).join("\n");

test("Tab goes through all lines of a list, in their order", async ({ page, rolecall }) => {
  test.slow();
  await open(page, rolecall, "Invite");
  await paste(page, list);
  await expect(sendButton(page)).toHaveText(`Send ${PEOPLE}…`);
  await page.getByRole("region", { name: "Table of lines" }).focus();
  const reached: string[] = [];
  for (let presses = 0; presses < 3 * PEOPLE; presses++) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement!.getAttribute("aria-label") ?? ""));
  }
  const stops = (n: number) => [`Send line ${n}`, `Address of line ${n}`, `Role of line ${n}`];
  expect(reached).toEqual(Array.from({ length: PEOPLE }, (_, i) => stops(i + 1)).flat());
  await page.keyboard.press("Tab");
  await expect(sendButton(page)).toBeFocused();
  for (let presses = 0; presses < 60; presses++) await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("checkbox", { name: `Send line ${PEOPLE - 19}`, exact: true })).toBeFocused();
});

test("who reads the rows hears them in their order after scrolling", async ({ page, console }) => {
  for (const top of [3_000, 700, 5_000]) {
    await page.getByTestId("user-scroller").evaluate((it, top) => (it.scrollTop = top), top);
    await expect
      .poll(async () => {
        const rows = await console.table.getByTestId("user-row").evaluateAll((all) => all.map((it) => Number(it.getAttribute("aria-rowindex"))));
        return rows.length > 10 && rows.every((row, at) => at === 0 || row > rows[at - 1]!) && rows[0]! > 8;
      })
      .toBe(true);
  }
});

test("a row that scrolls away leaves its focus to the table and to no other line", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, list);
  const table = page.getByRole("region", { name: "Table of lines" });
  await page.getByRole("checkbox", { name: "Send line 6", exact: true }).focus();
  await table.evaluate((it) => (it.scrollTop = it.scrollHeight));
  await expect(line(page, PEOPLE)).toBeVisible();
  await expect(table).toBeFocused();
});

test("a line stays under whoever is at it while only some are shown", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, "ada@newcomers.example\nlena@@newcomers.example\nomar@newcomers.example\ntom@@newcomers.example");
  const only = page.getByRole("group", { name: "Show only" });
  const rows = page.getByTestId("review-row");

  await only.getByRole("button", { name: "2 to invite" }).click();
  await expect(rows).toHaveCount(2);
  const first = page.getByRole("checkbox", { name: "Send line 1", exact: true });
  await first.press("Space");
  await expect(first).toBeFocused();
  await expect(first).not.toBeChecked();
  await first.press("Space");
  await expect(first).toBeChecked();
  await expect(sendButton(page)).toHaveText("Send 2…");

  await only.getByRole("button", { name: "2 to mend" }).click();
  await expect(rows).toHaveCount(2);
  const address = page.getByRole("textbox", { name: "Address of line 2", exact: true });
  await expect(address).toHaveAccessibleDescription(/./);
  await address.fill("lena@newcomers.example");
  await address.press("Tab");
  await expect(page.getByRole("combobox", { name: "Role of line 2", exact: true })).toBeFocused();
  await expect(address).not.toHaveAccessibleDescription(/./);
  await line(page, 4).getByRole("textbox").fill("tom@newcomers.example");
  await page.keyboard.press("Enter");
  await expect(sendButton(page)).toHaveText("Send 4…");
  await expect(rows, "nothing went away").toHaveCount(2);
  await expect(line(page, 4).getByRole("textbox")).toBeFocused();
  // the button that shows only those is still there, and shows all again
  await only.getByRole("button", { name: "0 to mend" }).click();
  await expect(rows).toHaveCount(4);
  await expect(page.getByRole("status").filter({ hasText: "4 to invite" })).toHaveCount(1);
});

test.describe("with a slow service", () => {
  test.use({ flags: ["--faults", "latency=150ms"] });

  test("the focus stays at the head of a run when the button that had it goes", async ({ page, rolecall }) => {
    await open(page, rolecall, "Invite");
    await paste(page, list);
    await sendButton(page).click();
    await page.getByRole("dialog").getByRole("button", { name: /^Send/ }).click();
    await page.getByRole("button", { name: "Stop" }).focus();
    await expect(runStatus(page)).toHaveText(`Finished: ${PEOPLE} done.`, RUN);
    await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
    await page.getByRole("link", { name: "All activity" }).press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "Activity" })).toBeFocused();
    await go(page, "Users");
  });
});
