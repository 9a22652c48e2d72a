// Builds npm/full: generated/full.wasm, the glue in generated/full.js, and the module as a string of
// JavaScript in generated/full-wasm.js.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

import { FEATURES, PASSES, masked } from "./wasm.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const generated = fileURLToPath(new URL("../generated/", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? `${root}target`;
const folder = `${target}/npm-full`;
const path = [`${target}/tools/bin`, process.env.PATH].join(delimiter);
const run = (program, ...args) =>
  execFileSync(program, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, PATH: path } });

// Small first, also the middle: the hot paths for forms are in npm/email.
run(
  process.env.CARGO ?? "cargo",
  // as a library for Rust, too, it would not be optimized as a whole
  ...["rustc", "--quiet", "--package", "rolecall-npm", "--lib", "--crate-type", "cdylib"],
  ...["--target", "wasm32-unknown-unknown", "--profile", "wasm"],
  ...["--config", 'profile.wasm.package.rolecall-core.opt-level="z"'],
);
mkdirSync(folder, { recursive: true });
mkdirSync(generated, { recursive: true });
run(
  "wasm-bindgen",
  ...["--target", "web", "--no-typescript", "--omit-default-module-path"],
  ...["--remove-producers-section", "--experimental-reset-state-function", "--out-name", "full", "--out-dir", folder],
  `${target}/wasm32-unknown-unknown/wasm/rolecall_npm.wasm`,
);
run(
  process.execPath,
  `${root}node_modules/binaryen/bin/wasm-opt`,
  ...["reference-types", "multivalue", ...FEATURES].map((feature) => `--enable-${feature}`),
  // nothing lies at the end of the stack, which is lowest; what has like names is alike
  ...["--low-memory-unused", ...PASSES, "--reorder-functions-by-name"],
  ...[`${folder}/full_bg.wasm`, "-o", `${generated}full.wasm`],
);
const glue = readFileSync(`${folder}/full.js`, "utf8").replace("rolecall:host", "../js/full/host.js");
writeFileSync(`${generated}full.js`, glue);
const octets = readFileSync(`${generated}full.wasm`);
writeFileSync(`${generated}full-wasm.js`, `// Generated from npm/full.\n${masked(octets)}`);
