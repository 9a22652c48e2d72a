// What a person waits for at the console, in a real Chromium: medians of five.

import { appendFileSync } from "node:fs";

import { type Browser, type Page, expect, test } from "@playwright/test";

import { Rolecall } from "../support/rolecall.ts";

const RUNS = 5;

/** Characters typed one by one into the search box in each run. */
const QUERY = "marti";

type Row = { what: string; values: number[]; unit: string; bar?: number };

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function print(title: string, rows: Row[]): void {
  const lines = rows.map(({ what, values, unit, bar }) => {
    const range = `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
    const verdict = bar === undefined ? "" : `${median(values) <= bar ? "holds" : "MISSED"} (bar ${bar} ${unit})`;
    return `  ${what.padEnd(44)} ${median(values).toFixed(1).padStart(8)} ${unit.padEnd(3)} ${range.padEnd(14)} ${verdict}`;
  });
  const text = `${title}\n${lines.join("\n")}\n\n`;
  const table = process.env["ROLECALL_TABLE"];
  if (table === undefined) console.log(text);
  else appendFileSync(table, text);
}

/** A page in a context of its own: nothing cached, nobody signed in. */
async function open(browser: Browser, link: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(() => {
    const marks = { firstRows: 0 };
    Object.assign(window, { marks });
    new MutationObserver((_, observer) => {
      if (document.querySelector("[data-testid=user-row]")?.textContent?.includes("@") !== true) return;
      observer.disconnect();
      // A frame has been painted once a task runs after its callbacks.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => (marks.firstRows = performance.now());
        port2.postMessage(0);
      });
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  await page.goto(link);
  return page;
}

async function firstRows(page: Page): Promise<number> {
  const marked = await page.waitForFunction(() => (window as unknown as { marks: { firstRows: number } }).marks.firstRows);
  return (await marked.jsonValue()) as number;
}

async function loaded(page: Page, users: number): Promise<number> {
  await expect(page.getByTestId("user-count")).toHaveAttribute("data-total", String(users), { timeout: 120_000 });
  return page.evaluate(() => performance.now());
}

/** Milliseconds from each key's event to the frame that shows its answer. */
async function keys(page: Page): Promise<number[]> {
  const search = page.getByTestId("user-search");
  await search.fill("");
  await search.focus();
  const count = page.getByTestId("user-count");
  const times: number[] = [];
  for (const key of QUERY) {
    const before = await count.getAttribute("data-shown");
    await page.evaluate(() => {
      const result = { painted: 0 };
      Object.assign(window, { result });
      const counted = document.querySelector("[data-testid=user-count]")!;
      addEventListener(
        "keydown",
        (event) => {
          const observer = new MutationObserver(() => {
            observer.disconnect();
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => (result.painted = performance.now() - event.timeStamp);
              port2.postMessage(0);
            });
          });
          observer.observe(counted, { attributes: true, attributeFilter: ["data-shown"] });
        },
        { once: true, capture: true },
      );
    });
    await page.keyboard.press(key);
    await expect(count).not.toHaveAttribute("data-shown", before!);
    const painted = await page.waitForFunction(() => (window as unknown as { result: { painted: number } }).result.painted);
    times.push((await painted.jsonValue()) as number);
  }
  await search.fill("");
  return times;
}

/** Scrolls for two seconds, 400 pixels a frame: percent of frames dropped, and frames that showed no row. */
async function scroll(page: Page, slowdown: number): Promise<{ dropped: number; blank: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  const result = await page.evaluate(async () => {
    const scroller = document.querySelector("[data-testid=user-scroller]")!;
    const box = scroller.getBoundingClientRect();
    const middle = { x: box.x + box.width / 2, y: Math.min(box.bottom, innerHeight) - 60 };
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const interval: number[] = [];
    for (let at = await frame(), n = 0; n < 30; n++) {
      const next = await frame();
      interval.push(next - at);
      at = next;
    }
    const usual = interval.toSorted((a, b) => a - b)[15]!;
    let shown = 0;
    let blank = 0;
    const start = await frame();
    let last = start;
    while (last - start < 2_000) {
      scroller.scrollTop += 400;
      last = await frame();
      shown += 1;
      if (document.elementFromPoint(middle.x, middle.y)?.closest("[data-testid=user-row]") == null) blank += 1;
    }
    const possible = Math.round((last - start) / usual);
    return { dropped: Math.max(0, (100 * (possible - shown)) / possible), blank };
  });
  await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  return result;
}

for (const users of [10_000, 100_000]) {
  test(`the console with ${users} users`, async ({ browser }) => {
    const rolecall = await Rolecall.start(["--seed-users", String(users), "--rate", "off"]);
    const found = { first: [] as number[], all: [] as number[], keys: [] as number[], dropped: [] as number[], blank: [] as number[] };
    for (let run = 0; run < RUNS; run++) {
      const page = await open(browser, rolecall.started.link);
      found.first.push(await firstRows(page));
      found.all.push(await loaded(page, users));
      found.keys.push(median(await keys(page)));
      const { dropped, blank } = await scroll(page, 4);
      found.dropped.push(dropped);
      found.blank.push(blank);
      await page.context().close();
    }
    await rolecall.stop();
    const large = users > 10_000;
    print(`${users.toLocaleString("en")} users, medians of ${RUNS} (lowest to highest)`, [
      { what: "page opened → first rows painted", values: found.first, unit: "ms", ...(large ? {} : { bar: 1_500 }) },
      { what: "page opened → all users loaded", values: found.all, unit: "ms" },
      { what: "key pressed in the search → painted", values: found.keys, unit: "ms", bar: large ? 33 : 50 },
      { what: "frames dropped scrolling, processor slowed 4 ×", values: found.dropped, unit: "%", bar: 10 },
      { what: "frames without rows while scrolling", values: found.blank, unit: "", bar: 0 },
    ]);
  });
}
