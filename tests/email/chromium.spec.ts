import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "@playwright/test";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");
const fixtures = join(root, "tests/fixtures/email");

interface Row {
  address: string;
  html_input?: boolean;
  html_multiple?: boolean;
  invitable?: boolean;
  normalized?: string;
  error?: string;
}

const rows = (path: string): Row[] =>
  readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);

// The collection of many suites does not come with the repository.
const shared = process.env["ROLECALL_SHARED"] ?? join(root, "../shared");
const collection = join(shared, "reference/email/corpus-shared.jsonl");
const corpus = [...rows(join(fixtures, "corpus.jsonl")), ...(existsSync(collection) ? rows(collection) : [])];

/** Every character of ASCII in every place of some addresses, with the verdicts of the rules. */
const grid = readFileSync(join(fixtures, "html-grid.txt"), "utf8")
  .trim()
  .split("\n")
  .flatMap((line) => {
    const [template = "", place = "", verdicts = ""] = line.split("\t");
    const at = Number(place);
    return [...verdicts].map((verdict, code) => ({
      address: template.slice(0, at) + String.fromCharCode(code) + template.slice(at + 1),
      html_input: verdict === "1",
    }));
  });

test("the rules' Html verdicts are those of Chromium's own field", async ({ page }) => {
  const asked = [...corpus, ...grid].filter((row) => row.html_input !== undefined);
  expect(asked.length).toBeGreaterThan(2300);
  const found = await page.evaluate((addresses) => {
    const input = document.createElement("input");
    input.type = "email";
    return addresses.map((address) => {
      input.value = address;
      return input.validity.valid;
    });
  }, asked.map(({ address }) => address));
  expect(asked.filter(({ html_input }, i) => found[i] !== html_input)).toEqual([]);
});

test("so are those of a field that takes several", async ({ page }) => {
  const asked = corpus.filter((row) => row.html_multiple !== undefined);
  const found = await page.evaluate((addresses) => {
    const input = document.createElement("input");
    input.type = "email";
    input.multiple = true;
    return addresses.map((address) => {
      input.value = address;
      return input.validity.valid;
    });
  }, asked.map(({ address }) => address));
  expect(asked.filter(({ html_multiple }, i) => found[i] !== html_multiple)).toEqual([]);
});

test("the module gives the corpus' verdicts in Chromium, with its tables for domains", async ({ page }) => {
  execFileSync(process.execPath, [join(root, "npm/build/email.mjs")], { stdio: "inherit" });
  const { outputFiles } = await build({
    stdin: {
      contents: 'import * as email from "./npm/js/email.js"; globalThis.email = email;',
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: "iife",
    charset: "utf8",
  });
  await page.addScriptTag({ content: outputFiles[0]?.text ?? "" });
  const settled = corpus.filter((row) => row.invitable !== undefined);
  const found = await page.evaluate((addresses) => {
    type Result = { type: "ok"; email: string } | { type: "invalid"; issue: { code: string } };
    const { checkEmail } = (globalThis as unknown as { email: { checkEmail(text: string): Result } }).email;
    return addresses.map((address) => {
      const result = checkEmail(address);
      return result.type === "ok" ? result.email : `! ${result.issue.code}`;
    });
  }, settled.map(({ address }) => address));
  const expected = settled.map(({ address, invitable, normalized, error }) =>
    invitable === true ? (normalized ?? address) : `! ${error}`,
  );
  const wrong = settled.flatMap(({ address }, i) =>
    found[i] === expected[i] ? [] : [{ address, found: found[i], expected: expected[i] }],
  );
  expect(wrong).toEqual([]);
});
