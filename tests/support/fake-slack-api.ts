import { chatWith, createMessage, type FakeNode, type FakeState } from "./fake-slack-state.ts";
import { judgeSlack } from "./judge-slack.ts";

/** What a method is called with: the form's fields, JSON fields read. */
export type Args = Readonly<Record<string, string>>;

/** What a method answers: fields beside `ok`, or an error by name. */
export type Outcome =
  | { readonly [key: string]: unknown }
  | { readonly error: string; readonly messages?: readonly string[] };

interface ApiContext {
  readonly url: string;
  /** Seconds with six digits, different for every message. */
  readonly nextTs: () => string;
  /** Payloads that broke a published rule. A test expects none. */
  readonly violations: string[];
}

type Method = (state: FakeState, args: Args, context: ApiContext) => Outcome | Promise<Outcome>;

/** The Web API methods that need a bot token. https://docs.slack.dev/reference/methods */
export const methods: { readonly [name: string]: Method } = {
  "auth.test": (state) => ({
    url: "https://example.slack.com/",
    team: state.name,
    team_id: state.team,
    user: "fadder",
    user_id: "UBOT",
    bot_id: "BBOT",
  }),

  "users.info": (state, args) => {
    const user = state.users.get(args.user ?? "");
    if (!user) return { error: "user_not_found" };
    return {
      user: {
        id: user.id,
        real_name: user.name,
        profile: { display_name: "" },
        tz: user.tz,
        deleted: user.deleted,
        ...(args.include_locale === "true" ? { locale: user.locale } : {}),
      },
    };
  },

  "conversations.open": (state, args) => {
    const user = state.users.get(args.users ?? "");
    if (!user) return { error: "user_not_found" };
    if (user.deleted) return { error: "user_disabled" };
    return { channel: { id: chatWith(state, user.id) } };
  },

  "chat.postMessage": async (state, args, context) => {
    const { channel = "", text = "" } = args;
    const refused = reach(state, channel) ?? (await content(state, args, "message", context));
    if (refused) return refused;
    const ts = context.nextTs();
    state.messages.push(createMessage(ts, channel, text, readBlocks(args.blocks)));
    return { channel, ts, message: { ts, text } };
  },

  "chat.update": async (state, args, context) => {
    const { channel = "", ts = "", text = "" } = args;
    const refused = reach(state, channel) ?? (await content(state, args, "message", context));
    if (refused) return refused;
    const message = state.messages.find((candidate) => candidate.channel === channel && candidate.ts === ts);
    if (!message) return { error: "message_not_found" };
    const blocks = readBlocks(args.blocks);
    const old = new Set(message.blocks.map((block) => block.block_id));
    // The same update sent again after a crash is the same iteration of the message.
    const repeated = JSON.stringify(blocks) === JSON.stringify(message.blocks);
    if (!repeated && blocks.some((block) => old.has(block.block_id)))
      context.violations.push("chat.update used a block_id again");
    Object.assign(message, { text, blocks, edits: message.edits + 1 });
    return { channel, ts, text };
  },

  "chat.delete": (state, args) => {
    const index = state.messages.findIndex(
      (candidate) => candidate.channel === args.channel && candidate.ts === args.ts,
    );
    if (index < 0) return { error: "message_not_found" };
    state.messages.splice(index, 1);
    return { channel: args.channel, ts: args.ts };
  },

  "views.publish": async (state, args, context) => {
    const user = state.users.get(args.user_id ?? "");
    if (!user) return { error: "user_not_found" };
    const view = JSON.parse(args.view ?? "{}") as { blocks?: FakeNode[] };
    const problems = [...judgeSlack.home(view), ...(await pictures(state, view.blocks ?? []))];
    if (problems.length > 0) return refuse(problems, context);
    state.homes.set(user.id, view.blocks ?? []);
    return { view: { id: `V${user.id}`, type: "home" } };
  },

  "files.getUploadURLExternal": (state, args, context) => {
    if (!args.filename || !(Number(args.length) > 0)) return { error: "invalid_arguments" };
    const id = `F${state.team.slice(1)}${state.files.size + 1}`;
    state.files.set(id, { bytes: 0, ready: false });
    return { upload_url: `${context.url}/upload/${state.team}/${id}`, file_id: id };
  },

  "files.completeUploadExternal": (state, args) => {
    const files = JSON.parse(args.files ?? "[]") as { id: string }[];
    if (files.some((file) => !((state.files.get(file.id)?.bytes ?? 0) > 0))) return { error: "file_not_found" };
    return { files: files.map((file) => ({ id: file.id, title: "picture.png" })) };
  },

  // Slack takes a file in after it answered: the first look finds it unready.
  "files.info": (state, args) => {
    const file = state.files.get(args.file ?? "");
    if (!file) return { error: "file_not_found" };
    const { ready } = file;
    file.ready = true;
    return { file: { id: args.file, mimetype: ready ? "image/png" : "" } };
  },
};

function reach(state: FakeState, channel: string): Outcome | undefined {
  const user = [...state.chats].find(([, own]) => own === channel)?.[0];
  if (user === undefined) return { error: "channel_not_found" };
  return state.users.get(user)?.deleted ? { error: "user_disabled" } : undefined;
}

async function content(
  state: FakeState,
  args: Args,
  kind: "message",
  context: ApiContext,
): Promise<Outcome | undefined> {
  if ((args.text ?? "") === "" && args.blocks === undefined) return { error: "no_text" };
  const blocks = readBlocks(args.blocks);
  const problems = judgeSlack[kind]({ text: args.text, blocks });
  // The text beside the blocks is read as mrkdwn: anything in angle brackets would be a link or a mention.
  if (/[<>]|&(?!amp;|lt;|gt;)/.test(args.text ?? "")) problems.push("the text for notifications is not escaped");
  if (problems.length > 0) return refuse(problems, context);
  const failed = await pictures(state, blocks);
  return failed.length > 0 ? { error: "invalid_blocks", messages: failed } : undefined;
}

function refuse(problems: readonly string[], context: ApiContext): Outcome {
  context.violations.push(...problems);
  return { error: "invalid_blocks", messages: problems.map((problem) => `[ERROR] ${problem}`) };
}

/** Slack loads pictures while it takes the message; here it does so for addresses on loopback. */
async function pictures(state: FakeState, blocks: readonly FakeNode[]): Promise<string[]> {
  const problems: string[] = [];
  for (const block of blocks.filter((candidate) => candidate.type === "image")) {
    const file = (block.slack_file as { id?: string } | undefined)?.id;
    if (file !== undefined && !state.files.get(file)?.ready) problems.push("[ERROR] invalid slack file");
    if (typeof block.image_url !== "string" || new URL(block.image_url).hostname !== "127.0.0.1") continue;
    const answer = await fetch(block.image_url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (!answer?.ok || !answer.headers.get("content-type")?.startsWith("image/"))
      problems.push("[ERROR] downloading image failed");
  }
  return problems;
}

function readBlocks(blocks: string | undefined): FakeNode[] {
  return blocks === undefined ? [] : (JSON.parse(blocks) as FakeNode[]);
}
