import type { Programme } from "../domain/programme.ts";
import type { Reply } from "../engine/types.ts";

/** How a play begins: the same beginning and the same moves always give the same chat. */
export interface Beginning {
  /** A language of the interface. */
  readonly language: string;
  /** A language of the programme, where the interface has it not. */
  readonly content?: string;
  /** The unit before which everything counts as done; without it the play begins with the very first message. */
  readonly unit?: string;
  /** Epoch milliseconds; also where its chance comes from. */
  readonly at: number;
}

/** What a player does. */
export type PlayMove =
  | { readonly type: "press"; readonly token: string; readonly option: string }
  | { readonly type: "text"; readonly text: string };

/** What stands in the chat: what the bot said, and what the player did. */
export type PlayMessage =
  | { readonly from: "bot"; readonly reply: Reply }
  | { readonly from: "player"; readonly text: string };

/** One card or question of a programme. */
export type PreviewPlace =
  | { readonly show: "card" | "practice"; readonly lesson: string; readonly n: number }
  | { readonly show: "check"; readonly unit: string; readonly n: number };

/** Programmes tried out by the real engine, over a store that is thrown away. */
export interface Stage {
  /** The chat after these moves. */
  play(programme: Programme, beginning: Beginning, moves: readonly PlayMove[]): Promise<readonly PlayMessage[]>;
  /** What a learner would be shown; undefined where the place is not there. */
  preview(programme: Programme, place: PreviewPlace, who: Omit<Beginning, "unit">): Promise<Reply | undefined>;
}
