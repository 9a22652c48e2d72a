import { RUN, addresses, open, paste, runStatus, send } from "../../support/bulk.ts";
import { mails, people } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

/** Slow enough to be caught in the middle, and soon sure of what was under way. */
const FLAGS = ["--faults", "latency=250ms", "--request-timeout", "2"];

test.use({
  flags: FLAGS,
  // what the browser says of a server that is gone
  expectedErrors: [/net::ERR_CONNECTION_REFUSED|net::ERR_INCOMPLETE_CHUNKED_ENCODING|net::ERR_CONNECTION_RESET|net::ERR_EMPTY_RESPONSE/],
});

test("a run that a crash interrupts goes on by itself, with one outcome and one mail for each row", async ({
  page,
  rolecall,
}) => {
  const everybody = addresses(500);
  await open(page, rolecall, "Invite");
  await paste(page, everybody.join("\n"));
  await send(page);
  // killed at row 250, or a few later
  await expect(runStatus(page)).toHaveText(/^(2[5-9]\d|3\d\d) of 500\.$/, RUN);
  await rolecall.kill();
  await expect(page.getByRole("alert").filter({ hasText: "Rolecall does not answer" })).toBeVisible();
  await rolecall.startAgain(["--seed-users", "200", ...FLAGS]);

  // the page finds its way back by itself
  await expect(runStatus(page)).toHaveText("Finished: 500 done.", RUN);
  await expect(page.getByRole("alert")).toBeHidden();
  await expect(page.getByRole("progressbar", { name: "Progress of the run" })).toHaveAttribute("aria-valuenow", "500");

  const sent = await mails(rolecall.started.sandbox);
  expect([...sent.keys()].sort()).toEqual(everybody.toSorted());
  expect([...sent.values()]).toEqual(everybody.map(() => 1));
  expect((await people(rolecall.started.sandbox, "Cosmic Energy")).size).toBe(700);

  // and a page that is opened afterwards shows the same
  await page.reload();
  await expect(runStatus(page)).toHaveText("Finished: 500 done.", RUN);
});

test("a run that somebody paused stays paused", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, addresses(200).join("\n"));
  await send(page);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(runStatus(page)).toHaveText(/^Paused at \d+ of 200\.$/);
  await rolecall.kill();
  await expect(page.getByRole("alert").filter({ hasText: "Rolecall does not answer" })).toBeVisible();
  await rolecall.startAgain(["--seed-users", "200", ...FLAGS]);
  await expect(page.getByRole("alert")).toBeHidden(RUN);
  await expect(runStatus(page)).toHaveText(/^Paused at \d+ of 200\.$/);
  expect((await mails(rolecall.started.sandbox)).size).toBeLessThan(200);
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(runStatus(page)).toHaveText("Finished: 200 done.", RUN);
  const sent = await mails(rolecall.started.sandbox);
  expect([...sent.values()]).toEqual(addresses(200).map(() => 1));
});
