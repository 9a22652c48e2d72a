import { RUN, go, line, lines, open, paste, runStatus, send, sendButton } from "../../support/bulk.ts";
import { people, somebody } from "../../support/services.ts";
import { expect, test } from "../../support/test.ts";

const ORGANIZATION = "Cosmic Energy";
const MEMBER = ["ORGANIZATION_MEMBER"].toString();

test("what the vendors' CLIs print is a list", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  const who = page.getByRole("textbox", { name: "Who" });
  const printed = [
    " FULLNAME      EMAIL                     ID                            ORGANIZATION ROLE",
    " Ann B. Lee    ann@newcomers.example     clm8qv74h000008mlf08scq7k     ORGANIZATION_OWNER",
    "               omar@newcomers.example    clm8qv74h000008mlf08scq7l     ORGANIZATION_MEMBER",
  ].join("\n");
  const people = [
    { fullName: "Ann B. Lee", email: "ann@newcomers.example", id: "clm8qv74h000008mlf08scq7k", orgRole: "ORGANIZATION_OWNER" },
    { fullName: "", email: "omar@newcomers.example", id: "clm8qv74h000008mlf08scq7l", orgRole: "ORGANIZATION_MEMBER" },
  ];
  for (const text of [printed, JSON.stringify({ users: people }, null, 2)]) {
    await who.fill(text);
    await expect(lines(page)).toHaveCount(2);
    await expect(page.getByRole("combobox", { name: "Role of line 2", exact: true })).toHaveValue("ORGANIZATION_OWNER");
    await expect(page.getByRole("textbox", { name: "Address of line 3", exact: true })).toHaveValue("omar@newcomers.example");
    await expect(sendButton(page)).toHaveText("Send 2…");
  }
  // JSON is shown as the table that it is read as
  await expect(who).toHaveValue(/^email,id,name,role\r?\nann@newcomers\.example,/);
  await who.fill("");
  await expect(lines(page)).toHaveCount(0);
});

test("each line says what it would do, and a mend is one click away", async ({ page, rolecall }) => {
  const { sandbox } = rolecall.started;
  const active = [...(await people(sandbox, ORGANIZATION)).values()].filter(
    (it) => it.status === "ACTIVE" && it.roles.toString() === MEMBER && /^[a-z.]+@example/.test(it.email),
  );
  const [same, other] = [active[0]!.email, active[1]!.email];
  const pending = await somebody(sandbox, ORGANIZATION, (it) => it.status === "PENDING");
  await open(page, rolecall, "Invite");
  await paste(
    page,
    [
      "email,role",
      "lena@newcomers.example,",
      `${same},Member`,
      `${other},Billing admin`,
      `${pending.email},`,
      "LENA@newcomers.example,",
      "priya@@newcomers.example,",
      "tom@gmial.com,",
      "kim@newcomers.example,OWNR",
    ].join("\n"),
  );

  await expect(lines(page)).toHaveCount(8);
  await expect(line(page, 2)).toContainText("new");
  await expect(line(page, 3)).toContainText("in the organization already");
  await expect(line(page, 4)).toContainText("is Member now, changes role");
  await expect(line(page, 5)).toContainText("invited already, not yet joined");
  await expect(line(page, 6)).toContainText("the same as line 2");
  await expect(line(page, 7)).toContainText("(character 7)");
  await expect(line(page, 8)).toContainText("new; a slip?");
  await expect(line(page, 9)).toContainText("OWNR");
  // what is wrong is the role, not the address
  await expect(line(page, 9).getByRole("combobox")).toHaveAttribute("aria-invalid", "true");
  await expect(line(page, 9).getByRole("textbox")).toHaveAttribute("aria-invalid", "false");
  await expect(page.getByRole("textbox", { name: "Address of line 7", exact: true })).toHaveAttribute("aria-invalid", "true");
  // what nothing can come of cannot be ticked
  for (const number of [3, 5, 6, 7, 9]) {
    await expect(page.getByRole("checkbox", { name: `Send line ${number}`, exact: true })).toBeDisabled();
  }
  await expect(sendButton(page)).toHaveText("Send 3…");

  await line(page, 8).getByRole("button", { name: "Use tom@gmail.com" }).click();
  const mended = page.getByRole("textbox", { name: "Address of line 8", exact: true });
  await expect(mended).toHaveValue("tom@gmail.com");
  await expect(mended, "the focus stays in the line").toBeFocused();
  await expect(line(page, 8)).not.toContainText("a slip");

  await line(page, 9).getByRole("button", { name: "Use Owner" }).click();
  await expect(page.getByRole("combobox", { name: "Role of line 9", exact: true })).toHaveValue("ORGANIZATION_OWNER");
  await expect(line(page, 9)).toContainText("new");

  // edited in place: judged anew, and the focus goes on to the next field
  const address = page.getByRole("textbox", { name: "Address of line 7", exact: true });
  await address.fill("priya@newcomers.example");
  await address.press("Tab");
  await expect(line(page, 7)).toContainText("new");
  await expect(address).toHaveAttribute("aria-invalid", "false");
  await expect(page.getByRole("combobox", { name: "Role of line 7", exact: true })).toBeFocused();
  await expect(sendButton(page)).toHaveText("Send 5…");

  // and back into something wrong
  await address.fill("priya@newcomers");
  await address.press("Tab");
  await expect(address).toHaveAttribute("aria-invalid", "true");
  await expect(sendButton(page)).toHaveText("Send 4…");
});

