import type { Keep } from "../engine/adapter.ts";
import type { PersonState, RecordEntry, Session, TokenMeaning } from "../engine/session.ts";
import type { Address, Json } from "../engine/types.ts";
import type { HandedRow, OutboxStore, OutboxWrite } from "./outbox-types.ts";

export * from "./outbox-types.ts";

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

/** A job throws this where it cannot go on yet and nothing is wrong: it runs again at `until`, epoch milliseconds. */
export class PutOff extends Error {
  readonly until: number;

  constructor(until: number, why: string) {
    super(why);
    this.name = "PutOff";
    this.until = until;
  }
}
