import type { Adapter, AdapterDeps } from "./adapter.ts";
import type { Address, Json, Reply } from "./types.ts";

/** Something that happened to the bot in a chat of several people, where nothing personal is ever said. */
export interface GroupMessage {
  /** The chat's address; its `user` is the chat's own id. */
  readonly group: Address;
  /** Who wrote, as the `user` of an address of the same tenant. */
  readonly user: string;
  readonly locale?: string;
  /** What was written to the bot, without the mention; undefined: the bot was taken out of the chat. */
  readonly text: string | undefined;
  /** A page that opens a chat with the bot alone. */
  readonly direct?: string;
}

/** What the product says in a group; undefined: nothing. */
export type InGroup = (message: GroupMessage) => Promise<Reply | undefined>;

/**
 * Hands what was written in a group to the product; rejects when the platform should deliver it again. What the product says leaves
 * beside that and at most once: a group that misses such a line misses nothing.
 */
export async function hearGroup(
  { inGroup, log }: Pick<AdapterDeps, "inGroup" | "log">,
  deliver: Adapter["deliver"],
  message: GroupMessage & { readonly id: string },
): Promise<void> {
  const reply = await inGroup?.(message);
  if (reply === undefined || deliver === undefined) return;
  const facts: Record<string, Json> = { channel: message.group.channel, tenant: message.group.tenant };
  void deliver({ id: message.id, address: message.group, kind: "reply", reply }).catch((error: unknown) => {
    log.warn({ ...facts, error: error instanceof Error ? error.message : "?" }, "an answer in a group did not leave");
  });
}
