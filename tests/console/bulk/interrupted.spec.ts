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

test("a run that a crash interrupts is resumed, with one outcome and one mail for each row", async ({
  page,
  rolecall,
}) => {
  const everybody = addresses(200);
  await open(page, rolecall, "Invite");
  await paste(page, everybody.join("\n"));
  await send(page);
  await expect(runStatus(page)).toHaveText(/^[1-9]\d+ of 200, about \d+ seconds? left/, RUN);

  await rolecall.kill();
  await expect(page.getByRole("alert").filter({ hasText: "Rolecall does not answer" })).toBeVisible();
  await rolecall.startAgain(["--seed-users", "200", ...FLAGS]);

  // the page finds its way back by itself, and nothing is sent before somebody says so
  await expect(runStatus(page)).toHaveText(/^Paused at \d+ of 200: the server was stopped in the middle\.$/, RUN);
  await expect(page.getByRole("alert")).toBeHidden();
  const before = await mails(rolecall.started.sandbox);
  expect(before.size).toBeGreaterThan(0);
  expect(before.size).toBeLessThan(200);

  await page.getByRole("button", { name: "Resume" }).click();
  await expect(runStatus(page)).toHaveText("Finished: 200 done.", RUN);
  await expect(page.getByRole("progressbar", { name: "Progress of the run" })).toHaveAttribute("aria-valuenow", "200");

  const after = await mails(rolecall.started.sandbox);
  expect([...after.keys()].sort()).toEqual(everybody.toSorted());
  expect([...after.values()]).toEqual(everybody.map(() => 1));
  expect((await people(rolecall.started.sandbox, "Cosmic Energy")).size).toBe(400);

  // and a page that is opened afterwards shows the same
  await page.reload();
  await expect(runStatus(page)).toHaveText("Finished: 200 done.", RUN);
});
