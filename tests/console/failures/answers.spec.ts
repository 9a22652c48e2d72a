import type { Route } from "@playwright/test";

import { expect, test } from "../../support/test.ts";

// The browser itself complains in its console about an answer that is not a success, or that never comes.
test.use({ expectedErrors: [/the server responded with a status of|net::ERR_/] });

/** Answers that a service must not give, or must not be taken for a change. */
const BAD: { what: string; answer: Parameters<Route["fulfill"]>[0]; said: RegExp }[] = [
  {
    what: "is not JSON",
    answer: { status: 200, contentType: "text/html", body: "<h1>Gateway</h1>", headers: { "x-request-id": "req-77" } },
    said: /req-77/,
  },
  { what: "is cut off", answer: { status: 200, contentType: "application/json", body: '{"users":[{"id":' }, said: /read/i },
  { what: "is empty", answer: { status: 200, contentType: "application/json", body: "" }, said: /read/i },
  {
    what: "has a status outside the sheet",
    answer: { status: 418, contentType: "application/json", body: '{"message":"short and stout"}' },
    said: /418|short and stout/,
  },
  {
    what: "is a refusal with words and a request id",
    answer: {
      status: 500,
      contentType: "application/json",
      body: '{"message":"the oven is cold","requestId":"req-42","statusCode":500}',
    },
    said: /the oven is cold.*req-42/i,
  },
];

for (const { what, answer, said } of BAD) {
  test(`a change whose answer ${what} becomes a sentence, and the table keeps what it had`, async ({ console, users }) => {
      await console.page.route("**/invites", (route) => route.fulfill(answer));
      await console.startInvite();
      await console.dialog.getByLabel("Email").fill("new.person@example.com");
      await console.dialog.getByRole("button", { name: "Invite", exact: true }).click();
      await expect(console.dialog.getByRole("alert")).toContainText(said);
      await expect(console.dialog.getByLabel("Email")).toHaveValue("new.person@example.com");
      await console.dialog.getByRole("button", { name: "Cancel" }).click();
      await expect(console.count).toHaveAttribute("data-total", String(users));
      await expect(console.page.getByTestId("user-row").first()).toBeVisible();
    });
}

for (const [status, message] of [
  [403, "Not authorized to read this organization"],
  [404, "Organization not found"],
] as const) {
  test(`an organization that answers ${status} leaves the old one selected`, async ({ console, rolecall, users }) => {
    const other = rolecall.started.sandbox.organizations.filter(({ service }) => service === "astro")[1]!;
    const body = JSON.stringify({ message, requestId: "req-9", statusCode: status });
    await console.page.route(`**/organizations/${other.id}**`, (route) =>
      route.fulfill({ status, contentType: "application/json", body }),
    );
    await console.page.route(`**/organizations/${other.id}/**`, (route) =>
      route.fulfill({ status, contentType: "application/json", body }),
    );
    await console.switcher.click();
    await console.dialog.getByRole("searchbox").fill(`${other.name} Astro`);
    await console.dialog.getByRole("listitem").first().getByRole("button").click();
    await expect(console.said(`${other.name} did not open`)).toContainText(message);
    await expect(console.switcher).toContainText("Cosmic Energy");
    await expect(console.count).toHaveAttribute("data-total", String(users));
    await expect(console.page).toHaveURL((url) => !url.href.includes(other.id));
  });
}

test.describe("with more users than a page holds", () => {
  test.use({ users: 2_500 });

  test("a list that breaks off is kept, with the reason and a way on", async ({ page, rolecall }) => {
    let broken = true;
    const unreachable = {
      status: 502,
      headers: { "rolecall-failure": "unreachable" },
      contentType: "application/json",
      body: '{"message":"connection refused"}',
    };
    await page.route(/\/users\?.*offset=1100/, (route) => (broken ? route.fulfill(unreachable) : route.continue()));
    await page.goto(rolecall.started.link);
    const count = page.getByTestId("user-count");
    await expect(count).toHaveAttribute("data-total", "1100");
    await expect(page.getByRole("alert")).toContainText("connection refused");
    await expect(page.getByTestId("user-row").first()).toBeVisible();
    broken = false;
    await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
    await expect(count).toHaveAttribute("data-total", "2500");
    await expect(page.getByRole("alert")).toHaveCount(0);
  });
});

test("when the server is gone, the rows stay and a change says so", async ({ console, rolecall, users }) => {
  await console.startInvite();
  await rolecall.kill();
  await console.dialog.getByLabel("Email").fill("new.person@example.com");
  await console.dialog.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(console.dialog.getByRole("alert")).toContainText(/cannot be reached|does not answer/);
  await console.dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(console.count).toHaveAttribute("data-total", String(users));
});
