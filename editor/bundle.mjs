// The editor's script and style, and the licences of what is in them: node bundle.mjs <folder to write to>

import { readFile, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.resolve(process.argv[2]);

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["src/editor.ts", "src/editor.css"],
  outdir: target,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none", // the licences are in a file of their own, whole
  metafile: true,
  logLevel: "warning",
});
await writeFile(path.join(target, "licences.txt"), await licences(Object.keys(metafile.inputs)));

/** Give the name, version and licence of each package that the inputs of a bundle are from. */
async function licences(inputs) {
  const folders = new Set(inputs.map((file) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean));
  const texts = [...folders].sort().map(async (folder) => {
    const { name, version } = JSON.parse(readFileSync(path.join(here, folder, "package.json"), "utf8"));
    const licence = await readFile(path.join(here, folder, "LICENSE"), "utf8");
    return `${name} ${version}\n\n${licence.trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`);
}
