import { type Locator, type Page, expect } from "@playwright/test";

import type { Rolecall } from "./rolecall.ts";

/** What a test waits for at the most where a run waits for its service, milliseconds. */
export const RUN = { timeout: 45_000 };

/** Opens the console at its link and goes to a page by its tab. */
export async function open(page: Page, rolecall: Awaited<ReturnType<typeof Rolecall.start>>, tab: Tab): Promise<void> {
  await page.goto(rolecall.started.link);
  await expect(page.getByTestId("user-row").first()).toBeVisible();
  await go(page, tab);
}

type Tab = "Users" | "Invite" | "Roster" | "Activity";

/** Goes to a page by its tab. */
export async function go(page: Page, tab: Tab): Promise<void> {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: tab }).click();
}

/** Switches to the organization of that name, through the connection of that name where several lead to it. */
export async function switchTo(page: Page, organization: string, connection = ""): Promise<void> {
  await page.getByRole("button", { name: "Switch organization" }).click();
  const dialog = page.getByRole("dialog", { name: "Switch organization" });
  await dialog.getByRole("searchbox", { name: "Find an organization" }).fill(`${organization} ${connection}`);
  const places = dialog.getByRole("list", { name: "Organizations" }).getByRole("button");
  await places.filter({ has: page.getByText(organization, { exact: true }) }).first().click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: `Switch organization, now ${organization}` })).toBeVisible();
}

/** Puts a list into the field of the Invite page, as pasting does. */
export async function paste(page: Page, list: string): Promise<void> {
  await page.getByRole("textbox", { name: "Who" }).fill(list);
}

/** The row of the review for a line of the list. */
export function line(page: Page, number: number): Locator {
  const address = page.getByRole("textbox", { name: `Address of line ${number}`, exact: true });
  return page.getByRole("table", { name: "Lines" }).getByRole("row").filter({ has: address });
}

/** The rows of the review that stand in the page. */
export function lines(page: Page): Locator {
  return page.getByTestId("review-row");
}

/** The button below the review. */
export function sendButton(page: Page): Locator {
  return page.getByRole("button", { name: /^(Send [\d,]+…|Nothing to send yet)$/ });
}

/** Presses Send below the review, and again in the dialog; then the run is shown. */
export async function send(page: Page): Promise<void> {
  await sendButton(page).click();
  const dialog = page.getByRole("dialog", { name: / (to|in) / });
  await dialog.getByRole("button", { name: /^Send/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: /^Run \d+: / })).toBeVisible();
}

/** What the run says of itself. */
export function runStatus(page: Page): Locator {
  return page.getByTestId("run-status");
}

/** The row of a run for a person. */
export function step(page: Page, email: string): Locator {
  return page.getByRole("table", { name: "Steps" }).getByRole("row").filter({ hasText: email });
}

/** So many made-up addresses. */
export function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `person.${i + 1}@newcomers.example`);
}
