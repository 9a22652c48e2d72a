import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import { promisify } from "node:util";

import { type Page, test as base, expect } from "@playwright/test";

export { expect };

export const ROOT = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** The packed package. */
export function tarball(): string {
  const given = process.env["ROLECALL_PACKAGE"];
  const folder = join(ROOT, "target/npm");
  const packed = existsSync(folder) ? readdirSync(folder).find((name) => /^rolecall-.*\.tgz$/.test(name)) : undefined;
  const found = given ?? (packed === undefined ? undefined : join(folder, packed));
  if (found === undefined || !existsSync(found)) {
    throw new Error("there is no packed package: run `cargo xtask pack`");
  }
  return found;
}

/** A fresh project with the packed package installed in it, and nothing else. */
export class Project {
  private constructor(
    readonly folder: string,
    private readonly home: string,
  ) {}

  static async create(files: Record<string, string> = {}, folder?: string): Promise<Project> {
    const fresh = (name: string) => mkdtemp(join(tmpdir(), `rolecall-${name}-`));
    const project = new Project(folder ?? (await fresh("package")), await fresh("home"));
    await project.write({ "package.json": '{ "private": true, "type": "module" }', ...files });
    await project.run(process.platform === "win32" ? "npm.cmd" : "npm", [
      ...["install", "--offline", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"],
      ...["--cache", join(project.home, ".npm"), tarball()],
    ]);
    await cp(join(ROOT, "npm/test/vectors.mjs"), join(project.folder, "compare.mjs"));
    return project;
  }

  async write(files: Record<string, string>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(this.path(path)), { recursive: true });
      await writeFile(this.path(path), text);
    }
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  /** Runs a program in the project, with an empty home, and gives what it printed. */
  async run(program: string, args: string[]): Promise<string> {
    const { stdout } = await run(program, args, {
      cwd: this.folder,
      env: this.environment(),
      maxBuffer: 1 << 26,
    });
    return stdout;
  }

  /** An empty home, and nothing of the caller's settings but where programs are. */
  environment(): Record<string, string> {
    return { PATH: process.env["PATH"] ?? "", HOME: this.home, FORCE_COLOR: "0", NEXT_TELEMETRY_DISABLED: "1" };
  }

  async node(...args: string[]): Promise<string> {
    return this.run(process.execPath, args);
  }

  async remove(): Promise<void> {
    // a program that has just ended may leave a helper that writes for a moment more
    const patient = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };
    for (const folder of [this.folder, this.home]) await rm(folder, patient);
  }
}

type Fixtures = {
  /** A fresh project with the packed package. */
  project: Project;
  /** Serves a folder under a policy, and gives its address. */
  serve: (folder: string, policy: string) => Promise<string>;
};

/** `page` fails the test on any error in its console, any uncaught exception and any request beyond the server. */
export const test = base.extend<Fixtures>({
  project: async ({}, use) => {
    const project = await Project.create();
    await use(project);
    await project.remove();
  },

  serve: async ({}, use) => {
    const running: ReturnType<typeof createServer>[] = [];
    await use(async (folder, policy) => {
      const server = createServer(async (request, response) => {
        const { pathname } = new URL(request.url ?? "/", "http://localhost");
        const path = join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
        const found = await readFile(path).catch(() => undefined);
        response.writeHead(found ? 200 : pathname === "/favicon.ico" ? 204 : 404, {
          "content-type": TYPES[extname(path)] ?? "application/octet-stream",
          "content-security-policy": policy,
        });
        response.end(found);
      });
      running.push(server);
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    });
    for (const server of running) {
      server.closeAllConnections();
      server.close();
    }
  },

  page: async ({ page }, use) => {
    const wrong: string[] = [];
    watch(page, wrong);
    await use(page);
    expect(wrong, "errors in the browser").toEqual([]);
  },
});

function watch(page: Page, wrong: string[]): void {
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) wrong.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => wrong.push(`uncaught: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.hostname !== "127.0.0.1") wrong.push(`request to ${url.href}`);
  });
}

export type Compared = Record<string, { count: number; different: string[] }>;

/** Each entry ran its share of the vectors, and gave the same answers. */
export function expectTheAnswersOfCore(results: Compared, entries: string[]): void {
  expect(Object.keys(results).sort()).toEqual([...entries].sort());
  for (const [entry, { count, different }] of Object.entries(results)) {
    expect(different, entry).toEqual([]);
    expect(count, entry).toBeGreaterThan(["rolecall", "rolecall/async"].includes(entry) ? 350 : 150);
  }
}
