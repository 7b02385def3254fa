import type { ActionsBlock, Button, ImageBlock, KnownBlock } from "@slack/types";
import type { Inline } from "../../src/engine/markup.ts";
import type { Choice, Reply } from "../../src/engine/types.ts";
import { limits, sizeOf } from "./limits.ts";
import { isLinkable, type Piece, toBlock, toLines, toPieces, weigh } from "./rich.ts";
import { clean, escapeText, shorten } from "./text.ts";

/** Where Slack finds the picture of a message; undefined when it cannot be shown, and its description is printed. */
export type Picture = { readonly image_url: string } | { readonly slack_file: { readonly id: string } } | undefined;

/** One message as `chat.postMessage` and `chat.update` take it, without its channel. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

interface RenderOptions {
  readonly picture: Picture;
  /** Makes block ids; a message that replaces another needs new ones. */
  readonly salt: string;
  /** Characters of JSON for the blocks of one message. */
  readonly budget?: number;
}

/**
 * A reply as Slack messages, in the order of sending: one, or several where the text is too long for one. Only the last
 * has buttons, so that they stand below everything that was said.
 */
export function render(reply: Reply, options: RenderOptions): Message[] {
  const budget = options.budget ?? limits.messageBlocks;
  const pieces = piecesOf(reply, options.picture);
  const image = imageOf(reply, options.picture);
  const buttons = buttonBlocks(reply);
  const groups = pack(pieces, budget, limits.blocksInMessage - buttons.length - (image ? 1 : 0), blockWeight(image));
  const last = groups.at(-1);
  const tail = buttons.reduce((sum, block) => sum + blockWeight(block), 0);
  if (last && last.weight + tail > budget && last.blocks.length > 0) groups.push({ blocks: [], weight: 0 });
  return groups.map((group, index) => {
    const blocks: KnownBlock[] = group.blocks.map((block) => toBlock(block, ""));
    if (index === 0 && image) blocks.unshift(image);
    if (index === groups.length - 1) blocks.push(...buttons);
    return { text: notification(group.blocks.flat(), reply), blocks: named(blocks, `${options.salt}-${index}`) };
  });
}

/** A reply as the blocks of the App Home, which is one page: what does not fit is left out at its end, above the buttons. */
export function renderHome(reply: Reply, options: RenderOptions): readonly KnownBlock[] {
  const image = imageOf(reply, options.picture);
  const buttons = buttonBlocks(reply);
  const groups = pack(
    piecesOf(reply, options.picture),
    limits.messageBlocks,
    limits.blocksInHome - 30,
    blockWeight(image),
  );
  const blocks: KnownBlock[] = (groups[0]?.blocks ?? []).map((block) => toBlock(block, ""));
  return named([...(image ? [image] : []), ...blocks, ...buttons], options.salt);
}

function piecesOf(reply: Reply, picture: Picture): Piece[] {
  const pieces = toPieces(reply.text, limits.blockText);
  if (reply.image && picture === undefined) {
    const alt: Inline = { type: "emphasis", children: [{ type: "text", value: reply.image.alt }] };
    pieces.push(...toPieces([{ type: "paragraph", children: [alt] }], limits.blockText));
  }
  const choices = reply.choices ?? [];
  if (!fitOnButtons(choices)) {
    const lines = choices.map((choice): Inline[] => [
      { type: "strong", children: [{ type: "text", value: `${choice.mark})` }] },
      { type: "text", value: ` ${choice.label}` },
    ]);
    pieces.push(...toLines(lines, limits.blockText));
  }
  return pieces;
}

interface Group {
  readonly blocks: Piece[][];
  weight: number;
}

// Slack's blocks and messages are filled one after another; pieces are paragraphs, so borders fall between them.
function pack(pieces: readonly Piece[], budget: number, maxBlocks: number, start: number): Group[] {
  const groups: Group[] = [{ blocks: [], weight: start }];
  let inBlock = 0;
  for (const piece of pieces) {
    const weight = weigh(piece);
    let group = groups.at(-1) as Group;
    if (group.weight + weight + BLOCK > budget && group.blocks.length > 0) {
      group = { blocks: [], weight: 0 };
      groups.push(group);
    }
    const block = group.blocks.at(-1);
    if (block && inBlock + weight <= limits.blockText) {
      block.push(piece);
      inBlock += weight;
      group.weight += weight;
    } else if (block && group.blocks.length >= maxBlocks) {
      groups.push({ blocks: [[piece]], weight: weight + BLOCK });
      inBlock = weight;
    } else {
      group.blocks.push([piece]);
      inBlock = weight;
      group.weight += weight + BLOCK;
    }
  }
  return groups;
}

