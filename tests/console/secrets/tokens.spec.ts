import { expect, test } from "../../support/test.ts";

test("no token is in the page, its address, its storage or anything it loads", async ({ page, rolecall }) => {
  const tokens = rolecall.started.sandbox.tokens.map((it) => it.token);
  expect(tokens.length).toBeGreaterThan(0);
  const seen: string[] = [];
  page.on("response", async (response) => {
    // an answer that the page has left behind has no body any more
    const body = await response.text().catch(() => "");
    seen.push(response.url(), JSON.stringify(response.headers()), body);
  });
  await page.goto(rolecall.started.link);
  await expect(page.getByTestId("user-row").first()).toBeVisible();
  for (const name of ["Invite", "Activity", "Connections", "Users"]) {
    await page.getByRole("link", { name, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
  seen.push(page.url(), await page.content());
  seen.push(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])));
  expect(page.url()).not.toContain("key=");
  for (const token of tokens) {
    expect(seen.filter((text) => text.includes(token))).toEqual([]);
  }
});
