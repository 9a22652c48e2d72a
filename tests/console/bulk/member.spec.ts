import { RUN, go, open, paste, runStatus, send, switchTo } from "../../support/bulk.ts";
import { expect, test } from "../../support/test.ts";

const WHY = "You are Member here; changing users takes an owner.";

test("with a plain member's token, whatever changes something is absent, or disabled with the reason", async ({
  page,
  rolecall,
}) => {
  // something that could be undone by somebody with more rights
  await open(page, rolecall, "Invite");
  await paste(page, "ada@newcomers.example");
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 1 done.", RUN);
  const run = page.url();

  await go(page, "Users");
  await switchTo(page, "Cosmic Energy", "plain member Astro");
  await expect(page.getByText(WHY).first()).toBeVisible();
  const main = page.getByRole("main");
  await expect(main.getByRole("button", { name: "Invite…" })).toBeDisabled();
  await expect(main.getByRole("button", { name: "Invite…" })).toHaveAccessibleDescription(WHY);
  // a row opens the dialogs, which say why and have nothing to press but Cancel
  await main.getByRole("button", { name: /^Role of / }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(WHY);
  await expect(dialog.getByRole("button", { name: "Change role" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("checkbox", { name: /^Select all/ }).check();
  const selection = page.getByRole("region", { name: "Selection" });
  await expect(selection).toContainText(WHY);
  await expect(selection.getByRole("button", { name: "Change role…" })).toHaveCount(0);

  await go(page, "Invite");
  await expect(page.getByText(WHY)).toBeVisible();
  await expect(main.getByRole("button")).toHaveCount(0);
  await expect(main.getByRole("textbox")).toHaveCount(0);

  await go(page, "Roster");
  await page.getByRole("textbox", { name: "Everybody who should be here" }).fill("omar@newcomers.example");
  await expect(page.getByRole("button", { name: "Apply 1 change…" })).toBeDisabled();

  await go(page, "Activity");
  const undo = page.getByRole("button", { name: /^Undo: / });
  await expect(undo).toHaveCount(1);
  await expect(undo).toBeDisabled();

  // a run of the owner's connection is not undone with this one
  await page.goto(run);
  await expect(runStatus(page)).toHaveText("Finished: 1 done.");
});
