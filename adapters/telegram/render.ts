import { type Inline, type Markup, toPlain } from "../../src/engine/markup.ts";
import type { ImageRef, Reply } from "../../src/engine/types.ts";
import { type Button, keyboard } from "./keyboard.ts";
import { CAPTION_CHARACTERS, MESSAGE_CHARACTERS } from "./limits.ts";
import { split } from "./split.ts";
import { isBlank, line, type Run, toHtml, toRuns, visible } from "./text.ts";

/** One message as the Bot API takes it, without the chat. */
export type Part =
  | { readonly type: "text"; readonly payload: TextPayload }
  | {
      readonly type: "photo";
      readonly payload: CaptionPayload;
      readonly image: ImageRef;
      /** What is sent where the picture cannot be drawn or is refused. */
      readonly instead: TextPayload;
    };

interface Marked {
  readonly parse_mode: "HTML";
  readonly reply_markup?: { readonly inline_keyboard: Button[][] };
}
export interface TextPayload extends Marked {
  readonly text: string;
  /** A preview would put a stranger's page under a lesson, and its fetching would tell that page about the learner. */
  readonly link_preview_options: { readonly is_disabled: true };
}
export interface CaptionPayload extends Marked {
  readonly caption: string;
}

/** The messages of one reply in order. Only the last carries buttons. */
export function render(reply: Reply): Part[] {
  const { body, under, markup } = pieces(reply);
  const image = reply.image;
  if (image === undefined) return texts(joined(body, under), markup);

  const alt = toRuns(toParagraph(image.alt));
  const caption = joined(body, says(reply, image) ? [] : alt, under);
  const [only, ...more] = split(caption, CAPTION_CHARACTERS);
  if (more.length === 0) {
    const instead = textPayload(joined(body, says(reply, image) ? [] : alt, under), markup);
    return [{ type: "photo", image, instead, payload: { ...marked(only ?? []), ...markup } }];
  }
  const [short] = split(says(reply, image) ? [] : alt, CAPTION_CHARACTERS);
  const instead = textPayload(split(alt, CAPTION_CHARACTERS)[0] ?? [], {});
  return [{ type: "photo", image, instead, payload: marked(short ?? []) }, ...texts(joined(body, under), markup)];
}

/** The same reply where no picture can be shown: what it says stands in the text. */
export function renderWithoutPicture(reply: Reply): Part[] {
  const { image, ...rest } = reply;
  if (image === undefined) return render(reply);
  const said = says(reply, image) ? reply.text : [...reply.text, ...toParagraph(image.alt)];
  return render({ ...rest, text: said });
}

/** The reply as the text under a picture that is there already, or undefined where it is too long for that. */
export function asCaption(reply: Reply): CaptionPayload | undefined {
  const { body, under, markup } = pieces(reply);
  const [only, ...more] = split(joined(body, under), CAPTION_CHARACTERS);
  return more.length === 0 ? { ...marked(only ?? []), ...markup } : undefined;
}

function pieces(reply: Reply) {
  const { rows, lines } = keyboard(reply);
  return {
    body: toRuns(reply.text),
    under: toRuns(lines.length === 0 ? [] : [{ type: "paragraph", children: lines.flatMap(onOwnLine) }]),
    markup: rows.length === 0 ? {} : { reply_markup: { inline_keyboard: rows.map((row) => [...row]) } },
  };
}

function onOwnLine(node: Inline, index: number): Inline[] {
  return index === 0 ? [node] : [{ type: "break" }, node];
}

function texts(runs: readonly Run[], markup: Pick<Marked, "reply_markup">): Part[] {
  const found = split(runs, MESSAGE_CHARACTERS);
  const shown = found.length === 0 ? [[]] : found;
  return shown.map((piece, index) => ({
    type: "text",
    payload: textPayload(piece, index === shown.length - 1 ? markup : {}),
  }));
}

function textPayload(runs: readonly Run[], markup: Pick<Marked, "reply_markup">): TextPayload {
  return {
    // Telegram refuses an empty text, and buttons need one to stand under.
    text: isBlank(visible(runs)) ? "…" : toHtml(runs),
    parse_mode: "HTML",
    link_preview_options: { is_disabled: true },
    ...markup,
  };
}

function marked(runs: readonly Run[]): CaptionPayload {
  return { caption: toHtml(runs), parse_mode: "HTML" };
}

/** Telegram has no text for those who cannot see a picture, so it stands under it unless the message says it anyway. */
function says(reply: Reply, image: ImageRef): boolean {
  const plain = (text: string) => text.replace(/\s+/gu, " ").trim().toLowerCase();
  return plain(toPlain(reply.text)).includes(plain(image.alt));
}

function toParagraph(value: string): Markup {
  return [{ type: "paragraph", children: [{ type: "text", value }] }];
}

function joined(...parts: readonly (readonly Run[])[]): Run[] {
  return parts
    .filter((part) => visible(part).trim() !== "")
    .flatMap((part, index) => (index === 0 ? [...part] : [line("\n\n"), ...part]));
}
