import { expect, test } from "../../support/test.ts";

test("a malformed address stays in the form, which says what is wrong and where", async ({ console }) => {
  await console.startInvite();
  const email = console.dialog.getByLabel("Email");
  const send = console.dialog.getByRole("button", { name: "Invite", exact: true });
  for (const [typed, said] of [
    ["", /enter/i],
    ["ada", /@/],
    ["ada@@example.org", /@.*\(character 5\)/],
    ["ada lovelace@example.org", /\(character 4\)/],
    ["ada@example", /./],
    ["ada@exa_mple.org", /_.*\(character 8\)/],
  ] as const) {
    await email.fill(typed);
    await send.click();
    await expect(email, typed).toHaveAttribute("aria-invalid", "true");
    await expect(email).toHaveAccessibleDescription(said);
    await expect(email).toHaveValue(typed);
    await expect(email).toBeFocused();
  }
  await expect(console.dialog).toBeVisible();
});

test("a slip of the hand is offered mended", async ({ console }) => {
  await console.startInvite();
  const email = console.dialog.getByLabel("Email");
  await email.fill("ada@gmial.com");
  await email.blur();
  await console.dialog.getByRole("button", { name: "Use ada@gmail.com" }).click();
  await expect(email).toHaveValue("ada@gmail.com");
});

test("a role that somebody has already is said to be so, and focus begins at it", async ({ console }) => {
  await console.find("mina.member");
  await console.startReRole();
  await expect(console.role("Member")).toBeFocused();
  const change = console.dialog.getByRole("button", { name: "Change role" });
  await change.click();
  await expect(console.dialog.getByRole("alert")).toHaveText("That is so already; choose something else.");
  await console.choose(["Owner"]);
  await expect(console.dialog.getByRole("alert")).toHaveCount(0);
});

test("nothing is sent without a role", async ({ console, rolecall }) => {
  const stellar = rolecall.started.sandbox.organizations.find(({ service }) => service === "astra")!;
  await console.switchTo(stellar.name, "Astra", stellar.users);
  await console.startInvite();
  await console.dialog.getByLabel("Email").fill("new.person@example.com");
  await console.choose([]);
  await console.dialog.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(console.dialog.getByRole("alert")).toContainText("choose a role", { ignoreCase: true });
  await expect(console.dialog).toBeVisible();
  await expect(console.count).toHaveAttribute("data-total", String(stellar.users));
});

test("the default role is chosen beforehand: member on Astro, database administrator on Astra", async ({
  console,
  rolecall,
}) => {
  await console.startInvite();
  await expect(console.role("Member")).toBeChecked();
  await console.page.keyboard.press("Escape");
  await expect(console.dialog).toBeHidden();
  const stellar = rolecall.started.sandbox.organizations.find(({ service }) => service === "astra")!;
  await console.switchTo(stellar.name, "Astra", stellar.users);
  await console.startInvite();
  await expect(console.role("Database Administrator")).toBeChecked();
  await expect(console.dialog.getByRole("group", { name: "Role" })).toContainText("1.1.3");
});

test("somebody who is there already is not invited, with the reason", async ({ console }) => {
  await console.startInvite();
  await console.dialog.getByLabel("Email").fill("olive.owner@cosmicenergy.example");
  await console.dialog.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(console.dialog.getByRole("alert")).toContainText(/in the organization already, as Owner/);
});

test("making an owner says so first", async ({ console }) => {
  await console.search.fill("role:member status:active");
  await console.page.getByTestId("user-row").nth(4).getByRole("button", { name: /^Role of / }).click();
  await console.role("Owner").check();
  await expect(console.dialog).toContainText(/becomes Owner/);
  await console.dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(console.dialog).toBeHidden();
});

test("one's own role is lowered only after typing one's address", async ({ console }) => {
  await console.find("olive.owner@cosmicenergy.example");
  await console.startReRole();
  await console.role("Member").check();
  await expect(console.dialog).toContainText(/You lower your own role|last active Owner/);
});

test("what was done is looked at and undone from where it is said", async ({ console, users }) => {
  await console.startInvite();
  await console.dialog.getByLabel("Email").fill("new.person@example.com");
  await console.page.keyboard.press("Enter");
  await console.said("Invited new.person@example.com").getByRole("button", { name: "Show" }).click();
  await expect(console.count).toHaveAttribute("data-shown", "1");
  await expect(console.row("new.person@example.com")).toBeVisible();
  await console.loaded(users + 1);

  await console.find("mina.member");
  const role = console.table.getByRole("button", { name: /^Role of / });
  await console.startReRole();
  await console.role("Billing admin").check();
  await console.page.keyboard.press("Enter");
  await console.said(/is Billing admin now/).getByRole("button", { name: "Undo" }).click();
  await expect(console.said(/is Member now/)).toBeVisible();
  await expect(role).toContainText("Member");
  await console.page.reload();
  await expect(role).toContainText("Member");
});

test("a user of Astro cannot be removed through its API, and it is said where it is done", async ({ console }) => {
  await console.search.fill("status:active role:member");
  const row = console.page.getByTestId("user-row").first();
  await expect(row.getByRole("button", { name: /^Remove / })).toBeHidden();
  await row.getByRole("link").click();
  await console.page.getByRole("button", { name: "Remove…" }).click();
  await expect(console.dialog.getByRole("button", { name: "Remove", exact: true })).toBeDisabled();
  await expect(console.dialog.getByRole("alert")).toContainText("Astro cannot remove a member through its API");
});

test("a user of Astra is removed after a yes", async ({ console, rolecall }) => {
  const stellar = rolecall.started.sandbox.organizations.find(({ service }) => service === "astra")!;
  await console.switchTo(stellar.name, "Astra", stellar.users);
  await console.search.fill("status:active");
  const address = await console.addressIn(console.page.getByTestId("user-row").nth(3));
  await console.find(address);
  await console.startEnd("Remove");
  await expect(console.dialog).toContainText(/loses access to this organization/);
  await console.dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(console.dialog).toBeHidden();
  await console.loaded(stellar.users - 1);
  await expect(console.row(address)).toHaveCount(0);
});

test("every call can be seen as curl and as the vendor's own line before it is sent", async ({ console }) => {
  await console.startInvite();
  await console.dialog.getByLabel("Email").fill("new.person@example.com");
  await console.dialog.getByText("Show the call").click();
  await expect(console.dialog.getByLabel("As curl")).toContainText(/curl .*invites/s);
  await expect(console.dialog.getByLabel("With the vendor’s CLI")).toContainText(
    "astro organization user invite new.person@example.com --role ORGANIZATION_MEMBER",
  );
});
