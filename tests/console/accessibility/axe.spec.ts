import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import type { Console } from "../../support/console.ts";
import { expect, test } from "../../support/test.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} at ${target.join(" ")}`));
}

/** What can be looked at, and how one gets there from the users page. */
const VIEWS: { name: string; reach: (console: Console) => Promise<void> }[] = [
  { name: "users", reach: async () => {} },
  { name: "users of Astra", reach: (console) => console.switchTo("Stellar Data", "Astra", 300) },
  { name: "nobody found", reach: (console) => console.find("nobody at all", 0) },
  { name: "filtered users", reach: async (console) => console.search.fill("role:owner status:active olive") },
  { name: "invite one", reach: (console) => console.startInvite() },
  {
    name: "a refused address",
    reach: async (console) => {
      await console.startInvite();
      await console.dialog.getByLabel("Email").fill("ada@@example.org");
      await console.dialog.getByRole("button", { name: "Invite", exact: true }).click();
    },
  },
  {
    name: "change a role",
    reach: async (console) => {
      await console.find("olive.owner@");
      await console.startReRole();
    },
  },
  {
    name: "a user's panel",
    reach: async (console) => {
      await console.find("olive.owner@");
      await console.table.getByRole("link").click();
      await expect(console.dialog.getByRole("heading", { name: "History" })).toBeVisible();
    },
  },
  { name: "switch organization", reach: (console) => console.switcher.click() },
  {
    name: "the palette",
    reach: async (console) => {
      await console.page.keyboard.press("Control+k");
      await console.page.keyboard.type("ol");
    },
  },
  { name: "shortcuts and settings", reach: (console) => console.page.keyboard.press("?") },
  { name: "all filters", reach: (console) => console.page.getByText("Domains, scoped roles, dates").click() },
];

/** Goes to each view and looks there. */
async function everywhere(console: Console, users: number, look: (name: string) => Promise<void>): Promise<void> {
  test.setTimeout(300_000);
  for (const { name, reach } of VIEWS) {
    await test.step(name, async () => {
      await console.page.goto(new URL("/", console.page.url()).href);
      await console.loaded(users);
      await reach(console);
      await look(name);
    });
  }
}

async function expectNothingFound(console: Console, users: number, how: string): Promise<void> {
  await everywhere(console, users, async (name) => {
    expect.soft(await violations(console.page), `${name}, ${how}`).toEqual([]);
  });
}

test.describe("forced colors", () => {
  test.use({ contextOptions: { forcedColors: "active" } });

  test("axe finds nothing on the users page and in its dialogs", async ({ console, users }) => {
    await expectNothingFound(console, users, "forced colors");
  });

  test("what is pressed, selected or dangerous is told by more than a color", async ({ console }) => {
    const filter = console.page.getByRole("group", { name: "Filter" }).getByRole("button").first();
    const outline = () => filter.evaluate((it) => getComputedStyle(it).outlineStyle);
    expect(await outline()).toBe("none");
    await filter.click();
    await console.page.mouse.move(0, 0);
    await console.search.focus();
    expect(await outline()).not.toBe("none");
  });
});

test.describe("at 320 pixels, which is 1280 at 400 %", () => {
  test.use({ viewport: { width: 320, height: 640 } });

  test("nothing has to be scrolled sideways but the table", async ({ console, users }) => {
    await everywhere(console, users, async (name) => {
      const over = await console.page.evaluate(() => {
        const dialog = document.querySelector("dialog[open]");
        const wide = (element: Element) => element.scrollWidth - element.clientWidth;
        return Math.max(wide(document.documentElement), dialog === null ? 0 : wide(dialog));
      });
      expect.soft(over, name).toBeLessThanOrEqual(0);
    });
  });
});

for (const scheme of ["light", "dark"] as const) {
  for (const [size, viewport] of Object.entries({ wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 780 } })) {
    test.describe(`${scheme}, ${size}`, () => {
      test.use({ colorScheme: scheme, viewport });

      test("axe finds nothing on the users page and in its dialogs", async ({ console, users }) => {
        await expectNothingFound(console, users, `${scheme}, ${size}`);
      });

      test.describe(() => {
        test.use({ expectedErrors: [/401 \(Unauthorized\)/] });

        test("axe finds nothing where nobody is let in", async ({ page, rolecall }) => {
          await page.goto(new URL(rolecall.started.link).origin);
          await expect(page.getByRole("alert")).toBeVisible();
          expect(await violations(page)).toEqual([]);
        });
      });

      test("nothing has to be scrolled sideways but the table", async ({ console }) => {
        const overflow = await console.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow).toBeLessThanOrEqual(0);
      });
    });
  }
}
