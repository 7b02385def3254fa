import { z } from "zod";
import type { Input } from "../../src/engine/types.ts";
import { readText } from "./text.ts";

/** What a verified Slack request means. `drop` is for what is not for us: it is acknowledged and forgotten. */
type Parsed =
  | {
      readonly type: "input";
      readonly id: string;
      readonly team: string;
      readonly appId: string | undefined;
      readonly user: string;
      /** The direct chat with the person, where the request tells it. */
      readonly channel: string | undefined;
      readonly input: Input;
      /** The person wrote somewhere else than in the direct chat, so the answer appears where they do not look. */
      readonly elsewhere: boolean;
    }
  | {
      readonly type: "off";
      readonly team: string;
      readonly reason: "app_uninstalled" | "tokens_revoked";
      readonly at: number;
    }
  /** The bot was named in a channel. */
  | {
      readonly type: "group";
      readonly id: string;
      readonly team: string;
      readonly appId: string | undefined;
      readonly user: string;
      readonly channel: string;
      readonly text: string;
    }
  | { readonly type: "drop"; readonly why: string };

/** Reads an event, a pressed button or a command. Pure, and total: what it does not know is dropped. */
export function parse(body: unknown): Parsed {
  const event = eventBody.safeParse(body);
  if (event.success) return fromEvent(event.data);
  const actions = actionsBody.safeParse(body);
  if (actions.success) return fromActions(actions.data);
  const command = commandBody.safeParse(body);
  if (command.success) return fromCommand(command.data);
  return { type: "drop", why: "unknown kind" };
}

const eventBody = z.object({
  type: z.literal("event_callback"),
  event_id: z.string().min(1),
  team_id: z.string().optional(),
  api_app_id: z.string().optional(),
  /** Seconds. */
  event_time: z.number().optional(),
  // In a chat shared between companies the event's team may be the other one; this is the one we are installed in.
  authorizations: z.array(z.object({ team_id: z.string().nullish() })).optional(),
  event: z.looseObject({ type: z.string() }),
});

const messageEvent = z.object({
  channel: z.string(),
  channel_type: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  subtype: z.string().optional(),
  text: z.string().nullish(),
  files: z
    .array(
      z.object({
        id: z.string(),
        name: z.string().nullish(),
        mimetype: z.string().nullish(),
        size: z.number().nullish(),
      }),
    )
    .optional(),
});

const homeEvent = z.object({ user: z.string(), channel: z.string().optional(), tab: z.string().optional() });

const userEvent = z.object({ user: z.object({ id: z.string(), deleted: z.boolean().optional() }) });

const revokedEvent = z.object({ tokens: z.object({ bot: z.array(z.string()).nullish() }) });

function fromEvent(body: z.infer<typeof eventBody>): Parsed {
  const team = body.authorizations?.[0]?.team_id ?? body.team_id;
  if (team === undefined) return { type: "drop", why: "no team" };
  const at = (body.event_time ?? 0) * 1000;
  const base = { type: "input", id: body.event_id, team, appId: body.api_app_id, elsewhere: false } as const;
  switch (body.event.type) {
    case "app_uninstalled":
      return { type: "off", team, reason: "app_uninstalled", at };
    case "tokens_revoked": {
      const revoked = revokedEvent.safeParse(body.event);
      if (revoked.success && (revoked.data.tokens.bot ?? []).length > 0)
        return { type: "off", team, reason: "tokens_revoked", at };
      return { type: "drop", why: "a person's token, not ours" };
    }
    case "app_home_opened": {
      const home = homeEvent.safeParse(body.event);
      if (!home.success || home.data.tab !== "home") return { type: "drop", why: "not the home tab" };
      return { ...base, user: home.data.user, channel: home.data.channel, input: { type: "open", place: "home" } };
    }
    case "user_change": {
      const change = userEvent.safeParse(body.event);
      if (!change.success || change.data.user.deleted !== true) return { type: "drop", why: "nothing about reaching" };
      const { id } = change.data.user;
      return {
        ...base,
        user: id,
        channel: undefined,
        input: { type: "presence", state: "gone", reason: "deactivated" },
      };
    }
    case "app_mention": {
      const mention = messageEvent.safeParse(body.event);
      if (!mention.success || mention.data.user === undefined || mention.data.bot_id !== undefined)
        return { type: "drop", why: "not a person's mention" };
      const { user, channel } = mention.data;
      // The first mention is the bot's own; others are names of people, which nobody here needs.
      const text = readText((mention.data.text ?? "").replace(/<@[^>]*>/gu, " ")).trim();
      return { type: "group", id: body.event_id, team, appId: body.api_app_id, user, channel, text };
    }
    case "message": {
      const message = messageEvent.safeParse(body.event);
      if (!message.success) return { type: "drop", why: "malformed message" };
      const input = fromMessage(message.data);
      if (typeof input === "string") return { type: "drop", why: input };
      if (message.data.user === undefined) return { type: "drop", why: "written by nobody" };
      return { ...base, user: message.data.user, channel: message.data.channel, input };
    }
    default:
      return { type: "drop", why: "event of another kind" };
  }
}

