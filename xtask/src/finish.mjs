// Run by Trunk after a build for release: splits the WebAssembly where the console was built to be split, optimizes and
// minifies what wasm-bindgen wrote, names each file after what is in it, and puts its brotli and gzip beside it.
import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { buildSync, transformSync } from "esbuild";

import { shorten } from "./linkage.mjs";

const NAME = "rolecall-web";

/** What rustc compiles for; wasm-opt is told the same. */
const FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
].map((feature) => `--enable-${feature}`);

/** The lowest addresses are the end of the stack, at which nothing lies: so offsets of fields need no addition. */
const LOW = "--low-memory-unused";

const { TRUNK_PROFILE, TRUNK_SOURCE_DIR, TRUNK_STAGING_DIR: staging, CARGO_TARGET_DIR } = process.env;
if (TRUNK_PROFILE === "release") await finish();

async function finish() {
  const [script, module] = [".js", "_bg.wasm"].map((end) => readdirSync(staging).find((name) => name.endsWith(end)));
  const target = resolve(TRUNK_SOURCE_DIR, CARGO_TARGET_DIR ?? "target");
  const work = join(target, "console");
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  // the splitter leaves this name where a function of another module is called
  const isSplit = readFileSync(join(staging, script), "utf8").includes("__wasm_split_placeholder__");
  if (isSplit) {
    run("wasm-split-cli", join(target, "wasm32-unknown-unknown", "wasm", `${NAME}.wasm`), work, "--out-name", NAME);
    const whole = join(work, `${NAME}.wasm`);
    run("wasm-bindgen", whole, "--out-dir", work, "--target", "web", "--no-typescript", "--keep-lld-exports");
    rmSync(whole);
  } else {
    cpSync(join(staging, script), join(work, `${NAME}.js`));
    cpSync(join(staging, module), join(work, `${NAME}_bg.wasm`));
  }
  rmSync(join(staging, script));
  rmSync(join(staging, module));

  const [first, entry] = [`${NAME}_bg.wasm`, `${NAME}.js`].map((name) => join(work, name));
  const { module: linked, names: letters } = shorten(readFileSync(first));
  writeFileSync(first, linked);
  writeFileSync(entry, readFileSync(entry, "utf8").replace(/\w+/g, (word) => letters.get(word) ?? word));

  const modules = readdirSync(work).filter((name) => name.endsWith(".wasm"));
  await Promise.all(modules.map((name) => optimize(join(work, name))));
  const names = new Map(modules.map((name) => [name, place(name.replace("_bg", ""), readFileSync(join(work, name)))]));
  // one script, though the splitter writes its own: each would be a request of its own
  const built = buildSync({ entryPoints: [entry], bundle: true, write: false, minify: true, logLevel: "error", format: "esm", target: "es2022" });
  const code = renamed(built.outputFiles[0].text, names);
  const page = join(staging, "index.html");
  const html = renamed(minified(quiet(readFileSync(page, "utf8"))), [
    [script, place(`${NAME}.js`, code)],
    [module, names.get(`${NAME}_bg.wasm`)],
  ]);
  writeFileSync(page, isSplit ? later(html) : html);
  for (const name of readdirSync(staging)) compress(join(staging, name));
}

/** The page without Trunk's event of its start, for which nobody listens. */
function quiet(html) {
  const told = /\n*dispatchEvent\(new CustomEvent\("TrunkApplicationStarted"[^;]*;/;
  if (!told.test(html)) throw new Error("Trunk writes the start of the console in another form");
  return html.replace(told, "");
}

/** The page with the scripts in it written shortly; their names stay. */
function minified(html) {
  const short = (script) => transformSync(script, { minify: true, target: "es2022" }).code.trimEnd();
  return html.replace(/(<script[^>]*>)([^]*?)(?=<\/script>)/g, (_, begin, script) => begin + short(script));
}

/** The look of what is fetched later waits until the console asks for it. */
function later(html) {
  const link = /<link(?=[^>]*\/later-)/;
  if (!link.test(html)) throw new Error("Trunk writes links to styles in another form");
  return html.replace(link, '<link id="later" disabled');
}

function run(program, ...args) {
  try {
    execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  } catch (error) {
    throw error.code === "ENOENT" ? new Error(`${program} is missing: \`cargo xtask setup\` brings it`) : error;
  }
}

async function optimize(path) {
  const small = `${path}.small`;
  // once more from a flat form: blocks are built anew, smaller than rustc left them; then like functions are made one
  // and come beside one another, which compresses better
  const rebuilt = ["-Oz", "--flatten", "--rereloop", "-Oz", "--converge"];
  const passes = [LOW, ...rebuilt, "--merge-similar-functions", "-Oz", "--reorder-functions-by-name"];
  await promisify(execFile)("wasm-opt", [...FEATURES, ...passes, path, "--output", small]);
  renameSync(small, path);
}

/** Writes a file under a name that changes with its content. */
function place(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  const placed = name.replace(/(?=\.\w+$)/, `-${hash}`);
  writeFileSync(join(staging, placed), content);
  return placed;
}

function renamed(text, names) {
  let result = text;
  for (const [from, to] of names) result = result.replaceAll(from, to);
  return result;
}

function compress(path) {
  const bytes = readFileSync(path);
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gzip = gzipSync(bytes, { level: 9 });
  if (brotli.length < bytes.length) writeFileSync(`${path}.br`, brotli);
  if (gzip.length < bytes.length) writeFileSync(`${path}.gz`, gzip);
}
