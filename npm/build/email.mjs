// Builds npm/email and writes it as a module of JavaScript: generated/email-wasm.js.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { FEATURES, literal } from "./wasm.mjs";

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
        RUSTFLAGS: simd ? "-C target-feature=+simd128" : "",
      },
    },
  );
  const optimized = `${folder}/email.wasm`;
  execFileSync(
    process.execPath,
    [
      `${root}node_modules/binaryen/bin/wasm-opt`,
      ...FEATURES.map((feature) => `--enable-${feature}`),
      "-Oz",
      "--converge",
      "--strip-debug",
      "--strip-producers",
      "--strip-target-features",
      `${folder}/wasm32-unknown-unknown/wasm/rolecall_npm_email.wasm`,
      "-o",
      optimized,
    ],
    { stdio: "inherit" },
  );
  return readFileSync(optimized);
}

mkdirSync(generated, { recursive: true });
const octets = build(true);
writeFileSync(`${generated}email.wasm`, octets);
writeFileSync(
  `${generated}email-wasm.js`,
  `// Generated from npm/email.\nexport const wasm = ${literal(octets)};\n`,
);
