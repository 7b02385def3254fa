import type { CloudAdapter } from "botbuilder";
import type { ConnectorClient } from "botframework-connector";
import { DeliveryError, type Keep } from "../../src/engine/adapter.ts";
import type { Outgoing } from "../../src/engine/types.ts";
import type { Registration } from "./auth.ts";
import { classify, type Purpose, refusalOf } from "./failure.ts";
import { readRef, type TeamsRef } from "./ref.ts";
import type { CardActivity } from "./render.ts";

/** One registration with the vendor's adapter around it. */
export interface Sender {
  readonly registration: Registration;
  readonly cloudAdapter: CloudAdapter;
  /** Chats that were opened anew, by the chat that was not found. */
  readonly opened: Map<string, string>;
}

/**
 * Sends the activities of one message, one request each, or puts the first in place of an older one. Where the chat is
 * not known (any more) it is opened once. Throws `DeliveryError` only.
 */
export async function send(
  sender: Sender,
  outgoing: Outgoing,
  activities: readonly CardActivity[],
  keep: Keep,
): Promise<{ readonly messageId: string }> {
  const ref = readRef(outgoing.address.ref);
  if (ref === undefined) throw new DeliveryError("rejected", "the address has no conversation reference");
  const key = `chat/${outgoing.address.tenant}/${outgoing.address.user}`;
  let messageId = "";
  for (const [index, activity] of activities.entries()) {
    try {
      const edits = index === 0 ? outgoing.edits : undefined;
      messageId = await sendOne({ sender, ref, key, keep }, activity, edits);
    } catch (error) {
      const failed = classify(error, "post", Date.now());
      // Of several activities some are there already: a second attempt would show them twice.
      const partly = index > 0 && (failed.failure === "throttled" || failed.failure === "unreachable");
      throw partly ? new DeliveryError("unknown", failed.code, { cause: failed }) : failed;
    }
  }
  return { messageId };
}

interface Chat {
  readonly sender: Sender;
  readonly ref: TeamsRef;
  readonly key: string;
  readonly keep: Keep;
}

async function sendOne(chat: Chat, activity: CardActivity, edits: string | undefined): Promise<string> {
  const conversation = await known(chat);
  if (conversation === undefined) return await post(chat, await open(chat), activity);
  try {
    return await post(chat, conversation, activity, edits);
  } catch (error) {
    const { status, code } = refusalOf((error as DeliveryError).cause);
    // A channel that is not found is no personal chat that could be opened.
    if (status !== 404 || chat.ref.group === true) throw error;
    // The person deleted the message that was to change, and the chat is there: what it would say is said anew.
    if (edits !== undefined && code?.startsWith("Activity")) return await post(chat, conversation, activity);
    // About one in a hundred chats is not found although the bot is installed.
    return await post(chat, await open(chat), activity);
  }
}

async function post(chat: Chat, conversation: string, activity: CardActivity, edits?: string): Promise<string> {
  const { ref } = chat;
  const full = {
    ...activity,
    from: { id: ref.bot, name: "" },
    ...(ref.group === true ? {} : { recipient: { id: ref.user, name: "" } }),
    conversation: conversationOf(ref, conversation),
    attachments: [...activity.attachments],
  };
  return await connected(chat, conversation, edits === undefined ? "post" : "update", async ({ conversations }) => {
    if (edits === undefined) return (await conversations.sendToConversation(conversation, full)).id ?? "";
    return (await conversations.updateActivity(conversation, edits, { ...full, id: edits })).id ?? edits;
  });
}

function conversationOf({ group, tenant }: TeamsRef, id: string) {
  const isGroup = group === true;
  const conversationType = !isGroup ? "personal" : id.includes("@thread.tacv2") ? "channel" : "groupChat";
  return { id, name: "", isGroup, conversationType, tenantId: tenant };
}

/** Makes the personal chat, which is the same one each time it is made, and remembers it. */
async function open(chat: Chat): Promise<string> {
  const { ref, key, keep, sender } = chat;
  const made = await connected(chat, ref.conversation ?? "new", "open", async ({ conversations }) => {
    return await conversations.createConversation({
      bot: { id: ref.bot, name: "" },
      members: [{ id: ref.user, name: "" }],
      isGroup: false,
      tenantId: ref.tenant,
      channelData: { tenant: { id: ref.tenant } },
    } as Parameters<typeof conversations.createConversation>[0]);
  });
  if (ref.conversation === undefined) await keep.set(key, made.id);
  else {
    if (sender.opened.size >= 10_000) sender.opened.clear();
    sender.opened.set(ref.conversation, made.id);
  }
  return made.id;
}

async function known({ ref, key, keep, sender }: Chat): Promise<string | undefined> {
  if (ref.conversation !== undefined) return sender.opened.get(ref.conversation) ?? ref.conversation;
  const made = await keep.get(key);
  return typeof made === "string" ? made : undefined;
}

/** Runs one request inside a proactive turn of the vendor's adapter, with a token at hand before it starts. */
async function connected<T>(
  { sender: { registration, cloudAdapter }, ref }: Chat,
  conversation: string,
  purpose: Purpose,
  request: (connector: ConnectorClient) => Promise<T>,
): Promise<T> {
  let result: { readonly value: T } | undefined;
  try {
    if (!registration.allows(ref.serviceUrl)) throw new DeliveryError("misconfigured", "ServiceHostNotAllowed");
    await registration.tokens.ready();
    const reference = {
      bot: { id: ref.bot, name: "" },
      user: { id: ref.user, name: "" },
      channelId: "msteams",
      serviceUrl: ref.serviceUrl,
      conversation: conversationOf(ref, conversation),
    };
    await cloudAdapter.continueConversationAsync(registration.appId, reference, async (context) => {
      const connector = context.turnState.get<ConnectorClient>(context.adapter.ConnectorClientKey);
      result = { value: await request(connector) };
    });
  } catch (error) {
    const failed = classify(error, purpose, Date.now());
    // A token may have been withdrawn before its time: the next message gets a new one.
    if (refusalOf(error).status === 401) registration.tokens.ready(true).catch(() => {});
    throw failed;
  }
  if (result === undefined) throw new DeliveryError("unknown", "the turn ended without an answer");
  return result.value;
}
