import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { IntlMessageFormat } from "intl-messageformat";
import { z } from "zod";
import type { Words } from "./engine/adapter.ts";
import { foldPlain } from "./engine/fold.ts";
import { type Inline, type Markup, mapText } from "./engine/markup.ts";
import { parseMarkdown } from "./markdown.ts";

/** The interface languages, the default first. */
export const languages = ["en", "da", "sv", "bg", "fi"] as const;

type Args = Record<string, string | number>;
type Message = (args: Args) => { readonly text: string; readonly values: readonly string[] };

/**
 * Arguments pass through ICU and Markdown as one private character each and are put in at the end, as text. So a name
 * with asterisks, brackets or `<!channel>` in it stays what it is.
 */
const firstMark = 0xe000;
const marks = /[\ue000-\ue0ff]/u;

/** Formatted texts kept per message. */
const mostFormatted = 500;

/** A file of words: keys with dots, texts in ICU MessageFormat with a little Markdown. */
const file = z.record(z.string().regex(/^[a-z0-9._-]+$/i), z.string().min(1));

/** Loads `words/<area>/<language>.json`. A key in one language and not in another is an error that names both. */
export function loadWords(dir: string): Words {
  const tables = new Map(languages.map((language) => [language as string, readLanguage(dir, language)]));
  const keys = [...(tables.get("en") ?? new Map<string, string>()).keys()];
  const problems = [...tables].flatMap(([language, table]) => [
    ...keys.filter((key) => !table.has(key)).map((key) => `${key} has no text in ${language}`),
    ...[...table.keys()]
      .filter((key) => !tables.get("en")?.has(key))
      .map((key) => `${key} is in ${language} but not in en`),
  ]);
  if (problems.length > 0) throw new Error(`words are incomplete in ${dir}:\n  ${problems.join("\n  ")}`);
  return createWords(tables);
}

/** Words from tables in memory, by language. */
export function createWords(tables: ReadonlyMap<string, ReadonlyMap<string, string>>): Words {
  const messages = new Map<string, Message>();
  const parsed = new Map<string, Markup>();
  const commands = commandTable(tables);

  const message = (language: string, key: string): Message => {
    const id = `${language} ${key}`;
    const known = messages.get(id);
    if (known) return known;
    const text = tables.get(language)?.get(key);
    if (text === undefined) throw new Error(`no words for "${key}" in "${language}"`);
    const made = compile(text, language, key);
    messages.set(id, made);
    return made;
  };

  return {
    languages: [...tables.keys()],
    text(language, key, args = {}) {
      const { text, values } = message(language, key)(args);
      return values.length === 0 ? text : fill(text, values);
    },
    markup(language, key, args = {}) {
      const { text, values } = message(language, key)(args);
      let markup = parsed.get(text);
      if (!markup) {
        markup = parseMarkdown(text, { path: `words "${key}" in ${language}`, line: 1 });
        // Plural forms make a few texts per key; a bound keeps a mistake from growing without end.
        if (parsed.size > 20_000) parsed.clear();
        parsed.set(text, markup);
      }
      return values.length === 0 ? markup : mapText(markup, (value) => split(value, values));
    },
    match(locale) {
      const base = locale?.toLowerCase().split(/[-_]/u)[0];
      return base !== undefined && tables.has(base) ? base : undefined;
    },
    command: (phrase) => commands.get(foldPlain(phrase)),
    commands(language) {
      const table = tables.get(language) ?? new Map<string, string>();
      return [...table.keys()].flatMap((key) => {
        const name = /^command\.([a-z]+)\.menu$/u.exec(key)?.[1];
        if (name === undefined) return [];
        const alias = (table.get(`command.${name}`) ?? name).split(",")[0]?.trim() ?? name;
        return [{ name, alias, description: table.get(key) ?? "" }];
      });
    },
  };
}

