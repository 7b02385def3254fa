import type { Words } from "./adapter.ts";
import type { Effect, FoundToken, PersonState, Session } from "./session.ts";
import type { Json, OutgoingKind, Reply } from "./types.ts";

/** Everything a turn is decided from, beside the script. */
export interface Snapshot {
  readonly person: PersonState;
  readonly session: Session;
  readonly progress: Json;
  /** The row of the pressed token, where there is one. */
  readonly token: FoundToken | undefined;
}

/** Time, chance and the world's texts, as arguments. */
export interface TurnContext {
  readonly now: number;
  readonly random: () => number;
  readonly id: () => string;
  readonly words: Words;
  readonly content: unknown;
  readonly publicUrl: string | undefined;
}

export interface TurnReply {
  readonly kind: OutgoingKind;
  readonly reply: Reply;
  /** The token of the prompt whose message this replaces. */
  readonly edits?: string;
  readonly home?: true;
}

export interface Decision {
  readonly session: Session;
  readonly person: PersonState;
  readonly progress: Json;
  readonly replies: readonly TurnReply[];
  readonly effects: readonly Effect[];
  /** A short text for platforms that show one beside a pressed button. */
  readonly notice?: string;
  /** States that could not be read and were given up for the menu. */
  readonly renewed: number;
}
