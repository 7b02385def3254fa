#!/usr/bin/env node
// Shared code never names a platform: only adapters/, src/main.ts and src/config.ts may. Comments count too.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const allowed = new Set(["src/main.ts", "src/config.ts"]);
const names = /\b(telegram|slack|teams|grammy|botbuilder)\b/i;

const files = ["src", "dialogs"].flatMap((folder) =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name))),
);
if (files.length === 0) {
  console.error("no file was read: src/ and dialogs/ are empty");
  process.exit(1);
}
let wrong = 0;
for (const file of files.filter((path) => !allowed.has(path))) {
  for (const [index, line] of readFileSync(join(root, file), "utf8").split("\n").entries()) {
    const name = names.exec(line)?.[0];
    if (name === undefined) continue;
    console.error(`${file}:${index + 1}: names "${name}"; shared code asks capabilities instead`);
    wrong += 1;
  }
}
if (wrong > 0) process.exit(1);
console.log(`platform names: ${files.length} files of shared code, none named`);
