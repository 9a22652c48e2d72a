// Builds npm/email and writes it as a module of JavaScript: generated/email-wasm.js.
//
// The octets stand in a string, one character each. Written as UTF-8 that compresses to 2 % more
// than the module itself; base64 to 28 % more.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

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
  const features = ["simd", "bulk-memory", "sign-ext", "mutable-globals", "nontrapping-float-to-int"];
  execFileSync(
    process.execPath,
    [
      `${root}node_modules/binaryen/bin/wasm-opt`,
      ...features.map((feature) => `--enable-${feature}`),
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

/** A string literal with a character for each octet. */
function literal(octets) {
  const escapes = { 0: "\\0", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\" };
  let text = "";
  octets.forEach((octet, i) => {
    // a digit behind \0 would make another number of it
    const digit = octet === 0 && octets[i + 1] >= 48 && octets[i + 1] <= 57;
    text += digit ? "\\x00" : (escapes[octet] ?? String.fromCharCode(octet));
  });
  return `"${text}"`;
}

mkdirSync(generated, { recursive: true });
const octets = build(true);
writeFileSync(`${generated}email.wasm`, octets);
writeFileSync(
  `${generated}email-wasm.js`,
  `// Generated from npm/email.\nexport const wasm = ${literal(octets)};\n`,
);
