import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Call, readCall } from "./fake-telegram-form.ts";
import { answer, type FakeBot, type FakeMessage, type FakeUser, shown } from "./fake-telegram-methods.ts";
import { Refusal } from "./fake-telegram-rules.ts";
import { createUpdates } from "./fake-telegram-updates.ts";

export type { FakeMessage, FakeUser };

/** `pass` is none, for the calls before the one that is meant. `reset` and `hang` come before the method ran, `lost` after it: the message is there and the answer never arrives. */
export type Fault =
  | { readonly status: number; readonly description?: string; readonly parameters?: Readonly<Record<string, unknown>> }
  | "reset"
  | "hang"
  | "lost"
  | "pass"
  | "not json";

export interface FakeTelegramOptions {
  /** One or more bot tokens; the first is meant where no bot is named. */
  readonly tokens: readonly string[];
  /** Epoch milliseconds; the real clock where none is given. */
  readonly now?: () => number;
  /** Enforces the sends to one chat in a second. */
  readonly perChatPerSecond?: number;
}

export interface RecordedCall extends Call {
  readonly bot: string;
}

/** A user, or the number of one without much of a name. */
export type Who = FakeUser | number;

/**
 * A Bot API server on loopback that refuses what Telegram refuses, with Telegram's own words. Long polling and
 * webhooks with their secret, redelivery until 2xx, presses that live 150 seconds, uploads and file ids.
 */
