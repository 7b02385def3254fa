import type { Adapter, Words } from "../engine/adapter.ts";
import { compose } from "./content.ts";
import type { Content, Problem } from "./types.ts";

/** A first name as long as most are, for measuring a message. */
const name = "Konstantina";

/** What is wrong with a content whoever it is for: empty texts, unknown fields, answers that lack a language, too long for a platform. */
export function contentProblems(content: Content, adapters: readonly Adapter[], words: Words): readonly Problem[] {
  const languages = Object.keys(content.texts);
  if (languages.length === 0) return [{ code: "empty", args: {} }];
  const problems: Problem[] = [];
  if (content.options.length === 1) problems.push({ code: "options", args: { language: languages.join(", ") } });
  for (const language of languages) {
    const text = content.texts[language] ?? "";
    for (const field of text.matchAll(/\{([^{}]*)\}?/gu)) {
      if (field[0] !== "{name}") problems.push({ code: "field", args: { language, field: field[0] } });
    }
    if (content.options.some((option) => option[language] === undefined)) {
      problems.push({ code: "options", args: { language } });
    }
    for (const adapter of adapters) {
      const parts = partsOf(adapter, content, language, words);
      if (parts !== 1) problems.push({ code: "length", args: { language, platform: platformName(adapter), parts } });
    }
  }
  return problems;
}

/** How many messages a platform would make of it; 0 where it refuses it. */
function partsOf(adapter: Adapter, content: Content, language: string, words: Words): number {
  const text = (content.texts[language] ?? "").replaceAll("{name}", name);
  const { reply } = compose(content, language, text, { broadcast: "preview", token: "previewpreview" }, words);
  try {
    return adapter.preview(reply).parts.length;
  } catch {
    return 0;
  }
}

/** A platform's name as people write it. */
export function platformName({ channel }: Pick<Adapter, "channel">): string {
  return `${channel.charAt(0).toUpperCase()}${channel.slice(1)}`;
}
