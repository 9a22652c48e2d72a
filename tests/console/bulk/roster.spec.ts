import type { Locator, Page } from "@playwright/test";

import { RUN, go, open, runStatus, switchTo } from "../../support/bulk.ts";
import { mails, people } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

const OWNER = "olive.owner@cosmicenergy.example";
const ADMINISTRATOR = "alice@stellardata.example";
const MEMBER = "mina.member@cosmicenergy.example";

async function list(page: Page, lines: string[]): Promise<void> {
  await page.getByRole("textbox", { name: "Everybody who should be here" }).fill(lines.join("\n"));
}

/** The row of the difference for a person. */
function row(page: Page, who: string): Locator {
  return page.getByRole("table", { name: "Difference" }).getByRole("row").filter({ hasText: who });
}

/** The button that shows one group alone. */
function group(page: Page, name: string): Locator {
  return page.getByRole("group", { name: "Show only" }).getByRole("button", { name });
}

function apply(page: Page): Locator {
  return page.getByRole("button", { name: /^(Apply [\d,]+ changes?…|Nothing to apply)$/ });
}

/** Applies, and waits until the run is over. */
async function applied(page: Page, finished: string): Promise<void> {
  await apply(page).click();
  await page.getByRole("dialog", { name: / (to|in) / }).getByRole("button", { name: /^Send/ }).click();
  await expect(runStatus(page)).toHaveText(finished, RUN);
}

test("a roster is applied once, and then there is nothing left to do", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await switchTo(page, "Example Labs");
  await go(page, "Roster");
  await expect(page.getByText("Put the list of everybody in")).toBeVisible();
  await expect(apply(page)).toBeDisabled();
  await list(page, [
    `${OWNER} ORGANIZATION_OWNER`,
    `${MEMBER} ORGANIZATION_BILLING_ADMIN`,
    "ada@newcomers.example ORGANIZATION_MEMBER",
    "ada@newcomers.example ORGANIZATION_OWNER",
    "bad@@newcomers.example",
  ]);
  for (const name of ["2 to mend", "1 to invite", "1 to re-role", "1 unchanged"]) {
    await expect(group(page, name)).toBeVisible();
  }
  await expect(row(page, MEMBER)).toContainText("becomes Billing admin");
  await expect(row(page, OWNER)).toContainText("stays as it is");
  await expect(row(page, "ada@newcomers.example").filter({ hasText: "line 3 counts" })).toBeVisible();

  await applied(page, "Finished: 2 done.");
  const there = await people(rolecall.started.sandbox, "Example Labs");
  expect(there.get(MEMBER)?.roles).toEqual(["ORGANIZATION_BILLING_ADMIN"]);
  expect(there.get("ada@newcomers.example")?.roles).toEqual(["ORGANIZATION_MEMBER"]);
  expect(there.get(OWNER)?.roles).toEqual(["ORGANIZATION_OWNER"]);

  // the list is still there, and wants nothing more
  await go(page, "Roster");
  await expect(apply(page)).toHaveText("Nothing to apply");
  await expect(apply(page)).toBeDisabled();
  await expect(group(page, "3 unchanged")).toBeVisible();
  await group(page, "3 unchanged").click();
  await expect(page.getByTestId("roster-row")).toHaveCount(3);

  // the same list in another organization is another difference
  await switchTo(page, "Cosmic Energy");
  await expect(page.getByRole("textbox", { name: "Everybody who should be here" })).toHaveValue(/ada@newcomers/);
  await expect(row(page, "ada@newcomers.example").filter({ hasText: "is invited as Member" })).toBeVisible();
  await expect(group(page, "198 not on the list")).toBeVisible();
});

test("the last owner stays one", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await switchTo(page, "Example Labs");
  await go(page, "Roster");
  await list(page, [`${OWNER} ORGANIZATION_MEMBER`, `${MEMBER} ORGANIZATION_BILLING_ADMIN`]);
  await apply(page).click();
  const dialog = page.getByRole("dialog", { name: " in Example Labs" });
  await expect(dialog).toContainText("olive.owner@cosmicenergy.example is the last active Owner");
  await dialog.getByRole("button", { name: "Send 1" }).click();
  await expect(runStatus(page)).toHaveText("Finished: 1 done.", RUN);
  const there = await people(rolecall.started.sandbox, "Example Labs");
  expect(there.get(OWNER)?.roles).toEqual(["ORGANIZATION_OWNER"]);
});

