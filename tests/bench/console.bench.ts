// What a person waits for at the console, beside the same page written by hand and with React: medians of five.

import { appendFileSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { test } from "@playwright/test";
import { build } from "esbuild";

import { CONSOLE, Rolecall } from "../support/rolecall.ts";
import { type Run, firstRows, measure } from "./measure.ts";

/** Only these sizes and pages, by how their names begin, while something is being made faster. */
const NARROW = {
  users: process.env["ROLECALL_BENCH_USERS"]?.split(","),
  pages: process.env["ROLECALL_BENCH_PAGES"]?.split(","),
};
const RUNS = 5;
/** Times that a page is opened in each run besides, only to see its first rows. */
const OPENED_BESIDES = 2;
/** Milliseconds between pages. */
const PAUSE = 1_000;
const FRAME = 1_000 / 60;
const PEERS = join(import.meta.dirname, "peers");

/** Pages that are measured, in the order of the columns. */
const PAGES = { console: "/#", "by hand": "/vanilla.html#", "React, TanStack": "/react.html#" };
type Name = keyof typeof PAGES;
type Medians = Record<Name, Run>;

const ROWS: { what: string; of: keyof Run; unit: string; per?: number }[] = [
  { what: "over the wire, compressed", of: "wireBytes", unit: "KB", per: 1_000 },
  { what: "page opened → first rows painted", of: "firstRows", unit: "ms" },
  { what: "page opened → all users loaded", of: "allLoaded", unit: "ms" },
  { what: "blocked beyond 50 ms a task until then", of: "blocked", unit: "ms" },
  { what: "first key in the search → painted", of: "firstKey", unit: "ms" },
  { what: "slower of the next two keys → painted", of: "nextKey", unit: "ms" },
  { what: "search cleared → painted", of: "clearing", unit: "ms" },
  { what: "frames dropped, flicked 100 px a frame, processor slowed 4 ×", of: "droppedPercent", unit: "%" },
  { what: "frames dropped, racing 400 px a frame, processor slowed 4 ×", of: "droppedRacingPercent", unit: "%" },
  { what: "frames without rows while scrolling", of: "blankFrames", unit: "" },
  { what: "memory with all users", of: "memoryBytes", unit: "MB", per: 1_000_000 },
];

/** The bars of the design, as functions of the peers of the same run. */
const BARS: { what: string; holds: (medians: Medians, users: number) => boolean }[] = [
  { what: "at most 150 KB over the wire", holds: ({ console: it }) => it.wireBytes <= 150_000 },
  { what: "first rows within 1.5 × by hand", holds: (all) => all.console.firstRows <= 1.5 * all["by hand"].firstRows },
  { what: "first rows of 10,000 within 1.5 s", holds: ({ console: it }, users) => users > 10_000 || it.firstRows <= 1_500 },
  {
    what: "key → painted: 10,000 within a frame of by hand, 100,000 within 33 ms",
    holds: (all, users) => slowestKey(all.console) <= (users > 10_000 ? 33 : slowestKey(all["by hand"]) + FRAME),
  },
  { what: "key → painted at most half of React", holds: (all) => slowestKey(all.console) <= slowestKey(all["React, TanStack"]) / 2 },
  { what: "at most 10 % of frames dropped when flicked", holds: ({ console: it }) => it.droppedPercent <= 10 },
  { what: "no frame without rows", holds: ({ console: it }) => it.blankFrames === 0 },
  { what: "memory at most by hand + 50 %", holds: (all) => all.console.memoryBytes <= 1.5 * all["by hand"].memoryBytes },
];

const NAMES = (Object.keys(PAGES) as Name[]).filter((name) => {
  const word = name.toLowerCase().replaceAll(" ", "-");
  return NARROW.pages?.some((begin) => word.startsWith(begin)) ?? true;
});
const SIZES = [10_000, 100_000].filter((users) => NARROW.users?.includes(String(users)) ?? true);

const slowestKey = (run: Run) => Math.max(run.firstKey, run.nextKey, run.clearing);

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

function median(runs: readonly Run[]): Run {
  return Object.fromEntries(ROWS.map(({ of }) => [of, middle(runs.map((run) => run[of]))])) as Run;
}

function table(medians: Medians, users: number): string {
  const cell = (run: Run, { of, unit, per = 1 }: (typeof ROWS)[number]) => `${(run[of] / per).toFixed(of === "blankFrames" ? 0 : 1)} ${unit}`.trim();
  return [
    `### ${users.toLocaleString("en")} users, medians of ${RUNS}, of first rows ${RUNS * (1 + OPENED_BESIDES)}`,
    "",
    `| | ${NAMES.join(" | ")} |`,
    `|---|${NAMES.map(() => "---:|").join("")}`,
    ...ROWS.map((row) => `| ${row.what} | ${NAMES.map((name) => cell(medians[name], row)).join(" | ")} |`),
    "",
    ...(NAMES.length === Object.keys(PAGES).length ? bars(medians, users) : []),
    "\n",
  ].join("\n");
}

function bars(medians: Medians, users: number): string[] {
  const verdicts = BARS.map(({ what, holds }) => `| ${what} | ${holds(medians, users) ? "kept" : "missed"} |`);
  return ["| bar | |", "|---|---|", ...verdicts];
}

/** The console's folder with the peers' pages beside its own. */
async function assets(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rolecall-bench-"));
  await cp(CONSOLE, folder, { recursive: true });
  for (const file of ["vanilla.html", "vanilla.css", "react.html"]) await cp(join(PEERS, file), join(folder, file));
  await build({
    entryPoints: { vanilla: join(PEERS, "vanilla.js"), react: join(PEERS, "react.jsx") },
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "warning",
  });
  return folder;
}

for (const users of SIZES) {
  test(`the users page with ${users} users`, async ({ browser }) => {
    const folder = await assets();
    const rolecall = await Rolecall.start(["--seed-users", String(users), "--rate", "off"], folder);
    try {
      const runs = Object.fromEntries(NAMES.map((name) => [name, [] as Run[]])) as Record<Name, Run[]>;
      const opened = Object.fromEntries(NAMES.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
      for (let run = 0; run < RUNS; run++) {
        // In turn, so that what slows the machine for a while slows all; there and back, so that none always comes behind
        // the same other, and after a pause, in which the browser takes the one before apart.
        for (const name of run % 2 === 0 ? NAMES : NAMES.toReversed()) {
          runs[name].push(await measure(browser, rolecall.started.link.replace("/#", PAGES[name]), users));
          await sleep(PAUSE);
        }
        // Opening is quick and scatters most.
        for (let more = 0; more < OPENED_BESIDES; more++) {
          for (const name of (run + more) % 2 === 0 ? NAMES.toReversed() : NAMES) {
            opened[name].push(await firstRows(browser, rolecall.started.link.replace("/#", PAGES[name])));
            await sleep(PAUSE);
          }
        }
      }
      const medians = Object.fromEntries(
        NAMES.map((name) => [name, { ...median(runs[name]), firstRows: middle([...opened[name], ...runs[name].map((it) => it.firstRows)]) }]),
      );
      const text = table(medians as Medians, users);
      const file = process.env["ROLECALL_TABLE"];
      if (file === undefined) console.log(text);
      else appendFileSync(file, text);
    } finally {
      await rolecall.stop();
      await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 100 });
    }
  });
}
