import { join, resolve } from "node:path";

import { expect, test } from "../../support/test.ts";

const FOLDER = resolve(import.meta.dirname, "../../../docs/screenshots");

/** With `UPDATE_SCREENSHOTS=1` the pictures of the README are taken anew; without, only that they can be taken. */
const path = (name: string) => (process.env["UPDATE_SCREENSHOTS"] === "1" ? { path: join(FOLDER, name) } : {});

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme, users: 10_000, viewport: { width: 1200, height: 760 } });

    test(`the users page, ${scheme}`, async ({ console }) => {
      await console.search.fill("org");
      await console.search.fill("");
      await expect(console.count).toHaveText("10,000 users");
      const picture = await console.page.screenshot({ animations: "disabled", ...path(`users-${scheme}.png`) });
      expect(picture.length).toBeGreaterThan(20_000);
    });

    test(`the dialog that invites, ${scheme}`, async ({ console }) => {
      await console.startInvite();
      await console.dialog.getByLabel("Email").fill("lena.fischer@example.org");
      const picture = await console.page.screenshot({ animations: "disabled", ...path(`invite-${scheme}.png`) });
      expect(picture.length).toBeGreaterThan(20_000);
    });
  });
}
