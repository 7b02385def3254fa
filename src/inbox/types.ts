import type { Receive } from "../engine/adapter.ts";
import type { Database } from "../store/client.ts";

/** What the inbox works with. */
export interface InboxDeps {
  readonly db: Database;
  readonly receive: Receive;
  /** Epoch milliseconds of the product's clock. */
  readonly now: () => number;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
}

/** One text of a question's thread. */
export interface ThreadEntry {
  readonly id: number;
  readonly author: string;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly at: number;
}
