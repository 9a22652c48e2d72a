import { expect, test } from "../../support/test.ts";

test("domains and scoped roles are counted, and filter at a press", async ({ console, rolecall }) => {
  const { page } = console;
  const staging = rolecall.started.sandbox.organizations.find(({ name }) => name === "Cosmic Energy Staging")!;
  await console.switchTo(staging.name, "Astro", staging.users);
  await page.getByText("Domains, scoped roles, dates").click();
  const more = page.getByRole("group", { name: "Domains, scoped roles, dates" });
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

test("conditions are chips of the same text, and each can be taken out", async ({ console, users }) => {
  const { page } = console;
  const chips = page.getByRole("list", { name: "Conditions of the search" });
  await expect(chips).toHaveCount(0);
  await console.search.fill("olive role:owner -status:pending role:ownr");
  await expect(chips.getByRole("button")).toHaveText([/^role Owner/, /^not status pending/, /^role ownr/]);
  await expect(chips.getByRole("button", { name: "Take out: role ownr" })).toHaveAttribute(
    "title",
    "The organization has no such role.",
  );
  await chips.getByRole("button", { name: "Take out: not status pending" }).click();
  await expect(console.search).toHaveValue("olive role:owner role:ownr");
  await expect(console.search).toBeFocused();
  await chips.getByRole("button", { name: "Take out: role Owner" }).press("Enter");
  await chips.getByRole("button", { name: "Take out: role ownr" }).press("Enter");
  await expect(console.search).toHaveValue("olive");
  await expect(chips).toHaveCount(0);
  await page.goBack();
  await expect(console.search).toHaveValue("olive role:ownr");
  await console.search.fill("");
  await expect(console.count).toHaveAttribute("data-shown", String(users));
});

test("bars show when users came, and filter", async ({ console, users }) => {
  const { page } = console;
  await page.getByText("Domains, scoped roles, dates").click();
  const bars = page.getByRole("group", { name: new RegExp(`^${users.toLocaleString("en")} came from`) });
  const counts = async () =>
    (await bars.getByRole("button").evaluateAll((all) => all.map((it) => it.getAttribute("aria-label")!))).map((label) =>
      Number(/: ([\d,]+)$/.exec(label)![1]!.replace(",", "")),
    );
  const years = await counts();
  expect(years.reduce((sum, it) => sum + it)).toBe(users);
  const last = bars.getByRole("button").last();
  const year = /^\d{4}/.exec((await last.getAttribute("aria-label"))!)![0];
  await last.click();
  await expect(console.search).toHaveValue(`created:${year}`);
  await expect(console.count).toHaveAttribute("data-shown", String(years.at(-1)));
  // a year opens into its months, and a month takes the year's place in the search
  const months = page.getByRole("group", { name: new RegExp(`^${years.at(-1)} came from January ${year} to December`) });
  await months.getByRole("button", { name: /: [1-9]\d*$/ }).first().click();
  await expect(console.search).toHaveValue(new RegExp(`^created:${year}-\\d\\d$`));
  await months.locator("[aria-pressed=true]").click();
  await expect(console.search).toHaveValue("");
});
