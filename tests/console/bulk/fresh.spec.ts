import { RUN, addresses, go, line, open, paste, runStatus, send, sendButton, switchTo } from "../../support/bulk.ts";
import { Console } from "../../support/console.ts";
import type { Sandbox } from "../../support/rolecall.ts";
import { mails, people, token } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

const ASTRA = "Stellar Data";

test("a list that another tab has sent meanwhile is not sent again", async ({ page, context, rolecall }) => {
  const list = addresses(12).join("\n");
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await open(tab, rolecall, "Users");
    await switchTo(tab, ASTRA);
    await go(tab, "Invite");
    await paste(tab, list);
    await expect(sendButton(tab)).toHaveText("Send 12…");
  }
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 12 done.", RUN);
  await sendButton(other).click();
  await expect(other.getByRole("status").filter({ hasText: "Meanwhile it is so already" })).toBeVisible();
  await expect(line(other, 1)).toContainText("invited already");
  await expect(sendButton(other)).toHaveText("Nothing to send yet");
  expect(new Set((await mails(rolecall.started.sandbox)).values())).toEqual(new Set([1]));
});

test("one address that another tab has invited meanwhile is not invited again", async ({ page, context, rolecall }) => {
  const email = "ada@newcomers.example";
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await open(tab, rolecall, "Users");
    await switchTo(tab, ASTRA);
  }
  const [first, second] = [new Console(page), new Console(other)];
  await second.startInvite();
  await second.dialog.getByLabel("Email").fill(email);
  await second.dialog.getByRole("checkbox").first().check();
  await first.invite(email, ["Read Only User"]);
  await second.dialog.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(second.dialog.getByRole("alert")).toContainText(`${email} was invited meanwhile`);
  expect((await mails(rolecall.started.sandbox)).get(email)).toBe(1);
});

test.describe("with a slow service", () => {
  test.use({ flags: ["--faults", "latency=120ms"] });

  test("the list is read again when a run is over, on whichever page somebody is", async ({ page, rolecall, users }) => {
    await open(page, rolecall, "Invite");
    await paste(page, addresses(30).join("\n"));
    await send(page);
    await go(page, "Users");
    const count = page.getByTestId("user-count");
    await expect(count).toHaveAttribute("data-total", String(users + 30), { timeout: 30_000 });
    await go(page, "Invite");
    await expect(sendButton(page)).toHaveText("Nothing to send yet");
  });
});

test("undoing a run leaves alone what another tab has changed since", async ({ page, context, rolecall }) => {
  const { sandbox } = rolecall.started;
  const members = [...(await people(sandbox, "Cosmic Energy")).values()].filter(
    ({ email, roles, status }) => status === "ACTIVE" && roles.toString() === "ORGANIZATION_MEMBER" && /^[a-z.]+@example/.test(email),
  );
  const [one, two] = [members[0]!.email, members[1]!.email];
  await open(page, rolecall, "Invite");
  await paste(page, `email,role\n${one},Billing admin\n${two},Billing admin`);
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 2 done.", RUN);

  const other = new Console(await context.newPage());
  await open(other.page, rolecall, "Users");
  await other.find(two);
  await other.reRole(["Observe admin"]);
  await expect(other.said(`${two} is Observe admin now.`)).toBeVisible();

  await page.getByRole("button", { name: "Undo…" }).click();
  const dialog = page.getByRole("dialog", { name: "Undo run 1 in Cosmic Energy" });
  await expect(dialog).toContainText("Not sent: 1");
  await expect(dialog).toContainText(`${two} has changed since`);
  await dialog.getByRole("button", { name: "Send 1" }).click();
  await expect(runStatus(page)).toHaveText("Finished: 1 done.", RUN);
  const there = await people(sandbox, "Cosmic Energy");
  expect([there.get(one)?.roles, there.get(two)?.roles]).toEqual([["ORGANIZATION_MEMBER"], ["ORGANIZATION_OBSERVE_ADMIN"]]);
});

/** Roles of everybody in the sandbox's first Astra organization, by address, and who has not joined yet. */
async function inAstra(sandbox: Sandbox): Promise<Map<string, { pending: boolean; roles: string[] }>> {
  const headers = { authorization: `Bearer ${token(sandbox, "astra")}` };
  const answer = await fetch(`${sandbox.astra.url}/organizations/users`, { headers });
  const { Users } = (await answer.json()) as { Users: { Email: string; Status: string; Roles: { ID: string }[] }[] };
  return new Map(Users.map((it) => [it.Email, { pending: it.Status !== "active", roles: it.Roles.map(({ ID }) => ID).sort() }]));
}

test("an invitation that is sent again gives the roles that it gave", async ({ page, rolecall }) => {
  const { sandbox } = rolecall.started;
  const [email, { roles }] = [...(await inAstra(sandbox))].find(([, it]) => it.pending && it.roles.length > 1)!;
  await open(page, rolecall, "Users");
  await switchTo(page, ASTRA);
  await go(page, "Invite");
  await paste(page, email);
  await page.getByRole("checkbox", { name: "Send line 1", exact: true }).check();
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 1 done.", RUN);
  expect((await mails(sandbox)).get(email)).toBe(1);
  expect((await inAstra(sandbox)).get(email)?.roles).toEqual(roles);
});
