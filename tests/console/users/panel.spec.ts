import { Console } from "../../support/console.ts";
import { expect, test } from "../../support/test.ts";

const OLIVE = "olive.owner@cosmicenergy.example";

test("a click on the name opens the panel, Escape closes it and the focus is back on the row", async ({ console }) => {
  await console.find(OLIVE);
  const name = console.table.getByRole("link", { name: /Olive Owner/ });
  await name.click();
  const panel = console.page.getByRole("dialog", { name: "Olive Owner" });
  await expect(panel).toBeVisible();
  await expect(panel).toContainText(OLIVE);
  await expect(panel.getByRole("list", { name: "Roles in the organization" })).toContainText("Owner");
  await expect(console.page).toHaveURL(/[?&]user=\w+/);
  await console.page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(name).toBeFocused();
  await expect(console.page).not.toHaveURL(/[?&]user=/);
});

test("the panel's address opens it again, and Back closes it", async ({ console, users }) => {
  await console.find(OLIVE);
  await console.table.getByRole("link", { name: /Olive Owner/ }).click();
  const panel = console.page.getByRole("dialog", { name: "Olive Owner" });
  await expect(panel).toBeVisible();
  await console.page.reload();
  await console.loaded(users);
  await expect(panel).toContainText(OLIVE);
  await console.page.goBack();
  await expect(panel).toBeHidden();
  await expect(console.table).toBeVisible();
});

test("what was changed from here stands in the person's history, with the role before", async ({ console }) => {
  await console.search.fill("role:member status:active");
  const row = console.page.getByTestId("user-row").nth(3);
  const address = await console.addressIn(row);
  await console.find(address);
  await console.table.getByRole("link").click();
  await expect(console.dialog).toContainText("Nothing about this person has been changed from here.");
  await console.dialog.getByRole("button", { name: "Change role…" }).click();
  const form = console.page.getByRole("dialog", { name: /^Change role of/ });
  await form.getByRole("radio", { name: /^Billing admin/ }).check();
  await form.getByRole("button", { name: "Change role" }).click();
  await expect(form).toBeHidden();
  const history = console.dialog.getByRole("list", { name: "History" });
  await expect(history.getByRole("listitem")).toHaveCount(1);
  await expect(history).toContainText(/Billing admin.*before: Member/s);
  await expect(history).toContainText("done");
  await expect(console.dialog.getByRole("list", { name: "Roles in the organization" })).toContainText("Billing admin");
  await expect(console.dialog.getByRole("button", { name: "Change role…" })).toBeFocused();
});

test("Undo is within reach while the panel is open, and stays for whoever is at it", async ({ page, rolecall, users }) => {
  await page.clock.install();
  const console = new Console(page);
  await console.open(rolecall.started.link, users);
  await console.search.fill("role:member status:active");
  const address = await console.addressIn(page.getByTestId("user-row").nth(3));
  await page.clock.runFor(1_000);
  await console.find(address);
  await console.table.getByRole("link").click();
  await console.dialog.getByRole("button", { name: "Change role…" }).click();
  const form = page.getByRole("dialog", { name: /^Change role of/ });
  await form.getByRole("radio", { name: /^Billing admin/ }).check();
  await form.getByRole("button", { name: "Change role" }).click();
  await expect(form).toBeHidden();
  await page.clock.runFor(1_000);
  const undo = console.said(/is Billing admin now/).getByRole("button", { name: "Undo" });
  for (let presses = 0; presses < 40 && !(await undo.evaluate((it) => it === document.activeElement)); presses++) {
    await page.keyboard.press("Tab");
  }
  await expect(undo).toBeFocused();
  await page.clock.runFor(20_000);
  await expect(undo).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(console.said(/is Member now/)).toBeVisible();
  await page.clock.runFor(20_000);
  await expect(console.said(/is Member now/)).toBeHidden();
});

test("Back closes what is open over the panel, too", async ({ console }) => {
  await console.find(OLIVE);
  await console.table.getByRole("link", { name: /Olive Owner/ }).click();
  await console.dialog.getByRole("button", { name: "Change role…" }).click();
  await expect(console.dialog).toHaveCount(2);
  await console.page.goBack();
  await expect(console.dialog).toHaveCount(0);
  await expect(console.table).toBeVisible();
});

