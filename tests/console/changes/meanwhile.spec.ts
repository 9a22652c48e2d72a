import { somebody, token } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

const ORGANIZATION = "Cosmic Energy";

test("a new role is shown at once, before the service has answered", async ({ console, rolecall }) => {
  const { email } = await somebody(
    rolecall.started.sandbox,
    ORGANIZATION,
    ({ roles, status }) => status === "ACTIVE" && roles[0] === "ORGANIZATION_MEMBER",
  );
  let answer = () => {};
  const wait = new Promise<void>((resolve) => (answer = resolve));
  await console.page.route(/\/users\/[^/]+\/roles$/, async (route) => {
    await wait;
    await route.continue();
  });
  await console.find(email);
  await console.reRole(["Billing admin"]);
  await expect(console.row(email)).toContainText("Billing admin");
  await expect(console.said(/is Billing admin now/)).toHaveCount(0);
  answer();
  await expect(console.said(`${email} is Billing admin now.`)).toBeVisible();
});

test("what somebody else changed meanwhile is shown and nothing is sent until it is seen", async ({
  console,
  rolecall,
}) => {
  const { sandbox } = rolecall.started;
  const { email } = await somebody(
    sandbox,
    ORGANIZATION,
    ({ roles, status }) => status === "ACTIVE" && roles[0] === "ORGANIZATION_MEMBER",
  );
  await console.find(email);
  await console.startReRole();
  await console.role("Observe admin").check();

  const { id } = sandbox.organizations.find(({ name }) => name === ORGANIZATION)!;
  const bearer = { authorization: `Bearer ${token(sandbox, "astro")}`, "content-type": "application/json" };
  const list = await fetch(`${sandbox.astro.url}/organizations/${id}/users?limit=1000`, { headers: bearer });
  const { users } = (await list.json()) as { users: { id: string; username: string }[] };
  const user = users.find(({ username }) => username === email)!.id;
  const roles = `${sandbox.astro.url}/organizations/${id}/users/${user}/roles`;
  const body = JSON.stringify({ organizationRole: "ORGANIZATION_BILLING_ADMIN" });
  expect((await fetch(roles, { method: "POST", headers: bearer, body })).ok).toBe(true);

  let sent = 0;
  console.page.on("request", (request) => (sent += Number(request.method() === "POST")));
  await console.dialog.getByRole("button", { name: "Change role" }).click();
  await expect(console.dialog.getByRole("alert")).toContainText(
    `Somebody else changed ${email} meanwhile: Member when you looked, Billing admin now. Nothing was sent.`,
  );
  expect(sent).toBe(0);
  await expect(console.row(email)).toContainText("Billing admin");
  await expect(console.role("Observe admin")).toBeChecked();
  await console.dialog.getByRole("button", { name: "Change role" }).click();
  await expect(console.said(`${email} is Observe admin now.`)).toBeVisible();
  await expect(console.row(email)).toContainText("Observe admin");
});

test.describe(() => {
  test.use({ expectedErrors: [/the server responded with a status of 403/] });

  test("a refused change goes back, and the form comes again with the choice and the reason", async ({
    console,
    rolecall,
  }) => {
    const { email } = await somebody(
      rolecall.started.sandbox,
      ORGANIZATION,
      ({ roles, status }) => status === "ACTIVE" && roles[0] === "ORGANIZATION_MEMBER",
    );
    await console.page.route(/\/users\/[^/]+\/roles$/, (route) =>
      route.fulfill({
        status: 403,
        contentType: "application/json",
        body: '{"message":"not on a Friday","requestId":"req-8","statusCode":403}',
      }),
    );
    await console.find(email);
    await console.startReRole();
    await console.role("Billing admin").check();
    await console.dialog.getByRole("button", { name: "Change role" }).click();
    await expect(console.dialog.getByRole("alert")).toContainText(/was not changed.*not on a Friday.*req-8/i);
    await expect(console.role("Billing admin")).toBeChecked();
    await expect(console.row(email)).toContainText("Member");
  });
});
