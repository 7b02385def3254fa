import type { JudgedEntity } from "./judge-telegram.ts";
import { telegramJudge } from "./judge-telegram.ts";

/** An answer of the Bot API that is not `ok`. */
export class Refusal extends Error {
  readonly status: number;
  readonly parameters: Readonly<Record<string, unknown>> | undefined;
  constructor(status: number, description: string, parameters?: Readonly<Record<string, unknown>>) {
    super(description);
    this.name = "Refusal";
    this.status = status;
    this.parameters = parameters;
  }
}

export function refuse(description: string): never {
  throw new Refusal(400, `Bad Request: ${description}`);
}

export interface FakeButton {
  readonly text: string;
  readonly callback_data?: string;
  readonly url?: string;
}

/** The text as a person sees it. The limits are those of https://core.telegram.org/bots/api#sendmessage, strictly in UTF-16 units. */
export function checkText(html: unknown, mode: unknown, most: number, what: "message" | "message caption") {
  const text = html ?? "";
  if (typeof text !== "string") return refuse(`${what} must be a string`);
  if (what === "message" && text === "") return refuse("message text is empty");
  if (Buffer.byteLength(text) > 1 << 15) return refuse("text is too long");
  if (mode !== "HTML") return refuse("unsupported parse_mode");
  const { text: seen, entities } = read(text);
  const shown = seen.trim();
  if (what === "message" && !/[^\p{White_Space}\u200b-\u200f\u2060-\u2064\ufeff]/u.test(shown))
    return refuse("text must be non-empty");
  if (shown.length > most) return refuse(`${what} is too long`);
  // Telegram keeps 100 and drops the rest in silence; a test should see it.
  if (entities.length > 100) return refuse("more than 100 entities");
  return { text: shown, entities };
}

function read(html: string): { text: string; entities: readonly JudgedEntity[] } {
  const judge = telegramJudge();
  if (typeof judge === "string") return { text: withoutTags(html), entities: [] };
  const judged = judge.html(html);
  if (!judged.ok) return refuse(`${judged.error.charAt(0).toLowerCase()}${judged.error.slice(1)}`);
  return judged;
}

/** Where there is no judge the limits are still checked. */
function withoutTags(html: string): string {
  const named: Record<string, string> = { lt: "<", gt: ">", quot: '"', amp: "&" };
  return html.replace(/<[^>]*>/gu, "").replace(/&(lt|gt|quot|amp);/gu, (_, name: string) => named[name] ?? "");
}

/** https://core.telegram.org/bots/api#inlinekeyboardbutton */
export function checkKeyboard(markup: unknown): readonly (readonly FakeButton[])[] {
  if (markup === undefined || markup === null) return [];
  const rows = (markup as { inline_keyboard?: unknown }).inline_keyboard;
  if (!Array.isArray(rows) || rows.some((row) => !Array.isArray(row))) return refuse("object expected as reply markup");
  const all = (rows as FakeButton[][]).flat();
  for (const button of all) {
    if (typeof button.text !== "string") refuse("can't parse inline keyboard button: Can't find field \"text\"");
    if (button.text.trim() === "") refuse("BUTTON_TEXT_INVALID");
    if (button.url !== undefined) checkUrl(button.url);
    else if (!button.callback_data)
      refuse("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
    else if (Buffer.byteLength(button.callback_data) > 64) refuse("BUTTON_DATA_INVALID");
  }
  if (all.length > 100 || JSON.stringify(rows).length > 10_000) refuse("reply markup is too long");
  return (rows as FakeButton[][]).filter((row) => row.length > 0);
}

function checkUrl(url: string): void {
  const judge = telegramJudge();
  const wrong = () => refuse(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
  if (!/^(?:https?|tg):\/\//iu.test(url)) wrong();
  if (typeof judge === "string") return;
  const judged = judge.html(`<a href="${url.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}">x</a>`);
  if (!judged.ok || judged.entities[0]?.url === undefined) wrong();
}

/** https://core.telegram.org/bots/api#botcommand */
export function checkCommands(commands: unknown): { command: string; description: string }[] {
  if (!Array.isArray(commands)) return refuse("expected an Array of BotCommand");
  if (commands.length > 100) return refuse("too many bot commands specified");
  for (const { command, description } of commands as { command?: unknown; description?: unknown }[]) {
    if (typeof command !== "string" || !/^[a-z0-9_]{1,32}$/u.test(command)) refuse("BOT_COMMAND_INVALID");
    if (typeof description !== "string" || description === "" || description.length > 256)
      refuse("BOT_COMMAND_DESCRIPTION_INVALID");
  }
  return commands as { command: string; description: string }[];
}

/** PNG or JPEG up to 10 MB, sides up to 10,000 together, ratio up to 20. https://core.telegram.org/bots/api#sendphoto */
export function checkPicture(bytes: Buffer): void {
  if (bytes.length > 10_000_000) refuse("file is too big");
  const png = bytes.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  if (!png && !bytes.subarray(0, 2).equals(Buffer.from([0xff, 0xd8]))) refuse("IMAGE_PROCESS_FAILED");
  if (!png) return;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const ratio = Math.max(width, height) / Math.max(1, Math.min(width, height));
  if (width + height > 10_000 || ratio > 20) refuse("PHOTO_INVALID_DIMENSIONS");
}
