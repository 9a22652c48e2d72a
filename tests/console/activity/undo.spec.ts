import type { Locator, Page } from "@playwright/test";

import { RUN, go, paste, runStatus, send, switchTo } from "../../support/bulk.ts";
import { people, somebody } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

const ORGANIZATION = "Cosmic Energy";
const NEW = "ada@newcomers.example";

/** The entries about a person, newest first. */
function entries(page: Page, who: string): Locator {
  return page.getByRole("region", { name: "Journal" }).getByRole("row").filter({ hasText: who });
}

function undo(entry: Locator): Locator {
  return entry.getByRole("button", { name: /^Undo: / });
}

/** Undoes a change: it is planned, shown and sent. */
async function undone(page: Page, entry: Locator): Promise<void> {
  await undo(entry).click();
  const dialog = page.getByRole("dialog", { name: "Undo 1 change in " });
  await expect(dialog.getByRole("list", { name: "What will happen" }).getByRole("listitem")).toHaveCount(1);
  await dialog.getByRole("button", { name: "Send 1" }).click();
  await expect(runStatus(page)).toHaveText("Finished: 1 done.", RUN);
}

test("a single invitation and a single role change say what was before, and are undone", async ({
  page,
  console,
  rolecall,
}) => {
  const { sandbox } = rolecall.started;
  const member = await somebody(
    sandbox,
    ORGANIZATION,
    (it) => it.status === "ACTIVE" && it.roles.toString() === "ORGANIZATION_MEMBER" && /^[a-z.]+@example/.test(it.email),
  );
  await console.invite(NEW, ["Billing admin"]);
  await console.find(member.email);
  await console.reRole(["Observe admin"]);

  await go(page, "Activity");
  const changed = entries(page, member.email);
  await expect(changed.getByRole("cell").nth(2)).toHaveText("Change role to Observe admin.");
  await expect(changed.getByRole("cell").nth(3), "before").toHaveText("Member");
  await undone(page, changed);
  expect((await people(sandbox, ORGANIZATION)).get(member.email)?.roles).toEqual(["ORGANIZATION_MEMBER"]);

  await go(page, "Activity");
  // the undoing is in the journal too, and what it undid is as before
  await expect(changed).toHaveCount(2);
  await expect(changed.nth(0).getByRole("cell").nth(2)).toHaveText("Change role to Member.");
  await expect(undo(changed.nth(1))).toBeDisabled();
  await expect(changed.nth(1)).toContainText("Is as it was before.");

  await undone(page, entries(page, NEW));
  expect((await people(sandbox, ORGANIZATION)).has(NEW)).toBe(false);
});

test("what cannot be undone says why", async ({ page, console }) => {
  await console.switchTo("Example Labs", "Astro", 2);
  await go(page, "Invite");
  await paste(page, `${NEW}\nfails.400@newcomers.example`);
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 1 done, 1 not done.", RUN);
  await go(page, "Activity");
  await expect(undo(entries(page, NEW))).toBeEnabled();
  // there is nothing to undo where nothing was done
  await expect(entries(page, "fails.400")).toContainText("not done");
  await expect(undo(entries(page, "fails.400"))).toHaveCount(0);

  // somebody changed it since
  await go(page, "Users");
  await console.find(NEW);
  await console.reRole(["Owner"]);
  await go(page, "Activity");
  const first = entries(page, NEW).filter({ hasText: "Invite as Member" });
  await expect(undo(first)).toBeDisabled();
  await expect(first).toContainText("Has changed since: is Owner now");

  // it was in another organization, or whoever looks may not
  await switchTo(page, "Cosmic Energy");
  await expect(undo(first)).toBeDisabled();
  await expect(first).toContainText("Switch to its organization first.");
});

test("an Astra invitation is undone by taking the person out again", async ({ page, console }) => {
  await console.switchTo("Stellar Data", "Astra", 300);
  await console.invite(NEW, ["UI View Only"]);
  await console.loaded(301);
  await go(page, "Activity");
  await undone(page, entries(page, NEW));
  await go(page, "Users");
  await console.loaded(300);
});

test("what another tab has changed can be undone here, too", async ({ page, console, context }) => {
  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByTestId("user-row").first().waitFor();
  await other.getByRole("main").getByRole("button", { name: "Invite…" }).click();
  await other.getByRole("dialog").getByLabel("Email").fill(NEW);
  await other.getByRole("dialog").getByRole("button", { name: "Invite", exact: true }).click();
  await expect(other.getByRole("dialog")).toBeHidden();

  await console.find("ada.newcomers", 0);
  await go(page, "Activity");
  await undone(page, entries(page, NEW).first());
});
