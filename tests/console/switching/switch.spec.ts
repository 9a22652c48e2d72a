import { expect, test } from "../../support/test.ts";

test("all organizations of all connections are in one list, both services", async ({ console, rolecall }) => {
  const { organizations } = rolecall.started.sandbox;
  await console.switcher.click();
  const list = console.dialog.getByRole("list", { name: "Organizations" });
  for (const { name, service } of organizations) {
    const label = service === "astro" ? /Astro/ : /Astra/;
    const entry = list.getByRole("listitem").filter({ hasText: name }).filter({ hasText: label }).first();
    await expect(entry).toBeVisible();
  }
  const current = list.locator("[aria-current=true]");
  await expect(current).toHaveCount(1);
  await expect(current).toContainText("Cosmic Energy");
});

test("Control and K opens the list, typing narrows it, Enter opens the first", async ({ console, rolecall }) => {
  const stellar = rolecall.started.sandbox.organizations.find(({ service }) => service === "astra")!;
  await console.page.keyboard.press("Control+k");
  const search = console.dialog.getByRole("searchbox");
  await expect(search).toBeFocused();
  await search.fill(stellar.name);
  await search.press("Enter");
  await expect(console.dialog).toBeHidden();
  await expect(console.switcher).toContainText(stellar.name);
  await console.loaded(stellar.users);
  await expect(console.page).toHaveTitle(new RegExp(stellar.name));
});

test("Back returns to the organization before", async ({ console, rolecall, users }) => {
  const other = rolecall.started.sandbox.organizations.filter(({ service }) => service === "astro")[1]!;
  await console.switchTo(other.name, "Astro", other.users);
  await console.page.goBack();
  await expect(console.switcher).toContainText("Cosmic Energy");
  await console.loaded(users);
});

test("a service without names and dates says so", async ({ console, rolecall }) => {
  const stellar = rolecall.started.sandbox.organizations.find(({ service }) => service === "astra")!;
  await console.switchTo(stellar.name, "Astra", stellar.users);
  await expect(console.page.getByText("Astra tells neither names nor dates.")).toBeVisible();
});

test("somebody who may change nothing is told why", async ({ console }) => {
  await console.switcher.click();
  await console.dialog.getByRole("searchbox").fill("Cosmic plain member");
  await console.dialog.getByRole("listitem").first().getByRole("button").click();
  await expect(console.dialog).toBeHidden();
  const invite = console.page.getByRole("main").getByRole("button", { name: "Invite…" });
  await expect(invite).toBeDisabled();
  await expect(invite).toHaveAccessibleDescription(/changing users takes an owner/);
  await expect(console.switcher).toContainText("as a plain member");
});
