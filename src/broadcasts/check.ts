import type { Adapter, Words } from "../engine/adapter.ts";
import { compose } from "./content.ts";
import type { Audience, Content, Problem } from "./types.ts";

/** A first name as long as most are, for measuring a message. */
const name = "Konstantina";

/**
 * What is wrong with a content whoever it is for: empty texts, unknown fields, answers or a picture's description that lack a
 * language, too long for a platform, whose message ends with the way out of a topic where it is for one.
 */
export function contentProblems(
  { content, audience: { topic } }: { readonly content: Content; readonly audience: Pick<Audience, "topic"> },
  { adapters, words }: { readonly adapters: readonly Adapter[]; readonly words: Words },
): readonly Problem[] {
  const languages = Object.keys(content.texts);
  if (languages.length === 0) return [{ code: "empty", args: {} }];
  const problems: Problem[] = [];
  if (content.options.length === 1) problems.push({ code: "options", args: { language: languages.join(", ") } });
  for (const language of languages) {
    problems.push(...fieldProblems(content, language));
    if (content.options.some((option) => option[language] === undefined)) {
      problems.push({ code: "options", args: { language } });
    }
    if (content.picture !== undefined && content.picture.alt[language] === undefined) {
      problems.push({ code: "alt", args: { language } });
    }
    for (const adapter of adapters) {
      const over = tooMuch(adapter, content, language, words, topic);
      if (over > 0) problems.push({ code: "length", args: { language, platform: platformName(adapter), over } });
    }
  }
  return problems;
}

/** Fields are known in the text alone, and there is one. */
function fieldProblems(content: Content, language: string): readonly Problem[] {
  const others = [...content.options.map((option) => option[language] ?? ""), content.picture?.alt[language] ?? ""];
  const fields = [
    ...(content.texts[language] ?? "").matchAll(/\{([^{}]*)\}?/gu),
    ...others.flatMap((text) => [...text.matchAll(/\{([^{}]*)\}?/gu)]),
  ];
  return fields.flatMap(([field]) =>
    field === "{name}" ? [] : [{ code: "field", args: { language, field } } as const],
  );
}

/** How many characters a text has to lose to be one message on a platform; 0 where it is one. */
function tooMuch(
  adapter: Adapter,
  content: Content,
  language: string,
  words: Words,
  topic: string | undefined,
): number {
  const text = [...(content.texts[language] ?? "").replaceAll("{name}", name)];
  const isOne = (length: number): boolean => {
    const shown = text.slice(0, length).join("");
    const frame = { broadcast: "preview", token: "previewpreview", topic };
    try {
      return adapter.preview(compose(content, language, shown, frame, words).reply).parts.length === 1;
    } catch {
      return false;
    }
  };
  if (isOne(text.length)) return 0;
  // The longest beginning that is one message lies between these two.
  let [fits, not] = [0, text.length];
  while (not - fits > 1) {
    const middle = (fits + not) >> 1;
    if (isOne(middle)) fits = middle;
    else not = middle;
  }
  return text.length - fits;
}

/** A platform's name as people write it. */
export function platformName({ channel }: Pick<Adapter, "channel">): string {
  return `${channel.charAt(0).toUpperCase()}${channel.slice(1)}`;
}
