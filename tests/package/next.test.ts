import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { Project, ROOT, expect, test } from "../support/package.ts";

const NEXT = join(dirname(createRequire(import.meta.url).resolve("next/package.json")), "dist/bin/next");

const FILES = {
  // browsers ask for one
  "app/icon.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>',
  "app/layout.jsx": `
    export const metadata = { title: "Invite" };
    export default function Layout({ children }) {
      return <html lang="en"><body>{children}</body></html>;
    }`,
  // a server component: the check runs where the page is made
  "app/page.jsx": `
    import { checkEmail, readRecipients } from "rolecall";
    import { Field } from "./field.jsx";

    export const dynamic = "force-dynamic";

    export default async function Page({ searchParams }) {
      const { list = "" } = await searchParams;
      const { rows } = readRecipients(list);
      const good = rows.filter((row) => checkEmail(row.recipient?.email ?? "").type === "ok");
      return <main><p id="server">{good.length} of {rows.length}</p><Field /></main>;
    }`,
  // a client component: made on the server first, then alive in the browser
  "app/field.jsx": `
    "use client";
    import { useState } from "react";
    import { checkEmail } from "rolecall/email";

    export function Field() {
      const [text, setText] = useState("ada@example.org");
      const checked = checkEmail(text);
      return <>
        <label>E-mail <input value={text} onChange={(event) => setText(event.target.value)} /></label>
        <output>{checked.type === "ok" ? checked.domain : checked.issue.message}</output>
      </>;
    }`,
};

test("Next runs it in server and client components", async ({ page }) => {
  // below the repository, where Next is found; what is tested is in the project's own folder
  await mkdir(join(ROOT, "target"), { recursive: true });
  const project = await Project.create(FILES, await mkdtemp(join(ROOT, "target/next-")));
  let server: ChildProcess | undefined;
  try {
    await project.node(NEXT, "build");
    server = spawn(process.execPath, [NEXT, "start", "--hostname", "127.0.0.1", "--port", "0"], {
      cwd: project.folder,
      env: { ...project.environment(), NODE_ENV: "production" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const address = await printed(server, /http:\/\/127\.0\.0\.1:\d+/);

    await page.goto(`${address}/?list=${encodeURIComponent("ada@example.org\nbob@example.org\nnobody")}`);
    await expect(page.locator("#server")).toHaveText("2 of 3");
    const answer = page.getByRole("status");
    await expect(answer).toHaveText("example.org");
    await page.getByLabel("E-mail").fill("ada@");
    await expect(answer).toHaveText(/domain/);
  } finally {
    await ended(server);
    await project.remove();
  }
});

/** Ends a process, and waits until it is gone. */
async function ended(process: ChildProcess | undefined): Promise<void> {
  if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
  const gone = once(process, "exit");
  process.kill();
  await gone;
}

/** The first match in what a server prints. */
async function printed(server: ChildProcess, pattern: RegExp): Promise<string> {
  if (server.stdout === null) throw new Error("the server's output is not piped");
  for await (const line of createInterface(server.stdout)) {
    const found = pattern.exec(line);
    if (found) return found[0];
  }
  throw new Error("the server ended before it listened");
}
