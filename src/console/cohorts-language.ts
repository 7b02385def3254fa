import { foldName } from "../cohorts/roster.ts";
import type { ConsoleDeps } from "./types.ts";

/** `da`, `da-DK`, `Danish`, `dansk` and `датски` all name the same language. */
export function languageNamer(deps: ConsoleDeps): (word: string) => string | undefined {
  const named = new Map<string, string>();
  for (const code of deps.words.languages) {
    named.set(code, code);
    for (const inLanguage of deps.words.languages) {
      const name = new Intl.DisplayNames([inLanguage], { type: "language" }).of(code);
      if (name !== undefined) named.set(foldName(name), code);
    }
  }
  return (word) => named.get(foldName(word)) ?? (/^[a-z]{2}[-_]/iu.test(word) ? deps.words.match(word) : undefined);
}
