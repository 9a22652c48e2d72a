import { mails } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

test("a slip in the address is not sent before its warning can be read, and no button moves", async ({
  console,
  rolecall,
}) => {
  await console.startInvite();
  const email = console.dialog.getByLabel("Email");
  const send = console.dialog.getByRole("button", { name: "Invite", exact: true });
  await email.fill("slip@gmial.com");
  const before = await send.boundingBox();
  await send.click();
  const mend = console.dialog.getByRole("button", { name: "Use slip@gmail.com" });
  await expect(mend).toBeVisible();
  await expect(console.dialog.getByText("Not sent yet")).toBeVisible();
  expect(await send.boundingBox()).toEqual(before);
  expect(await mails(rolecall.started.sandbox)).toEqual(new Map());

  await mend.click();
  await expect(email).toHaveValue("slip@gmail.com");
  await expect(email).toBeFocused();
  expect(await send.boundingBox()).toEqual(before);
  await send.click();
  await expect(console.dialog).toBeHidden();
  expect([...(await mails(rolecall.started.sandbox)).keys()]).toEqual(["slip@gmail.com"]);
});

test("an address that looks like a slip and is none is sent by a second press", async ({ console, rolecall }) => {
  await console.startInvite();
  await console.dialog.getByLabel("Email").fill("no.slip@gmial.com");
  const send = console.dialog.getByRole("button", { name: "Invite", exact: true });
  await send.click();
  await expect(console.dialog.getByText("Not sent yet")).toBeVisible();
  await send.click();
  await expect(console.dialog).toBeHidden();
  expect([...(await mails(rolecall.started.sandbox)).keys()]).toEqual(["no.slip@gmial.com"]);
});

test("a slip is warned of while the field has the focus", async ({ console }) => {
  await console.startInvite();
  const email = console.dialog.getByLabel("Email");
  await email.pressSequentially("ada@gmial.com");
  await expect(console.dialog.getByRole("button", { name: "Use ada@gmail.com" })).toBeVisible();
  await expect(email).toBeFocused();
  await expect(email).toHaveAccessibleDescription(/slip/);
});

test("Enter in the address field invites", async ({ console, rolecall }) => {
  await console.startInvite();
  await console.dialog.getByLabel("Email").fill("enter@newcomers.example");
  await console.page.keyboard.press("Enter");
  await expect(console.dialog).toBeHidden();
  expect([...(await mails(rolecall.started.sandbox)).keys()]).toEqual(["enter@newcomers.example"]);
});

test("Enter on what is wrong says so, and leaves the focus there", async ({ console, rolecall }) => {
  await console.startInvite();
  const email = console.dialog.getByLabel("Email");
  await email.fill("ada@");
  await console.page.keyboard.press("Enter");
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await expect(email).toBeFocused();
  await expect(console.dialog).toBeVisible();
  expect(await mails(rolecall.started.sandbox)).toEqual(new Map());
});

test("Enter on a role changes it, and on nothing removes anybody", async ({ console, rolecall }) => {
  await console.search.fill("role:member status:active");
  await console.page.getByTestId("user-row").nth(4).getByRole("button", { name: /^Role of / }).click();
  await console.role("Billing admin").check();
  await console.page.keyboard.press("Enter");
  await expect(console.said(/is Billing admin now/)).toBeVisible();

  const stellar = rolecall.started.sandbox.organizations.find(({ service }) => service === "astra")!;
  await console.switchTo(stellar.name, "Astra", stellar.users);
  await console.search.fill("status:active");
  await console.page.getByTestId("user-row").nth(3).getByRole("button", { name: /^Remove / }).click();
  await expect(console.dialog.getByRole("button", { name: "Remove", exact: true })).toHaveAttribute("type", "button");
});
