import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Keep } from "../../src/engine/adapter.ts";
import type { Address } from "../../src/engine/types.ts";
import { toDeliveryError } from "./errors.ts";

/** The direct chats with people: opened once, then known. https://docs.slack.dev/reference/methods/conversations.open */
interface Chats {
  /** The chat's channel id. Throws a DeliveryError; nothing was sent then. */
  of(client: WebClient, address: Address): Promise<string>;
  /** Forgets a channel that Slack does not know any more, so that it is opened again. */
  forget(address: Address): Promise<void>;
}

/** What the adapter writes into `Address.ref`. */
const refShape = z.object({ user: z.string().optional(), channel: z.string().optional() });

/** The channel that an address was written with, where it was. */
export function channelIn({ ref }: Address): string | undefined {
  return refShape.safeParse(ref).data?.channel;
}

const REMEMBERED = 50_000;

/** See `Chats`. */
export function createChats(keep: Keep): Chats {
  const memory = new Map<string, string>();
  // Channels that Slack refused, so that an old `ref` does not bring them back.
  const refused = new Set<string>();

  function remember(key: string, channel: string): string {
    if (memory.size >= REMEMBERED) memory.delete(memory.keys().next().value ?? "");
    memory.set(key, channel);
    return channel;
  }

  return {
    async of(client, address) {
      const key = keyOf(address);
      const known = memory.get(key);
      if (known !== undefined) return known;
      const told = channelIn(address);
      if (told !== undefined && !refused.has(told)) return remember(key, told);
      const kept = await keep.get(key);
      if (typeof kept === "string") return remember(key, kept);
      try {
        const answer = opened.parse(await client.conversations.open({ users: address.user }));
        await keep.set(key, answer.channel.id);
        return remember(key, answer.channel.id);
      } catch (error) {
        throw toDeliveryError(error, true);
      }
    },
    async forget(address) {
      const key = keyOf(address);
      const channel = memory.get(key);
      if (channel !== undefined) refused.add(channel);
      memory.delete(key);
      await keep.delete(key);
    },
  };
}

const opened = z.object({ channel: z.object({ id: z.string() }) });

// Keys about a person end in `:tenant:user`, so that erasing a person finds them.
function keyOf(address: Address): string {
  return `chat:${address.tenant}:${address.user}`;
}
