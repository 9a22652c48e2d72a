// Builds npm/email and writes it as a module of JavaScript: generated/email-wasm.js.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { FEATURES, NO_STD, PASSES, masked, rustflags } from "./wasm.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const generated = fileURLToPath(new URL("../generated/", import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? `${root}target`;

/** Builds with or without vectors and gives the octets. */
function build(simd) {
  const folder = `${target}/npm-email${simd ? "-simd" : ""}`;
  execFileSync(
    process.env.CARGO ?? "cargo",
    ["build", "--quiet", "--package", "rolecall-npm-email", "--target", "wasm32-unknown-unknown", "--profile", "wasm"],
    {
      cwd: root,
      stdio: "inherit",
      env: {
        ...process.env,
        CARGO_TARGET_DIR: folder,
        ...NO_STD,
        // addresses of four digits are shorter than those behind a stack of a megabyte
        RUSTFLAGS: rustflags(simd ? "-C target-feature=+simd128" : "", "-C link-arg=-zstack-size=8192"),
      },
    },
  );
  const optimized = `${folder}/email.wasm`;
  execFileSync(
    process.execPath,
    [
      `${root}node_modules/binaryen/bin/wasm-opt`,
      ...FEATURES.map((feature) => `--enable-${feature}`),
      ...PASSES,
      `${folder}/wasm32-unknown-unknown/wasm/rolecall_npm_email.wasm`,
      "-o",
      optimized,
    ],
    { stdio: "inherit" },
  );
  return readFileSync(optimized);
}

/** The face of the module, which is bundled with it. */
function script() {
  const face = `${root}npm/js/email/`;
  return readdirSync(face).map((name) => readFileSync(face + name, "utf8")).join("");
}

mkdirSync(generated, { recursive: true });
const octets = build(true);
writeFileSync(`${generated}email.wasm`, octets);
writeFileSync(`${generated}email-wasm.js`, `// Generated from npm/email.\n${masked(octets, script())}`);
