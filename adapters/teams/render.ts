import { toPlain } from "../../src/engine/markup.ts";
import type { Action, Json, Reply } from "../../src/engine/types.ts";
import type { ActionSet, Card, CardElement, Execute, OpenUrl, RichTextBlock, Submit } from "./card.ts";
import {
  ALT_TEXT,
  BUTTON_TITLE,
  CARD_BYTES,
  CARD_VERSION,
  CHOICE_LABEL,
  FALLBACK_TEXT,
  ROW_ACTIONS,
  SUMMARY,
  TOOLTIPS,
} from "./limits.ts";
import { cut, isLink, paragraphs, plainLine, plainParagraph, wellFormed } from "./text.ts";

/** An activity as it is posted. The card is its only content: Teams parts an activity that has text and a card. */
export interface CardActivity {
  readonly type: "message";
  /** What a notification shows. */
  readonly summary: string;
  readonly attachments: readonly [
    { readonly contentType: "application/vnd.microsoft.card.adaptive"; readonly content: Card },
  ];
}

/**
 * The activities of a reply, in the order of sending: nearly always one. A text that is too long for a card goes on in
 * the next one, parted between paragraphs; picture and buttons are in the last. `imageUrl` must be https, else the
 * picture's description stands in its place.
 */
export function renderReply(reply: Reply, imageUrl: string | undefined): readonly CardActivity[] {
  const picture = imageUrl?.startsWith("https:") ? imageUrl : undefined;
  const printed = printsChoices(reply);
  const text = [
    ...paragraphs(reply.text),
    ...(reply.image === undefined || picture !== undefined ? [] : [plainParagraph(wellFormed(reply.image.alt))]),
    ...(printed ? (reply.choices ?? []).map((choice) => plainParagraph(`${choice.mark}) ${choice.label}`)) : []),
  ].filter((paragraph) => paragraph.length > 0);
  const tail: CardElement[] = [
    ...(reply.image === undefined || picture === undefined
      ? []
      : [{ type: "Image" as const, url: picture, altText: cut(wellFormed(reply.image.alt), ALT_TEXT) || "·" }]),
    ...choiceRows(reply, printed),
    ...actionRows(reply),
  ];
  const parts = split(text, CARD_BYTES / 2 - size(tail) - SKELETON);
  if (parts.length === 0) parts.push(tail.length > 0 ? [] : [...plainParagraph("\u00a0")]);
  return parts.map((elements, index) => {
    const last = index === parts.length - 1;
    const said = last && index === 0 ? wholeText(reply) : elements.map(textOf).join("\n");
    return activity([...elements, ...(last ? tail : [])], said);
  });
}

/** Room, in characters, for everything of a card that is not its body. Quotes and backslashes count twice. */
const SKELETON = 400 + 4 * FALLBACK_TEXT;

function activity(body: readonly CardElement[], said: string): CardActivity {
  const spoken = plainLine(said, FALLBACK_TEXT);
  const content: Card = {
    type: "AdaptiveCard",
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    version: CARD_VERSION,
    fallbackText: spoken || "…",
    // Taken for SSML where it looks like it.
    speak: spoken.replaceAll("&", " ") || "…",
    msteams: { width: "full" },
    body,
  };
  return {
    type: "message",
    summary: plainLine(said, SUMMARY) || "…",
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content }],
  };
}

function wholeText(reply: Reply): string {
  const choices = (reply.choices ?? []).map((choice) => `${choice.mark}) ${choice.label}`);
  return [toPlain(reply.text), reply.image?.alt ?? "", ...choices].filter((text) => text !== "").join("\n");
}

function textOf(block: RichTextBlock): string {
  return block.inlines.map((run) => run.text).join("");
}

