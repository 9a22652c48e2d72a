// The console's first questions to the gateway, asked while its code is still on the way; `src/early.rs` takes the
// answers over, and asks itself where there is none.
globalThis.early = (async () => {
  const [, key] = location.hash.split("#key=");
  let answer;
  if (key) {
    const headers = { "content-type": "application/json" };
    answer = await fetch("/api/session", { method: "POST", headers, body: JSON.stringify({ key }) });
    // so that it is in no history and no screenshot; one that nobody has judged is there for the next try
    if (answer.status < 500) history.replaceState(null, "", location.pathname + location.search);
  }
  // a key that was used before is no harm while the cookie holds
  if (!answer?.ok) answer = await fetch("/api/session");
  if (!answer.ok) return null;
  const text = await answer.text();
  // what is drawn once is there sooner than what is drawn twice, but nobody waits long to see that something comes
  const enough = new Promise((done) => setTimeout(done, 150));
  await Promise.race([askAhead(JSON.parse(text)).catch(() => null), enough]);
  return text;
})().catch(() => null);

// A link that is pasted over an open page changes no more than the end of its address.
addEventListener("hashchange", () => location.hash.startsWith("#key=") && location.reload());

// Answers on the way, by path, for whoever is about to ask the same. Nobody is, some seconds later.
globalThis.asked = {};
setTimeout(() => (globalThis.asked = {}), 9_000);

// Asks for the users of the organization that the address names, or of the first one.
async function askAhead({ connections }) {
  const address = new URLSearchParams(location.search);
  const named = address.get("connection");
  const { id, ahead, first } = connections.find(({ id }) => id === (named ?? id));
  const ask = (below) => {
    const path = `/api/c/${id}${below}`;
    const read = async (answer) => [answer, await answer.arrayBuffer()];
    return (globalThis.asked[path] = fetch(path).then(read).catch(() => null));
  };
  // an id goes into a path: from an address it may be anything
  const askUsers = (of) => /^[\w-]+$/.test(of) && ask(ahead.users.replace("ORGANIZATION", of));
  const list = ask(ahead.organizations);
  const organization = (named && address.get("organization")) || first;
  if (organization) return askUsers(organization);
  // whoever waits for the list comes after this, and finds its users asked for
  const text = new TextDecoder().decode((await list)[1]);
  return askUsers(ahead.id.reduce((at, step) => at[step], JSON.parse(text)));
}