test("lines are left out, filtered, and given a role together", async ({ page, rolecall }) => {
  const { sandbox } = rolecall.started;
  const member = await somebody(
    sandbox,
    ORGANIZATION,
    (it) => it.status === "ACTIVE" && it.roles.toString() === MEMBER && /^[a-z.]+@example/.test(it.email),
  );
  await open(page, rolecall, "Invite");
  await paste(page, `ada@newcomers.example\nomar@newcomers.example\n${member.email}\nnot an address\nlena@newcomers.example`);
  const only = page.getByRole("group", { name: "Show only" });

  await page.getByRole("checkbox", { name: "Send line 2", exact: true }).uncheck();
  await expect(line(page, 2)).toContainText("left out");
  await expect(sendButton(page)).toHaveText("Send 2…");
  await expect(only.getByRole("button", { name: "2 nothing to do" })).toBeVisible();

  const invites = only.getByRole("button", { name: "2 to invite" });
  await invites.click();
  await expect(invites).toHaveAttribute("aria-pressed", "true");
  await expect(lines(page)).toHaveCount(2);
  await page.getByRole("combobox", { name: "Role of all 2 shown" }).selectOption("Billing admin");
  await expect(page.getByRole("combobox", { name: "Role of line 1", exact: true })).toHaveValue("ORGANIZATION_BILLING_ADMIN");
  await invites.click();
  await expect(invites).toHaveAttribute("aria-pressed", "false");
  // those that were not shown keep theirs
  await expect(page.getByRole("combobox", { name: "Role of line 2", exact: true })).toHaveValue("");

  await only.getByRole("button", { name: /to mend/ }).click();
  await expect(page.getByRole("textbox", { name: "Address of line 4", exact: true })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Address of line 1", exact: true })).toBeHidden();
  await only.getByRole("button", { name: /to mend/ }).click();

  await page.getByRole("combobox", { name: "Role where none is given" }).selectOption("Observe member");
  await page.getByRole("checkbox", { name: "Send line 2", exact: true }).check();
  await send(page);
  await expect(runStatus(page)).toHaveText("Finished: 3 done.", RUN);
  const there = await people(sandbox, ORGANIZATION);
  expect(there.get("ada@newcomers.example")?.roles).toEqual(["ORGANIZATION_BILLING_ADMIN"]);
  expect(there.get("lena@newcomers.example")?.roles).toEqual(["ORGANIZATION_BILLING_ADMIN"]);
  expect(there.get("omar@newcomers.example")?.roles).toEqual(["ORGANIZATION_OBSERVE_MEMBER"]);
  expect(there.get(member.email)).toEqual(member);
});

test("a list survives a look at another page", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, "ada@newcomers.example\nomar@newcomers.example");
  await page.getByRole("checkbox", { name: "Send line 2", exact: true }).uncheck();
  await page.getByRole("combobox", { name: "Role of line 1", exact: true }).selectOption("Billing admin");
  await go(page, "Users");
  await expect(page.getByTestId("user-row").first()).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("textbox", { name: "Who" })).toHaveValue("ada@newcomers.example\nomar@newcomers.example");
  await expect(page.getByRole("checkbox", { name: "Send line 2", exact: true })).not.toBeChecked();
  await expect(page.getByRole("combobox", { name: "Role of line 1", exact: true })).toHaveValue("ORGANIZATION_BILLING_ADMIN");
  await expect(sendButton(page)).toHaveText("Send 1…");
});

test("a list, and what was decided about it, survives reading the page anew", async ({ page, rolecall }) => {
  const list = "email,role\nada@newcomers.example,\nomar@newcomers.example,Owner\npriya@newcomers,OWNR\nkim@newcomers.example,";
  await open(page, rolecall, "Invite");
  await paste(page, list);
  await page.getByLabel("Role where none is given").selectOption("Billing admin");
  await page.getByRole("checkbox", { name: "Send line 3", exact: true }).uncheck();
  await page.getByRole("combobox", { name: "Role of line 5", exact: true }).selectOption("Owner");
  const mended = page.getByRole("textbox", { name: "Address of line 4", exact: true });
  await mended.fill("priya@newcomers.example");
  await mended.press("Tab");
  const as_left = async () => {
    await expect(page.getByRole("textbox", { name: "Who" })).toHaveValue(list);
    await expect(page.getByRole("checkbox", { name: "Send line 3", exact: true })).not.toBeChecked();
    await expect(line(page, 2).getByRole("combobox").locator("option:checked")).toHaveText("Billing admin (default)");
    await expect(line(page, 5).getByRole("combobox")).toHaveValue("ORGANIZATION_OWNER");
    await expect(mended).toHaveValue("priya@newcomers.example");
    await expect(line(page, 4)).toContainText("there is no role “OWNR”");
    await expect(sendButton(page)).toHaveText("Send 2…");
  };
  await as_left();
  await page.reload();
  await as_left();
  // another page first, and the tab once more
  await go(page, "Users");
  await page.reload();
  await expect(page.getByTestId("user-row").first()).toBeVisible();
  await go(page, "Invite");
  await as_left();

  await paste(page, "");
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Who" })).toHaveValue("");
});