export async function createFakeTelegram(options: FakeTelegramOptions) {
  const now = options.now ?? Date.now;
  const calls: RecordedCall[] = [];
  const refusals: { readonly method: string; readonly status: number; readonly description: string }[] = [];
  const faults = new Map<string, Fault[]>();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  const bots = new Map(options.tokens.map((token) => [token, createBot(token, now)]));
  const rules = { now, perChatPerSecond: options.perChatPerSecond, changed };
  const botOf = (token: string | undefined): FakeBot => {
    const bot = bots.get(token ?? options.tokens[0] ?? "");
    if (bot === undefined) throw new Error("the fake does not know this token");
    return bot;
  };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token = "", method = ""] = /^\/bot([^/]+)\/(\w+)$/u.exec(request.url ?? "") ?? [];
    const hangUp = new AbortController();
    response.on("close", () => hangUp.abort());
    const call = await readCall(request, method, now());
    try {
      const bot = bots.get(token);
      if (bot === undefined)
        throw /^\d+:/u.test(token) ? new Refusal(401, "Unauthorized") : new Refusal(404, "Not Found");
      calls.push({ ...call, bot: token });
      changed();
      const fault = faults.get(method)?.shift();
      if (fault === "hang") return;
      if (fault === "reset") return void request.socket.resetAndDestroy();
      if (fault === "not json") return void response.writeHead(502).end("<html>Bad Gateway</html>");
      if (typeof fault === "object") throw refusalOf(fault);
      const result = await answer(bot, call, rules, hangUp.signal);
      if (fault === "lost") return void request.socket.resetAndDestroy();
      send(response, 200, { ok: true, result });
      changed();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, message: description, parameters } = error;
      refusals.push({ method, status, description });
      send(response, status, { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) });
    }
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      send(response, 500, { ok: false, error_code: 500, description: `Internal Server Error: ${String(error)}` });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  /** Resolves with the first value that `find` gives, now or after a change; rejects after `ms`. */
  function until<T>(find: () => T | undefined, ms = 10_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        listeners.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        listeners.delete(look);
        reject(new Error(`nothing of that kind within ${ms} ms`));
      }, ms);
      listeners.add(look);
      look();
    });
  }

  function messages(who: Who, token?: string): readonly FakeMessage[] {
    return [...(botOf(token).chats.get(userOf(who).id)?.messages.values() ?? [])];
  }

  /** Anything a user sends that is a message. Resolves with the update's id when the bot's side has taken it. */
  function pushMessage(who: Who, content: Readonly<Record<string, unknown>>, token?: string): Promise<number> {
    const bot = botOf(token);
    const user = userOf(who);
    const chat = chatOf(bot, user);
    const { id, ...names } = user;
    const message = {
      message_id: bot.nextMessage++,
      from: { id, is_bot: false, ...names, first_name: names.first_name ?? "Person" },
      chat: { id, type: "private", first_name: chat.user.first_name ?? "Person" },
      date: Math.floor(now() / 1000),
      ...content,
    };
    return bot.updates.push({ message }, `chat:${id}`);
  }

  function press(who: Who, messageId: number, button: number | string, token?: string) {
    const all = botOf(token).chats.get(userOf(who).id)?.messages.get(messageId)?.buttons.flat() ?? [];
    const found = typeof button === "number" ? all[button] : all.find(({ text }) => text.includes(button));
    if (found?.callback_data === undefined) {
      const there = all.map(({ text }) => `"${text}"`).join(", ");
      throw new Error(`message ${messageId} has no button ${button} that can be pressed; it has ${there || "none"}`);
    }
    return pressData(who, messageId, found.callback_data, token);
  }

  /** A press of any data: an old button, somebody else's, a forged one. */
  function pressData(who: Who, messageId: number, data: string, token?: string) {
    const bot = botOf(token);
    const user = userOf(who);
    const query = `${now()}${bot.queries.size + 1}`;
    bot.queries.set(query, { at: now() });
    const callback_query = {
      id: query,
      from: { is_bot: false, ...user, first_name: user.first_name ?? "Person" },
      message: shown(bot, chatOf(bot, user), messageId, now()),
      chat_instance: String(user.id),
      data,
    };
    const taken = bot.updates.push({ callback_query }, `press:${user.id}`);
    return { query, taken, answered: () => until(() => bot.queries.get(query)?.answer) };
  }

  function member(who: Who, status: "kicked" | "member", token?: string): Promise<number> {
    const bot = botOf(token);
    const user = userOf(who);
    chatOf(bot, user).state = status === "kicked" ? "blocked" : "open";
    const old = status === "kicked" ? "member" : "kicked";
    const self = { id: bot.id, is_bot: true, first_name: "Fake" };
    const my_chat_member = {
      chat: { id: user.id, type: "private" },
      from: { id: user.id, is_bot: false, first_name: user.first_name ?? "Person" },
      date: Math.floor(now() / 1000),
      old_chat_member: { user: self, status: old },
      new_chat_member: { user: self, status },
    };
    return bot.updates.push({ my_chat_member }, `member:${user.id}`);
  }

  return {
    url: `http://127.0.0.1:${port}`,
    /** Every call in order, also the refused ones. */
    calls: calls as readonly RecordedCall[],
    /** Every call that was answered with an error, in order: what a strict platform found wrong. */
    refusals: refusals as readonly (typeof refusals)[number][],
    bot: (token?: string) => botOf(token),
    until,
    messages,
    /** Waits for a message that fits, sent or edited. */
    message: (who: Who, fits: (message: FakeMessage) => boolean, token?: string) =>
      until(() => messages(who, token).findLast(fits)),
    pushText: (who: Who, text: string, token?: string) => pushMessage(who, { text }, token),
    pushMessage,
    press,
    pressData,
    /** The person blocks the bot: sends are refused from now on, and the bot is told. */
    block: (who: Who, token?: string) => member(who, "kicked", token),
    unblock: (who: Who, token?: string) => member(who, "member", token),
    deactivate(who: Who, token?: string): void {
      chatOf(botOf(token), userOf(who)).state = "deactivated";
    },
    /** A chat that was opened earlier, without an update about it. */
    open(who: Who, token?: string): void {
      chatOf(botOf(token), userOf(who));
    },
    /** The person empties the chat: its messages cannot be edited any more. */
    clear(who: Who, token?: string): void {
      botOf(token).chats.get(userOf(who).id)?.messages.clear();
    },
    /** The next calls of a method meet these faults, one each. */
    failNext(method: string, ...next: readonly Fault[]): void {
      faults.set(method, [...(faults.get(method) ?? []), ...next]);
    },
    async close(): Promise<void> {
      for (const bot of bots.values()) bot.updates.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function createBot(token: string, now: () => number): FakeBot {
  return {
    token,
    id: Number(token.split(":")[0]),
    updates: createUpdates(now),
    chats: new Map(),
    files: new Map(),
    queries: new Map(),
    settings: new Map(),
    nextMessage: 101,
  };
}

function userOf(who: Who): FakeUser {
  return typeof who === "number" ? { id: who } : who;
}

function chatOf(bot: FakeBot, user: FakeUser) {
  const chat = bot.chats.get(user.id) ?? { user, state: "open" as const, messages: new Map(), sends: [] };
  bot.chats.set(user.id, chat);
  return chat;
}

function refusalOf(fault: Exclude<Fault, string>): Refusal {
  return new Refusal(fault.status, fault.description ?? "Internal Server Error", fault.parameters);
}

function send(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
