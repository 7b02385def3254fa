import { z } from "zod";
import type { GroupMessage } from "../../src/engine/groups.ts";
import type { Inbound, Input } from "../../src/engine/types.ts";
import { INPUT_TEXT } from "./limits.ts";
import type { TeamsRef } from "./ref.ts";

/** What an activity must have to be looked at at all. Everything else is read only where it is needed. */
export const envelope = z.looseObject({
  type: z.string().min(1),
  channelId: z.string().min(1),
  serviceUrl: z.string().min(1),
});

/** What the request was found to be, before the activity is read. */
export interface Arrival {
  readonly appId: string;
  /** Nobody signed it; it came from this machine. */
  readonly unsigned: boolean;
  readonly receivedAt: number;
}

/**
 * What an activity means. `press` and `event` are turns; a press answers its sender in the request. `unusable` is a
 * button whose data is not ours, `unknown-invoke` a question that the bot has no answer to, `ignored` everything else.
 */
export type Parsed =
  | { readonly kind: "turn"; readonly inbound: Inbound; readonly invoke: boolean }
  /** Written to the bot in a channel or group chat; without a text it was taken out of it. */
  | { readonly kind: "group"; readonly message: GroupMessage & { readonly id: string } }
  | { readonly kind: "unusable" | "unknown-invoke" | "ignored" | "malformed" };

const account = z.looseObject({
  id: z.string().min(1),
  name: z.string().nullish(),
  aadObjectId: z.string().min(1).nullish(),
});
const entity = z.looseObject({ type: z.string() });
const mention = z.looseObject({ mentioned: z.looseObject({ id: z.string() }), text: z.string().min(1) });
const clientInfo = z.looseObject({ locale: z.string().nullish(), timezone: z.string().nullish() });
const attachment = z.looseObject({
  contentType: z.string(),
  name: z.string().nullish(),
  content: z.unknown().optional(),
});

const activitySchema = z.looseObject({
  type: z.string().min(1),
  id: z.string().min(1).nullish(),
  name: z.string().nullish(),
  action: z.string().nullish(),
  timestamp: z.string().nullish(),
  serviceUrl: z.string(),
  locale: z.string().nullish(),
  text: z.string().nullish(),
  value: z.unknown().optional(),
  from: account,
  recipient: account.nullish(),
  conversation: z.looseObject({
    id: z.string().min(1),
    conversationType: z.string().nullish(),
    isGroup: z.boolean().nullish(),
    tenantId: z.string().nullish(),
  }),
  channelData: z.looseObject({ tenant: z.looseObject({ id: z.string() }).nullish() }).nullish(),
  entities: z.array(entity).nullish(),
  attachments: z.array(attachment).nullish(),
  membersAdded: z.array(account).nullish(),
  membersRemoved: z.array(account).nullish(),
});

type Activity = z.output<typeof activitySchema>;

const pressed = z.looseObject({ t: z.string().regex(/^[A-Za-z0-9_-]{11}[a-z]$/) });
const executed = z.looseObject({ action: z.looseObject({ data: pressed }) });

/** The tenant an activity comes from, in lower case, or undefined where it does not say. */
export function tenantOf(activity: unknown): string | undefined {
  const parsed = z
    .looseObject({
      conversation: z.looseObject({ tenantId: z.string().nullish() }).nullish(),
      channelData: z.looseObject({ tenant: z.looseObject({ id: z.string().nullish() }).nullish() }).nullish(),
    })
    .safeParse(activity);
  if (!parsed.success) return undefined;
  return (parsed.data.conversation?.tenantId ?? parsed.data.channelData?.tenant?.id ?? undefined)?.toLowerCase();
}

/** Whether the activity names its sender by directory identity, as every activity of a person in Teams does. */
export function hasDirectoryIdentity(activity: unknown): boolean {
  return z.looseObject({ from: z.looseObject({ aadObjectId: z.string().min(1) }) }).safeParse(activity).success;
}

/** Translates one checked activity. Pure; whatever it is given, it does not throw. */
export function parseActivity(value: unknown, arrival: Arrival): Parsed {
  const parsed = activitySchema.safeParse(value);
  if (!parsed.success) return { kind: isPersonal(value) ? "malformed" : "ignored" };
  const activity = parsed.data;
  if (
    activity.conversation.isGroup === true ||
    !["personal", null, undefined].includes(activity.conversation.conversationType)
  ) {
    return inGroup(activity, arrival);
  }
  const invoke = activity.type === "invoke";
  const input = inputOf(activity);
  if (input === undefined) return { kind: "ignored" };
  if (typeof input === "string") return { kind: input };
  const id = activity.id ?? (input.type === "presence" ? `${activity.type}@${activity.timestamp ?? ""}` : undefined);
  if (id === undefined) return { kind: "malformed" };
  return { kind: "turn", invoke, inbound: inbound(activity, `${activity.conversation.id} ${id}`, input, arrival) };
}

/** Only what names the bot arrives from there. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations */
function inGroup(activity: Activity, arrival: Arrival): Parsed {
  if (activity.type === "invoke") return { kind: "unknown-invoke" };
  const input = inputOf(activity);
  const gone = typeof input === "object" && input.type === "presence" && input.state === "gone";
  if (typeof input !== "object" || (input.type !== "text" && !gone)) return { kind: "ignored" };
  const { address, person } = inbound(activity, "", input, arrival);
  // A thread's messages end in its id; a notice begins a thread of its own.
  const [conversation = ""] = activity.conversation.id.split(";");
  const locale = person.locale;
  return {
    kind: "group",
    message: {
      id: `group:${activity.id ?? activity.timestamp ?? ""}`,
      group: { ...address, user: conversation, ref: { ...groupRef(activity, arrival, conversation) } },
      user: address.user,
      text: input.type === "text" ? input.text : undefined,
      ...(locale === undefined ? {} : { locale }),
      ...(arrival.appId === "" ? {} : { direct: `https://teams.microsoft.com/l/chat/0/0?users=28:${arrival.appId}` }),
    },
  };
}

