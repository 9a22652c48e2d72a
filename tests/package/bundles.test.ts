import { build as esbuild } from "esbuild";
import { createRequire } from "node:module";
import { build as vite } from "vite";

import { type Compared, type Project, expect, expectTheAnswersOfCore, test } from "../support/package.ts";

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";
const PAGE = (script: string) => `<!doctype html><meta charset="utf-8"><title>Test</title><script type="module" src="${script}"></script>`;

/** Runs every entry, and leaves the answers where the test finds them. */
const APP = (async: boolean) => `
  import * as full from "rolecall";
  import * as email from "rolecall/email";
  import * as plain from "rolecall/js";
  ${async ? 'import * as later from "rolecall/async";' : ""}
  import "rolecall/element/auto";
  import vectors from "rolecall/vectors.json";
  import { compare } from "./compare.mjs";
  const entries = { rolecall: full, "rolecall/email": email, "rolecall/js": plain };
  ${async ? 'await later.init(); entries["rolecall/async"] = later;' : ""}
  globalThis.results = Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, compare(entry, vectors.cases)]));
  globalThis.defined = customElements.get("rolecall-email") !== undefined;`;

const ENTRIES = ["rolecall", "rolecall/email", "rolecall/js"];

type Serve = (folder: string, policy: string) => Promise<string>;
type Page = import("@playwright/test").Page;

async function expectItRuns(page: Page, serve: Serve, folder: string, entries: string[]): Promise<void> {
  await page.goto(await serve(folder, POLICY));
  await page.waitForFunction(() => "defined" in globalThis);
  const [results, defined] = await page.evaluate(() => [Reflect.get(globalThis, "results"), Reflect.get(globalThis, "defined")]);
  expectTheAnswersOfCore(results as Compared, entries);
  expect(defined).toBe(true);
}

test("esbuild bundles it without configuration", async ({ project, page, serve }) => {
  await project.write({ "main.js": APP(false), "out/index.html": PAGE("main.js") });
  const { warnings } = await esbuild({
    absWorkingDir: project.folder,
    bundle: true,
    entryPoints: ["main.js"],
    format: "esm",
    logLevel: "silent",
    minify: true,
    outdir: "out",
    target: "es2022",
  });
  expect(warnings).toEqual([]);
  await expectItRuns(page, serve, project.path("out"), ENTRIES);
});

test("Vite bundles it without configuration, the modules of the asynchronous entry as assets", async ({ project, page, serve }) => {
  await project.write({ "main.js": APP(true), "index.html": PAGE("/main.js") });
  await vite({
    root: project.folder,
    configFile: false,
    logLevel: "silent",
    build: { target: "es2022", assetsInlineLimit: 0 },
  });
  await expectItRuns(page, serve, project.path("dist"), [...ENTRIES, "rolecall/async"]);
});

test("webpack 5 bundles it without configuration, the modules of the asynchronous entry as assets", async ({ project, page, serve }) => {
  await project.write({ "main.js": APP(true), "dist/index.html": PAGE("main.js") });
  const webpack = createRequire(import.meta.url)("webpack") as typeof import("webpack");
  const stats = await new Promise<import("webpack").Stats | undefined>((done, failed) => {
    const config = {
      context: project.folder,
      entry: "./main.js",
      mode: "production" as const,
      performance: false as const,
      output: { path: project.path("dist"), filename: "main.js", publicPath: "/" },
    };
    webpack.webpack(config, (error, stats) => (error ? failed(error) : done(stats)));
  });
  expect(stats?.toJson({ errors: true, warnings: true }).errors).toEqual([]);
  expect(stats?.toJson({ errors: true, warnings: true }).warnings).toEqual([]);
  await expectItRuns(page, serve, project.path("dist"), [...ENTRIES, "rolecall/async"]);
});

/** Imports by address, as a page without any tool does. */
async function plainPage(project: Project, script: string): Promise<void> {
  await project.write({ "main.js": script, "index.html": PAGE("/main.js") });
}

test("a plain page runs it under a policy without eval", async ({ project, page, serve }) => {
  const app = APP(true)
    .replace('import vectors from "rolecall/vectors.json";', 'const vectors = await (await fetch("/node_modules/rolecall/vectors.json")).json();')
    .replace(/"rolecall(\/[a-z/]+)?";/g, (_, entry: string | undefined) => `"/node_modules/rolecall${entry ?? "/index"}.js";`);
  await plainPage(project, app);
  await expectItRuns(page, serve, project.folder, [...ENTRIES, "rolecall/async"]);
});

test("`rolecall/js` runs where WebAssembly is forbidden", async ({ project, page, serve }) => {
  await plainPage(
    project,
    `import * as plain from "/node_modules/rolecall/js.js";
     import { compare } from "./compare.mjs";
     const { cases } = await (await fetch("/node_modules/rolecall/vectors.json")).json();
     let forbidden = false;
     try { new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)); } catch { forbidden = true; }
     globalThis.results = { forbidden, compared: { "rolecall/js": compare(plain, cases) } };`,
  );
  await page.goto(await serve(project.folder, "default-src 'self'; script-src 'self'"));
  await page.waitForFunction(() => "results" in globalThis);
  const { forbidden, compared } = await page.evaluate(() => Reflect.get(globalThis, "results"));
  expect(forbidden).toBe(true);
  expectTheAnswersOfCore(compared as Compared, ["rolecall/js"]);
});

test("a worker runs it", async ({ project, page, serve }) => {
  await project.write({
    "worker.js": `
      import * as full from "/node_modules/rolecall/index.js";
      import { compare } from "/compare.mjs";
      const { cases } = await (await fetch("/node_modules/rolecall/vectors.json")).json();
      postMessage({ rolecall: compare(full, cases) });`,
  });
  await plainPage(
    project,
    `const worker = new Worker("/worker.js", { type: "module" });
     worker.onmessage = ({ data }) => { globalThis.results = data; };`,
  );
  await page.goto(await serve(project.folder, POLICY));
  await page.waitForFunction(() => "results" in globalThis);
  expectTheAnswersOfCore((await page.evaluate(() => Reflect.get(globalThis, "results"))) as Compared, ["rolecall"]);
});
