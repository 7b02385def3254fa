import { categoriesOf } from "../../domain/framework.ts";
import { inLanguage, languageFor } from "../../domain/programme.ts";
import type { EvidenceItem } from "../../evidence/types.ts";
import type { ConsoleDeps } from "../types.ts";

/** What an item is, in words. */
export function kindOf({ words }: ConsoleDeps, { kind, prior }: EvidenceItem, language: string): string {
  return words.text(language, prior ? `evidence.short.prior.${kind}` : `evidence.short.${kind}`);
}

/** The competences of an item with what they are called; an id where a title is no more. */
export function competenceTitles(
  { catalogue }: ConsoleDeps,
  item: EvidenceItem,
  language: string,
): readonly { readonly id: string; readonly title: string }[] {
  const programme = catalogue.get(item.programme, item.version) ?? catalogue.get(item.programme);
  const known = programme === undefined ? [] : categoriesOf(programme).flatMap((part) => part.competences);
  const shown = programme === undefined ? language : languageFor(programme.languages, [language]);
  return item.competences.map((id) => {
    const found = known.find((competence) => competence.id === id);
    return { id, title: found === undefined ? id : inLanguage(found.title, shown) };
  });
}

/** What a unit is called; undefined where it is none (any more). */
export function unitTitle(
  { catalogue }: ConsoleDeps,
  item: EvidenceItem,
  unit: string | null,
  language: string,
): string | undefined {
  const programme = catalogue.get(item.programme, item.version) ?? catalogue.get(item.programme);
  const found = programme?.units.find(({ id }) => id === unit);
  if (programme === undefined || found === undefined) return undefined;
  return inLanguage(found.title, languageFor(programme.languages, [language]));
}
