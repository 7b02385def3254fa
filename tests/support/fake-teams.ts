import { randomUUID } from "node:crypto";
import { createChannelKeys, ISSUER } from "./fake-teams-keys.ts";
import {
  buttonsOf,
  cardOf,
  type FakeActivity,
  type FakeButton,
  type FakeMessage,
  type FakePerson,
  personOf,
  textOf,
} from "./fake-teams-people.ts";
import { connectorError, type Outcome, startFakeServer } from "./fake-teams-server.ts";
import type { FakeTeams, FakeTeamsOptions } from "./fake-teams-types.ts";
import { judgeActivity } from "./judge-teams.ts";

export type { FakeTeams, FakeTeamsOptions } from "./fake-teams-types.ts";

/** Longest that Teams waits for the bot, in milliseconds. */
const PATIENCE = 15_000;

/** Starts a fake Teams. Every activity that it is sent is judged, and refused with 400 where a judge finds a fault. */
export async function createFakeTeams(options: FakeTeamsOptions = {}): Promise<FakeTeams> {
  const appId = options.appId ?? randomUUID();
  const tenant = options.tenant ?? randomUUID();
  const password = options.password ?? `secret-${randomUUID()}`;
  const problems: string[] = [];
  const chats = new Map<string, { person: FakePerson; installed: boolean; messages: FakeMessage[]; sent: number[] }>();
  const watchers = new Set<() => void>();
  let product = "";
  let nextId = 1_700_000_000_000;
  let published: readonly unknown[] = [];

  const chat = (user: string) => {
    const person = personOf(user, appId);
    const found = chats.get(person.conversation);
    if (found !== undefined) return found;
    const made = { person, installed: true, messages: [] as FakeMessage[], sent: [] as number[] };
    chats.set(person.conversation, made);
    return made;
  };

  const open = (conversation: string): Outcome | ReturnType<typeof chat> => {
    const found = chats.get(conversation);
    if (found === undefined)
      return { status: 404, body: connectorError("ConversationNotFound", "Conversation not found.") };
    if (!found.installed) return { status: 403, body: connectorError("BotNotInConversationRoster") };
    return found;
  };

  const accept = (conversation: string, activity: FakeActivity, put: (messages: FakeMessage[]) => Outcome): Outcome => {
    const found = open(conversation);
    if ("status" in found) return found;
    const now = Date.now();
    found.sent = found.sent.filter((at) => at > now - 1000);
    if (options.rateLimits === true && found.sent.length >= 7) {
      return { status: 429, body: connectorError("TooManyRequests"), retryAfter: 1 };
    }
    const faults = judgeActivity(activity);
    if (faults.length > 0) {
      problems.push(...faults);
      return { status: 400, body: connectorError("BadSyntax", faults.join("; ")) };
    }
    found.sent.push(now);
    const outcome = put(found.messages);
    for (const watcher of [...watchers]) watcher();
    return outcome;
  };

  const message = (id: string, activity: FakeActivity, updates: number): FakeMessage => {
    const card = cardOf(activity);
    return { id, activity, text: textOf(card), buttons: buttonsOf(card).map((button) => button.title), updates };
  };

  const server = await startFakeServer({
    appId,
    password,
    issuer: ISSUER,
    keys: () => published,
    handlers: {
      create(body) {
        const [member] = (body.members ?? []) as readonly { readonly id: string }[];
        const found = [...chats.values()].find((one) => one.person.id === member?.id);
        if (found === undefined || !found.installed)
          return { status: 403, body: connectorError("ForbiddenOperationException") };
        return { status: 201, body: { id: found.person.conversation } };
      },
      post: (conversation, activity) =>
        accept(conversation, activity, (messages) => {
          const id = String(nextId++);
          messages.push(message(id, activity, 0));
          return { status: 201, body: { id } };
        }),
      put: (conversation, id, activity) =>
        accept(conversation, activity, (messages) => {
          const index = messages.findIndex((one) => one.id === id);
          const old = messages[index];
          if (old === undefined) return { status: 404, body: connectorError("ActivityNotFoundInConversation") };
          messages[index] = message(id, activity, old.updates + 1);
          return { status: 200, body: { id } };
        }),
    },
  });
  const serviceUrl = `${server.url}/connector/`;
  const keys = await createChannelKeys(appId, serviceUrl);
  published = keys.published;

  const activity: FakeTeams["activity"] = (user, more) => {
    const { person } = chat(user);
    const locale = options.locale ?? "en-GB";
    return {
      id: String(nextId++),
      timestamp: new Date().toISOString(),
      channelId: "msteams",
      serviceUrl,
      locale,
      from: { id: person.id, name: person.name, aadObjectId: person.aadObjectId },
      recipient: { id: `28:${appId}`, name: "Fadder" },
      conversation: { id: person.conversation, conversationType: "personal", tenantId: tenant },
      channelData: { tenant: { id: tenant } },
      entities: [
        {
          type: "clientInfo",
          locale,
          country: "GB",
          platform: "Web",
          timezone: options.timeZone ?? "Europe/Copenhagen",
        },
      ],
      ...more,
    };
  };

  const post: FakeTeams["post"] = async (body, how = {}) => {
    const token = how.token === undefined ? `Bearer ${await keys.sign(how.sign)}` : how.token;
    const response = await fetch(`${product}/api/messages`, {
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        ...(token === null ? {} : { authorization: token }),
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const text = await response.text();
    const parsed: unknown = text === "" ? undefined : safeJson(text);
    const { type, value } = (parsed ?? {}) as { readonly type?: unknown; readonly value?: unknown };
    const notice =
      type === "application/vnd.microsoft.activity.message" && typeof value === "string" ? value : undefined;
    return { status: response.status, body: parsed, notice: notice === "" ? undefined : notice };
  };

  const button = (user: string, activityId: string, wanted: string | number): FakeButton => {
    const found = chat(user).messages.find((one) => one.id === activityId);
    const buttons = found === undefined ? [] : buttonsOf(cardOf(found.activity));
    const chosen =
      typeof wanted === "number"
        ? buttons[wanted]
        : (buttons.find((one) => one.title === wanted) ?? buttons.find((one) => one.title.includes(wanted)));
    if (chosen === undefined)
      throw new Error(`no button ${wanted} on message ${activityId}: ${buttons.map((one) => one.title)}`);
    return chosen;
  };

  const installation = (user: string, action: "add" | "remove") => {
    chat(user).installed = action === "add";
    return post(activity(user, { type: "installationUpdate", action }));
  };

  return {
    settings: {
      MicrosoftAppId: appId,
      MicrosoftAppPassword: password,
      MicrosoftAppType: "SingleTenant",
      MicrosoftAppTenantId: tenant,
      ToBotFromChannelOpenIdMetadataUrl: `${server.url}/openid/.well-known/openidconfiguration`,
      ToBotFromChannelTokenIssuer: ISSUER,
      ToBotFromEmulatorOpenIdMetadataUrl: `${server.url}/openid/.well-known/openidconfiguration`,
      ToChannelFromBotLoginUrl: `${server.url}/login/${tenant}`,
      ToChannelFromBotOAuthScope: ISSUER,
      OAuthUrl: server.url,
      TEAMS_SERVICE_HOSTS: new URL(server.url).host,
    },
    appId,
    tenant,
    serviceUrl,
    connect(url) {
      product = url.replace(/\/$/, "");
    },
    person: (user) => chat(user).person,
    say: (user, text) => post(activity(user, { type: "message", textFormat: "plain", text })),
    press(user, activityId, wanted) {
      const { type, verb, data } = button(user, activityId, wanted);
      return post(
        activity(user, {
          type: "invoke",
          name: "adaptiveCard/action",
          replyToId: activityId,
          value: { action: { type, verb, data }, trigger: "manual" },
        }),
      );
    },
    pressOldClient(user, activityId, wanted) {
      const { fallback } = button(user, activityId, wanted);
      return post(activity(user, { type: "message", replyToId: activityId, value: fallback?.data }));
    },
    install: (user) => installation(user, "add"),
    uninstall: (user) => installation(user, "remove"),
    messages: (user) => [...chat(user).messages],
    until(user, fits, ms = 10_000) {
      return new Promise((resolve, reject) => {
        const stop = () => {
          watchers.delete(look);
          clearTimeout(timer);
        };
        const look = () => {
          const messages = [...chat(user).messages];
          if (!fits(messages)) return;
          stop();
          resolve(messages);
        };
        const timer = setTimeout(() => {
          stop();
          const seen = chat(user).messages.map((one) => one.text.slice(0, 60));
          reject(
            new Error(
              `the chat did not get there in ${ms} ms; it shows ${JSON.stringify(seen)}; ${problems.join("; ")}`,
            ),
          );
        }, ms);
        watchers.add(look);
        look();
      });
    },
    post,
    activity,
    token: (changes) => keys.sign(changes),
    publicPem: keys.publicPem,
    calls: server.calls,
    logins: server.logins,
    failNext: (failure) => void server.failures.push(typeof failure === "number" ? { status: failure } : failure),
    down: server.down,
    refuse: server.refuse,
    problems,
    close: server.close,
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
