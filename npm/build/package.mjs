// Puts the package together from js/ and generated/, and packs it.
//
//   node build/package.mjs FOLDER
//
// writes FOLDER/package/ and FOLDER/rolecall-VERSION.tgz.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build, transformSync } from "esbuild";

const npm = fileURLToPath(new URL("../", import.meta.url));
const folder = resolve(process.argv[2]);
const out = join(folder, "package");
const source = JSON.parse(readFileSync(join(npm, "package.json"), "utf8"));

/** Entries by the path under which they are imported; `.` is `index`. */
const SHARED = ["index", "email", "element", "element/auto"];
const TYPES = ["index", "email", "async", "js", "element", "element/auto"];

const COMMON = {
  absWorkingDir: npm,
  bundle: true,
  charset: "utf8",
  format: "esm",
  legalComments: "none",
  minify: true,
  outdir: out,
  platform: "neutral",
  target: "es2022",
};

/** Takes `to` where the sources import `from`; both are paths below js/. */
function instead(swaps) {
  return {
    name: "instead",
    setup(build) {
      build.onResolve({ filter: /\/source\.js$/ }, ({ path, resolveDir }) => {
        const asked = resolve(resolveDir, path);
        const swap = Object.entries(swaps).find(([from]) => asked === join(npm, "js", from));
        return { path: swap ? join(npm, "js", swap[1]) : asked };
      });
    },
  };
}

/** The same module for `require`: its relative imports are the `.cjs` beside it. */
function toCommonJs(path) {
  const { code } = transformSync(readFileSync(path, "utf8"), { format: "cjs", charset: "utf8", minify: true, target: "es2022" });
  const relative = /require\("(\.[^"]*)\.js"\)/g;
  writeFileSync(path.replace(/\.js$/, ".cjs"), code.replace(relative, 'require("$1.cjs")'));
}

function files(below = "") {
  return readdirSync(join(out, below), { withFileTypes: true }).flatMap((it) =>
    it.isDirectory() ? files(join(below, it.name)) : [join(below, it.name)],
  );
}

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "element"), { recursive: true });

// Together, so that what several entries need is there once.
await build({
  ...COMMON,
  entryPoints: Object.fromEntries(SHARED.map((name) => [name, `js/${name}.js`])),
  chunkNames: "chunk-[hash]",
  splitting: true,
});
await build({
  ...COMMON,
  entryPoints: { js: "js/js.js" },
  plugins: [instead({ "email/source.js": "email/source-js.js" })],
});
for (const path of files()) toCommonJs(join(out, path));

const brought = instead({ "email/source.js": "email/source-async.js", "full/source.js": "full/source-async.js" });
await build({ ...COMMON, entryPoints: { async: "js/async.js" }, plugins: [brought] });
await build({
  ...COMMON,
  entryPoints: { "async-node": "js/async-node.js" },
  external: ["node:*"],
  plugins: [brought],
});
await build({
  ...COMMON,
  entryPoints: { async: "js/async-node.js" },
  outExtension: { ".js": ".cjs" },
  external: ["node:*"],
  format: "cjs",
  plugins: [brought],
  define: { "import.meta.url": "here" },
  banner: { js: 'const here=require("node:url").pathToFileURL(__filename).href;' },
});

for (const name of TYPES) {
  const types = readFileSync(join(npm, "js", `${name}.d.ts`), "utf8");
  writeFileSync(join(out, `${name}.d.ts`), types);
  writeFileSync(join(out, `${name}.d.cts`), types.replace(/(from "\.[^"]*)\.js"/g, '$1.cjs"'));
}
copyFileSync(join(npm, "generated/full.wasm"), join(out, "rolecall.wasm"));
copyFileSync(join(npm, "generated/email.wasm"), join(out, "email.wasm"));
copyFileSync(join(npm, "vectors.json"), join(out, "vectors.json"));
copyFileSync(join(npm, "README.md"), join(out, "README.md"));
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(join(npm, "..", licence), join(out, licence));

const entry = (name, node = name) => ({
  import: { types: `./${name}.d.ts`, ...(node === name ? {} : { node: `./${node}.js` }), default: `./${name}.js` },
  require: { types: `./${name}.d.cts`, default: `./${name}.cjs` },
});
const manifest = {
  name: source.name,
  version: source.version,
  description: source.description,
  keywords: source.keywords,
  license: source.license,
  type: "module",
  main: "./index.cjs",
  module: "./index.js",
  types: "./index.d.cts",
  exports: {
    ".": entry("index"),
    "./email": entry("email"),
    "./async": entry("async", "async-node"),
    "./js": entry("js"),
    "./element": entry("element"),
    "./element/auto": entry("element/auto"),
    "./vectors.json": "./vectors.json",
    "./*.wasm": "./*.wasm",
    "./package.json": "./package.json",
  },
  sideEffects: ["./element/auto.js", "./element/auto.cjs"],
  engines: source.engines,
};
writeFileSync(join(out, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);

const npmCommand = process.platform === "win32" ? "npm.cmd" : "npm";
const packed = execFileSync(npmCommand, ["pack", "--silent", "--pack-destination", folder], { cwd: out, encoding: "utf8" });
console.log(join(dirname(join(folder, "x")), basename(packed.trim().split("\n").at(-1))));
