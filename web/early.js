// The console's first questions to the gateway, asked while its code is still on the way; `src/early.rs` takes the
// answers over. Whatever goes wrong here, it asks again and says why.
globalThis.early = (async () => {
  const [, key] = location.hash.split("#key=");
  if (key !== undefined) {
    const headers = { "content-type": "application/json" };
    await fetch("/api/session", { method: "POST", headers, body: JSON.stringify({ key }) });
  }
  const text = async (path) => {
    const answer = await fetch(path);
    if (!answer.ok) throw answer.status;
    return answer.text();
  };
  return Promise.all([text("/api/session"), text("/api/connections")]);
})().catch(() => null);
