import type { Express } from "express";
import type { z } from "zod";
import type { InGroup } from "./groups.ts";
import type { Markup } from "./markup.ts";
import type { Address, GoneReason, ImageRef, Inbound, Json, Outgoing, OutgoingKind, Receipt, Reply } from "./types.ts";

/** At most `count` sends in any `perMs` milliseconds, over a whole lane or within one chat. */
export interface Rate {
  readonly scope: "lane" | "chat";
  readonly count: number;
  readonly perMs: number;
  /** A limit of new messages in a chat: replacing one in place neither counts nor waits. */
  readonly newOnly?: true;
}

/** What a platform can do, as numbers and flags only. Shared code asks these instead of naming a platform. */
export interface Capabilities {
  /** Whether messages leave through a leased lane of the outbox. Without one a stream reads the chat's outbox. */
  readonly lane: boolean;
  readonly rates: readonly Rate[];
  /** Sends of one lane under way at once. */
  readonly concurrency: number;
  /** A sent message can be replaced in place. */
  readonly edits: boolean;
  /** The platform has a page of its own for a person (`Outgoing.home`). */
  readonly home: boolean;
  /** `deliver` resolves when the message stands in the person's chat. Without it the platform only took it on its way. */
  readonly delivered?: true;
}

/** A platform payload as it would be sent, for previews and for judges. `parts` are in the order of sending. */
export interface Preview {
  readonly parts: readonly Json[];
  /** The same as a person will see it, for pages that draw it. */
  readonly shown?: Shown;
}

/** What a person sees of a message. `look` is the shape of messages there, which pages draw in a style of their own. */
export interface Shown {
  readonly look: "bubble" | "block" | "card" | "page" | "letter";
  /** Each message from top to bottom, in the order of sending. */
  readonly messages: readonly (readonly ShownPiece[])[];
}
export type ShownPiece =
  | { readonly type: "text"; readonly text: Markup }
  | { readonly type: "picture"; readonly alt: string }
  /** Buttons that stand side by side share a row. */
  | { readonly type: "buttons"; readonly rows: readonly (readonly string[])[] };

export interface Health {
  readonly ok: boolean;
  /** One entry per connection (bot, workspace, registration): what is configured and reachable, else what is wrong and the repair. */
  readonly connections: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly detail: string;
    readonly repair?: string;
  }[];
  /** Hosts this platform needs to reach, as `https://host[:port]`. */
  readonly hosts: readonly string[];
}

export interface ManifestFile {
  readonly name: string;
  readonly content: string | Uint8Array;
}

export interface ManifestOptions {
  readonly publicUrl: string;
  readonly privacyUrl: string;
  readonly termsUrl: string;
  /** Names, descriptions and commands in the interface languages, for platforms whose manifest has them. */
  readonly words?: Words;
  /** This platform's checked connections, for platforms whose manifest names the registration. */
  readonly connections?: readonly unknown[];
}

/**
 * Work that only one instance may do at a time (long polling, a socket). It is leased like a lane:
 * `run` starts when this instance holds the lease and must end soon after `signal` aborts.
 */
export interface Listener {
  /** Unique over all platforms, for example `poll:<channel>:<tenant>`. */
  readonly name: string;
  run(receive: Receive, signal: AbortSignal): Promise<void>;
}

/** Resolves when the turn is committed; rejects when nothing was stored and the platform should deliver again. */
export type Receive = (inbound: Inbound) => Promise<Receipt>;

/** An encrypted key–value part of the store, one per adapter: installations, file ids, channel ids. */
export interface Keep {
  get(key: string): Promise<Json | undefined>;
  set(key: string, value: Json): Promise<void>;
  delete(key: string): Promise<void>;
  list(prefix: string): Promise<readonly { readonly key: string; readonly value: Json }[]>;
}

/** Draws pictures. */
export interface Images {
  /** The picture as PNG bytes. The same reference gives the same bytes. */
  png(image: ImageRef): Promise<Uint8Array>;
  /** An unguessable https address of the picture, or undefined where the product has no public address. */
  url(image: ImageRef): Promise<string | undefined>;
  /** The picture's address on this server (`/i/{id}.png`), for pages that this server hands out itself. */
  path?(image: ImageRef): Promise<string>;
}

