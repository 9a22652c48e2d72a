// The same users from the same paged endpoint, as both pages beside the console read them.

const PAGE = 1000;

async function read(path, headers) {
  const answer = await fetch(path, { headers });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

/** Signs in and gives each page of the first organization's users, and how many there are in all. */
export async function* pages() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  const type = { "content-type": "application/json" };
  const opened = await fetch("/api/session", { method: "POST", headers: type, body: JSON.stringify({ key }) });
  const headers = { "rolecall-page": opened.headers.get("rolecall-page") };
  const { connections } = await read("/api/connections", headers);
  const base = `/api/c/${connections.find(({ service }) => service === "astro").id}/organizations`;
  const { organizations } = await read(`${base}?limit=${PAGE}&offset=0&sorts=createdAt%3Aasc`, headers);
  const path = (offset) => `${base}/${organizations[0].id}/users?limit=${PAGE}&offset=${offset}&sorts=createdAt%3Aasc`;
  for (let offset = 0, total = Infinity; offset < total; offset += PAGE) {
    const page = await read(path(offset), headers);
    total = page.totalCount;
    yield page.users;
  }
}
