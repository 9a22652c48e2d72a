// What is measured of one page of users, ours or a peer's: they share their test ids.

import { type Browser, type CDPSession, type Page, expect } from "@playwright/test";

/** One run of one page. Milliseconds, but where the name says otherwise. */
export type Run = {
  wireBytes: number;
  firstRows: number;
  allLoaded: number;
  blocked: number;
  firstKey: number;
  nextKey: number;
  clearing: number;
  droppedPercent: number;
  droppedRacingPercent: number;
  blankFrames: number;
  memoryBytes: number;
};

/** Pixels a frame of a list that is flicked hard: 6,000 a second, 136 rows. */
const FLICKED = 100;
/** Pixels a frame of a list whose scroll bar is dragged: rows that nobody can read. */
const RACING = 400;

/** Typed one by one into the search box; each leaves fewer users, so that the count changes. */
const QUERY = "ka7";

/** Runs in the page before all else: when the first rows are painted, how long tasks block it, what memory modules have. */
function watch(): void {
  const marks = { firstRows: 0, blocked: 0 };
  // the browser does not count the memory of WebAssembly among the page's own
  const memories = new Set<WebAssembly.Memory>();
  Object.assign(window, { memories });
  const seen = (made: WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource) => {
    const { exports } = "instance" in made ? made.instance : made;
    for (const it of Object.values(exports)) if (it instanceof WebAssembly.Memory) memories.add(it);
    return made;
  };
  for (const name of ["instantiate", "instantiateStreaming"] as const) {
    const own = WebAssembly[name] as (...given: unknown[]) => Promise<WebAssembly.Instance>;
    Object.assign(WebAssembly, { [name]: (...given: unknown[]) => own.apply(WebAssembly, given).then(seen) });
  }
  Object.assign(window, { marks });
  new PerformanceObserver((seen) => {
    for (const task of seen.getEntries()) marks.blocked += Math.max(0, task.duration - 50);
  }).observe({ type: "longtask", buffered: true });
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
}

type Marks = { firstRows: number; blocked: number };
const marks = (page: Page) => page.evaluate(() => (window as unknown as { marks: Marks }).marks);

/** Opens a page in a context of its own, nothing cached, nobody signed in, until it shows rows. */
async function open(browser: Browser, link: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const wire = await wireBytes(session);
  await page.addInitScript(watch);
  await page.goto(link);
  await page.waitForFunction(() => (window as unknown as { marks: Marks }).marks.firstRows);
  return { context, page, session, wire };
}

/** Milliseconds until a page shows rows. */
export async function firstRows(browser: Browser, link: string): Promise<number> {
  const { context, page } = await open(browser, link);
  const shown = (await marks(page)).firstRows;
  await context.close();
  return shown;
}

/** Measures a page. */
export async function measure(browser: Browser, link: string, users: number): Promise<Run> {
  const { context, page, session, wire } = await open(browser, link);
  const count = page.getByTestId("user-count");
  await expect(count).toHaveAttribute("data-total", String(users), { timeout: 120_000 });
  const allLoaded = await page.evaluate(() => performance.now());
  const { firstRows, blocked } = await marks(page);
  const memoryBytes = await memory(page, session);

  const search = page.getByTestId("user-search");
  await search.focus();
  const keys: number[] = [];
  for (const key of QUERY) keys.push(await pressed(page, key));
  await search.press("ControlOrMeta+a");
  const clearing = await pressed(page, "Delete");
  const flicked = await scroll(page, session, FLICKED, 4);
  const racing = await scroll(page, session, RACING, 4);
  await context.close();
  return {
    wireBytes: wire(),
    firstRows,
    allLoaded,
    blocked,
    firstKey: keys[0]!,
    nextKey: Math.max(...keys.slice(1)),
    clearing,
    droppedPercent: flicked.dropped,
    droppedRacingPercent: racing.dropped,
    blankFrames: flicked.blank + racing.blank,
    memoryBytes,
  };
}

/** Counts what comes over the wire for the page itself, as it is compressed; the users are the same for all. */
async function wireBytes(session: CDPSession): Promise<() => number> {
  let bytes = 0;
  const own = new Set<string>();
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (!new URL(response.url).pathname.startsWith("/api/")) own.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (own.has(requestId)) bytes += encodedDataLength;
  });
  await session.send("Network.enable");
  return () => bytes;
}

/** Milliseconds from a key's event to the frame that shows its answer. */
async function pressed(page: Page, key: string): Promise<number> {
  const count = page.getByTestId("user-count");
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
  return (await painted.jsonValue()) as number;
}

/** Scrolls from the top for two seconds: percent of frames dropped, and frames that showed no row. */
async function scroll(
  page: Page,
  session: CDPSession,
  pixelsAFrame: number,
  slowdown: number,
): Promise<{ dropped: number; blank: number }> {
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  const result = await page.evaluate(async (pixels) => {
    const scroller = document.querySelector("[data-testid=user-scroller]")!;
    scroller.scrollTop = 0;
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
      scroller.scrollTop += pixels;
      last = await frame();
      shown += 1;
      if (document.elementFromPoint(middle.x, middle.y)?.closest("[data-testid=user-row]") == null) blank += 1;
    }
    const possible = Math.round((last - start) / usual);
    return { dropped: Math.max(0, (100 * (possible - shown)) / possible), blank };
  }, pixelsAFrame);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  return result;
}

/** Bytes of the page's objects, nodes and buffers after a collection, and of the memory of its WebAssembly. */
async function memory(page: Page, session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const used = (await session.send("Runtime.getHeapUsage")) as {
    usedSize: number;
    embedderHeapUsedSize?: number;
    backingStorageSize?: number;
  };
  if (used.backingStorageSize === undefined) throw new Error("this Chromium does not tell the size of buffers");
  const modules = await page.evaluate(() => {
    const { memories } = window as unknown as { memories: Set<WebAssembly.Memory> };
    return [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  });
  return used.usedSize + (used.embedderHeapUsedSize ?? 0) + used.backingStorageSize + modules;
}
