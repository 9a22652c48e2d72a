import { expect, test } from "../../support/test.ts";

/** One service: an organization of it besides the first, the people to work on, the roles to give. */
const SERVICES = [
  { service: "Astro", email: "new.person@example.com", invited: "Billing admin", other: "Observe admin" },
  { service: "Astra", email: "new.person@example.com", invited: "UI View Only", other: "Billing Administrator" },
] as const;

test.describe("with 10,000 users", () => {
  test.use({ users: 10_000 });

  test("an administrator lists, finds, invites, withdraws, re-roles and switches on both services", async ({
    console,
    rolecall,
  }) => {
    test.setTimeout(120_000);
    const { organizations } = rolecall.started.sandbox;
    for (const { service, email, invited, other } of SERVICES) {
      const own = organizations.filter((one) => one.service === service.toLowerCase());
      for (const organization of own) {
        await test.step(`${service}: ${organization.name}`, async () => {
          await console.switchTo(organization.name, service, organization.users);
          await expect(console.count).toHaveText(organization.users === 1 ? "1 user" : /^[\d,]+ users$/);

          await console.invite(email, [invited]);
          await console.loaded(organization.users + 1);
          await console.find(email);
          await expect(console.row(email)).toContainText("Pending");
          await expect(console.row(email)).toContainText(invited);

          await console.withdraw();
          await console.loaded(organization.users);
          await expect(console.page.getByText(`Nobody matches “${email}”`)).toBeVisible();
          await console.page.getByRole("button", { name: "Clear the search" }).click();
          await expect(console.count).toHaveAttribute("data-shown", String(organization.users));

          if (organization.users < 2) return;
          await console.search.fill("status:active");
          const somebody = console.page.getByTestId("user-row").last();
          await expect(somebody).toContainText("Active");
          const address = await console.addressIn(somebody);
          await console.find(address);
          await console.reRole([other]);
          await expect(console.row(address)).toContainText(other);
          await console.search.fill("");
        });
      }
    }
  });
});
