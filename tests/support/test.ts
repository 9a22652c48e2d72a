import { type BrowserContext, test as base, expect } from "@playwright/test";

import { Console } from "./console.ts";
import { Rolecall } from "./rolecall.ts";

export { expect };

type Settings = {
  /** Users of the large organization. */
  users: number;
  /** More flags for `rolecall start`. */
  flags: string[];
  /**
   * Messages of the browser's console that this test provokes; any other error fails it. At most one pattern:
   * Playwright takes an array of two objects for a value and its options.
   */
  expectedErrors: [] | [RegExp];
};

type Fixtures = {
  /** A server of this test's own, freshly seeded. */
  rolecall: Awaited<ReturnType<typeof Rolecall.start>>;
  /** The console on the large organization, all users loaded. */
  console: Console;
};

/**
 * A test against the real binary. Any error in a tab's console, any uncaught exception and any
 * request beyond the server fail the test.
 */
export const test = base.extend<Settings & Fixtures>({
  users: [200, { option: true }],
  flags: [[], { option: true }],
  expectedErrors: [[], { option: true }],

  rolecall: async ({ users, flags }, use, info) => {
    const rolecall = await Rolecall.start(["--seed-users", String(users), ...flags]);
    await use(rolecall);
    if (info.status !== info.expectedStatus) {
      await info.attach("server.log", { body: rolecall.log(), contentType: "text/plain" });
    }
    await rolecall.stop();
  },

  console: async ({ page, rolecall, users }, use) => {
    const console = new Console(page);
    await console.open(rolecall.started.link, users);
    await use(console);
  },

  // the server outlives the tabs: what they say of its end is no error
  context: async ({ context, rolecall: _served, expectedErrors }, use) => {
    const wrong: string[] = [];
    watch(context, expectedErrors, wrong);
    await use(context);
    expect(wrong, "errors in the browser").toEqual([]);
  },
});

function watch(context: BrowserContext, expected: [] | [RegExp], wrong: string[]): void {
  context.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !expected.some((pattern) => pattern.test(text))) {
      wrong.push(`console ${message.type()}: ${text} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => wrong.push(`uncaught: ${error.error().message}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.hostname !== "127.0.0.1") wrong.push(`request to ${url.href}`);
  });
}
