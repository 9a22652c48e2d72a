import { expect, test } from "../../support/test.ts";

test("all users of the first organization are listed, more than fit the screen", async ({ console, users }) => {
  await expect(console.count).toHaveText(`${users} users`);
  await expect(console.table).toHaveAttribute("aria-rowcount", String(users + 1));
  const rows = console.page.getByTestId("user-row");
  const drawn = await rows.count();
  expect(drawn).toBeGreaterThan(5);
  expect(drawn).toBeLessThan(60);
});

test("scrolling to the end shows the last user", async ({ console, users }) => {
  const last = console.page.getByTestId("user-row").and(console.page.locator(`[aria-rowindex="${users + 1}"]`));
  await expect(last).toHaveCount(0);
  await console.page.getByRole("region", { name: "Table of users" }).press("End");
  await expect(last).toBeInViewport();
});

test("typing narrows the list at each key, and what matches is marked", async ({ console }) => {
  let before = await console.total();
  for (const key of "olive.o") {
    await console.search.press(key);
    const shown = Number(await console.count.getAttribute("data-shown"));
    expect(shown).toBeLessThanOrEqual(before);
    before = shown;
  }
  await expect(console.count).toHaveAttribute("data-shown", "1");
  await expect(console.row("olive.owner@").getByText("olive.o", { exact: true })).toBeVisible();
});

test("a slash goes to the search box", async ({ console }) => {
  await console.page.keyboard.press("/");
  await expect(console.search).toBeFocused();
  await expect(console.search).toHaveValue("");
});

test("a role's button filters and says so", async ({ console }) => {
  const filter = console.page.getByRole("group", { name: "Filter" });
  const owners = filter.getByRole("button", { name: /^Owner/ });
  const count = Number(/\d+/.exec((await owners.textContent()) ?? "")![0]);
  await owners.click();
  await expect(owners).toHaveAttribute("aria-pressed", "true");
  await expect(console.count).toHaveAttribute("data-shown", String(count));
  await expect(console.page.getByTestId("user-row")).toHaveText(Array(count).fill(/Owner/));
  await owners.click();
  await expect(owners).toHaveAttribute("aria-pressed", "false");
});

test("a column's head sorts up, down and not", async ({ console }) => {
  const head = console.page.getByRole("columnheader", { name: "Since" });
  const first = async () => /\d{4}-\d\d-\d\d/.exec((await console.page.getByTestId("user-row").first().textContent()) ?? "")![0];
  const button = head.getByRole("button");
  await button.click();
  await expect(head).toHaveAttribute("aria-sort", "ascending");
  const oldest = await first();
  await button.click();
  await expect(head).toHaveAttribute("aria-sort", "descending");
  const newest = await first();
  expect(oldest < newest, `${oldest} before ${newest}`).toBe(true);
  await button.click();
  await expect(head).not.toHaveAttribute("aria-sort");
});

test("the address holds organization, search and sort, and opens the same view again", async ({ console, users }) => {
  await console.page.getByRole("columnheader", { name: "Status" }).getByRole("button").click();
  await console.search.fill("role:owner");
  await expect(console.page).toHaveURL(/role:owner/);
  const shown = await console.count.getAttribute("data-shown");
  await console.page.reload();
  await console.loaded(users);
  await expect(console.search).toHaveValue("role:owner");
  await expect(console.count).toHaveAttribute("data-shown", shown!);
  await expect(console.page.getByRole("columnheader", { name: "Status" })).toHaveAttribute("aria-sort", "ascending");
  await expect(console.page).not.toHaveURL(/key=/);
});

test.describe(() => {
  // A 401 is what this is about.
  test.use({ expectedErrors: [/401 \(Unauthorized\)/] });

  test("somebody without the link is told how to get in", async ({ page, rolecall }) => {
    await page.goto(new URL(rolecall.started.link).origin);
    await expect(page.getByRole("alert")).toContainText("You are signed out");
    await expect(page.getByRole("table")).toHaveCount(0);
  });

  test("a wrong key is not let in", async ({ page, rolecall }) => {
    await page.goto(`${new URL(rolecall.started.link).origin}/#key=wrong`);
    await expect(page.getByRole("alert")).toContainText("You are signed out");
  });
});

test("Shift selects all rows between two that are clicked, and takes them out again", async ({ console }) => {
  const { page } = console;
  const tick = (row: number) => page.locator(`[data-testid=user-row][aria-rowindex="${row + 1}"]`).getByRole("checkbox");
  const selection = page.getByRole("region", { name: "Selection" });
  await tick(2).click();
  await tick(6).click({ modifiers: ["Shift"] });
  await expect(selection).toContainText("5 selected");
  for (const row of [2, 3, 4, 5, 6]) await expect(tick(row)).toBeChecked();
  await expect(tick(1)).not.toBeChecked();
  await expect(tick(7)).not.toBeChecked();
  await tick(4).click({ modifiers: ["Shift"] });
  await expect(selection).toContainText("2 selected");
  await expect(tick(3)).toBeChecked();
  await expect(tick(5)).not.toBeChecked();
});
