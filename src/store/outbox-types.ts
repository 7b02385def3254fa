import type { Address, Outgoing, OutgoingKind } from "../engine/types.ts";

/** The state of a message row, in the `status` column of the outbox. Sent rows leave the table; `streamed` ones belong to no lane. */
export const outboxStatus = { waiting: 0, sending: 1, unknown: 2, rejected: 3, gone: 4, streamed: 5 } as const;

/** One message row: everything one turn says to one chat in one class, in order. */
export interface OutboxPart {
  /** Unique among all parts; becomes `Outgoing.id`. */
  readonly id: string;
  readonly reply: Outgoing["reply"];
  /** The token of the prompt whose message this one replaces; resolved to the platform's message id when it is claimed. */
  readonly edits?: string;
  readonly home?: true;
}

export interface OutboxWrite {
  readonly addressId: string;
  /** Where it goes, as the turn knows it; with it a reply may go to its lane without a claim. */
  readonly address?: Address;
  /** The message that shows the pressed prompt, where the turn knows it. */
  readonly shown?: { readonly token: string; readonly messageId: string };
  readonly lane: string;
  readonly kind: OutgoingKind;
  readonly parts: readonly OutboxPart[];
  readonly notBefore: number;
}

/** A message row as the lane's holder gets it. */
export interface ClaimedRow {
  readonly seq: number;
  readonly kind: OutgoingKind;
  readonly attempts: number;
  /**
   * The row was found in `sending` when the lane changed hands: it may have been sent. Only reminders and broadcasts are marked so:
   * a reply is repeated after a crash in any case, and a claim writes nothing for it.
   */
  readonly mayBeSent: boolean;
  readonly address: Address & { readonly id: string };
  readonly parts: readonly (OutboxPart & {
    /** The platform's id of the message to replace, where it is known. */ readonly messageId?: string;
  })[];
  readonly createdAt: number;
  /** The chat has other open rows: something is to be claimed once this one is settled. */
  readonly more: boolean;
}

/** A reply fresh from its commit, for the holder of its lane. */
export interface HandedRow {
  readonly lane: string;
  readonly row: ClaimedRow;
  /** Open replies of the same chat that were there before it: it may leave once all of them have. */
  readonly before: readonly number[];
  /** Notes that it leaves under this lease. False where it left already. */
  leaves(lease: Lease): boolean;
}

/** The delivery of a broadcast that a row stands for. */
export interface BroadcastOf {
  readonly broadcast: string;
  readonly person: string;
}

/**
 * What became of a claimed row. `of`: the broadcast's delivery, which learns it in the same transaction; `delivered`: the platform's
 * answer means that the message stands in the chat.
 */
export type Settlement = { readonly of?: BroadcastOf; readonly delivered?: true } & Outcome;

type Outcome =
  /** Sent: the row leaves the table; message ids are kept with their tokens. */
  | {
      readonly seq: number;
      readonly outcome: "sent";
      readonly messages: readonly { readonly token: string; readonly messageId: string }[];
    }
  /** Back to waiting, first in its class and chat; `parts` are what is left of it. */
  | {
      readonly seq: number;
      readonly outcome: "again";
      readonly notBefore: number;
      readonly attempts: number;
      readonly parts: readonly OutboxPart[];
      readonly messages: readonly { readonly token: string; readonly messageId: string }[];
    }
  /** Not sent and never will be by itself; kept with its reason, payload emptied on schedule. */
  | {
      readonly seq: number;
      readonly outcome: "unknown" | "rejected";
      readonly code: string;
      /** What is kept of the row: the parts that did not arrive. Without it the whole row. */
      readonly parts?: readonly OutboxPart[];
      /** Parts of the row that did arrive; their ids are kept with their tokens. */
      readonly messages?: readonly { readonly token: string; readonly messageId: string }[];
    }
  /**
   * The address is gone and is marked so. With `channels`, those that are switched on, a reminder or a broadcast goes on to the person's
   * next reachable address on one of them; else the row is kept like the ones above.
   */
  | {
      readonly seq: number;
      readonly outcome: "gone";
      readonly code: string;
      /** Why, where the platform tells. */
      readonly reason?: string;
      readonly channels?: readonly {
        readonly channel: string;
        /** Whether messages leave there through lanes. */
        readonly lane: boolean;
      }[];
      readonly parts?: readonly OutboxPart[];
      readonly messages?: readonly { readonly token: string; readonly messageId: string }[];
    };

export interface Lease {
  readonly name: string;
  readonly epoch: number;
}

/** Lanes and message rows, for the holder of a lane. All of it uses the database's clock for leases and the caller's `now` for the rest. */
export interface OutboxStore {
  /** Makes lane rows for lanes that have messages or are named here, and takes free or expired leases. Rows found in `sending` become waiting with `mayBeSent`. */
  take(holder: string, names: readonly string[], leaseMs: number, limit: number): Promise<readonly Lease[]>;
  /** Renews every lease of this holder. What does not come back is lost. */
  renew(holder: string, leaseMs: number): Promise<readonly Lease[]>;
  /** Gives all leases of this holder back. */
  release(holder: string): Promise<void>;
  /**
   * One step of a lane: settles what was sent and claims what leaves now, in one transaction behind the fence of the epoch.
   * Throws `StoreError("conflict")` for a stale epoch: nothing was settled or claimed. After any other error the same settlements may be
   * given again, and rows that the lost answer would have named are claimed anew by the next step.
   */
  step(
    lease: Lease,
    holder: string,
    now: number,
    settle: readonly Settlement[],
    claim: {
      readonly kind?: OutgoingKind;
      readonly limit: number /** Addresses (ids) with a send under way or a chat limit reached: their rows stay. */;
      readonly busy: readonly string[];
    },
  ): Promise<readonly ClaimedRow[]>;
  /** How old the oldest waiting row of each lane is (`waiting` counts rows ready at `now`). */
  ages(now: number): Promise<
    readonly {
      readonly lane: string;
      readonly waiting: number;
      readonly oldestAt: number | null;
      readonly unknown: number;
      readonly failed: number;
    }[]
  >;
  /** Rows of one chat after `seq`, for streams; `limit` newest where `seq` is undefined. They stay until emptied on schedule. */
  stream(
    addressId: string,
    after: number | undefined,
    limit: number,
  ): Promise<
    readonly {
      readonly seq: number;
      readonly kind: OutgoingKind;
      readonly parts: readonly OutboxPart[];
      readonly createdAt: number;
    }[]
  >;
  /** Sends an `unknown` row again because somebody asked for it. */
  sendAgain(seq: number, now: number): Promise<boolean>;
}
