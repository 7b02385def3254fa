import type { Request } from "express";
import type { Words } from "../../src/engine/adapter.ts";
import { cookieOf } from "./identity.ts";

/** The words of one page in one language. */
export interface Texts {
  readonly language: string;
  readonly languages: readonly string[];
  t(key: string, args?: Record<string, string | number>): string;
  /** The words the page itself needs while it runs. */
  readonly client: Readonly<Record<string, string>>;
}

/** The name of the cookie that remembers the chosen language of the page. */
export const languageCookie = "fadder_lang";

const clientKeys = [
  "answers",
  "back",
  "badSession",
  "continue",
  "lost",
  "newWindow",
  "notSent",
  "offline",
  "reconnecting",
  "sending",
  "waiting",
  "you",
] as const;

/** The page's words in the language that was chosen before, or that the browser asks for, or the product's first. */
export function textsFor(req: Request, words: Words): Texts {
  const language = chosen(req, words) ?? asked(req, words) ?? words.languages[0] ?? "en";
  const t: Texts["t"] = (key, args) => words.text(language, key, args);
  return {
    language,
    languages: words.languages,
    t,
    client: Object.fromEntries(clientKeys.map((key) => [key, t(`web.client.${key}`)])),
  };
}

/** A language's own name for itself, with a capital letter. */
export function languageNames(language: string): string {
  const name = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

function chosen(req: Request, words: Words): string | undefined {
  const language = cookieOf(req, languageCookie);
  return language !== undefined && words.languages.includes(language) ? language : undefined;
}

function asked(req: Request, words: Words): string | undefined {
  for (const language of req.acceptsLanguages()) {
    const match = language === "*" ? undefined : words.match(language);
    if (match !== undefined) return match;
  }
  return undefined;
}