function fromMessage(message: z.infer<typeof messageEvent>): Input | string {
  if (message.channel_type !== "im") return "not a direct chat";
  if (message.bot_id !== undefined || message.user === "USLACKBOT") return "written by a bot";
  if (message.subtype !== undefined && message.subtype !== "file_share") return "a change, not a new message";
  const file = message.files?.[0];
  if (file) {
    return {
      type: "file",
      name: readText(file.name ?? ""),
      mime: file.mimetype ?? "application/octet-stream",
      bytes: file.size ?? 0,
      handle: { id: file.id },
    };
  }
  return { type: "text", text: readText(message.text ?? "") };
}

const actionsBody = z.object({
  type: z.literal("block_actions"),
  api_app_id: z.string().optional(),
  team: z.object({ id: z.string() }).nullish(),
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  trigger_id: z.string().optional(),
  actions: z.array(
    z.looseObject({
      type: z.string(),
      action_id: z.string(),
      action_ts: z.string().optional(),
      value: z.string().optional(),
    }),
  ),
});

/** A button's value: the prompt's token and, at its end, the option's letter. */
const press = /^([A-Za-z0-9_-]{1,64})([a-z])$/;

function fromActions(body: z.infer<typeof actionsBody>): Parsed {
  const team = body.team?.id ?? body.user.team_id;
  if (team === undefined) return { type: "drop", why: "no team" };
  for (const action of body.actions) {
    const match = action.type === "button" ? press.exec(action.value ?? "") : null;
    if (!match?.[1] || !match[2]) continue;
    return {
      type: "input",
      id: `press:${body.trigger_id ?? `${body.user.id}:${action.action_ts ?? ""}:${action.value}`}`,
      team,
      appId: body.api_app_id,
      user: body.user.id,
      // A forwarded message can be pressed in any chat, so a press does not tell where the direct chat is.
      channel: undefined,
      input: { type: "press", token: match[1], option: match[2] },
      elsewhere: false,
    };
  }
  return { type: "drop", why: "no button of ours" };
}

const commandBody = z.object({
  command: z.string(),
  text: z.string().optional(),
  team_id: z.string(),
  user_id: z.string(),
  api_app_id: z.string().optional(),
  channel_name: z.string().optional(),
  trigger_id: z.string().min(1),
});

function fromCommand(body: z.infer<typeof commandBody>): Parsed {
  const [first = "", ...rest] = readText(body.text ?? "")
    .trim()
    .split(/\s+/);
  const name = first.replace(/^\//, "").toLowerCase();
  return {
    type: "input",
    id: `command:${body.trigger_id}`,
    team: body.team_id,
    appId: body.api_app_id,
    user: body.user_id,
    channel: undefined,
    input: { type: "command", name: name === "" ? "menu" : name, args: rest.join(" ") },
    elsewhere: body.channel_name !== "directmessage",
  };
}