test("what was decided for one service is not taken for another", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, "ada@newcomers.example");
  await page.getByRole("combobox", { name: "Role of line 1", exact: true }).selectOption("Owner");
  await page.evaluate(() => {
    const leave = Storage.prototype.setItem;
    Storage.prototype.setItem = function (name, value) {
      leave.call(this, name, name === "rolecall.draft.invite" ? value.replace('"service":"astro"', '"service":"astra"') : value);
    };
  });
  await page.reload();
  await expect(page.getByRole("textbox", { name: "Who" })).toHaveValue("ada@newcomers.example");
  await expect(line(page, 1).getByRole("combobox").locator("option:checked")).toHaveText("Member (default)");
});

test("where the browser has no room for the list, it asks before it lets the page go", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, "ada@newcomers.example");
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  const asked = page.waitForEvent("dialog");
  await page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await expect(page.getByRole("textbox", { name: "Who" })).toHaveValue("ada@newcomers.example");
});

test("what was decided about lines stays while the list goes on being typed", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  const list = "ada@newcomers.example\nomar@newcomers.example";
  await paste(page, list);
  await page.getByRole("checkbox", { name: "Send line 2", exact: true }).uncheck();
  await page.getByRole("combobox", { name: "Role of line 1", exact: true }).selectOption("Billing admin");
  await page.getByRole("textbox", { name: "Who" }).fill(`kim@newcomers.example\n${list}`);
  await expect(sendButton(page)).toHaveText("Send 2…");
  await expect(page.getByRole("checkbox", { name: "Send line 3", exact: true })).not.toBeChecked();
  await expect(page.getByRole("combobox", { name: "Role of line 2", exact: true })).toHaveValue("ORGANIZATION_BILLING_ADMIN");
});

test("somebody who is there twice with different roles is told of", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, "email,role\njo@newcomers.example,Member\njo@newcomers.example,Owner\njo@newcomers.example,");
  await expect(page.getByText("the same person as line 2, which counts, with another role")).toHaveCount(1);
  await expect(page.getByText("the same as line 2", { exact: true })).toHaveCount(1);
});

test("a file is read wherever on the page it falls, and a workbook is told of", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  const drop = (name: string, text: string) =>
    page.getByRole("heading", { level: 1 }).evaluate(
      (heading, [name, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([text!], name!));
        const init = { dataTransfer: data, bubbles: true, cancelable: true };
        return heading.dispatchEvent(new DragEvent("drop", init));
      },
      [name, text],
    );
  expect(await drop("people.xlsx", "PK\u0003\u0004 and more"), "the browser opens no file itself").toBe(false);
  await expect(page.getByText("people.xlsx is no text. Of a workbook, save the sheet as CSV")).toBeVisible();
  await drop("people.txt", "* ada@newcomers.example\n* omar@newcomers.example");
  await expect(sendButton(page)).toHaveText("Send 2…");
});

test("a role may stand behind some of the addresses only", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(
    page,
    [
      "lena@newcomers.example",
      "Omar Haddad <omar@newcomers.example>  ORGANIZATION_BILLING_ADMIN",
      "chen.wei@newcomers.example;billing admin",
      "ada@newcomers.example owner",
      "kim@newcomers.example OWNR",
    ].join("\n"),
  );
  await expect(lines(page)).toHaveCount(5);
  const role = (number: number) => page.getByRole("combobox", { name: `Role of line ${number}`, exact: true });
  await expect(role(1)).toHaveValue("");
  await expect(role(2)).toHaveValue("ORGANIZATION_BILLING_ADMIN");
  await expect(role(3)).toHaveValue("ORGANIZATION_BILLING_ADMIN");
  await expect(role(4)).toHaveValue("ORGANIZATION_OWNER");
  await line(page, 5).getByRole("button", { name: "Use Owner" }).click();
  await expect(role(5)).toHaveValue("ORGANIZATION_OWNER");
  await expect(sendButton(page)).toHaveText("Send 5…");
});

test("a comma for the dot of a domain is one line, which its button mends", async ({ page, rolecall }) => {
  await open(page, rolecall, "Invite");
  await paste(page, "lena@newcomers.example\nkim@newcomers,example");
  await expect(lines(page)).toHaveCount(2);
  await expect(line(page, 2)).toContainText("without comma or semicolon: “,” (character 14)");
  await line(page, 2).getByRole("button", { name: "Use kim@newcomers.example" }).click();
  await expect(line(page, 2)).toContainText("new");
  await expect(sendButton(page)).toHaveText("Send 2…");
});
