// Writes what an application gets of each entry, and of peers, to be measured.
//
//   node build/sizes.mjs PACKAGE OUT

import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const [folder, out] = process.argv.slice(2);

const BUNDLES = {
  "rolecall": `export * from "${folder}/index.js";`,
  "rolecall-email": `export * from "${folder}/email.js";`,
  "rolecall-email, checkEmail alone": `export { checkEmail } from "${folder}/email.js";`,
  "rolecall-js": `export * from "${folder}/js.js";`,
  "rolecall-async": `export * from "${folder}/async.js";`,
  "rolecall-element": `export * from "${folder}/element.js";`,
  "peer libphonenumber-js": 'export * from "libphonenumber-js";',
  "peer validator isEmail": 'export { default } from "validator/es/lib/isEmail.js";',
  "peer valibot email": 'import { email, pipe, safeParse, string } from "valibot"; const s = pipe(string(), email()); export const check = (it) => safeParse(s, it);',
  "peer zod email": 'import { z } from "zod"; const s = z.email(); export const check = (it) => s.safeParse(it);',
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const [name, contents] of Object.entries(BUNDLES)) {
  await build({
    bundle: true,
    charset: "utf8",
    format: "esm",
    legalComments: "none",
    logLevel: "error",
    minify: true,
    outfile: join(out, `${name}.js`),
    stdin: { contents, resolveDir: fileURLToPath(new URL("../", import.meta.url)) },
    target: "es2022",
  });
}
for (const name of ["rolecall.wasm", "email.wasm"]) copyFileSync(join(folder, name), join(out, `rolecall-async ${name}`));
