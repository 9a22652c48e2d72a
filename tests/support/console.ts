import { type Locator, type Page, expect } from "@playwright/test";

/** The console as somebody in front of the screen speaks of it. */
export class Console {
  readonly search: Locator;
  readonly count: Locator;
  readonly table: Locator;
  readonly dialog: Locator;
  readonly switcher: Locator;

  constructor(readonly page: Page) {
    this.search = page.getByRole("searchbox", { name: "Search users" });
    this.count = page.getByTestId("user-count");
    this.table = page.getByRole("table", { name: "Users" });
    this.dialog = page.getByRole("dialog");
    this.switcher = page.getByRole("button", { name: /^Switch organization/ });
  }

  /** Opens a link and waits until all of the first organization's users are there. */
  async open(link: string, users: number): Promise<void> {
    await this.page.goto(link);
    await this.loaded(users);
  }

  /** Waits until this many users are loaded. */
  async loaded(users: number): Promise<void> {
    await expect(this.count).toHaveAttribute("data-total", String(users), { timeout: 60_000 });
  }

  /** The number of users loaded. */
  async total(): Promise<number> {
    return Number(await this.count.getAttribute("data-total"));
  }

  /** Rows that hold this text. */
  row(text: string | RegExp): Locator {
    return this.page.getByTestId("user-row").filter({ hasText: text });
  }

  /** The address that a row shows. */
  async addressIn(row: Locator): Promise<string> {
    const found = /\S+@\S+/.exec(await row.innerText());
    if (found === null) throw new Error("this row shows no address");
    return found[0];
  }

  /** Types into the search box and waits until this many rows are left. */
  async find(text: string, shown = 1): Promise<void> {
    await this.search.fill(text);
    await expect(this.count).toHaveAttribute("data-shown", String(shown));
  }

  /** A message at the edge of the page. */
  said(text: string | RegExp): Locator {
    return this.page.getByRole("status").filter({ hasText: text });
  }

  /** A role in the open dialog, by the beginning of its name. */
  role(label: string): Locator {
    const name = new RegExp(`^${label.replace(/[/()]/g, "\\$&")}`);
    return this.dialog.getByRole("radio", { name }).or(this.dialog.getByRole("checkbox", { name }));
  }

  /** Leaves exactly these roles chosen in the open dialog. */
  async choose(labels: string[]): Promise<void> {
    for (const box of await this.dialog.getByRole("checkbox").all()) await box.uncheck();
    for (const label of labels) await this.role(label).check();
  }

  /** Opens the dialog that invites one person. */
  async startInvite(): Promise<void> {
    await this.page.getByRole("main").getByRole("button", { name: "Invite…" }).click();
    await expect(this.dialog).toBeVisible();
  }

  /** Invites one person and waits until it is done. */
  async invite(email: string, labels: string[]): Promise<void> {
    await this.startInvite();
    await this.dialog.getByLabel("Email").fill(email);
    await this.choose(labels);
    await this.dialog.getByRole("button", { name: "Invite", exact: true }).click();
    await expect(this.dialog).toBeHidden();
    await expect(this.said(`Invited ${email}`)).toBeVisible();
  }

  /** Opens the dialog that changes the roles of the one user who is shown. */
  async startReRole(): Promise<void> {
    await this.table.getByRole("button", { name: /^Role of / }).click();
    await expect(this.dialog).toBeVisible();
  }

  /** Gives the one user who is shown exactly these roles. */
  async reRole(labels: string[]): Promise<void> {
    await this.startReRole();
    await this.choose(labels);
    await this.dialog.getByRole("button", { name: "Change role" }).click();
    await expect(this.dialog).toBeHidden();
  }

  /** Opens the dialog that withdraws or removes the one user who is shown. */
  async startEnd(verb: "Withdraw" | "Remove"): Promise<void> {
    await this.table.getByRole("button", { name: new RegExp(`^${verb} `) }).click();
    await expect(this.dialog).toBeVisible();
  }

  /** Withdraws the invitation of the one user who is shown. */
  async withdraw(): Promise<void> {
    await this.startEnd("Withdraw");
    await this.dialog.getByRole("button", { name: "Withdraw", exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }

  /** Picks another organization and waits until its users are loaded. */
  async switchTo(name: string, service: "Astro" | "Astra", users: number): Promise<void> {
    await this.switcher.click();
    await this.dialog.getByRole("searchbox", { name: "Find an organization" }).fill(`${name} ${service}`);
    await this.dialog.getByRole("listitem").first().getByRole("button").click();
    await expect(this.dialog).toBeHidden();
    await expect(this.switcher).toContainText(name);
    await this.loaded(users);
  }
}