/** What it takes to write to a chat of several people; who wrote there is none of it. */
function groupRef(activity: Activity, arrival: Arrival, conversation: string): TeamsRef {
  return {
    serviceUrl: activity.serviceUrl,
    bot: activity.recipient?.id ?? "",
    tenant: tenantOf(activity) ?? "local",
    user: "",
    conversation,
    group: true,
    ...(arrival.unsigned ? { unsigned: true } : {}),
  };
}

function inputOf(activity: Activity): Input | "unusable" | "unknown-invoke" | undefined {
  switch (activity.type) {
    case "message":
      return messageInput(activity);
    case "invoke": {
      if (activity.name !== "adaptiveCard/action") return "unknown-invoke";
      const data = executed.safeParse(activity.value);
      return data.success ? press(data.data.action.data.t) : "unusable";
    }
    case "installationUpdate":
      if (activity.action?.startsWith("add")) return { type: "presence", state: "reachable" };
      if (activity.action?.startsWith("remove")) return { type: "presence", state: "gone", reason: "uninstalled" };
      return undefined;
    case "conversationUpdate": {
      const bot = activity.recipient?.id;
      const names = (list: Activity["membersAdded"]) => list?.some((member) => member.id === bot) ?? false;
      if (names(activity.membersRemoved)) return { type: "presence", state: "gone", reason: "uninstalled" };
      return names(activity.membersAdded) ? { type: "presence", state: "reachable" } : undefined;
    }
    default:
      return undefined;
  }
}

function messageInput(activity: Activity): Input | undefined {
  // A button of a client without universal actions arrives as a message with a value and no text.
  const button = pressed.safeParse(activity.value);
  if (button.success) return press(button.data.t);
  const file = activity.attachments?.find((one) => isFile(one.contentType));
  if (file !== undefined) {
    // The content holds an address that opens the file for whoever has it: not kept.
    return {
      type: "file",
      name: clean(file.name ?? "").slice(0, 200),
      mime: clean(file.contentType),
      bytes: 0,
      handle: null,
    };
  }
  const text = clean(withoutMention(activity)).trim();
  return text === "" ? undefined : { type: "text", text };
}

function press(data: string): Input {
  return { type: "press", token: data.slice(0, 11), option: data.slice(11) };
}

/** Teams attaches an HTML copy of the text, and cards for link previews and quoted messages; the rest are files. */
function isFile(contentType: string): boolean {
  const type = contentType.toLowerCase();
  if (type === "application/vnd.microsoft.teams.file.download.info") return true;
  return !type.startsWith("text/html") && !type.startsWith("application/vnd.microsoft.") && type !== "messagereference";
}

function withoutMention(activity: Activity): string {
  let text = activity.text ?? "";
  for (const one of activity.entities ?? []) {
    const found = mention.safeParse(one);
    if (one.type === "mention" && found.success && found.data.mentioned.id === activity.recipient?.id) {
      text = text.replaceAll(found.data.text, " ");
    }
  }
  return text.replaceAll("&nbsp;", " ");
}

/** Without NUL and halves of characters, and not longer than what a person types. */
function clean(text: string): string {
  return text
    .replaceAll("\u0000", "")
    .slice(0, INPUT_TEXT)
    .replace(/\p{Surrogate}/gu, "\ufffd");
}

function inbound(activity: Activity, id: string, input: Input, arrival: Arrival): Inbound {
  const info = activity.entities
    ?.filter((one) => one.type === "clientInfo")
    .map((one) => clientInfo.safeParse(one).data)
    .find((one) => one !== undefined);
  const locale = activity.locale ?? info?.locale ?? undefined;
  const timeZone = info?.timezone ?? undefined;
  const tenantId = tenantOf(activity) ?? "local";
  const ref: TeamsRef = {
    serviceUrl: activity.serviceUrl,
    conversation: activity.conversation.id,
    user: activity.from.id,
    bot: activity.recipient?.id ?? "",
    tenant: tenantId,
    ...(arrival.unsigned ? { unsigned: true } : {}),
  };
  return {
    id,
    address: {
      channel: "teams",
      tenant: `${arrival.appId === "" ? "anonymous" : arrival.appId}/${tenantId.replaceAll(":", "_")}`,
      user: activity.from.aadObjectId?.toLowerCase() ?? activity.from.id,
      ref: { ...ref },
    },
    person: {
      name: clean(activity.from.name ?? "").slice(0, 200),
      ...(locale === undefined || !isLocale(locale) ? {} : { locale }),
      ...(timeZone === undefined || !isTimeZone(timeZone) ? {} : { timeZone }),
    },
    input,
    receivedAt: arrival.receivedAt,
  };
}

/** Events without a sender or conversation exist and are nobody's fault; a message without them is broken. */
function isPersonal(value: unknown): boolean {
  const type = (value as { readonly type?: unknown } | null)?.type;
  return type === "message" || type === "invoke";
}

function isLocale(text: string): boolean {
  return /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(text);
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
