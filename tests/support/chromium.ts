import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import type { LaunchOptions } from "@playwright/test";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** How Chromium is started: the one that `cargo xtask` found, else one on PATH, else Playwright's own. */
export function chromium(): LaunchOptions {
  const executablePath = process.env["ROLECALL_CHROMIUM"] ?? onPath();
  return {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  };
}

function onPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
