import { expect, test } from "../../support/test.ts";

test("domains and scoped roles are counted, and filter at a press", async ({ console, rolecall }) => {
  const { page } = console;
  const staging = rolecall.started.sandbox.organizations.find(({ name }) => name === "Cosmic Energy Staging")!;
  await console.switchTo(staging.name, "Astro", staging.users);
  await page.getByText("Domains and scoped roles").click();
  const more = page.getByRole("group", { name: "Domains and scoped roles" });
  const counted = async (name: RegExp): Promise<number> => {
    const button = more.getByRole("button", { name });
    const count = Number(/([\d,]+)$/.exec((await button.textContent())!)![1]!.replace(",", ""));
    await button.click();
    await expect(button).toHaveAttribute("aria-pressed", "true");
    return count;
  };
  const workspaces = await counted(/^In workspaces/);
  await expect(console.count).toHaveAttribute("data-shown", String(workspaces));
  await expect(console.search).toHaveValue("scope:workspace");
  await more.getByRole("button", { name: /^In workspaces/ }).click();
  const domain = await counted(/^contractors\.example/);
  await expect(console.count).toHaveAttribute("data-shown", String(domain));
  await expect(console.search).toHaveValue(/^domain:/);
});

test("Back undoes a filter, a search and an order", async ({ console, users }) => {
  const { page } = console;
  const all = String(users);
  await page.getByRole("group", { name: "Filter" }).getByRole("button", { name: /^Owner/ }).click();
  await expect(console.search).toHaveValue("role:owner");
  await page.getByRole("columnheader", { name: "Since" }).getByRole("button").click();
  await expect(page).toHaveURL(/sort=created/);
  await console.search.fill("role:owner olive");
  await expect(page).toHaveURL(/olive/);
  await page.goBack();
  await expect(console.search).toHaveValue("role:owner");
  await page.goBack();
  await expect(page.getByRole("columnheader", { name: "Since" })).not.toHaveAttribute("aria-sort");
  await page.goBack();
  await expect(console.search).toHaveValue("");
  await expect(console.count).toHaveAttribute("data-shown", all);
  await page.goForward();
  await expect(console.search).toHaveValue("role:owner");
});

test("Shift adds a column to the order, and the address keeps both", async ({ console, users }) => {
  const head = (name: string) => console.page.getByRole("columnheader", { name: new RegExp(`^${name}( [↑↓])?$`) });
  await head("Role").getByRole("button").click();
  await head("User").getByRole("button").click({ modifiers: ["Shift"] });
  await expect(head("Role")).toHaveAttribute("aria-sort", "ascending");
  await expect(head("User")).toHaveAttribute("aria-sort", "ascending");
  await expect(console.page).toHaveURL(/sort=role,user/);
  const names = async () => console.page.getByTestId("user-row").getByRole("link").allTextContents();
  const before = await names();
  await console.page.reload();
  await console.loaded(users);
  expect(await names()).toEqual(before);
});

test("a view is saved for its organization, opened again after a reload, and deleted", async ({ console, rolecall, users }) => {
  test.setTimeout(120_000);
  const { page } = console;
  const open = () => page.getByRole("button", { name: "Views…" }).click();
  await open();
  await expect(console.dialog.getByLabel("Save what is shown as")).toBeDisabled();
  await page.keyboard.press("Escape");
  await console.search.fill("role:owner status:active");
  await page.getByRole("columnheader", { name: "Since" }).getByRole("button").click();
  await open();
  await console.dialog.getByLabel("Save what is shown as").fill("Who rules");
  await page.keyboard.press("Enter");
  await expect(console.dialog.getByRole("button", { name: "Who rules", exact: true })).toBeVisible();
  await page.keyboard.press("Escape");

  const staging = rolecall.started.sandbox.organizations.find(({ name }) => name === "Cosmic Energy Staging")!;
  await console.switchTo(staging.name, "Astro", staging.users);
  await open();
  await expect(console.dialog).toContainText("No view of this organization is saved yet.");
  await page.keyboard.press("Escape");
  await console.switchTo("Cosmic Energy", "Astro", users);
  await page.reload();
  await console.loaded(users);
  await open();
  await console.dialog.getByRole("button", { name: "Who rules", exact: true }).click();
  await expect(console.search).toHaveValue("role:owner status:active");
  await expect(page.getByRole("columnheader", { name: "Since" })).toHaveAttribute("aria-sort", "ascending");
  await open();
  await console.dialog.getByRole("button", { name: "Delete the view Who rules" }).click();
  await expect(console.dialog).toContainText("No view of this organization is saved yet.");
});
