import { join, resolve } from "node:path";

import { go, paste, runStatus, send } from "../../support/bulk.ts";
import type { Console } from "../../support/console.ts";
import { expect, test } from "../../support/test.ts";

const FOLDER = resolve(import.meta.dirname, "../../../docs/screenshots");

/** With `UPDATE_SCREENSHOTS=1` the pictures of the README are taken anew; without, only that they can be taken. */
const path = (name: string) => (process.env["UPDATE_SCREENSHOTS"] === "1" ? { path: join(FOLDER, name) } : {});

/** How each page is shown: brought to a state worth a picture. */
const PAGES: Record<string, (console: Console) => Promise<void>> = {
  users: async () => {},
  panel: async (console) => {
    await console.search.fill("olive.owner");
    await console.table.getByRole("link", { name: /Olive Owner/ }).click();
    await expect(console.page.getByRole("dialog", { name: "Olive Owner" })).toContainText("Owner");
  },
  invite: async (console) => {
    await go(console.page, "Invite");
    await paste(console.page, LIST);
    await expect(console.page.getByTestId("review-row").first()).toBeVisible();
  },
  run: async (console) => {
    await go(console.page, "Invite");
    await paste(console.page, LIST.split("\n").slice(0, 5).join("\n"));
    await send(console.page);
    await expect(runStatus(console.page)).toContainText(/done/i, { timeout: 45_000 });
  },
  roster: async (console) => {
    await go(console.page, "Roster");
    await console.page.getByRole("textbox", { name: "Everybody who should be here" }).fill(LIST);
    await expect(console.page.getByTestId("roster-row").first()).toBeVisible();
  },
  activity: async (console) => {
    await go(console.page, "Activity");
    await expect(console.page.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();
  },
  connections: async (console) => {
    await console.page.getByRole("link", { name: "Connections" }).click();
    await expect(console.page.getByRole("heading", { level: 1, name: "Connections" })).toBeVisible();
  },
  palette: async (console) => {
    await console.page.keyboard.press("ControlOrMeta+k");
    await console.dialog.getByRole("searchbox").fill("role");
    await expect(console.dialog.getByRole("button").first()).toBeVisible();
  },
};

/** A list as people have them. */
const LIST = [
  "lena.fischer@example.org",
  "Tomás Vidal <tomas.vidal@example.org>",
  "mira.okafor@example.org;billing admin",
  "jun.sato@example.org OWNER",
  "anna.lindqvist@example.org",
  "peter.holm@gmial.com",
  "no address at all",
  "lena.fischer@example.org",
].join("\n");

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme, users: 10_000, viewport: { width: 1200, height: 760 } });

    for (const [name, show] of Object.entries(PAGES)) {
      test(`${name}, ${scheme}`, async ({ console }) => {
        await expect(console.count).toHaveText(/10,000 users/);
        await show(console);
        const picture = await console.page.screenshot({ animations: "disabled", ...path(`${name}-${scheme}.png`) });
        expect(picture.length).toBeGreaterThan(20_000);
      });
    }
  });
}
