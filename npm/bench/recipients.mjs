// A list of recipients from the text to the plan, in whatever engine this runs.

import { planInvites, readRecipients } from "../js/index.js";
import { random } from "./random.mjs";

const ROLES = ["Organization Owner", "organization member", "ORGANIZATION_BILLING_ADMIN", "member"];
const DOMAINS = ["example.com", "mail.company.org", "gmail.com", "data-team.io", "uni.example.ac.uk"];

/** A table as spreadsheets write it: one row in twenty with a slip, one in fifty twice. */
function table(rows) {
  const next = random(7);
  const pick = (items) => items[Math.floor(next() * items.length)];
  const lines = ["Name,Email,Role"];
  for (let i = 0; i < rows; i++) {
    let address = `first.last${i % 50 === 49 ? i - 1 : i}@${pick(DOMAINS)}`;
    if (i % 20 === 19) address = address.replace("@", " at ");
    lines.push(`"Last, First ${i}",${address},${pick(ROLES)}`);
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** An organization; some of the list are in it already. */
function organization(count) {
  return Array.from({ length: count }, (_, i) => ({
    id: `cl${String(i).padStart(23, "0")}`,
    email: i % 10 === 0 ? `first.last${i}@example.com` : `user${i}@example.com`,
    name: `User ${i}`,
    status: "active",
    roles: [{ id: i === 0 ? "ORGANIZATION_OWNER" : "ORGANIZATION_MEMBER" }],
  }));
}

const options = { service: "astro", organization: "org", role: "member" };

/** Milliseconds to read and to plan a list of so many rows, of rounds: the median and the fastest. */
export function run({ sizes = [5_000, 100_000], users = 10_000, rounds = 7 } = {}) {
  const known = organization(users);
  return sizes.map((rows) => {
    const text = table(rows);
    const times = { read: [], plan: [], both: [] };
    let steps = 0;
    for (let round = -2; round < rounds; round++) {
      const start = performance.now();
      const list = readRecipients(text, { service: "astro" });
      const middle = performance.now();
      const recipients = list.rows.map(({ recipient }) => recipient).filter((it) => it !== undefined);
      const plan = planInvites(recipients, known, options);
      const end = performance.now();
      steps = plan.steps.length;
      if (list.rows.length !== rows || steps === 0 || steps + plan.refused.length !== recipients.length) {
        throw new Error(`${list.rows.length} rows were read and ${steps} steps planned`);
      }
      if (round >= 0) {
        times.read.push(middle - start);
        times.plan.push(end - middle);
        times.both.push(end - start);
      }
    }
    const sorted = (values) => values.sort((a, b) => a - b);
    const summary = (values) => ({ median: sorted(values)[values.length >> 1], fastest: sorted(values)[0] });
    return { rows, steps, read: summary(times.read), plan: summary(times.plan), both: summary(times.both) };
  });
}
