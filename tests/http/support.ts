import { readFileSync } from "node:fs";
import type { Log } from "../../src/engine/adapter.ts";
import { languages } from "../../src/words.ts";

/** Says nothing. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** The real words of one area, by language. */
export function areaWords(area: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(
    languages.map((language) => {
      const file = new URL(`../../words/${area}/${language}.json`, import.meta.url);
      return [language, new Map(Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>))];
    }),
  );
}