/** Fills cards paragraph by paragraph; a paragraph that alone is too long is parted between its lines. */
function split(text: readonly (readonly RichTextBlock[])[], room: number): RichTextBlock[][] {
  const parts: RichTextBlock[][] = [];
  let used = 0;
  const add = (blocks: readonly RichTextBlock[]) => {
    const need = size(blocks);
    const current = parts.at(-1);
    if (current !== undefined && used + need <= room) {
      current.push(...blocks);
      used += need;
    } else {
      parts.push([...blocks]);
      used = need;
    }
  };
  for (const paragraph of text) {
    if (size(paragraph) <= room) add(paragraph);
    else for (const block of paragraph) for (const piece of narrow(block, room)) add([piece]);
  }
  return parts;
}

/** A block that is too long for a card, as several with fewer runs each. A run alone always fits. */
function narrow(block: RichTextBlock, room: number): RichTextBlock[] {
  if (size([block]) <= room || block.inlines.length === 1) return [block];
  const middle = Math.ceil(block.inlines.length / 2);
  return [
    ...narrow({ ...block, inlines: block.inlines.slice(0, middle) }, room),
    ...narrow({ type: "RichTextBlock", inlines: block.inlines.slice(middle), spacing: "None" }, room),
  ];
}

function size(elements: readonly CardElement[]): number {
  return JSON.stringify(elements).length;
}

/** One rule for all choices of a message: on the buttons where all are short, else printed and only marks on them. */
function printsChoices(reply: Reply): boolean {
  if (reply.token === undefined) return true;
  return (reply.choices ?? []).some((choice) => choice.label.length > CHOICE_LABEL || /\n/.test(choice.label));
}

/** Short answers stand below one another, each with its text; marks alone stand side by side. */
function choiceRows(reply: Reply, printed: boolean): ActionSet[] {
  const { token, choices } = reply;
  if (token === undefined || choices === undefined) return [];
  const buttons = choices.map(({ option, mark, label }) => {
    if (!printed) return execute(token, option, label, {}, `${mark}  `);
    return execute(token, option, mark, choices.length <= TOOLTIPS ? { tooltip: title(label) } : {});
  });
  if (printed) return rows(buttons);
  return buttons.map((button, index) => ({
    type: "ActionSet",
    actions: [button],
    ...(index === 0 ? {} : { spacing: "Small" as const }),
  }));
}

function actionRows(reply: Reply): ActionSet[] {
  const actions = [...(reply.actions ?? [])].sort((a, b) => Number(b.primary ?? false) - Number(a.primary ?? false));
  return rows(actions.flatMap((action) => actionButton(reply.token, action) ?? []));
}

function actionButton(token: string | undefined, action: Action): Execute | OpenUrl | undefined {
  const style = action.primary === true ? { style: "positive" as const } : {};
  if (action.url !== undefined) {
    if (!isLink(action.url)) return undefined;
    return { type: "Action.OpenUrl", title: title(action.label), url: action.url, ...style };
  }
  return token === undefined ? undefined : execute(token, action.option, action.label, style);
}

function rows(buttons: readonly (Execute | OpenUrl)[]): ActionSet[] {
  const sets: ActionSet[] = [];
  for (let start = 0; start < buttons.length; start += ROW_ACTIONS) {
    sets.push({ type: "ActionSet", actions: buttons.slice(start, start + ROW_ACTIONS) });
  }
  return sets;
}

/** A button that comes back as a request; clients without universal actions send a message instead. */
function execute(
  token: string,
  option: string,
  label: string,
  more: { readonly style?: "positive"; readonly tooltip?: string } = {},
  mark = "",
): Execute {
  const shown = { title: `${mark}${title(label)}`, data: { t: `${token}${option}` }, ...more };
  const fallback: Submit = { type: "Action.Submit", ...shown };
  return { type: "Action.Execute", verb: "press", ...shown, fallback };
}

function title(label: string): string {
  return cut(wellFormed(label).replace(/\s+/gu, " ").trim(), BUTTON_TITLE) || "·";
}

/** The payload as plain JSON, for previews. */
export function asJson(activities: readonly CardActivity[]): readonly Json[] {
  return activities.map((one) => JSON.parse(JSON.stringify(one)) as Json);
}
