import type { TokenChanges } from "./fake-teams-keys.ts";
import type { FakeMessage, FakePerson } from "./fake-teams-people.ts";
import type { FakeCall, FakeFailure } from "./fake-teams-server.ts";

/** What the product answered to a request. */
export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  /** The short text beside a pressed button. */
  readonly notice: string | undefined;
}

export interface FakeTeamsOptions {
  readonly appId?: string;
  readonly tenant?: string;
  readonly password?: string;
  /** Refuse faster sends as Teams does: seven a second in a chat, fifty in the tenant. */
  readonly rateLimits?: boolean;
  /** What the clients say about themselves. */
  readonly locale?: string;
  readonly timeZone?: string;
}

/** Teams as a bot meets it, on loopback: clients, connector, login service and key server. */
export interface FakeTeams {
  /** The environment variables to start the product with. */
  readonly settings: Readonly<Record<string, string>>;
  readonly appId: string;
  readonly tenant: string;
  readonly serviceUrl: string;
  /** Says where the product listens, for example `http://127.0.0.1:3978`. */
  connect(productUrl: string): void;
  person(user: string): FakePerson;
  say(user: string, text: string): Promise<FakeAnswer>;
  /** Presses a button of a message by its title, the start of it, or its number from 0. */
  press(user: string, activityId: string, button: string | number): Promise<FakeAnswer>;
  /** The same from a client that knows no universal actions: it takes the fallback. */
  pressOldClient(user: string, activityId: string, button: string | number): Promise<FakeAnswer>;
  install(user: string): Promise<FakeAnswer>;
  uninstall(user: string): Promise<FakeAnswer>;
  /** What the person sees in the chat, oldest first. */
  messages(user: string): readonly FakeMessage[];
  /** Resolves with the chat's messages as soon as they fit. Rejects after `ms`. */
  until(
    user: string,
    fits: (messages: readonly FakeMessage[]) => boolean,
    ms?: number,
  ): Promise<readonly FakeMessage[]>;
  /** Posts any activity, signed as the channel signs it; `token` instead of that, `null` for none. */
  post(activity: unknown, how?: { readonly token?: string | null; readonly sign?: TokenChanges }): Promise<FakeAnswer>;
  /** An activity from a person, complete as Teams sends it. */
  activity(user: string, more: Record<string, unknown>): Record<string, unknown>;
  token(changes?: TokenChanges): Promise<string>;
  readonly publicPem: string;
  /** What reached the connector; may be emptied. */
  readonly calls: FakeCall[];
  readonly logins: readonly string[];
  failNext(failure: FakeFailure | number): void;
  readonly down: { keys: boolean; login: boolean };
  readonly refuse: { login: string | undefined };
  /** What the judges found wrong with the activities that were sent; empty is right. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}
