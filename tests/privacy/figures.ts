import { readFileSync } from "node:fs";
import { kinds, look } from "../../src/privacy/look.ts";

export const setLanguages = ["en", "da", "sv", "bg", "fi"] as const;
/** What people write on, as the adapters name it. */
const platforms = ["telegram", "slack", "teams"];
const labels = [...kinds, "danger"] as const;

/** What the guard says to the published sentences of one language. */
export function figuresOf(language: string) {
  const path = new URL(`set/${language}.json`, import.meta.url);
  const set = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, readonly string[]>>;
  const harmless = set.ok ?? [];
  const isSeen = (text: string): boolean => {
    const seen = look(text, language, platforms);
    return seen.danger || seen.findings.length > 0;
  };
  const missed = labels.flatMap((label) =>
    (set[label] ?? [])
      .filter((text) => {
        const seen = look(text, language, platforms);
        return label === "danger" ? !seen.danger : !seen.findings.includes(label);
      })
      .map((text) => `${label}: ${text}`),
  );
  const bad = labels.reduce((sum, label) => sum + (set[label] ?? []).length, 0);
  const alarms = harmless.filter(isSeen).map((text) => `${JSON.stringify(look(text, language, platforms))}: ${text}`);
  return { harmless: harmless.length, bad, missed, alarms };
}
