import { defineConfig } from "@playwright/test";

import config from "./playwright.config.ts";

/** Measurements: one at a time, and nothing recorded beside them. */
export default defineConfig({
  ...config,
  testDir: "bench",
  testMatch: "*.bench.ts",
  workers: 1,
  timeout: 1_200_000,
  use: { ...config.use, trace: "off", screenshot: "off" },
});
