import { RUN, go, lines, open, paste, runStatus, send, sendButton, switchTo } from "../../support/bulk.ts";
import { mails, people } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

test("the confirmation names who becomes an owner, and going back changes nothing", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(
    page,
    [
      "ada@newcomers.example ORGANIZATION_OWNER",
      "omar@newcomers.example ORGANIZATION_MEMBER",
      "lena@newcomers.example ORGANIZATION_OWNER",
    ].join("\n"),
  );
  await sendButton(page).click();
  const dialog = page.getByRole("dialog", { name: "Invite 3 people to Cosmic Energy" });
  await expect(dialog).toContainText("2 people become Owner: ada@newcomers.example, lena@newcomers.example.");
  await expect(dialog).toContainText("3 calls. It goes on");
  await dialog.getByText("Show the calls").click();
  await expect(dialog.getByLabel("With the vendor’s CLI")).toContainText(
    "astro organization user invite ada@newcomers.example --role ORGANIZATION_OWNER",
  );
  await expect(dialog.getByLabel("As curl")).not.toContainText("eyJ");

  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await expect(sendButton(page)).toBeFocused();
  await expect(lines(page)).toHaveCount(3);
  expect((await mails(rolecall.started.sandbox)).size).toBe(0);
});

test("the last owner stays one", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await switchTo(page, "Example Labs");
  await go(page, "Invite");
  await paste(
    page,
    "olive.owner@cosmicenergy.example ORGANIZATION_MEMBER\nada@newcomers.example ORGANIZATION_MEMBER",
  );
  await expect(sendButton(page)).toHaveText("Send 2…");
  await sendButton(page).click();
  const dialog = page.getByRole("dialog", { name: /^(Change the role of|Invite) 1 person/ });
  await expect(dialog).toContainText(
    "olive.owner@cosmicenergy.example is the last active Owner; make somebody else Owner first.",
  );
  await dialog.getByRole("button", { name: "Send 1" }).click();
  await expect(runStatus(page)).toHaveText("Finished: 1 done.", RUN);
  const there = await people(rolecall.started.sandbox, "Example Labs");
  expect(there.get("olive.owner@cosmicenergy.example")?.roles).toEqual(["ORGANIZATION_OWNER"]);
  expect(there.size).toBe(3);
});

test("lowering oneself must be typed", async ({ page, rolecall }) => {
  const me = "olive.owner@cosmicenergy.example";
  await open(page, rolecall, "Invite");
  await paste(page, `${me} ORGANIZATION_MEMBER`);
  await sendButton(page).click();
  const dialog = page.getByRole("dialog", { name: /^(Change the role of|Invite) 1 person/ });
  const confirm = dialog.getByRole("button", { name: "Send 1" });
  await expect(dialog).toContainText("You lower your own role: you keep Member");
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("textbox", { name: /^Type/ }).fill("olive");
  await expect(confirm).toBeDisabled();
  await dialog.getByRole("textbox", { name: /^Type/ }).fill(me);
  await confirm.click();
  await expect(runStatus(page)).toHaveText("Finished: 1 done.", RUN);
  // the console knows it at once
  await go(page, "Invite");
  await expect(page.getByText("You are Member here; changing users takes an owner.")).toBeVisible();
});

test("a plain member has nothing to send with, and is told why", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await switchTo(page, "Cosmic Energy", "plain member Astro");
  await go(page, "Invite");
  await expect(page.getByText("You are Member here; changing users takes an owner.")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Who" })).toBeHidden();
  await expect(sendButton(page)).toBeHidden();
});

test("an empty list and a list with nothing to do have nothing to send", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await expect(sendButton(page)).toHaveText("Nothing to send yet");
  await expect(sendButton(page)).toBeDisabled();
  await paste(page, "olive.owner@cosmicenergy.example");
  await expect(lines(page)).toHaveCount(1);
  await expect(sendButton(page)).toBeDisabled();
  await paste(page, "ada@newcomers.example");
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 1 done.", RUN);
});
