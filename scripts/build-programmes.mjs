#!/usr/bin/env node
// Part of `npm run build`: compiles the programmes with the code that was built into a folder, and puts them there. One with problems is
// left out: a server says at its start what is wrong with it.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const built = process.argv[2];
const own = (path) => import(pathToFileURL(join(built, "src", "programmes", path)).href);
const [{ loadProgrammes }, { compile }, { sumOf }, { onDisk }] = await Promise.all(
  ["load.js", "compiled.js", "built.js", "files.js"].map(own),
);
const { loaded } = await loadProgrammes(join(dirname(fileURLToPath(import.meta.url)), "..", "programmes"));
const place = join(built, "programmes-built");
mkdirSync(place, { recursive: true });
for (const { programme, pack } of loaded) {
  writeFileSync(join(place, `${await sumOf(onDisk, pack.folder)}.json`), compile(programme));
}