test("where the service cannot remove members, nobody can be ticked, and it is said where it is done", async ({
  page,
  rolecall,
}) => {
  await open(page, rolecall, "Users");
  await switchTo(page, "Example Labs");
  await go(page, "Roster");
  await list(page, [OWNER, "ada@newcomers.example"]);
  await expect(page.getByText("Astro cannot remove members from here; it is done in the Astro UI")).toBeVisible();
  await expect(row(page, MEMBER)).toContainText("stays; Astro cannot remove members from here");
  await expect(page.getByRole("checkbox")).toHaveCount(0);
  await applied(page, "Finished: 1 done.");

  // an invitation made from here can be taken back
  await go(page, "Roster");
  await list(page, [OWNER, MEMBER]);
  await page.getByRole("checkbox", { name: "Take out ada@newcomers.example" }).check();
  await expect(row(page, "ada@newcomers.example")).toContainText("the invitation is withdrawn");
  await page.getByRole("button", { name: "Take out 1…" }).click();
  const dialog = page.getByRole("dialog", { name: /^(Withdraw|Take) / });
  await dialog.getByRole("textbox", { name: "Type Example Labs to go on" }).fill("Example Labs");
  await dialog.getByRole("button", { name: "Take out 1" }).click();
  await expect(runStatus(page)).toHaveText("Finished: 1 done.", RUN);
  expect((await people(rolecall.started.sandbox, "Example Labs")).size).toBe(2);
});

test("where it can, people are taken out only if they are ticked, and after typing", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await switchTo(page, "Stellar Data");
  const count = page.getByTestId("user-count");
  await expect(count).toHaveAttribute("data-total", "300");
  await go(page, "Roster");
  await list(page, [ADMINISTRATOR, "not an address"]);
  await expect(group(page, "299 not on the list")).toBeVisible();

  await group(page, "299 not on the list").click();
  const somebody = page.getByRole("checkbox", { name: /^Take out / });
  const [first, second] = [(await somebody.nth(0).getAttribute("aria-label"))!, (await somebody.nth(1).getAttribute("aria-label"))!];
  await page.getByRole("checkbox", { name: first, exact: true }).check();
  await page.getByRole("checkbox", { name: second, exact: true }).check();
  const out = page.getByRole("button", { name: "Take out 2…" });
  // while a line may be anybody, nobody is certain to be missing from the list
  await expect(page.getByRole("status").filter({ hasText: "Nobody can be taken out: lines that cannot be read: 1" })).toBeVisible();
  await expect(out).toBeDisabled();
  await list(page, [ADMINISTRATOR]);
  await expect(out).toBeEnabled();
  await expect(apply(page)).toBeDisabled();

  await out.click();
  const dialog = page.getByRole("dialog", { name: /^(Withdraw|Take) / });
  const confirm = dialog.getByRole("button", { name: "Take out 2" });
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("textbox", { name: /^Type/ }).fill("Stellar");
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Type Stellar Data to go on" }).fill("Stellar Data");
  await confirm.click();
  await expect(runStatus(page)).toHaveText("Finished: 2 done.", RUN);
  await go(page, "Users");
  await expect(count).toHaveAttribute("data-total", "298");
  await page.getByTestId("user-search").fill(first.replace("Take out ", ""));
  await expect(count).toHaveAttribute("data-shown", "0");

  await go(page, "Roster");
  await expect(group(page, "297 not on the list")).toBeVisible();
  expect((await mails(rolecall.started.sandbox)).size, "nobody was invited").toBe(0);
});

test("an Astra roster is applied once too", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await switchTo(page, "Stellar Data");
  await go(page, "Roster");
  await list(page, [
    "email,role",
    `${ADMINISTRATOR},`,
    "ada@newcomers.example,API Administrator User",
    "omar@newcomers.example,Billing Administrator;UI View Only",
  ]);
  await expect(row(page, "omar@newcomers.example")).toContainText("is invited as Billing Administrator, UI View Only");
  await applied(page, "Finished: 2 done.");
  await go(page, "Roster");
  await expect(apply(page)).toHaveText("Nothing to apply");
  await expect(group(page, "3 unchanged")).toBeVisible();
});

test("a plain member sees the difference and is told why nothing can be applied", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await switchTo(page, "Cosmic Energy", "plain member Astro");
  await go(page, "Roster");
  await list(page, ["ada@newcomers.example"]);
  await expect(row(page, "ada@newcomers.example")).toContainText("is invited as Member");
  await expect(page.getByText("You are Member here; changing users takes an owner.")).toBeVisible();
  await expect(apply(page)).toHaveText("Apply 1 change…");
  await expect(apply(page)).toBeDisabled();
  await expect(apply(page)).toHaveAccessibleDescription("You are Member here; changing users takes an owner.");
});
