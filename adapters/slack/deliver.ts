import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { DeliveryError, type Keep } from "../../src/engine/adapter.ts";
import type { Outgoing } from "../../src/engine/types.ts";
import { channelIn, createChats } from "./chats.ts";
import { platformCode, refusedEdit, refusedLength, refusedPicture, refusedToken, toDeliveryError } from "./errors.ts";
import { limits } from "./limits.ts";
import type { Pictures } from "./pictures.ts";
import { type Message, type Picture, render, renderHome } from "./render.ts";
import type { Workspace, Workspaces } from "./workspaces.ts";

type Deliver = (outgoing: Outgoing) => Promise<{ readonly messageId: string }>;

/**
 * Sends, edits or publishes one message. Nothing is repeated but what Slack refused for a reason that can be repaired: a
 * picture it could not load, a text too long after all, a chat it does not know any more.
 * A message id is `channel:ts`, with more `,ts` where a text took several messages.
 */
export function createDeliver(workspaces: Workspaces, pictures: Pictures, keep: Keep): Deliver {
  const chats = createChats(keep);
  const sent = createProgress();

  async function send(outgoing: Outgoing, client: WebClient, { picture, budget, afresh }: Attempt): Promise<string> {
    const old = afresh || outgoing.edits === undefined ? undefined : readId(outgoing.edits);
    const channel = old?.channel ?? (await chats.of(client, outgoing.address));
    const messages = render(outgoing.reply, { picture, salt: outgoing.id, budget });
    const done = sent.of(outgoing.id);
    for (const message of messages.slice(done.length)) {
      const ts = old?.ts[done.length];
      done.push(ts === undefined ? await post(client, channel, message) : await change(client, channel, ts, message));
    }
    for (const ts of old?.ts.slice(messages.length) ?? []) await remove(client, channel, ts);
    return `${channel}:${done.join(",")}`;
  }

  async function attempt(outgoing: Outgoing, workspace: Workspace, client: WebClient): Promise<string> {
    const picture = await pictures.find(client, workspace.team, outgoing.reply.image);
    let now: Attempt = { picture, budget: limits.messageBlocks, afresh: false };
    // Each repair is made once at most, so this ends after four rounds.
    for (;;) {
      try {
        if (outgoing.home) return await publish(client, outgoing, now.picture);
        return await send(outgoing, client, now);
      } catch (error) {
        const untouched = sent.of(outgoing.id).length === 0;
        if (now.picture && outgoing.reply.image && untouched && refusedPicture(error)) {
          await pictures.forget(workspace.team, outgoing.reply.image);
          now = { ...now, picture: undefined };
        } else if (now.budget === limits.messageBlocks && untouched && refusedLength(error)) {
          now = { ...now, budget: limits.messageBlocksSmall };
        } else if (!now.afresh && isDirect(outgoing) && untouched && platformCode(error) === "channel_not_found") {
          await chats.forget(outgoing.address);
          now = { ...now, afresh: true };
        } else {
          throw error;
        }
      }
    }
  }

  return async (outgoing) => {
    const { tenant } = outgoing.address;
    try {
      const workspace = await workspaces.find(tenant);
      if (!workspace) throw new DeliveryError("misconfigured", workspaces.trouble(tenant) ?? "workspace_not_connected");
      const client = workspace.clients[outgoing.kind === "reply" ? "interactive" : "background"];
      const messageId = await attempt(outgoing, workspace, client);
      sent.forget(outgoing.id);
      workspaces.note(tenant, undefined);
      return { messageId };
    } catch (error) {
      const failure = toDeliveryError(error, outgoing.home === true);
      if (failure.failure === "misconfigured" || refusedToken(failure)) workspaces.note(tenant, failure.code);
      throw failure;
    }
  };
}

/** A channel is no chat that could be opened anew: its address is the channel itself. */
function isDirect({ home, address }: Outgoing): boolean {
  return home !== true && channelIn(address) !== address.user;
}

interface Attempt {
  readonly picture: Picture;
  readonly budget: number;
  /** In a newly opened chat, where nothing can be edited. */
  readonly afresh: boolean;
}

const posted = z.object({ ts: z.string() });

async function post(client: WebClient, channel: string, message: Message): Promise<string> {
  const answer = await client.chat.postMessage({
    channel,
    text: message.text,
    blocks: [...message.blocks],
    unfurl_links: false,
    unfurl_media: false,
  });
  return posted.parse(answer).ts;
}

async function change(client: WebClient, channel: string, ts: string, message: Message): Promise<string> {
  try {
    await client.chat.update({ channel, ts, text: message.text, blocks: [...message.blocks] });
    return ts;
  } catch (error) {
    // The person must still read what the change says.
    if (refusedEdit(error)) return post(client, channel, message);
    throw error;
  }
}

async function remove(client: WebClient, channel: string, ts: string): Promise<void> {
  try {
    await client.chat.delete({ channel, ts });
  } catch (error) {
    if (platformCode(error) !== "message_not_found") throw error;
  }
}

const published = z.object({ view: z.object({ id: z.string() }) });

async function publish(client: WebClient, outgoing: Outgoing, picture: Picture): Promise<string> {
  const blocks = [...renderHome(outgoing.reply, { picture, salt: outgoing.id })];
  const answer = await client.views.publish({ user_id: outgoing.address.user, view: { type: "home", blocks } });
  return `home:${published.parse(answer).view.id}`;
}

function readId(id: string): { readonly channel: string; readonly ts: readonly string[] } | undefined {
  const [channel = "", stamps = ""] = id.split(":");
  if (!/^\d+\.\d+(,\d+\.\d+)*$/.test(stamps)) return undefined;
  return { channel, ts: stamps.split(",") };
}

// When the second message of a long text is throttled, the next try goes on there instead of saying the first one again.
function createProgress() {
  const started = new Map<string, string[]>();
  return {
    of(id: string): string[] {
      const known = started.get(id);
      if (known) return known;
      if (started.size >= 1000) started.delete(started.keys().next().value ?? "");
      const fresh: string[] = [];
      started.set(id, fresh);
      return fresh;
    },
    forget: (id: string) => started.delete(id),
  };
}
