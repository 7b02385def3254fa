#!/usr/bin/env node
// The import rule: runs dependency-cruiser and fails where it saw fewer modules than there are files. A cruiser that
// cannot read TypeScript sees nothing and reports success; that must never count as passing.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folders = ["src", "adapters", "dialogs"];
const depcruise = join(
  dirname(fileURLToPath(import.meta.resolve("dependency-cruiser"))),
  "..",
  "..",
  "bin",
  "dependency-cruise.mjs",
);

const run = spawnSync(
  process.execPath,
  [depcruise, ...folders, "--config", ".dependency-cruiser.cjs", "--output-type", "json"],
  { cwd: root, encoding: "utf8", maxBuffer: 256 * 1024 * 1024 },
);
if (run.stdout === "") {
  process.stderr.write(run.stderr);
  process.exit(1);
}
const { modules, summary } = JSON.parse(run.stdout);

const seen = new Set(modules.map((module) => module.source));
const files = folders.flatMap((folder) => sources(join(root, folder)));
const unseen = files.filter((file) => !seen.has(file));
for (const { rule, from, to, cycle } of summary.violations) {
  const way = cycle === undefined ? to : cycle.map((step) => step.name ?? step).join(" → ");
  console.error(`${rule.name}: ${from} → ${way}`);
}
if (unseen.length > 0)
  console.error(
    `dependency-cruiser did not see ${unseen.length} of ${files.length} files: ${unseen.slice(0, 5).join(", ")}`,
  );
if (summary.violations.length > 0 || unseen.length > 0) process.exit(1);
console.log(`import rule: ${files.length} files, ${seen.size} modules seen, nothing wrong`);

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)));
}
