import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const files = (folder, below = "") =>
  readdirSync(join(folder, below)).flatMap((name) => {
    const path = below === "" ? name : `${below}/${name}`;
    return statSync(join(folder, path)).isDirectory() ? files(folder, path) : [path];
  });

const folder = process.argv.at(-1);
for (const path of files(folder)) {
  const bytes = readFileSync(join(folder, path));
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  console.log([path, bytes.length, gzipSync(bytes, { level: 9 }).length, brotli.length].join("\t"));
}
