import { RUN, go, open, runStatus, step, switchTo } from "../../support/bulk.ts";
import { people } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

test.describe("with some hundred users", () => {
  test.use({ users: 500 });

  test("300 and more are given another role at once, and undoing it leaves the first state", async ({
    page,
    console,
    rolecall,
  }) => {
    test.slow();
    const { sandbox } = rolecall.started;
    const before = await people(sandbox, "Cosmic Energy");
    await console.search.fill("role:member status:active");
    await expect(console.count).not.toHaveAttribute("data-shown", "500");
    const shown = Number(await console.count.getAttribute("data-shown"));
    expect(shown).toBeGreaterThanOrEqual(300);
    await page.getByRole("checkbox", { name: /^Select all \d+ shown$/ }).check();
    await expect(page.getByRole("region", { name: "Selection" })).toContainText(`${shown} selected`);
    // what is selected stays so while something else is searched
    await console.search.fill("role:owner");
    await expect(page.getByRole("region", { name: "Selection" })).toContainText(`${shown} selected, ${shown} of them not shown`);

    await page.getByRole("button", { name: "Change role…" }).click();
    const dialog = page.getByRole("dialog", { name: `Change role of ${shown} users` });
    await dialog.getByRole("radio", { name: /^Billing admin/ }).check();
    await dialog.getByRole("button", { name: "See what will happen" }).click();
    const confirm = page.getByRole("dialog", { name: `Change the role of ${shown} people in Cosmic Energy` });
    await expect(confirm).toContainText(`${shown} people become Billing admin: `);
    await confirm.getByRole("button", { name: `Send ${shown}` }).click();
    await expect(runStatus(page)).toHaveText(`Finished: ${shown} done.`, RUN);
    const changed = await people(sandbox, "Cosmic Energy");
    const others = [...changed.values()].filter((it) => before.get(it.email)!.roles.toString() !== it.roles.toString());
    expect(others).toHaveLength(shown);
    expect(new Set(others.map((it) => it.roles.toString()))).toEqual(new Set(["ORGANIZATION_BILLING_ADMIN"]));

    await page.getByRole("button", { name: "Undo…" }).click();
    const back = page.getByRole("dialog", { name: "Undo run 1 in Cosmic Energy" });
    await expect(back.getByRole("list", { name: "What will happen" })).toContainText("Billing admin → Member");
    await back.getByRole("button", { name: `Send ${shown}` }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Run 2: undo of run 1" })).toBeVisible();
    await expect(runStatus(page)).toHaveText(`Finished: ${shown} done.`, RUN);
    await page.getByRole("link", { name: "run 1", exact: true }).click();
    // what is undone is not offered to be undone again
    await expect(page.getByRole("heading", { level: 1, name: `Run 1: ${shown} role changes` })).toBeVisible();
    await expect(page.getByRole("main")).toContainText(/Cosmic Energy · Astro, begun \d{4}-\d\d-\d\d \d\d:\d\d UTC\. Undone by run 2\./);
    await expect(page.getByRole("button", { name: "Report CSV" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Undo…" })).toHaveCount(0);
    await expect(page.getByTestId("run-row").first()).toContainText("Member → Billing admin");
    expect(await people(sandbox, "Cosmic Energy")).toEqual(before);
  });
});

test("the last owner stays one when the roles of all are changed", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await switchTo(page, "Example Labs");
  await expect(page.getByTestId("user-count")).toHaveAttribute("data-total", "2");
  await page.getByRole("checkbox", { name: "Select all 2 shown" }).check();
  await page.getByRole("button", { name: "Change role…" }).click();
  const dialog = page.getByRole("dialog", { name: "Change role of 2 users" });
  await dialog.getByRole("radio", { name: /^Observe member/ }).check();
  await dialog.getByRole("button", { name: "See what will happen" }).click();
  const confirm = page.getByRole("dialog", { name: "Change the role of 1 person in Example Labs" });
  await expect(confirm).toContainText("olive.owner@cosmicenergy.example is the last active Owner");
  await confirm.getByRole("button", { name: "Send 1" }).click();
  await expect(runStatus(page)).toHaveText("Finished: 1 done.", RUN);
  await expect(step(page, "olive.owner@cosmicenergy.example")).toHaveCount(0);
  const there = await people(rolecall.started.sandbox, "Example Labs");
  expect(there.get("olive.owner@cosmicenergy.example")?.roles).toEqual(["ORGANIZATION_OWNER"]);
});

test("the last owner stays one when the role of one is changed", async ({ console }) => {
  await console.switchTo("Example Labs", "Astro", 2);
  await console.find("olive.owner");
  await console.startReRole();
  await console.choose(["Member"]);
  await expect(console.dialog).toContainText("olive.owner@cosmicenergy.example is the last active Owner");
});

test("Astra roles are added and taken away for many, and administrators are named", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await switchTo(page, "Stellar Data");
  await expect(page.getByTestId("user-count")).toHaveAttribute("data-total", "300");
  await page.getByTestId("user-search").fill("x@stellardata.example");
  await expect(page.getByTestId("user-count")).toHaveAttribute("data-shown", /^[1-5]$/);
  await page.getByRole("checkbox", { name: /^Select all \d+ shown$/ }).check();
  const change = async (how: string, role: string) => {
    await page.getByRole("button", { name: "Change role…" }).click();
    const dialog = page.getByRole("dialog", { name: /^Change role of/ });
    await dialog.getByRole("radio", { name: how }).check();
    await dialog.getByRole("checkbox", { name: new RegExp(`^${role}`) }).check();
    await dialog.getByRole("button", { name: "See what will happen" }).click();
    return page.getByRole("dialog", { name: /^Change the role of \d+ (person|people) in Stellar Data$/ });
  };
  const added = await change("Add these to what each has", "Organization Administrator");
  await expect(added).toContainText(/become(s)? Organization Administrator/);
  await expect(added.getByRole("list", { name: "What will happen" })).toContainText(/ → .+, Organization Administrator/);
  await added.getByRole("button", { name: /^Send/ }).click();
  await expect(runStatus(page)).toHaveText(/^Finished: \d+ done\.$/, RUN);

  await go(page, "Users");
  const taken = await change("Take these away", "Organization Administrator");
  await expect(taken.getByRole("list", { name: "What will happen" })).toContainText(/, Organization Administrator → /);
  await taken.getByRole("button", { name: /^Send/ }).click();
  await expect(runStatus(page)).toHaveText(/^Finished: \d+ done\.$/, RUN);
});
