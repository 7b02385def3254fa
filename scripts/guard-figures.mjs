#!/usr/bin/env node
// What the guard over free text misses, and where it is wrong, on the published sentences of each language. Needs `npm run build`.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { look } = await import(pathToFileURL(join(root, "dist/src/privacy/look.js")).href);
/** What people write on, as the adapters name it. */
const platforms = ["telegram", "slack", "teams"];
const isShown = process.argv.includes("--show");

console.log("| language | with something in it | missed | harmless | false alarms |");
console.log("| -------- | -------------------: | -----: | -------: | -----------: |");
const shown = [];
for (const language of ["en", "da", "sv", "bg", "fi"]) {
  const set = JSON.parse(readFileSync(join(root, "tests/privacy/set", `${language}.json`), "utf8"));
  const { ok, ...labels } = set;
  const bad = Object.entries(labels).flatMap(([label, texts]) => texts.map((text) => [label, text]));
  const missed = bad.filter(([label, text]) => {
    const { danger, findings } = look(text, language, platforms);
    return label === "danger" ? !danger : !findings.includes(label);
  });
  const alarms = ok.filter((text) => {
    const { danger, findings } = look(text, language, platforms);
    return danger || findings.length > 0;
  });
  const percent = (part, whole) => `${part} (${Math.round((100 * part) / whole)} %)`;
  console.log(
    `| ${language} | ${bad.length} | ${percent(missed.length, bad.length)} | ${ok.length} | ${percent(alarms.length, ok.length)} |`,
  );
  shown.push(
    ...missed.map(([label, text]) => `missed   ${label}: ${text}`),
    ...alarms.map((text) => `alarm    ${text}`),
  );
}
if (isShown) console.log(`\n${shown.join("\n")}`);
