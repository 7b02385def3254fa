/** Data of JSON shape: the only thing that crosses from an adapter into the database and back. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

import type { Markup } from "./markup.ts";

/** Where a person can be reached. `tenant` names the sending identity (a bot, a workspace, a registration and tenant). */
export interface Address {
  readonly channel: string;
  readonly tenant: string;
  readonly user: string;
  /** What the adapter needs to send here. Only the adapter that wrote it reads it. */
  readonly ref: Json;
}

/** Why somebody is `gone`: they blocked us, took the app away, left the workspace, or their account is there no more. */
export type GoneReason = "blocked" | "uninstalled" | "left" | "deactivated";

/** What somebody did, in words that no platform owns. */
export type Input =
  | { readonly type: "text"; readonly text: string }
  /** `token` names the prompt, `option` the letter of the pressed button (`a`, `b`, …). */
  | { readonly type: "press"; readonly token: string; readonly option: string }
  /** Announced, never fetched: the bot declines kindly. */
  | {
      readonly type: "file";
      readonly name: string;
      readonly mime: string;
      readonly bytes: number;
      readonly handle: Json;
    }
  /** `name` as typed without slash, lower case; an alias in any interface language is accepted. */
  | { readonly type: "command"; readonly name: string; readonly args: string }
  /** Typed text that the guard took out before anything kept it: what kinds of things it saw, and nothing else. */
  | { readonly type: "withheld"; readonly danger: boolean; readonly findings: readonly string[] }
  | { readonly type: "open"; readonly place: "home" }
  /** From the scheduler: same path as a message. `row: false` for what a finished job reports, which no timer row stands behind. */
  | { readonly type: "timer"; readonly name: string; readonly due: number; readonly data: Json; readonly row?: false }
  | { readonly type: "presence"; readonly state: "reachable" | "gone"; readonly reason?: GoneReason };

/** One delivery from a platform. `id` is unique per (channel, tenant) for seven days: a second arrival is a duplicate. */
export interface Inbound {
  readonly id: string;
  readonly address: Address;
  readonly person: { readonly name: string; readonly locale?: string; readonly timeZone?: string };
  readonly input: Input;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** What `receive` answers once the turn is committed. `notice` is a short text for platforms that want one in the request. */
export interface Receipt {
  readonly outcome: "taken" | "duplicate" | "dropped";
  readonly notice?: string;
  /** What was typed may stay nowhere: the adapter deletes the message from the chat, where its platform lets it. */
  readonly withheld?: true;
}

/** An answer to a question, shown with its mark ("A" or "1"). */
export interface Choice {
  /** One lower-case letter, unique among the choices and actions of a reply. */
  readonly option: string;
  readonly mark: string;
  readonly label: string;
}

/** A button beside the answers: next, menu, save. With `url` it opens a page and never comes back as a press. */
export interface Action {
  readonly option: string;
  readonly label: string;
  readonly url?: string;
  /** The one button most people want; at most one per reply. */
  readonly primary?: boolean;
}

/** A picture that is drawn from data when it is sent. Nothing in `data` may identify a person. */
export interface ImageRef {
  readonly kind: string;
  readonly data: Json;
  /** Says what the picture says, for those who cannot see it. */
  readonly alt: string;
}

/** A message in words that no platform owns. `token` is there when anything can be pressed. */
export interface Reply {
  readonly text: Markup;
  readonly image?: ImageRef;
  readonly choices?: readonly Choice[];
  readonly actions?: readonly Action[];
  readonly token?: string;
}

/** The three classes of the outbox, most urgent first. */
export type OutgoingKind = "reply" | "reminder" | "broadcast";

/** One message as the outbox hands it to an adapter. */
export interface Outgoing {
  readonly id: string;
  readonly address: Address;
  readonly kind: OutgoingKind;
  readonly reply: Reply;
  /** The platform's id of the message that this one replaces in place. */
  readonly edits?: string;
  /** The person's home page on platforms that have one, instead of a message. */
  readonly home?: true;
}
