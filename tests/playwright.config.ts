import { defineConfig } from "@playwright/test";

import { chromium } from "./support/chromium.ts";

export default defineConfig({
  testDir: ".",
  // Measurements are called `.bench.ts`, and what needs the packed package `.test.ts`.
  testMatch: "**/*.spec.ts",
  outputDir: "../target/browser-tests",
  fullyParallel: true,
  // Each worker runs a Chromium and a server; more than this starves them on two cores.
  workers: 2,
  // A busy machine is given another try, which the report names; at one's desk nothing is glossed over.
  retries: process.env["CI"] === undefined ? 0 : 2,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: chromium(),
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
