import type { Words } from "../engine/adapter.ts";
import { markFor, optionFor } from "../engine/marks.ts";
import { join, plainText } from "../engine/markup.ts";
import type { TokenMeaning } from "../engine/session.ts";
import type { ImageRef, Reply } from "../engine/types.ts";
import type { Content } from "./types.ts";

/** What a button of a broadcast runs: `noted <broadcast> <what>`, where what is `next`, `ack`, `reply` or the number of an option. */
export const pressCommand = "noted";

/** A message and what its buttons mean. */
export interface Composed {
  readonly reply: Reply;
  readonly meaning: TokenMeaning;
}

/** What is shown beside the text. */
export interface Frame {
  readonly broadcast: string;
  readonly token: string;
  /** The topic whose subscribers it is for: the text ends with the word that leaves it. */
  readonly topic?: string | undefined;
  /** It stands in place of an earlier message that could not be replaced. */
  readonly marked?: boolean;
}

/** The language of a text for somebody: their own, their second, else the given one; undefined where none has a text. */
export function languageOf(
  content: Content,
  person: { readonly language: string | null; readonly secondLanguage: string | null },
  fallback: string,
): string | undefined {
  return [person.language, person.secondLanguage, fallback].find(
    (one): one is string => one !== null && content.texts[one] !== undefined,
  );
}

/** The first name in a name as a platform shows it; empty where there is none. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/u)[0] ?? "";
}

/** A text with the name in its place; without a name its place closes. */
export function withName(text: string, name: string): string {
  return name === "" ? text.replace(/[ ,]*\{name\}/gu, "") : text.replaceAll("{name}", name);
}

/** The message in one language. `text` is the language's text with its fields filled in, or not. */
export function compose(content: Content, language: string, text: string, frame: Frame, words: Words): Composed {
  const face = words.match(language) ?? words.languages[0] ?? "en";
  const options = content.options.map((option, index) => ({
    option: optionFor(index),
    mark: markFor(face, index),
    label: option[language] ?? Object.values(option)[0] ?? "",
    what: String(index + 1),
  }));
  const buttons = [
    ...(content.next ? [{ label: words.text(face, "b.continue"), what: "next" }] : []),
    ...(content.acknowledge ? [{ label: words.text(face, "broadcast.ack"), what: "ack" }] : []),
    ...(content.reply === true ? [{ label: words.text(face, "broadcast.reply"), what: "reply" }] : []),
    ...(frame.topic === undefined ? [] : [{ label: words.text(face, "broadcast.leave"), what: leaving }]),
  ].map((button, index) => ({ ...button, option: optionFor(options.length + index) }));
  const commands = Object.fromEntries(
    [...options, ...buttons].map(({ option, what }) => [
      option,
      what === leaving
        ? { name: `leave${frame.topic}`, args: "" }
        : { name: pressCommand, args: `${frame.broadcast} ${what}` },
    ]),
  );
  const { picture } = content;
  return {
    reply: {
      text: join(
        frame.marked ? words.markup(face, "broadcast.correction") : undefined,
        plainText(text),
        frame.topic === undefined ? undefined : words.markup(face, `broadcast.leave.${frame.topic}`),
      ),
      ...(picture === undefined ? {} : { image: imageOf(picture, language) }),
      ...(options.length > 0 ? { choices: options.map(({ option, mark, label }) => ({ option, mark, label })) } : {}),
      ...(buttons.length > 0 ? { actions: buttons.map(({ option, label }) => ({ option, label })) } : {}),
      token: frame.token,
    },
    meaning: { type: "commands", commands },
  };
}

const leaving = "leave";

/** An uploaded picture as adapters take it, described in a language. */
function imageOf({ id, alt }: NonNullable<Content["picture"]>, language: string): ImageRef {
  return { kind: "given", data: { id }, alt: alt[language] ?? Object.values(alt)[0] ?? "" };
}

/** What a group chat gets: text and picture without anybody's name, and no button that would be somebody's own answer. */
export function composeForGroup(content: Content, language: string): Reply {
  const { picture } = content;
  return {
    text: plainText(withName(content.texts[language] ?? "", "")),
    ...(picture === undefined ? {} : { image: imageOf(picture, language) }),
  };
}
