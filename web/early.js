// The console's first questions to the gateway, asked while its code is still on the way; `src/early.rs` takes the
// answers over, and asks itself where there is none.
globalThis.early = (async () => {
  const [, key] = location.hash.split("#key=");
  const named = new URLSearchParams(location.search).get("connection");
  const path = `/api/session${named ? `?connection=${encodeURIComponent(named)}` : ""}`;
  let answer;
  if (key) {
    const headers = { ...half(), "content-type": "application/json" };
    answer = await fetch(path, { method: "POST", headers, body: JSON.stringify({ key }) });
    if (answer.ok) localStorage.setItem("rolecall.page", answer.headers.get("rolecall-page"));
    // so that it is in no history and no screenshot; one that nobody has judged is there for the next try
    if (answer.status < 500) history.replaceState(null, "", location.pathname + location.search);
  }
  // a key that was used before is no harm while the session holds
  if (!answer?.ok) answer = await fetch(path, { headers: half() });
  if (!answer.ok) return null;
  // what to ask is in a header: the body comes in a task of its own, which waits while the code begins to run
  const asked = askAhead(answer.headers.get("rolecall-ahead")).catch(() => null);
  // what is drawn once is there sooner than what is drawn twice, but nobody waits long to see that something comes
  const enough = new Promise((done) => setTimeout(done, 150));
  const [text] = await Promise.all([answer.text(), Promise.race([asked, enough])]);
  return text;
})().catch(() => null);

// Nothing is laid out that is laid out anew in the next moment; nobody waits long to see that something comes.
const show = () => (document.documentElement.hidden = false);
document.documentElement.hidden = true;
globalThis.early.then(show);
setTimeout(show, 300);

// The half of the session that no cookie has (`PAGE` in the server's guard).
function half() {
  return { "rolecall-page": localStorage.getItem("rolecall.page") };
}

// A link that is pasted over an open page changes no more than the end of its address.
addEventListener("hashchange", () => location.hash.startsWith("#key=") && location.reload());

// Answers on the way, by path, for whoever is about to ask the same. Nobody is, some seconds later.
globalThis.asked = {};
setTimeout(() => (globalThis.asked = {}), 9_000);

// Asks for the users of the organization that the address names, or of the first one.
async function askAhead(questions) {
  const { below, organizations, users, id, first } = JSON.parse(questions);
  const ask = (path) => {
    path = below + path;
    const read = async (answer) => [answer, await answer.arrayBuffer()];
    return (globalThis.asked[path] = fetch(path, { headers: half() }).then(read).catch(() => null));
  };
  // an id goes into a path: from an address it may be anything
  const askUsers = (of) => /^[\w-]+$/.test(of) && ask(users.replace("ORGANIZATION", of));
  const list = ask(organizations);
  const address = new URLSearchParams(location.search);
  const organization = (address.get("connection") && address.get("organization")) || first;
  if (organization) return askUsers(organization);
  // whoever waits for the list comes after this, and finds its users asked for
  const text = new TextDecoder().decode((await list)[1]);
  return askUsers(id.reduce((at, step) => at[step], JSON.parse(text)));
}
