// A long list under review, in a real Chromium: how long until it is judged, and how long the page does not
// answer meanwhile.

import { appendFileSync } from "node:fs";

import { expect, test } from "@playwright/test";

import { Rolecall } from "../support/rolecall.ts";

const RUNS = 5;

/** The longest time without an answer that people do not notice, milliseconds. */
const UNNOTICED = 50;

/** How long it may take until all lines are judged, milliseconds. */
const BARS = new Map([
  [5_000, 150],
  [100_000, 2_000],
]);

function list(rows: number): string {
  const row = (_: unknown, i: number) => `"Person, ${i + 1}",person.${i + 1}@newcomers.example,Billing admin`;
  return ["Name,Email,Role", ...Array.from({ length: rows }, row)].join("\r\n");
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function print(text: string): void {
  const table = process.env["ROLECALL_TABLE"];
  if (table === undefined) console.log(text);
  else appendFileSync(table, text);
}

for (const rows of [500, 5_000, 100_000]) {
  test(`a file of ${rows} rows`, async ({ browser }) => {
    const rolecall = await Rolecall.start(["--seed-users", "10000", "--rate", "off"]);
    const found = { shown: [] as number[], longest: [] as number[], ticked: [] as number[] };
    for (let run = 0; run < RUNS; run++) {
      const page = await (await browser.newContext()).newPage();
      await page.goto(rolecall.started.link);
      await expect(page.getByTestId("user-count")).toHaveAttribute("data-total", "10000", { timeout: 120_000 });
      await page.getByRole("link", { name: "Invite", exact: true }).click();
      await expect(page.getByRole("textbox", { name: "Who" })).toBeVisible();
      await page.evaluate(() => {
        const tasks: number[] = [];
        Object.assign(window, { tasks });
        new PerformanceObserver((seen) => tasks.push(...seen.getEntries().map((it) => it.duration))).observe({
          type: "longtask",
        });
      });
      const longest = () =>
        page.evaluate(async () => {
          // an entry comes after the frame that follows its task
          await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)));
          const tasks = (window as unknown as { tasks: number[] }).tasks;
          return Math.max(0, ...tasks.splice(0));
        });
      // dropped as a file, and timed in the page itself
      const shown = await page.getByTestId("list").evaluate(
        async (field, [text, wanted]) => {
          const files = new DataTransfer();
          files.items.add(new File([text!], "people.csv", { type: "text/csv" }));
          const there = () => [...document.querySelectorAll("button")].some((it) => it.textContent === wanted);
          const begun = performance.now();
          const judged = new Promise<number>((found) => {
            const seen = new MutationObserver(() => {
              if (there()) found(performance.now() - begun);
            });
            seen.observe(document.body, { subtree: true, childList: true, characterData: true });
          });
          field.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
          return judged;
        },
        [list(rows), `Send ${rows.toLocaleString("en")}…`],
      );
      found.shown.push(shown);
      found.longest.push(await longest());
      await page.getByRole("checkbox", { name: "Send line 2", exact: true }).uncheck();
      await expect(page.getByRole("button", { name: `Send ${(rows - 1).toLocaleString("en")}…` })).toBeVisible();
      found.ticked.push(await longest());
      await page.context().close();
    }
    await rolecall.stop();
    const bar = BARS.get(rows);
    const table = [
      [`dropped → all lines judged${bar === undefined ? "" : ` (bar: ${bar})`}`, found.shown],
      [`longest task of it (bar: ${UNNOTICED}; below counts as 0)`, found.longest],
      ["longest task when one line is left out", found.ticked],
    ] as const;
    const lines = table.map(([what, values]) => `  ${what.padEnd(52)} ${median(values).toFixed(1).padStart(8)} ms`);
    print(`A list of ${rows.toLocaleString("en")} rows beside 10,000 users, medians of ${RUNS}\n${lines.join("\n")}\n\n`);
  });
}
