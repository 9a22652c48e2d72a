import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const ROOT = resolve(import.meta.dirname, "../..");
const BINARY = process.env["ROLECALL_SERVER"] ?? join(ROOT, "target/debug/rolecall");
/** The folder of the built console. */
export const CONSOLE = process.env["ROLECALL_CONSOLE"] ?? join(ROOT, "dist");

/** How long a server may take until it listens, milliseconds; seeding 100,000 users is in it. */
const PATIENCE = 60_000;

/** What names an account of the two vendors' tools; a process under test gets none of it. */
const ACCOUNT = /^(ASTRO_|ASTRA_|ASTRARC$|ASTRONOMER_|XDG_)/;

/** What the sandbox says about itself once it listens. */
export type Sandbox = {
  astro: { url: string };
  astra: { url: string };
  organizations: { service: "astro" | "astra"; id: string; name: string; users: number }[];
  tokens: { service: "astro" | "astra"; organization: string | null; role: string; token: string }[];
};

/** What `rolecall start --json` prints. */
type Started = { link: string; sandbox: Sandbox };

/** A `rolecall` process with an empty home and a data folder of its own, both gone when it is stopped. */
export class Rolecall {
  private constructor(
    private child: ChildProcess,
    private readonly home: string,
    private readonly logs: (() => string)[],
    /** The one line of JSON it printed. */
    readonly line: string,
  ) {}

  /** Starts `rolecall start`: console, gateway and sandbox. */
  static async start(flags: string[], assets = CONSOLE): Promise<Rolecall & { started: Started }> {
    if (!existsSync(join(assets, "index.html"))) {
      throw new Error(`there is no built console in ${assets}: run \`cargo xtask test\` or \`cargo xtask start\` once`);
    }
    const running = await Rolecall.run(["start", "--assets", assets, ...flags]);
    return Object.assign(running, { started: JSON.parse(running.line) as Started });
  }

  /** Starts `rolecall start` once more after `kill`: on the same data folder, at the same address. */
  async startAgain(this: Rolecall & { started: Started }, flags: string[]): Promise<void> {
    const listen = new URL(this.started.link).host;
    const { child, log, line } = await launch(this.home, listen, ["start", "--assets", CONSOLE, ...flags]);
    this.child = child;
    this.logs.push(log);
    this.started = JSON.parse(line) as Started;
  }

  /** Starts `rolecall sandbox`: the two services alone. */
  static async sandbox(flags: string[]): Promise<Rolecall & { sandbox: Sandbox }> {
    const running = await Rolecall.run(["sandbox", ...flags]);
    return Object.assign(running, { sandbox: JSON.parse(running.line) as Sandbox });
  }

  private static async run(words: [string, ...string[]]): Promise<Rolecall> {
    const home = await mkdtemp(join(tmpdir(), "rolecall-browser-"));
    const { child, log, line } = await launch(home, "127.0.0.1:0", words);
    return new Rolecall(child, home, [log], line);
  }

  /** Everything it wrote to standard error. */
  log(): string {
    return this.logs.map((log) => log()).join("");
  }

  /** The process id. */
  get pid(): number {
    return this.child.pid!;
  }

  /** Ends the process at once, as a crash would; its data stays until `stop`. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await ended;
  }

  /** Ends the process and removes its folders. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

async function launch(
  home: string,
  listen: string,
  [command, ...flags]: [string, ...string[]],
): Promise<{ child: ChildProcess; log: () => string; line: string }> {
  if (!existsSync(BINARY)) {
    throw new Error(`there is no server at ${BINARY}: run \`cargo build -p rolecall\``);
  }
  const inherited = Object.entries(process.env).filter(([name]) => !ACCOUNT.test(name));
  const child = spawn(BINARY, [command, "--json", "--listen", listen, "--data-dir", join(home, "data"), ...flags], {
    cwd: home,
    env: { ...Object.fromEntries(inherited), HOME: home, USERPROFILE: home },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  const line = await new Promise<string>((found, failed) => {
    const give_up = setTimeout(() => failed(new Error(`no line of JSON after ${PATIENCE} ms\n${log}`)), PATIENCE);
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`\`rolecall ${command}\` ended with ${code}\n${log}`)));
    createInterface(child.stdout).once("line", (text) => {
      clearTimeout(give_up);
      found(text);
    });
  });
  child.removeAllListeners("exit");
  return { child, log: () => log, line };
}
