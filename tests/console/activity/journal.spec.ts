import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { RUN, addresses, go, open, paste, runStatus, send, switchTo } from "../../support/bulk.ts";
import type { Sandbox } from "../../support/rolecall.ts";
import { expect, test } from "../../support/test.ts";

/** Changes of three kinds: done, a role before it, and one that is not done. */
async function changeSomething(page: Page): Promise<void> {
  await switchTo(page, "Example Labs");
  await go(page, "Invite");
  await paste(
    page,
    [
      "ada@newcomers.example ORGANIZATION_MEMBER",
      "mina.member@cosmicenergy.example ORGANIZATION_BILLING_ADMIN",
      "fails.400@newcomers.example ORGANIZATION_MEMBER",
    ].join("\n"),
  );
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 2 done, 1 not done.", RUN);
}

function entry(page: Page, who: string) {
  return page.getByRole("region", { name: "Journal" }).getByRole("row").filter({ hasText: who });
}

/** Presses an export and reads what the browser keeps. */
async function exported(page: Page, name: string): Promise<{ file: string; text: string }> {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name }).click();
  const kept = await download;
  return { file: kept.suggestedFilename(), text: await readFile(await kept.path(), "utf8") };
}

function expectNoToken(text: string, sandbox: Sandbox): void {
  expect(sandbox.tokens.length).toBeGreaterThan(0);
  for (const { token } of sandbox.tokens) expect(text.includes(token), "a token in an export").toBe(false);
  expect(text).not.toMatch(/bearer|authorization"/i);
}

test("the journal says who, what, what was before and what came of it", async ({ page, rolecall }) => {
  await open(page, rolecall, "Activity");
  await expect(page.getByText("Nothing has been changed from here yet.")).toBeVisible();
  await changeSomething(page);
  await page.getByRole("link", { name: "All activity" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();

  await expect(entry(page, "ada@newcomers.example")).toContainText("Invite as Member.");
  await expect(entry(page, "ada@newcomers.example")).toContainText("done");
  const changed = entry(page, "mina.member@cosmicenergy.example").getByRole("cell");
  await expect(changed.nth(2)).toHaveText("Change role to Billing admin.");
  await expect(changed.nth(3), "before").toHaveText("Member");
  await expect(changed.nth(4), "result").toContainText("done");
  await expect(changed.nth(5), "run").toHaveText("1");
  await expect(entry(page, "fails.400@newcomers.example")).toContainText(/not done \(400\) – .+/);

  // the run is listed, and opens
  await expect(page.getByRole("list", { name: "Runs" }).getByRole("listitem")).toContainText("2 done, 1 not done");
  await page.getByRole("list", { name: "Runs" }).getByRole("link", { name: "Run 1" }).click();
  await expect(runStatus(page)).toHaveText("Finished: 2 done, 1 not done.");
});

test("the search narrows the journal", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await changeSomething(page);
  await go(page, "Activity");
  const entries = page.getByRole("region", { name: "Journal" }).getByRole("row");
  await expect(entries).toHaveCount(4);
  await page.getByRole("searchbox", { name: "Search the journal" }).fill("MINA");
  await expect(entries).toHaveCount(2);
  await expect(entry(page, "mina.member")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search the journal" }).fill("nobody of that name");
  await expect(entries).toHaveCount(1);
  await expect(page.getByRole("region", { name: "Journal" })).toContainText("Nothing in the journal matches.");
  await expect(page.getByRole("status").filter({ hasText: "Nothing in the journal matches." })).toHaveCount(1);
});

test("the search finds what is not shown yet", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, addresses(130).join("\n"));
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 130 done.", RUN);
  await go(page, "Activity");
  const entries = page.getByRole("region", { name: "Journal" }).getByRole("row");
  await expect(entries, "a head and a page").toHaveCount(101);
  await expect(entry(page, "person.3@newcomers.example")).toBeHidden();
  await page.getByRole("searchbox", { name: "Search the journal" }).fill("member person.3@");
  await expect(entries).toHaveCount(2);
  await expect(entry(page, "person.3@newcomers.example")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search the journal" }).fill("");
  await expect(entries).toHaveCount(101);
  await page.getByRole("button", { name: "Show older" }).click();
  await expect(entries).toHaveCount(131);
});

test("both exports hold every change and no token", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await changeSomething(page);
  await go(page, "Activity");

  const csv = await exported(page, "Export CSV");
  expect(csv.file).toBe("rolecall-journal.csv");
  const rows = csv.text.trimEnd().split("\r\n");
  expect(rows).toHaveLength(4);
  expect(rows[0]).toMatch(/^id,at,who,connection,/);
  expectNoToken(csv.text, rolecall.started.sandbox);

  const lines = await exported(page, "Export JSON lines");
  expect(lines.file).toBe("rolecall-journal.jsonl");
  const entries = lines.text.trimEnd().split("\n").map((line) => JSON.parse(line) as { subject: string; answer: { status: number } });
  expect(Object.fromEntries(entries.map(({ subject, answer }) => [subject, answer.status]))).toEqual({
    "ada@newcomers.example": 200,
    "mina.member@cosmicenergy.example": 200,
    "fails.400@newcomers.example": 400,
  });
  expectNoToken(lines.text, rolecall.started.sandbox);
});

test.describe(() => {
  test.use({ expectedErrors: [/the server responded with a status of 404/] });

  test("a run that does not exist is told of as such", async ({ page, console }) => {
    await page.goto(new URL("/activity?run=999", page.url()).href);
    await expect(page.getByRole("alert")).toContainText("Rolecall has no run 999.");
    await expect(page.getByText("Loading…")).toHaveCount(0);
    await expect(console.switcher).toBeVisible();
  });
});
