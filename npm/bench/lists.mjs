// `npm run bench:lists`: recipient lists from the text to the plan, in Node and in Chromium, in one run.
//
// Prints a table for BENCHMARKS.md and says which bars of the design are kept.

import { writeFileSync } from "node:fs";

import { inChromium } from "./chromium.mjs";
import { run } from "./recipients.mjs";

/** Milliseconds, by rows. */
const BARS = { 5000: 50, 100000: 1000 };

const node = run();
const browser = await inChromium("./npm/bench/recipients.mjs");

const lines = [
  `| ms: median of 7 rounds, fastest | Node ${process.versions.node} | Chromium ${browser.version.split(".")[0]} |`,
  "|---|---|---|",
];
const verdicts = [];
node.forEach((own, i) => {
  const rows = own.rows.toLocaleString("en");
  const engines = [["Node", own], ["Chromium", browser.results[i]]];
  for (const [part, label] of [["read", "read"], ["plan", "plan against 10,000 users"], ["both", "both"]]) {
    const cells = engines.map(([, result]) => `${result[part].median.toFixed(0)}, ${result[part].fastest.toFixed(0)}`);
    lines.push(`| ${rows} rows: ${label} | ${cells.join(" | ")} |`);
  }
  for (const [engine, { both }] of engines) {
    const bar = BARS[own.rows];
    const verdict = both.median <= bar ? "kept  " : "MISSED";
    const found = `${both.median.toFixed(0)} ms, fastest round ${both.fastest.toFixed(0)} ms`;
    verdicts.push(`${verdict} ${engine}: ${rows} rows within ${bar} ms: ${found}`);
  }
});

const table = `${lines.join("\n")}\n\n${verdicts.join("\n")}\n`;
process.stdout.write(table);
if (process.env.ROLECALL_TABLE !== undefined) writeFileSync(process.env.ROLECALL_TABLE, table);
