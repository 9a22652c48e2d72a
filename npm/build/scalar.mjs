// Builds npm/email without vectors and writes it as plain JavaScript: generated/email-js.js.

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { NO_STD, rustflags } from "./wasm.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const generated = fileURLToPath(new URL("../generated/", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? `${root}target`;
const folder = `${target}/npm-email`;
const binaryen = (tool, ...args) =>
  execFileSync(process.execPath, [`${root}node_modules/binaryen/bin/${tool}`, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "inherit"],
  });

execFileSync(
  process.env.CARGO ?? "cargo",
  ["build", "--quiet", "--package", "rolecall-npm-email", "--target", "wasm32-unknown-unknown", "--profile", "wasm"],
  { cwd: root, stdio: "inherit", env: { ...process.env, CARGO_TARGET_DIR: folder, ...NO_STD, RUSTFLAGS: rustflags() } },
);
const lowered = `${folder}/email-lowered.wasm`;
binaryen(
  "wasm-opt",
  ...["bulk-memory", "bulk-memory-opt", "sign-ext", "mutable-globals", "nontrapping-float-to-int"].map((it) => `--enable-${it}`),
  ...["--llvm-memory-copy-fill-lowering", "--signext-lowering", "--llvm-nontrapping-fptoint-lowering"],
  ...["-Oz", "--converge", "--strip-debug", "--strip-producers", "--strip-target-features"],
  ...[`${folder}/wasm32-unknown-unknown/wasm/rolecall_npm_email.wasm`, "-o", lowered],
);
mkdirSync(generated, { recursive: true });
const code = binaryen("wasm2js", lowered, "-O", "-o", "-");
const start = code.indexOf("var retasmFunc = asmFunc(");
if (start < 0) throw new Error("wasm2js writes another form");
// its own ending runs on import
writeFileSync(`${generated}email-js.js`, `${code.slice(0, start)}export const make = () => asmFunc({});\n`);
