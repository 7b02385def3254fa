import type { Keep } from "../engine/adapter.ts";
import type { PersonState, RecordEntry, Session, TokenMeaning } from "../engine/session.ts";
import type { Address, Json, Outgoing, OutgoingKind } from "../engine/types.ts";

/** The state of a message row, in the `status` column of the outbox. Sent rows leave the table; `streamed` ones belong to no lane. */
export const outboxStatus = { waiting: 0, sending: 1, unknown: 2, rejected: 3, gone: 4, streamed: 5 } as const;

/** Which rows one waiting turn needs. */
export interface TurnRead {
  readonly channel: string;
  readonly tenant: string;
  readonly user: string;
  /** Where the delivery id is unique; `timer` for timers, else the address's channel and tenant. */
  readonly delivery: { readonly channel: string; readonly tenant: string; readonly id: string };
  /** The pressed token. */
  readonly token?: string;
}

/** What the store knows about one waiting turn, all read in one statement (SQLite: one transaction). */
export interface TurnRows {
  /** The delivery id is there already. */
  readonly seen: boolean;
  readonly address?: { readonly id: string; readonly ref: string; readonly state: "reachable" | "gone" };
  readonly person?: PersonState & { /** The address used last. */ readonly addressId: string };
  /** `rev` is 0 and `state` undefined where the person has no session yet. */
  readonly rev: number;
  readonly state?: Session;
  readonly progress?: Json;
  readonly token?: {
    readonly personId: string;
    readonly meaning: TokenMeaning;
    /** The platform's id of the message that shows its prompt, once that is settled. */
    readonly messageId?: string;
    /** `data` of the presser's record entry under `meaning.key`, where there is one. */
    readonly answered: Json | null;
  };
}

export interface TimerWrite {
  readonly name: string;
  readonly due: number;
  readonly data: Json;
}

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

/** Everything one turn writes. All turns of a batch are written, or none. */
export interface TurnWrite {
  readonly at: number;
  readonly personId: string;
  readonly delivery: TurnRead["delivery"];
  /** The typed text, encrypted, for seven days. */
  readonly journal?: Uint8Array;
  /** A person who wrote for the first time: person, address and session are inserted, and a race with another instance is a conflict. */
  readonly newPerson?: PersonState;
  readonly newAddress?: Address & { readonly id: string };
  /** Whole new settings, where they changed. */
  readonly person?: PersonState;
  /** The address used last, where it changed. */
  readonly lastAddressId?: string;
  /** A changed `ref` (as JSON text) or state of the address; `reason`: why it is gone. */
  readonly address?: {
    readonly id: string;
    readonly ref?: string;
    readonly state?: "reachable" | "gone";
    readonly reason?: string;
  };
  /** The session at `rev`; conflict where the stored one is not `rev - 1`. Absent: the turn changed nothing in it. */
  readonly session?: { readonly rev: number; readonly state: Session };
  readonly records: readonly RecordEntry[];
  readonly progress?: Json;
  readonly tokens: readonly { readonly token: string; readonly meaning: TokenMeaning }[];
  readonly timersSet: readonly TimerWrite[];
  readonly timersCancelled: readonly string[];
  /** The timer that fired this turn: deleted where it is still due at this instant, else conflict. */
  readonly timerFired?: { readonly name: string; readonly due: number };
  readonly jobs: readonly { readonly id: string; readonly name: string; readonly data: Json }[];
  readonly outbox: readonly OutboxWrite[];
  /** The turn could not be decided: its encrypted input, for replay. */
  readonly failed?: { readonly input: string; readonly reason: string };
}

/**
 * `conflict`: read again and decide again (a race, a delivery that came in elsewhere, a session that moved).
 * `poison`: the data of a turn in the batch is refused by the database (SQLSTATE 22/23 beside our own conflicts):
 * halve until one is left. `unavailable`: nothing was stored and the platform must deliver again.
 */
export class StoreError extends Error {
  readonly kind: "conflict" | "poison" | "unavailable";
  /** A conflict about an entry of the record that is there already. One that stays after reading again is no race. */
  readonly aboutRecord: boolean;
  constructor(
    kind: "conflict" | "poison" | "unavailable",
    message: string,
    options: { cause?: unknown; aboutRecord?: boolean } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "StoreError";
    this.kind = kind;
    this.aboutRecord = options.aboutRecord ?? false;
  }
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

/** A due timer with the address its turn should speak to: the one used last if reachable, else another reachable one. */
export interface DueTimer {
  readonly personId: string;
  readonly name: string;
  readonly due: number;
  readonly data: Json;
  readonly address: Address | null;
}

export interface Job {
  readonly id: string;
  readonly personId: string;
  readonly name: string;
  readonly data: Json;
  readonly attempts: number;
}

/** Backups, held state, retention. */
export interface Upkeep {
  /** A restored database is held: nothing is sent and no timer fires until it is released. */
  held(): Promise<boolean>;
  release(): Promise<void>;
  /** Empties what is past its time: delivery ids and journal after 7 days, failed inputs, streamed rows. Works in pieces below 50 ms. Returns counts per table. */
  empty(now: number): Promise<Readonly<Record<string, number>>>;
}

export interface Store {
  readonly kind: "sqlite" | "postgresql";
  /** The generated Prisma client, for everything beside the hot path. */
  readonly db: import("./client.ts").Database;
  read(rows: readonly TurnRead[]): Promise<readonly TurnRows[]>;
  /** All or nothing. Throws `StoreError`. */
  write(turns: readonly TurnWrite[]): Promise<void>;
  readonly outbox: OutboxStore;
  /** Due timers, the oldest first. */
  dueTimers(now: number, limit: number): Promise<readonly DueTimer[]>;
  /**
   * Jobs that wait (their turn has been committed), the oldest first. Each is handed to one caller on one instance; what is neither done
   * nor failed after a minute is handed out again.
   */
  jobs(now: number, limit: number): Promise<readonly Job[]>;
  jobDone(id: string): Promise<void>;
  jobFailed(id: string, notBefore: number): Promise<void>;
  /** Statements that are the same on both databases, for work in sets and pages beside the hot path. */
  readonly sql: import("./sql.ts").Sql;
  /** Tells the listeners of all instances that something waits, after rows were written through `sql`. */
  tell(work: { readonly lanes: readonly string[]; readonly chats: readonly string[]; readonly jobs: boolean }): void;
  /** Moves everything of `from` to `into` in one transaction, fenced by both sessions' revisions. */
  mergePersons(
    from: string,
    into: string,
    merged: import("./merge-types.ts").MergedPerson,
    revs: { readonly from: number; readonly into: number },
    now: number,
    also?: import("./merge-types.ts").MergeExtras,
  ): Promise<void>;
  /** Makes two persons again within thirty days; undefined where it is too late, or was done already. */
  undoMerge(id: string, now: number): Promise<{ readonly from: string; readonly into: string } | undefined>;
  keep(adapter: string): Keep;
  /** Told after each commit that something waits for a lane (`lane`) or for the stream of a chat, on this or another instance. */
  onWork(
    listener: (work: {
      readonly lanes: readonly string[];
      readonly chats: readonly string[];
      readonly jobs: boolean;
      /** Replies that a lane of this instance may send at once; `lanes` are then those with rows beside them. */
      readonly rows?: readonly HandedRow[];
    }) => void,
  ): () => void;
  readonly upkeep: Upkeep;
  /** Quick check that the database answers and its migrations are complete. */
  ready(): Promise<void>;
  close(): Promise<void>;
}