test("a user is copied as address, id, curl line, the vendor's own line and Terraform", async ({ console, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await console.find(OLIVE);
  await console.table.getByRole("link").click();
  const copied = async (name: string): Promise<string> => {
    await console.dialog.getByRole("button", { name, exact: true }).click();
    await expect(console.said(`Copied: ${name}.`)).toBeVisible();
    return console.page.evaluate(() => navigator.clipboard.readText());
  };
  expect(await copied("Address")).toBe(OLIVE);
  const id = await copied("Id");
  await expect(console.dialog.getByText(id, { exact: true })).toBeVisible();
  expect(await copied("curl line")).toMatch(new RegExp(`^curl -X GET https://api\\.astronomer\\.io/v1/.*/users/${id} `));
  expect(await copied("CLI line")).toBe(`astro organization user update ${OLIVE} --role ORGANIZATION_OWNER`);
  const block = await copied("Terraform");
  expect(block).toContain('resource "astro_user_roles" "olive_owner_cosmicenergy_example" {');
  expect(block).toContain(`user_id           = "${id}"`);
  expect(block).toContain('organization_role = "ORGANIZATION_OWNER"');
});

test("teams, roles in workspaces by the workspace's name, and what each role may do", async ({ console, rolecall }) => {
  const staging = rolecall.started.sandbox.organizations.find(({ name }) => name === "Cosmic Energy Staging")!;
  await console.switchTo(staging.name, "Astro", staging.users);
  await console.search.fill("scope:workspace");
  await console.table.getByRole("link").first().click();
  const parts = console.dialog.getByRole("list", { name: "Roles in parts of the organization" });
  await expect(parts.getByRole("listitem").first()).toContainText(/Workspace/);
  await expect(console.dialog.getByRole("heading", { name: "Teams" })).toBeVisible();
  await console.dialog.getByText("What each role may do").click();
  await expect(console.dialog.getByText("May invite, change and remove users.")).toBeVisible();
});

test("a user of Astra is shown without what Astra does not tell", async ({ console, rolecall }) => {
  const stellar = rolecall.started.sandbox.organizations.find(({ service }) => service === "astra")!;
  await console.switchTo(stellar.name, "Astra", stellar.users);
  await console.table.getByRole("link").first().click();
  await expect(console.dialog.getByRole("list", { name: "Roles in the organization" })).toBeVisible();
  await expect(console.dialog.getByRole("heading", { name: "Teams" })).toHaveCount(0);
  await expect(console.dialog.getByText("Since", { exact: true })).toHaveCount(0);
});

test.describe(() => {
  test.use({ expectedErrors: [/the server responded with a status of 404/] });

  test("an address with an id of nobody says so", async ({ console, users }) => {
    const url = new URL(console.page.url());
    url.searchParams.set("user", "nobody-has-this-id");
    await console.page.goto(url.href);
    await console.loaded(users);
    await expect(console.dialog).toContainText("Nobody in this organization has this id.");
  });

  test("somebody who cannot be read alone is shown as the list had it, with the reason", async ({ console }) => {
    await console.page.route(/\/users\/[^/?]+$/, (route) =>
      route.fulfill({ status: 404, contentType: "application/json", body: '{"message":"User not found","requestId":"req-5"}' }),
    );
    await console.find(OLIVE);
    await console.table.getByRole("link").click();
    await expect(console.dialog).toContainText(/the user alone was not read.*User not found/s);
    await expect(console.dialog).toContainText(OLIVE);
  });
});

test("two roles are compared by what they permit, on both services", async ({ console, rolecall }) => {
  await console.find(OLIVE);
  await console.table.getByRole("link").click();
  const compare = console.dialog.getByRole("group").filter({ hasText: "The difference between two roles" });
  await compare.getByText("The difference between two roles").click();
  await expect(compare.getByRole("heading", { name: "Only Owner" })).toBeVisible();
  await expect(compare.getByText("organization.users.create", { exact: true })).toBeVisible();
  await compare.getByLabel("Of").selectOption("Observe member");
  await expect(compare.getByRole("heading", { name: /^Only/ })).toHaveCount(0);
  await expect(compare.getByRole("heading", { name: "Both" })).toBeVisible();
  await console.page.keyboard.press("Escape");

  const astra = rolecall.started.sandbox.organizations.find(({ service }) => service === "astra")!;
  await console.switchTo(astra.name, "Astra", astra.users);
  await console.table.getByRole("link").first().click();
  await compare.getByText("The difference between two roles").click();
  await expect(compare.getByRole("heading", { name: "Only Organization Administrator" })).toBeVisible();
  await expect(compare.getByText("org-user-write", { exact: true })).toBeVisible();
});
