/**
 * Where the buttons of a reply are, as the store keeps it: Telegram's number, `p` where it stands under a picture, and
 * `#2` where it is the third message of a long text. An edit needs both: the method differs, and the rest stays.
 */
export interface MessageId {
  readonly id: number;
  readonly photo: boolean;
  /** The position among the text messages of the reply. */
  readonly index: number;
}

/** For example `812`, `812p` or `812#2`. */
export function writeMessageId({ id, photo, index }: MessageId): string {
  return `${id}${photo ? "p" : ""}${index > 0 ? `#${index}` : ""}`;
}

/** Undefined for what `writeMessageId` did not write. */
export function readMessageId(text: string): MessageId | undefined {
  const [, id, photo, index] = /^(\d+)(p)?(?:#(\d+))?$/u.exec(text) ?? [];
  return id === undefined ? undefined : { id: Number(id), photo: photo !== undefined, index: Number(index ?? 0) };
}