function readLanguage(dir: string, language: string): Map<string, string> {
  const table = new Map<string, string>();
  const areas = readdirSync(dir, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && readdirSync(join(dir, entry.name)).some((name) => name.endsWith(".json")),
  );
  for (const area of areas.map((entry) => entry.name).sort()) {
    const path = join(dir, area, `${language}.json`);
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(path, "utf8"));
    } catch (error) {
      throw new Error(`${path} cannot be read: ${(error as Error).message}; every area needs one file per language`);
    }
    const result = file.safeParse(content);
    if (!result.success) throw new Error(`${path}: ${z.prettifyError(result.error)}`);
    for (const [key, text] of Object.entries(result.data)) {
      if (table.has(key)) throw new Error(`${path}: the key "${key}" stands in two areas`);
      table.set(key, text);
    }
  }
  return table;
}

/** Names and aliases of commands in all languages. START and STOP work everywhere in Latin letters too. */
function commandTable(tables: ReadonlyMap<string, ReadonlyMap<string, string>>): Map<string, string> {
  const found = new Map<string, string>();
  for (const table of tables.values()) {
    for (const [key, text] of table) {
      const name = /^command\.([a-z]+)$/u.exec(key)?.[1];
      if (name === undefined) continue;
      for (const phrase of [name, ...text.split(",")]) {
        const folded = foldPlain(phrase);
        const other = found.get(folded);
        if (other !== undefined && other !== name)
          throw new Error(`"${phrase.trim()}" names two commands: ${other} and ${name}`);
        found.set(folded, name);
      }
    }
  }
  return found;
}

function compile(text: string, language: string, key: string): Message {
  let ast: MessageFormatElement[];
  try {
    ast = parse(text);
  } catch (error) {
    throw new Error(`words "${key}" in ${language} are not valid ICU MessageFormat: ${(error as Error).message}`);
  }
  const simple = ast.every((element) => element.type === TYPE.literal || element.type === TYPE.argument);
  const argument = (args: Args, name: string): string | number => {
    const value = args[name];
    if (value === undefined) throw new Error(`words "${key}" in ${language} need the argument "${name}"`);
    return value;
  };
  if (simple) {
    const names = ast.flatMap((element) => (element.type === TYPE.argument ? [element.value] : []));
    let next = 0;
    const template = ast
      .map((element) => (element.type === TYPE.literal ? element.value : String.fromCharCode(firstMark + next++)))
      .join("");
    return (args) => ({ text: template, values: names.map((name) => String(argument(args, name))) });
  }
  const format = new IntlMessageFormat(ast, language);
  const choosing = chooses(ast);
  // "Lesson 3 of 6, about 4 minutes" stands on every card: the few numbers there are need formatting once.
  const formatted = new Map<string, string>();
  return (args) => {
    const values: string[] = [];
    const safe: Args = {};
    let shape = "";
    for (const [name, value] of Object.entries(args)) {
      // Numbers choose plural forms and some texts choose a branch: both are harmless. Every other text is kept out of the template.
      if (typeof value === "number" || choosing.has(name)) {
        safe[name] = value;
        shape += ` ${name}=${value}`;
      } else {
        safe[name] = String.fromCharCode(firstMark + values.length);
        values.push(value);
        shape += ` ${name}`;
      }
    }
    let text = formatted.get(shape);
    if (text === undefined) {
      text = String(format.format(safe));
      if (formatted.size >= mostFormatted) formatted.clear();
      formatted.set(shape, text);
    }
    return { text, values };
  };
}

/** The arguments that only choose between branches (`{given, select, yes {…} other {…}}`) and are shown nowhere. */
function chooses(ast: readonly MessageFormatElement[]): ReadonlySet<string> {
  const [choosing, shown] = [new Set<string>(), new Set<string>()];
  const walk = (elements: readonly MessageFormatElement[]): void => {
    for (const element of elements) {
      if (element.type === TYPE.select) choosing.add(element.value);
      else if (element.type === TYPE.argument) shown.add(element.value);
      if (element.type === TYPE.select || element.type === TYPE.plural)
        for (const { value } of Object.values(element.options)) walk(value);
    }
  };
  walk(ast);
  return new Set([...choosing].filter((name) => !shown.has(name)));
}

const everyMark = new RegExp(marks, "gu");

function fill(text: string, values: readonly string[]): string {
  return text.replace(everyMark, (mark) => values[mark.charCodeAt(0) - firstMark] ?? mark);
}

function split(value: string, values: readonly string[]): Inline[] {
  if (!marks.test(value)) return [{ type: "text", value }];
  return [{ type: "text", value: fill(value, values) }];
}
