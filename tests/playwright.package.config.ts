import { defineConfig } from "@playwright/test";

import { chromium } from "./support/chromium.ts";

/** The npm package as it is packed, in fresh projects. */
export default defineConfig({
  testDir: "package",
  outputDir: "../target/package-tests",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  reporter: [["list"]],
  use: { browserName: "chromium", launchOptions: chromium(), locale: "en-US" },
});