/** What a web page or a terminal shows: the chat's message rows, read by position. */
export interface ChatStream {
  /** Rows of one chat after `after` in order; without `after` the newest `limit`. */
  read(chat: string, after: number | undefined, limit: number): Promise<readonly StreamedRow[]>;
  /** Called when something new may wait for this chat, written by this or another instance. Returns the way to stop it. */
  subscribe(chat: string, listener: () => void): () => void;
}

export interface StreamedRow {
  readonly seq: number;
  readonly kind: OutgoingKind;
  /** `edits` names the token of the prompt whose message is replaced. */
  readonly parts: readonly {
    readonly id: string;
    readonly reply: Reply;
    readonly edits?: string;
    readonly home?: true;
  }[];
  readonly createdAt: number;
}

/** Structured log lines. Fields are ids and counts; never a text, name or token. */
export interface Log {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** Texts for what stands outside a conversation (menus, manifests, pages); dialogs get theirs through `Context`. */
export interface Words {
  /** All interface languages, the default first. */
  readonly languages: readonly string[];
  /** A plain text. Throws for an unknown key or a missing argument: that is a bug. */
  text(language: string, key: string, args?: Record<string, string | number>): string;
  /** A text with markup; arguments enter as text and can become neither link nor emphasis. */
  markup(language: string, key: string, args?: Record<string, string | number>): Markup;
  /** The interface language that fits a platform's locale (`bg-BG` → `bg`), or undefined. */
  match(locale: string | undefined): string | undefined;
  /** The command a word or phrase names in any interface language, or undefined. Case, accents and a slash do not matter. */
  command(phrase: string): string | undefined;
  /** The commands a menu may offer, in the order of use: name, and a description for the menu. */
  commands(
    language: string,
  ): readonly { readonly name: string; readonly alias: string; readonly description: string }[];
}

/** What every adapter gets from the composition root, beside its own connections. */
export interface AdapterDeps {
  readonly keep: Keep;
  readonly images: Images;
  readonly words: Words;
  /** Epoch milliseconds of the product's clock. Signatures and tokens use the real clock instead. */
  readonly now: () => number;
  readonly log: Log;
  /** The address platforms reach, without a trailing slash; undefined means polling or sockets. */
  readonly publicUrl: string | undefined;
  readonly stream: ChatStream;
  /** Signs and checks cookies and links: HMAC-SHA-256 as base64url under the product's secret; `purpose` keeps uses apart. */
  readonly sign: (purpose: string, text: string) => string;
  /** Whether `text` carries this signature, now or under the previous secret. Constant time. */
  readonly signed: (purpose: string, text: string, signature: string) => boolean;
  /** Whether strangers may start without link or code, where the platform lets anybody in. */
  readonly openEnrolment: boolean;
  /** Whether a join or link code opens the door for a stranger now. Changes nothing. Without it no code does. */
  readonly admit?: (code: string) => Promise<boolean>;
  /** What a code is for. Changes nothing; undefined where it opens no cohort. */
  readonly about?: (code: string) => Promise<CodeFacts | undefined>;
  /** The cohorts that strangers may join without having been given anything. */
  readonly offers?: () => Promise<readonly Offer[]>;
  /** Whether `/return` sends people a way back by e-mail. */
  readonly returns?: () => boolean;
  /** Hears what is written to the bot in chats of several people. Without it they are ignored. */
  readonly inGroup?: InGroup;
}

/**
 * A platform before it is switched on: light to import, no SDK behind it. The composition root has one list of these;
 * adding a platform is a folder and a line there.
 */
export interface Platform<Connection = unknown> {
  readonly channel: string;
  /** One entry of the connections file. */
  readonly connection: z.ZodType<Connection>;
  /**
   * The environment's short form of one connection: `undefined` where none of the platform's variables is set.
   * Incomplete ones are problems that name the variable and the repair. `NAME_FILE` has been resolved before.
   */
  fromEnvironment(
    env: Readonly<Record<string, string | undefined>>,
    facts: { readonly publicUrl: string | undefined; readonly loopback: boolean },
  ): { readonly connection?: unknown; readonly problems: readonly string[] } | undefined;
  /** Names the sending identity of a connection, so that one given twice is noticed. Without it equal entries are the same. */
  identity?(connection: Connection): string;
  create(connections: readonly Connection[], deps: AdapterDeps): Promise<Adapter>;
  manifest?(options: ManifestOptions): Promise<readonly ManifestFile[]>;
}

export interface Adapter {
  readonly channel: string;
  readonly capabilities: Capabilities;
  /** Adds the routes. Called before `express.json`; a route acknowledges after `receive` resolved and answers 503 when it rejected. */
  mount(app: Express, receive: Receive): Promise<void>;
  /** Tells the platform about commands, names and descriptions, and about the webhook. Repeated by the caller until it works. */
  setUp(): Promise<void>;
  readonly listeners: readonly Listener[];
  /** Sends or edits one message without any retry of its own. Throws `DeliveryError` only. Absent without a lane. */
  deliver?(outgoing: Outgoing): Promise<{ readonly messageId: string }>;
  /** The address of somebody who is known by an e-mail address alone. Absent where nobody can be written to first. */
  mailbox?(email: string, language?: string): Address;
  /** The payload that `deliver` would send, to somebody who reads this language where the platform adds words of its own; pure. */
  preview(reply: Reply, language?: string): Preview;
  health(): Promise<Health>;
  /** The ways to bring a code here, as far as they are known; asks no platform. `word`: what it is for, `join` where nothing is said. */
  joinWays?(code: string, word?: "join" | "here"): Promise<readonly JoinWay[]>;
  close(): Promise<void>;
}

/** What everybody who has a code may know about it. */
export interface CodeFacts {
  /** The neutral name of the cohort. */
  readonly name: string;
  /** Language codes. */
  readonly languages: readonly string[];
  readonly ways: readonly JoinWay[];
}

/** A cohort that is open to everybody. */
export interface Offer {
  readonly name: string;
  readonly code: string;
}

/** A way into the product on one platform, for somebody who was given a code. */
export interface JoinWay {
  /** What people call the platform, with what tells it from others of its kind. */
  readonly name: string;
  readonly url: string;
  /** Whether the code is in the link; else it is typed in the chat. */
  readonly complete: boolean;
}

/** One chat: the key of an address in the store. */
export function chatOf(address: Pick<Address, "channel" | "tenant" | "user">): string {
  return `${address.channel}:${address.tenant}:${address.user}`;
}

/** The lane of an address: one sending identity. */
export function laneOf(address: Pick<Address, "channel" | "tenant">): string {
  return `${address.channel}:${address.tenant}`;
}

/**
 * Why a send failed, as the decision it asks for.
 * `throttled`: nothing was sent, the lane waits `retryAfterMs`. `unreachable`: nothing was sent (no connection), try later.
 * `unknown`: it may have been sent. `gone`: this person cannot be reached here any more. `rejected`: this message never
 * will be accepted. `misconfigured`: no message of this lane will be accepted until an operator repairs it.
 */
export type Failure = "throttled" | "unreachable" | "unknown" | "gone" | "rejected" | "misconfigured";

/** A send that did not succeed, with what to do about it. */
export class DeliveryError extends Error {
  readonly failure: Failure;
  readonly retryAfterMs: number | undefined;
  /** The platform's own code or status, for the coordinator's page and the log. Never a text of a message. */
  readonly code: string;
  /** With `gone`: why nothing arrives, where the platform tells. It is kept with the address. */
  readonly reason: GoneReason | undefined;

  constructor(
    failure: Failure,
    code: string,
    options: { retryAfterMs?: number; reason?: GoneReason; cause?: unknown } = {},
  ) {
    super(`${failure}: ${code}`, { cause: options.cause });
    this.name = "DeliveryError";
    this.failure = failure;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.reason = options.reason;
  }
}
