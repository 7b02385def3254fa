#!/usr/bin/env node
// The words: every area has the same keys with the same arguments in all languages.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, TYPE } from "@formatjs/icu-messageformat-parser";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const languages = ["en", "da", "sv", "bg", "fi"];
const problems = [];
let texts = 0;
const areas = readdirSync(join(root, "words"));
if (areas.length === 0) problems.push("words/ has no area");

for (const area of areas) {
  const tables = Object.fromEntries(languages.map((language) => [language, read(area, language)]));
  for (const [key, text] of Object.entries(tables.en)) {
    const wanted = argumentsOf(text, `${area}/en ${key}`);
    for (const language of languages) {
      texts += 1;
      const translated = tables[language][key];
      if (translated === undefined) problems.push(`words/${area}/${language}.json: "${key}" is missing`);
      else {
        const found = argumentsOf(translated, `${area}/${language} ${key}`);
        const missing = [...wanted].filter((name) => !found.has(name));
        const extra = [...found].filter((name) => !wanted.has(name));
        if (missing.length > 0)
          problems.push(`words/${area}/${language}.json: "${key}" lacks {${missing.join("}, {")}}`);
        if (extra.length > 0)
          problems.push(`words/${area}/${language}.json: "${key}" has {${extra.join("}, {")}}, which English has not`);
      }
    }
  }
  for (const language of languages.slice(1)) {
    for (const key of Object.keys(tables[language])) {
      if (tables.en[key] === undefined) problems.push(`words/${area}/${language}.json: "${key}" is not in English`);
    }
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`words: ${areas.length} areas, ${texts} texts in ${languages.length} languages, nothing wrong`);

function read(area, language) {
  try {
    return JSON.parse(readFileSync(join(root, "words", area, `${language}.json`), "utf8"));
  } catch (error) {
    problems.push(`words/${area}/${language}.json: ${error.message}`);
    return {};
  }
}

/** The names of a text's arguments, also inside plural forms. */
function argumentsOf(text, place) {
  try {
    return new Set(namesIn(parse(text)));
  } catch (error) {
    problems.push(`words/${place}: ${error.message}`);
    return new Set();
  }
}

function namesIn(nodes) {
  return nodes.flatMap((node) => {
    if (node.type === TYPE.literal || node.type === TYPE.pound) return [];
    const inside = Object.values(node.options ?? {}).flatMap((option) => namesIn(option.value));
    return [node.value, ...inside, ...namesIn(node.children ?? [])];
  });
}
