import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const files = (folder, below = "") =>
  readdirSync(join(folder, below)).flatMap((name) => {
    const path = below === "" ? name : `${below}/${name}`;
    return statSync(join(folder, path)).isDirectory() ? files(folder, path) : [path];
  });

const folder = process.argv.at(-1);
const all = files(folder);
// what is there compressed already is no file of its own
const isCompressed = (path) => /\.(br|gz)$/.test(path) && all.includes(path.slice(0, -3));
for (const path of all.filter((path) => !isCompressed(path))) {
  const bytes = readFileSync(join(folder, path));
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  console.log([path, bytes.length, gzipSync(bytes, { level: 9 }).length, brotli.length].join("\t"));
}
