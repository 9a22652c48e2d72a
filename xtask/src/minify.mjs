// Run by Trunk after a build: minifies the JavaScript that wasm-bindgen wrote, which Trunk's own minifier cannot read.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";

if (process.env.TRUNK_PROFILE === "release") {
  const staging = process.env.TRUNK_STAGING_DIR;
  for (const name of readdirSync(staging).filter((name) => name.endsWith(".js"))) {
    const path = join(staging, name);
    const { code } = transformSync(readFileSync(path, "utf8"), { minify: true, format: "esm", target: "es2022" });
    writeFileSync(path, code);
  }
}
