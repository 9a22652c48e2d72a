// Runs a measurement in Chromium.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
const onPath = (process.env.PATH ?? "")
  .split(delimiter)
  .flatMap((folder) => ["chromium", "chromium-browser", "google-chrome"].map((name) => join(folder, name)))
  .find((path) => existsSync(path));
const executablePath = process.env.ROLECALL_CHROMIUM ?? onPath;

/** What `run` of the module at `path`, from the root of the project, gives in a page. */
export async function inChromium(path) {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { run } from ${JSON.stringify(path)}; globalThis.run = run;`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: "iife",
    charset: "utf8",
  });
  const browser = await chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--js-flags=--expose-gc",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0].text });
    return { version: browser.version(), results: await page.evaluate(() => globalThis.run()) };
  } finally {
    await browser.close();
  }
}
