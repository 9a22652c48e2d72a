import { somebody } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

const ORGANIZATION = "Cosmic Energy";

test("what was about to be done in an organization ends where it is left", async ({ console, rolecall, users }) => {
  const other = rolecall.started.sandbox.organizations.filter(({ service }) => service === "astro")[1]!;
  await console.switchTo(other.name, "Astro", other.users);
  await console.startInvite();
  await console.page.goBack();
  await expect(console.switcher).toContainText(ORGANIZATION);
  await console.loaded(users);
  await expect(console.dialog).toBeHidden();
});

test("a change can be undone where it was made, and not from the next organization", async ({ console, rolecall }) => {
  const { email } = await somebody(
    rolecall.started.sandbox,
    ORGANIZATION,
    ({ roles, status }) => status === "ACTIVE" && roles[0] === "ORGANIZATION_MEMBER",
  );
  await console.find(email);
  await console.reRole(["Billing admin"]);
  const said = console.said(`${email} is Billing admin now.`);
  await expect(said.getByRole("button", { name: "Undo" })).toBeVisible();
  const other = rolecall.started.sandbox.organizations.filter(({ service }) => service === "astro")[1]!;
  await console.switchTo(other.name, "Astro", other.users);
  await expect(console.page.getByRole("button", { name: "Undo", exact: true })).toHaveCount(0);
});

test.describe(() => {
  test.use({ expectedErrors: [/the server responded with a status of 500/] });

  test("a change that was made but badly answered is told as made", async ({ console, rolecall }) => {
    const { email } = await somebody(
      rolecall.started.sandbox,
      ORGANIZATION,
      ({ roles, status }) => status === "ACTIVE" && roles[0] === "ORGANIZATION_MEMBER",
    );
    await console.page.route(/\/users\/[^/]+\/roles$/, async (route) => {
      await route.fetch();
      await route.fulfill({ status: 500, contentType: "application/json", body: '{"message":"lost","statusCode":500}' });
    });
    await console.find(email);
    await console.reRole(["Billing admin"]);
    await expect(console.said(`${email} is Billing admin now.`)).toBeVisible();
    await expect(console.row(email)).toContainText("Billing admin");
  });
});
