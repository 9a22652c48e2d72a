import { go, line, lines, open, paste, runStatus, send, sendButton, step, switchTo, RUN } from "../../support/bulk.ts";
import { mails, people } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

/** As the vendor's documentation of adding a group has it: address, blank, role; no line end at the end. */
const USERS_TXT = [
  "user1@astronomer.example ORGANIZATION_OWNER",
  "user2@astronomer.example ORGANIZATION_BILLING_ADMIN",
  "user3@astronomer.example ORGANIZATION_MEMBER",
].join("\n");

test("the vendor's users.txt is sent as it is, its last line included", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose a file…" }).click();
  await (await chooser).setFiles({ name: "users.txt", mimeType: "text/plain", buffer: Buffer.from(USERS_TXT) });

  await expect(lines(page)).toHaveCount(3);
  await expect(page.getByRole("combobox", { name: "Role of line 1", exact: true })).toHaveValue("ORGANIZATION_OWNER");
  await expect(page.getByRole("combobox", { name: "Role of line 3", exact: true })).toHaveValue("ORGANIZATION_MEMBER");
  await expect(line(page, 3)).toContainText("new");
  await expect(page.getByRole("group", { name: "Show only" }).getByRole("button", { name: "3 to invite" })).toBeVisible();

  expect(await mails(rolecall.started.sandbox), "nothing is sent by a review").toEqual(new Map());
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 3 done.", RUN);

  const there = await people(rolecall.started.sandbox, "Cosmic Energy");
  expect(there.get("user1@astronomer.example")?.roles).toEqual(["ORGANIZATION_OWNER"]);
  expect(there.get("user2@astronomer.example")?.roles).toEqual(["ORGANIZATION_BILLING_ADMIN"]);
  expect(there.get("user3@astronomer.example")?.roles).toEqual(["ORGANIZATION_MEMBER"]);

  await go(page, "Users");
  await expect(page.getByTestId("user-count")).toHaveAttribute("data-total", "203");
  await page.getByTestId("user-search").fill("astronomer.example");
  await expect(page.getByTestId("user-row").filter({ hasText: "user3@astronomer.example" })).toContainText("Pending");
  await expect(page.getByTestId("user-count")).toHaveAttribute("data-shown", "3");
});

test("of 500 rows of a table, 497 are done and the three that fail are listed with the service's words", async ({
  page,
  rolecall,
}) => {
  const failing = ["fails.400@newcomers.example", "fails.404@newcomers.example", "fails.422@newcomers.example"];
  const rows = Array.from({ length: 497 }, (_, i) => `person.${i + 1}@newcomers.example`);
  rows.splice(100, 0, failing[0]!);
  rows.splice(250, 0, failing[1]!);
  rows.push(failing[2]!);
  const table = ["Name,Email,Role", ...rows.map((email, i) => `"Person, ${i + 1}",${email},Billing admin`)].join("\r\n");

  await open(page, rolecall, "Invite");
  await page
    .getByLabel("List to read")
    .setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(`\uFEFF${table}\r\n`) });
  await expect(sendButton(page)).toHaveText("Send 500…");
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 497 done, 3 not done.", RUN);

  const only = page.getByRole("group", { name: "Show only" });
  await expect(only.getByRole("button", { name: "497 done" })).toBeVisible();
  await only.getByRole("button", { name: "3 not done" }).click();
  await expect(page.getByTestId("run-row")).toHaveCount(3);
  for (const email of failing) {
    await expect(step(page, email)).toContainText(/not done – .+ \(status 4\d\d\), request [0-9a-f-]{36}/);
  }
  await only.getByRole("button", { name: "3 not done" }).click();
  await expect(step(page, "person.1@newcomers.example")).toContainText("done");

  const there = await people(rolecall.started.sandbox, "Cosmic Energy");
  const invited = rows.filter((email) => there.get(email)?.roles[0] === "ORGANIZATION_BILLING_ADMIN");
  expect(invited).toHaveLength(497);
  expect(there.size).toBe(697);
  const sent = await mails(rolecall.started.sandbox);
  expect([...sent.values()]).toEqual(Array.from({ length: 497 }, () => 1));

  await go(page, "Users");
  await expect(page.getByTestId("user-count")).toHaveAttribute("data-total", "697");
});

test("lines that are wrong stay, and the others go", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, "ada@newcomers.example\nbad@@newcomers.example\nomar@newcomers.example\nno-at-sign.example");
  await expect(page.getByRole("status").filter({ hasText: "2 lines are left out until mended." })).toBeVisible();
  await expect(sendButton(page)).toHaveText("Send 2…");
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 2 done.", RUN);
  expect([...(await mails(rolecall.started.sandbox)).keys()].sort()).toEqual([
    "ada@newcomers.example",
    "omar@newcomers.example",
  ]);
});

test("an Astra list goes the same way", async ({ page, rolecall }) => {
  await open(page, rolecall, "Users");
  await switchTo(page, "Stellar Data");
  await go(page, "Invite");
  await paste(page, "ada@newcomers.example\nomar@newcomers.example Organization Administrator");
  await expect(lines(page)).toHaveCount(2);
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 2 done.", RUN);
  expect([...(await mails(rolecall.started.sandbox)).values()]).toEqual([1, 1]);
});
