import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

import { type Project, ROOT, expect, test } from "../support/package.ts";

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/** The code of a section of the package's README, as it stands there. */
async function recipe(heading: string, language: string): Promise<string> {
  const readme = await readFile(join(ROOT, "npm/README.md"), "utf8");
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  const code = section?.match(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "m"))?.[1];
  if (code === undefined) throw new Error(`the README has no ${language} under "${heading}"`);
  return code;
}

async function bundle(project: Project, ...entryPoints: string[]): Promise<void> {
  await build({
    absWorkingDir: project.folder,
    bundle: true,
    define: { "process.env.NODE_ENV": '"production"' },
    entryPoints,
    format: "esm",
    jsx: "automatic",
    logLevel: "silent",
    nodePaths: [join(ROOT, "node_modules")],
    outdir: "out",
    target: "es2022",
  });
}

const html = (body: string, script = "main.js") =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Test</title><body>${body}<script type="module" src="${script}"></script></body></html>`;

test("the recipe for a form", async ({ project, page, serve }) => {
  const code = await recipe("In a form", "html");
  const script = code.match(/<script type="module">([^]*)<\/script>/)?.[1] ?? "";
  const form = code.replace(/<script[^]*<\/script>/, "");
  await project.write({ "main.js": script, "out/index.html": html(form) });
  await bundle(project, "main.js");
  await page.goto(await serve(project.path("out"), POLICY));
  await page.getByLabel("Email").fill("ann@gmial.com");
  await page.getByLabel("Role").fill("OWNR");
  await page.getByLabel("More people").fill("bob@b.example\nnobody");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("button", { name: "Did you mean ann@gmail.com?" }).click();
  await page.getByRole("button", { name: "Did you mean Owner?" }).click();
  await expect(page.getByLabel("Email")).toHaveValue("ann@gmail.com");
  await expect(page.getByLabel("Role")).toHaveValue("Owner");
  await expect(page.getByText("Line 2: an email address has an `@` between name and domain")).toBeVisible();
});

test("the recipe for React", async ({ project, page, serve }) => {
  await project.write({
    "invite.jsx": await recipe("In React", "jsx"),
    "main.jsx": `import { createRoot } from "react-dom/client";
      import { Invite } from "./invite.jsx";
      createRoot(document.getElementById("app")).render(<Invite onInvite={(email) => { document.title = email; }} />);`,
    "out/index.html": html('<div id="app"></div>'),
  });
  await bundle(project, "main.jsx");
  await page.goto(await serve(project.path("out"), POLICY));
  await page.getByLabel("Email").fill("ann@example");
  await page.getByRole("button", { name: "Invite" }).click();
  await expect(page.getByRole("alert")).toHaveText("the domain needs an ending such as `.com`");
  await page.getByLabel("Email").fill(" Ann@Example.com");
  await page.getByRole("button", { name: "Invite" }).click();
  await expect(page).toHaveTitle("Ann@example.com");
});

test("the recipe for elements in React", async ({ project, page, serve }) => {
  await project.write({
    "address.jsx": await recipe("Elements in React", "jsx"),
    "app.jsx": `import { useState } from "react";
      import { Address } from "./address.jsx";
      export const App = () => {
        const [hint, setHint] = useState("once");
        return (
          <form>
            <p id="once">We write once.</p><p id="twice">We write twice.</p>
            <Address hint={hint} />
            <button type="button" onClick={() => setHint("twice")}>More</button>
          </form>
        );
      };`,
    "server.jsx": `import { renderToString } from "react-dom/server.browser";
      import { App } from "./app.jsx";
      console.log(renderToString(<App />));
      // a channel of React's keeps Node waiting
      process.exit();`,
    "main.jsx": `import { hydrateRoot } from "react-dom/client";
      import { App } from "./app.jsx";
      const onRecoverableError = (error) => console.error(error.message);
      hydrateRoot(document.getElementById("app"), <App />, { onRecoverableError });`,
  });
  await bundle(project, "main.jsx", "server.jsx");
  const rendered = await project.node("out/server.js");
  await project.write({ "out/index.html": html(`<div id="app">${rendered.trim()}</div>`) });
  await page.goto(await serve(project.path("out"), POLICY));
  const email = page.getByLabel("Email");
  await email.fill("ann");
  await email.blur();
  await expect(email).toHaveAccessibleDescription("We write once. An email address has an `@` between name and domain");
  await page.getByRole("button", { name: "More" }).click();
  await expect(email).toHaveAccessibleDescription("We write twice. An email address has an `@` between name and domain");
});

test("the recipe for a server", async ({ project }) => {
  await project.write({
    "server.mjs": await recipe("On a server", "js"),
    "main.mjs": `import { server } from "./server.mjs";
      server.listen(0, "127.0.0.1", async () => {
        const send = async (body) => {
          const response = await fetch("http://127.0.0.1:" + server.address().port, { method: "POST", body });
          return [response.status, await response.json()];
        };
        console.log(JSON.stringify([await send("ann@Example.com"), await send("ann")]));
        server.close();
        server.closeAllConnections();
      });`,
  });
  const [[ok, good], [no, bad]] = JSON.parse(await project.node("main.mjs"));
  expect([ok, good]).toEqual([200, { email: "ann@example.com" }]);
  expect([no, bad.code]).toEqual([422, "MissingAt"]);
});

test("the recipe for a large file in a worker", async ({ project, page, serve }) => {
  await project.write({
    "worker.js": await recipe("A large file, in a worker", "js"),
    "out/main.js": `
      const rows = Array.from({ length: 20_000 }, (_, i) => "person" + i + "@b.example,member\\n").join("");
      const file = new File(["email,role\\n", rows, "nobody,member\\n", "person7@b.example,member\\n"], "people.csv");
      const users = [{ id: "u1", email: "person3@b.example", roles: ["ORGANIZATION_MEMBER"] }];
      const worker = new Worker("worker.js", { type: "module" });
      worker.onmessage = ({ data: { plan, wrong } }) => {
        globalThis.told = { steps: plan.steps.length, refused: plan.refused.map((it) => it.issue.code), wrong };
      };
      worker.postMessage({ file, users, organization: "o1" });`,
    "out/index.html": html(""),
  });
  await bundle(project, "worker.js");
  await page.goto(await serve(project.path("out"), POLICY));
  await page.waitForFunction(() => "told" in globalThis);
  expect(await page.evaluate(() => Reflect.get(globalThis, "told"))).toEqual({
    steps: 19_999,
    refused: ["AlreadySo"],
    wrong: [
      { line: 20_002, raw: "nobody,member", message: "an email address has an `@` between name and domain" },
    ],
  });
});

test("the recipe for a request", async ({ project }) => {
  const fixture = await readFile(join(ROOT, "tests/fixtures/astro/create-invite.200.json"), "utf8");
  const invited = JSON.parse(fixture).response.body;
  await project.write({
    "invited.json": JSON.stringify(invited),
    "send.mjs": await recipe("A request, sent with `fetch`", "js"),
    "main.mjs": `import { readFileSync } from "node:fs";
      import { createServer } from "node:http";
      import { planInvites } from "rolecall";
      import { send } from "./send.mjs";
      const seen = [];
      const server = createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request) body += chunk;
        seen.push([request.method, request.url, request.headers.authorization, body]);
        if (request.method === "GET") {
          response.writeHead(429, { "retry-after": "3" }).end('{"message":"slow down"}');
        } else {
          response.writeHead(200).end(readFileSync("invited.json"));
        }
      });
      server.listen(0, "127.0.0.1", async () => {
        const to = { base: "http://127.0.0.1:" + server.address().port, token: "t0" };
        const plan = planInvites(["a@b.example"], [], { service: "astro", organization: "o1", role: "member" });
        const answers = [await send(plan.steps[0].call, to), await send({ service: "astro", type: "listUsers", organization: "o1" }, to)];
        console.log(JSON.stringify({ seen, answers }));
        server.close();
        server.closeAllConnections();
      });`,
  });
  const { seen, answers } = JSON.parse(await project.node("main.mjs"));
  expect(seen[0]).toEqual([
    "POST",
    "/organizations/o1/invites",
    "Bearer t0",
    '{"inviteeEmail":"a@b.example","role":"ORGANIZATION_MEMBER"}',
  ]);
  expect(answers[0]).toMatchObject({ type: "invited", email: "a@b.example", invite: invited.inviteId });
  expect(answers[1]).toMatchObject({ type: "refused", status: 429, retryAfter: { type: "seconds", seconds: 3 } });
});
