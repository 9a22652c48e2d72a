import type { Locator } from "@playwright/test";

import { RUN, addresses, open, paste, runStatus, send, sendButton } from "../../support/bulk.ts";
import { mails } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

test.use({ flags: ["--faults", "latency=250ms"] });

// the sandbox has no limit here, so nobody can say how long it takes
const UNDER_WAY = /^\d+ of 200\.$/;

/** How many of the run have their outcome. */
async function over(status: Locator): Promise<number> {
  return Number(/(\d+) of 200/.exec((await status.textContent()) ?? "")?.[1]);
}

test("a run is paused, watched in two tabs, resumed and finished", async ({ page, context, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, addresses(200).join("\n"));
  await send(page);
  await expect(runStatus(page)).toHaveText(UNDER_WAY);

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(runStatus(page)).toHaveText(/^Paused at \d+ of 200\.$/);
  await expect(page.getByRole("button", { name: "Resume" })).toBeFocused();

  const other = await context.newPage();
  await other.goto(page.url());
  await expect(runStatus(other)).toHaveText(/^Paused at \d+ of 200\.$/);
  // what was under way when it paused still comes in, on both
  await expect.poll(async () => (await mails(rolecall.started.sandbox)).size === (await over(runStatus(page)))).toBe(true);
  await expect(runStatus(other)).toHaveText((await runStatus(page).textContent())!);
  expect(await over(runStatus(page))).toBeLessThan(200);

  // the other tab steers the same run
  await other.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await expect(runStatus(page)).toHaveText("Finished: 200 done.", RUN);
  await expect(runStatus(other)).toHaveText("Finished: 200 done.", RUN);
  expect([...(await mails(rolecall.started.sandbox)).values()]).toEqual(Array.from({ length: 200 }, () => 1));
});

test("a run that is stopped sends nothing more, and says what was not sent", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, addresses(200).join("\n"));
  await send(page);
  await expect(runStatus(page)).toHaveText(UNDER_WAY);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(runStatus(page)).toHaveText(/^Stopped: \d+ done, \d+ not sent\.$/, RUN);
  await expect(page.getByRole("button", { name: /^Try \d+ again…$/ })).toBeFocused();

  const [, done, left] = /(\d+) done, (\d+) not sent/.exec((await runStatus(page).textContent())!)!.map(Number);
  expect(done! + left!).toBe(200);
  const bar = page.getByRole("progressbar");
  await expect(bar).toHaveAttribute("aria-valuemax", "200");
  await expect(bar).toHaveAttribute("aria-valuenow", String(done));
  expect(left).toBeGreaterThan(0);
  expect((await mails(rolecall.started.sandbox)).size).toBe(done);
  for (const name of ["Pause", "Resume", "Stop"]) {
    await expect(page.getByRole("button", { name, exact: true })).toBeHidden();
  }
  await page.getByRole("group", { name: "Show only" }).getByRole("button", { name: `${left} not sent` }).click();
  await expect(page.getByTestId("run-row").first()).toContainText("not sent");
});

test("a run goes on while nobody watches", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, addresses(200).join("\n"));
  await send(page);
  const run = page.url();
  await expect(runStatus(page)).toHaveText(UNDER_WAY);
  const before = await over(runStatus(page));
  await page.goto("about:blank");
  await expect.poll(async () => (await mails(rolecall.started.sandbox)).size, RUN).toBe(200);
  expect(before).toBeLessThan(200);
  await page.goto(run);
  await expect(runStatus(page)).toHaveText("Finished: 200 done.", RUN);
});

test("a wait for the service's limit is named while it lasts", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  // the sandbox says of this one that it was asked too often
  await paste(page, ["ada@example.org", "fails.429-bare@example.org"].join("\n"));
  await send(page);
  await expect(runStatus(page)).toHaveText(/^1 of 2, waiting \d+ s: Astro allows 10 a second\.$/, RUN);
  await page.getByRole("button", { name: "Stop" }).click();
  await expect(runStatus(page)).toHaveText("Stopped: 1 done, 1 not sent.", RUN);
});

test.describe("within the service's limits", () => {
  test.use({ flags: ["--rate", "real"] });

  test("the time is told before and while it goes", async ({ page, rolecall }) => {
    await open(page, rolecall, "Invite");
    await paste(page, addresses(60).join("\n"));
    await sendButton(page).click();
    const dialog = page.getByRole("dialog", { name: "Invite 60 people to Cosmic Energy" });
    await expect(dialog).toContainText("60 calls, about 6 seconds at the service’s limit of 10 a second.");
    await dialog.getByRole("button", { name: "Send 60" }).click();
    await expect(runStatus(page)).toHaveText(/^\d+ of 60, about \d seconds? left at 10 a second\.$/);
  });
});
