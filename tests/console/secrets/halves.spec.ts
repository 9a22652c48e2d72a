import { Console } from "../../support/console.ts";
import { expect, test } from "../../support/test.ts";

// The browser itself complains in its console about an answer that is not a success.
test.use({ expectedErrors: [/the server responded with a status of 401/] });

const SIGNED_OUT = { name: "You are signed out" };

test("what a browser sends to other ports opens nothing, and neither does what the page stores", async ({
  console,
  context,
  page,
  rolecall,
  users,
}) => {
  await console.loaded(users);
  // whoever serves another port of this host is sent this
  const [cookie] = await context.cookies();
  const headers = { cookie: `${cookie!.name}=${cookie!.value}` };
  const answer = await fetch(new URL("/api/session", rolecall.started.link), { headers });
  expect(answer.status).toBe(401);

  const half = await page.evaluate(() => localStorage.getItem("rolecall.page"));
  await page.evaluate(() => localStorage.removeItem("rolecall.page"));
  await page.reload();
  await expect(page.getByRole("heading", SIGNED_OUT)).toBeVisible();

  await page.evaluate((half) => localStorage.setItem("rolecall.page", half!), half);
  await page.reload();
  await new Console(page).loaded(users);

  await context.clearCookies();
  await page.reload();
  await expect(page.getByRole("heading", SIGNED_OUT)).toBeVisible();
});

test("a link that is opened in another tab leaves this one its session", async ({ console, context, page, rolecall, users }) => {
  await console.loaded(users);
  const other = await context.newPage();
  await other.goto(rolecall.started.link);
  await new Console(other).loaded(users);
  await page.getByRole("link", { name: "Activity", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();
});
