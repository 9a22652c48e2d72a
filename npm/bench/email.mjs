// `npm run bench`: the e-mail check beside its peers, in Node and in Chromium, in one run.
//
// Prints a table for BENCHMARKS.md and says which bars of the design are kept.

import { writeFileSync } from "node:fs";

import { inChromium } from "./chromium.mjs";
import { run } from "./contenders.mjs";

const node = run();
const browser = await inChromium("./npm/bench/contenders.mjs");

const ours = { perCall: "rolecall checkEmail", batch: "rolecall checkEmails" };
const lines = [
  `| ns an address: median of 15 rounds, fastest | Node ${process.versions.node} | Chromium ${browser.version.split(".")[0]} |`,
  "|---|---|---|",
];
for (const kind of ["perCall", "batch"]) {
  for (const name of Object.keys(node[kind])) {
    const cell = (results) => {
      const own = results[kind][ours[kind]];
      const value = results[kind][name];
      const ratio = name === ours[kind] ? "" : ` (${(value / own).toFixed(1)} ×)`;
      return `${value.toFixed(0)}, ${results.fastest[name].toFixed(0)}${ratio}`;
    };
    const label = kind === "perCall" ? name : `${name}, 10,000 a call`;
    lines.push(`| ${label} | ${cell(node)} | ${cell(browser.results)} |`);
  }
}

const bars = [
  ["a call takes at most 1.4 × the bare expression", (r) => r[ours.perCall] / r["bare WHATWG expression"], (x) => x <= 1.4],
  ["a call is at least 18 × faster than validator.js", (r) => r["validator.js isEmail"] / r[ours.perCall], (x) => x >= 18],
  ["a batch is at least 4 × faster than the expression over a split", (r) => r["WHATWG expression over split"] / r[ours.batch], (x) => x >= 4],
  ["a batch is at least 50 × faster than validator.js", (r) => r["validator.js over split"] / r[ours.batch], (x) => x >= 50],
];
const verdicts = [];
for (const [bar, ratio, kept] of bars) {
  for (const [engine, results] of [["Node", node], ["Chromium", browser.results]]) {
    const value = ratio({ ...results.perCall, ...results.batch });
    const quiet = ratio(results.fastest);
    verdicts.push(
      `${kept(value) ? "kept  " : "MISSED"} ${engine}: ${bar}: ${value.toFixed(2)}, of the fastest rounds ${quiet.toFixed(2)}`,
    );
  }
}

// what would be left if checking cost nothing
const most = [["Node", node], ["Chromium", browser.results]].map(([engine, { batch }]) => {
  const ratio = batch["WHATWG expression over split"] / batch["encodeInto alone"];
  return `${engine}: the text written for WebAssembly and nothing checked is ${ratio.toFixed(2)} × faster than the expression over a split`;
});
verdicts.push(...most);

const table = `${lines.join("\n")}\n`;
process.stdout.write(`${table}\n${verdicts.join("\n")}\n`);
if (process.env.ROLECALL_TABLE !== undefined) {
  writeFileSync(process.env.ROLECALL_TABLE, `${table}\n${verdicts.join("\n")}\n`);
}
