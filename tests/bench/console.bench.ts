// What a person waits for at the console, in a real Chromium: medians of five.

import { appendFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Browser, type Page, expect, test } from "@playwright/test";

import { CONSOLE, Rolecall } from "../support/rolecall.ts";

const RUNS = 5;

/** Typed one by one into the search box in each run; each leaves fewer users, so that the count changes. */
const QUERY = "ka7";

type Row = { what: string; values: number[]; unit: string; bar?: number | undefined };

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function print(title: string, rows: Row[]): void {
  const lines = rows.map(({ what, values, unit, bar }) => {
    const range = `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
    const verdict = bar === undefined ? "" : `${median(values) <= bar ? "holds" : "MISSED"} (bar ${bar.toFixed(0)} ${unit})`;
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

/** The console's folder with the peers' pages beside its own. */
async function assets(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rolecall-bench-"));
  await cp(CONSOLE, folder, { recursive: true });
  await cp(join(import.meta.dirname, "peers"), folder, { recursive: true });
  return folder;
}

type Found = { first: number[]; all: number[]; keys: number[]; dropped: number[]; blank: number[] };

async function measure(browser: Browser, link: string, users: number, found: Found): Promise<void> {
  const page = await open(browser, link);
  found.first.push(await firstRows(page));
  found.all.push(await loaded(page, users));
  found.keys.push(median(await keys(page)));
  const { dropped, blank } = await scroll(page, 4);
  found.dropped.push(dropped);
  found.blank.push(blank);
  await page.context().close();
}

for (const users of [10_000, 100_000]) {
  test(`the users page with ${users} users`, async ({ browser }) => {
    const folder = await assets();
    const rolecall = await Rolecall.start(["--seed-users", String(users), "--rate", "off"], folder);
    const { link } = rolecall.started;
    const nothing = (): Found => ({ first: [], all: [], keys: [], dropped: [], blank: [] });
    const console_ = nothing();
    const vanilla = nothing();
    for (let run = 0; run < RUNS; run++) {
      // In turn, so that what slows the machine for a while slows both.
      await measure(browser, link, users, console_);
      await measure(browser, link.replace("/#", "/vanilla.html#"), users, vanilla);
    }
    await rolecall.stop();
    await rm(folder, { recursive: true });

    const large = users > 10_000;
    const frame = 1_000 / 60;
    const rows = (found: Found, bars: Partial<Record<keyof Found, number>>): Row[] => [
      { what: "page opened → first rows painted", values: found.first, unit: "ms", bar: bars.first },
      { what: "page opened → all users loaded", values: found.all, unit: "ms", bar: bars.all },
      { what: "key pressed in the search → painted", values: found.keys, unit: "ms", bar: bars.keys },
      { what: "frames dropped scrolling, processor slowed 4 ×", values: found.dropped, unit: "%", bar: bars.dropped },
      { what: "frames without rows while scrolling", values: found.blank, unit: "", bar: bars.blank },
    ];
    const title = `${users.toLocaleString("en")} users, medians of ${RUNS} (lowest to highest)`;
    const first = Math.min(large ? Infinity : 1_500, 1.5 * median(vanilla.first));
    const key = large ? 33 : Math.min(50, median(vanilla.keys) + frame);
    print(`${title}: the console`, rows(console_, { first, keys: key, dropped: 10, blank: 0 }));
    print(`${title}: a page written by hand`, rows(vanilla, {}));
  });
}
