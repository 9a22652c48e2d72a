import type { Sandbox } from "./rolecall.ts";

type Service = "astro" | "astra";

/** A person as the services' own lists show them. */
export type Listed = { email: string; roles: string[]; status: string };

/** The token of a sandbox's owner, or of its plain member. */
export function token(sandbox: Sandbox, service: Service, role: "owner" | "member" = "owner"): string {
  const found = sandbox.tokens.find((it) => it.service === service && it.role === role);
  if (found === undefined) throw new Error(`the sandbox has no ${role}'s token for ${service}`);
  return found.token;
}

async function read(url: string, bearer: string): Promise<unknown> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${bearer}` } });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.json();
}

/** How many mails went to each address, over all organizations. */
export async function mails(sandbox: Sandbox): Promise<Map<string, number>> {
  const { mails } = (await read(new URL("/sandbox/mails", sandbox.astro.url).href, token(sandbox, "astro"))) as {
    mails: { email: string }[];
  };
  const counted = new Map<string, number>();
  for (const { email } of mails) counted.set(email, (counted.get(email) ?? 0) + 1);
  return counted;
}

/** Everybody in an Astro organization, asked of the service itself: by address. */
export async function people(sandbox: Sandbox, organization: string): Promise<Map<string, Listed>> {
  const { id } = sandbox.organizations.find((it) => it.service === "astro" && it.name === organization)!;
  const all = new Map<string, Listed>();
  for (let offset = 0, total = 1; offset < total; offset += 1000) {
    const page = (await read(
      `${sandbox.astro.url}/organizations/${id}/users?limit=1000&offset=${offset}&sorts=createdAt:asc`,
      token(sandbox, "astro"),
    )) as { totalCount: number; users: { username: string; organizationRole?: string; status: string }[] };
    total = page.totalCount;
    for (const { username, organizationRole, status } of page.users) {
      all.set(username, { email: username, roles: organizationRole === undefined ? [] : [organizationRole], status });
    }
  }
  return all;
}

/** Somebody in that organization of whom this is true. */
export async function somebody(
  sandbox: Sandbox,
  organization: string,
  is: (person: Listed) => boolean,
): Promise<Listed> {
  const found = [...(await people(sandbox, organization)).values()].find(is);
  if (found === undefined) throw new Error(`nobody in ${organization} is so`);
  return found;
}