/** What a block's own JSON takes beside its pieces, its id included. */
const BLOCK = 200;

function blockWeight(block: KnownBlock | undefined): number {
  return block === undefined ? 0 : sizeOf(JSON.stringify(block)) + 100;
}

/** One rule for all answers of a message: either every label stands on its button, or none does. */
function fitOnButtons(choices: readonly Choice[]): boolean {
  return choices.every((choice) => sizeOf(buttonLabel(choice)) <= limits.buttonShown);
}

function buttonLabel(choice: Choice): string {
  return `${choice.mark}  ${choice.label}`;
}

function buttonBlocks(reply: Reply): ActionsBlock[] {
  const token = reply.token;
  const choices = reply.choices ?? [];
  const short = fitOnButtons(choices);
  const answers = token === undefined ? [] : choices.map((choice) => answerButton(choice, token, short));
  const actions = (reply.actions ?? []).flatMap((action): Button[] => {
    const style = action.primary ? ({ style: "primary" } as const) : {};
    const text = plain(action.label);
    if (action.url !== undefined) {
      return isLinkable(action.url)
        ? [{ type: "button", text, action_id: `open:${action.option}`, url: action.url, ...style }]
        : [];
    }
    if (token === undefined) return [];
    return [{ type: "button", text, action_id: `press:${action.option}`, value: `${token}${action.option}`, ...style }];
  });
  return [answers, actions].flatMap((buttons) => {
    const blocks: ActionsBlock[] = [];
    for (let from = 0; from < buttons.length; from += limits.buttonsInBlock) {
      blocks.push({ type: "actions", elements: buttons.slice(from, from + limits.buttonsInBlock) });
    }
    return blocks;
  });
}

function answerButton(choice: Choice, token: string, short: boolean): Button {
  return {
    type: "button",
    text: plain(short ? buttonLabel(choice) : choice.mark),
    action_id: `press:${choice.option}`,
    value: `${token}${choice.option}`,
    // Screen readers would say only "A".
    ...(short ? {} : { accessibility_label: oneLine(`${choice.mark}: ${choice.label}`, limits.buttonAccessible) }),
  };
}

function plain(label: string): Button["text"] {
  // `emoji: false` keeps ":x:" in a label the text it is.
  return { type: "plain_text", text: oneLine(label, limits.buttonText), emoji: false };
}

function oneLine(text: string, size: number): string {
  const line = shorten(
    clean(text, Number.POSITIVE_INFINITY)
      .replace(/[^\S ]+/g, " ")
      .trim(),
    size,
  );
  return line === "" ? "…" : line;
}

function imageOf(reply: Reply, picture: Picture): ImageBlock | undefined {
  if (!reply.image || picture === undefined) return undefined;
  return { type: "image", alt_text: oneLine(reply.image.alt, limits.altText), ...picture };
}

/** What a notification and a screen reader say: the message's own text, escaped because this field is read as mrkdwn. */
function notification(pieces: readonly Piece[], reply: Reply): string {
  const text = pieces
    .map((piece) => {
      if (piece.type === "text") return piece.elements.map((run) => run.text ?? "").join("");
      return piece.items
        .map((item, index) => `${piece.ordered ? `${index + 1}.` : "•"} ${item.map((run) => run.text ?? "").join("")}`)
        .join("\n");
    })
    .join("\n");
  const others = [
    reply.image?.alt,
    reply.choices?.map(buttonLabel).join(", "),
    reply.actions?.map((action) => action.label).join(", "),
  ];
  const spoken = [text, ...others]
    .map((part) => clean(part ?? "", Number.POSITIVE_INFINITY))
    .find((part) => part.trim() !== "");
  return escapeText(shorten(spoken ?? "…", limits.notification));
}

function named(blocks: readonly KnownBlock[], salt: string): KnownBlock[] {
  const shown =
    blocks.length > 0 ? blocks : [toBlock([{ type: "text", gap: "\n", elements: [{ type: "text", text: "…" }] }], "")];
  return shown.map((block, index) => ({ ...block, block_id: `${salt.slice(-limits.id + 12)}-${index}` }));
}
