import type { OutgoingKind } from "../../src/engine/types.ts";
import type { ClaimedRow, Lease, OutboxPart, OutboxStore, OutboxWrite, Settlement } from "../../src/store/types.ts";
import { StoreError } from "../../src/store/types.ts";

/** A row as the memory keeps it. */
export interface MemoryRow {
  readonly seq: number;
  readonly lane: string;
  readonly kind: OutgoingKind;
  readonly addressId: string;
  readonly createdAt: number;
  status: "waiting" | "sending" | "unknown" | "rejected" | "gone";
  parts: readonly OutboxPart[];
  notBefore: number;
  attempts: number;
  mayBeSent: boolean;
  code: string | null;
}

/** An outbox in memory with the semantics of `src/store/types.ts`, and switches for what goes wrong with databases. */
export interface MemoryOutbox {
  readonly store: {
    readonly outbox: OutboxStore;
    readonly upkeep: {
      held(): Promise<boolean>;
      release(): Promise<void>;
      empty(now: number): Promise<Readonly<Record<string, number>>>;
    };
    onWork(listener: (work: { lanes: readonly string[]; chats: readonly string[]; jobs: boolean }) => void): () => void;
  };
  readonly rows: MemoryRow[];
  readonly messageIds: Map<string, string>;
  readonly leases: ReadonlyMap<string, { holder: string | null; epoch: number; until: number }>;
  add(write: Omit<OutboxWrite, "notBefore"> & { readonly notBefore?: number }): number;
  /** Calls from now on hang until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Calls from now on fail with this; undefined heals. `after`: the work is done and only the answer is lost. */
  fail(error: Error | undefined, after?: boolean): void;
  hold(held: boolean): void;
  /** Makes everybody's lease run out now. */
  expire(): void;
  steps: number;
}

const order: readonly OutgoingKind[] = ["reply", "reminder", "broadcast"];

/** `now` is the product's clock; leases run on `performance.now()`, as a database's own clock would. */
export function createMemoryOutbox(now: () => number): MemoryOutbox {
  const rows: MemoryRow[] = [];
  const messageIds = new Map<string, string>();
  const lanes = new Map<string, { holder: string | null; epoch: number; until: number }>();
  const listeners = new Set<(work: { lanes: readonly string[]; chats: readonly string[]; jobs: boolean }) => void>();
  /** Rows whose claim got an answer, with the epoch. */
  const handedOut = new Set<string>();
  let seq = 0;
  let held = false;
  let failure: { error: Error; after: boolean } | undefined;
  let frozen: Promise<void> | undefined;
  let melt = (): void => {};

  async function call<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (frozen !== undefined) await frozen;
    if (failure !== undefined && !failure.after) throw failure.error;
    const result = work();
    if (failure?.after) throw failure.error;
    return result;
  }

  function settle(one: Settlement): void {
    const row = rows.find((candidate) => candidate.seq === one.seq);
    for (const { token, messageId } of one.messages ?? []) messageIds.set(token, messageId);
    if (row === undefined) return;
    for (const key of handedOut) if (key.startsWith(`${row.seq}@`)) handedOut.delete(key);
    if (one.outcome === "sent") {
      rows.splice(rows.indexOf(row), 1);
    } else if (one.outcome === "again") {
      Object.assign(row, { status: "waiting", notBefore: one.notBefore, attempts: one.attempts, parts: one.parts });
      row.mayBeSent = false;
    } else {
      Object.assign(row, { status: one.outcome, code: one.code, parts: one.parts ?? row.parts });
    }
  }

  const outbox: OutboxStore = {
    take: (holder, names, leaseMs, limit) =>
      call(() => {
        for (const name of [...names, ...rows.map((row) => row.lane)]) {
          if (!lanes.has(name)) lanes.set(name, { holder: null, epoch: 0, until: 0 });
        }
        const taken: Lease[] = [];
        for (const [name, lane] of lanes) {
          if (taken.length >= limit || (lane.holder !== null && lane.until > performance.now())) continue;
          Object.assign(lane, { holder, epoch: lane.epoch + 1, until: performance.now() + leaseMs });
          for (const row of rows) {
            if (row.lane === name && row.status === "sending")
              Object.assign(row, { status: "waiting", mayBeSent: true });
          }
          taken.push({ name, epoch: lane.epoch });
        }
        return taken;
      }),
    renew: (holder, leaseMs) =>
      call(() => {
        const mine = [...lanes].filter(([, lane]) => lane.holder === holder && lane.until > performance.now());
        for (const [, lane] of mine) lane.until = performance.now() + leaseMs;
        return mine.map(([name, { epoch }]) => ({ name, epoch }));
      }),
    release: (holder) =>
      call(() => {
        for (const lane of lanes.values()) {
          if (lane.holder === holder) Object.assign(lane, { holder: null, until: 0 });
        }
      }),
    async step(lease, holder, at, settlements, claim) {
      const claimed = await call(() => {
        memory.steps++;
        const lane = lanes.get(lease.name);
        if (lane?.holder !== holder || lane.epoch !== lease.epoch) throw new StoreError("conflict", "stale epoch");
        for (const row of rows) {
          const isLost =
            row.lane === lease.name && row.status === "sending" && !handedOut.has(`${row.seq}@${lease.epoch}`);
          if (isLost) row.status = "waiting";
        }
        for (const one of settlements) settle(one);
        const open = rows.filter((row) => row.lane === lease.name && ["waiting", "sending"].includes(row.status));
        const blocked = new Set(claim.busy);
        const claimed: ClaimedRow[] = [];
        for (const kind of claim.kind === undefined ? order : [claim.kind]) {
          for (const row of open.filter((candidate) => candidate.kind === kind)) {
            if (claimed.length >= claim.limit) break;
            const first = open.find((other) => other.kind === kind && other.addressId === row.addressId);
            const ready = row.status === "waiting" && row.notBefore <= at && first === row;
            if (!ready || blocked.has(row.addressId)) continue;
            blocked.add(row.addressId);
            row.status = "sending";
            claimed.push(asClaimed(row));
          }
        }
        return claimed;
      });
      for (const { seq } of claimed) handedOut.add(`${seq}@${lease.epoch}`);
      return claimed;
    },
    ages: () => call(() => []),
    stream: () => call(() => []),
    sendAgain: (wanted) =>
      call(() => {
        const row = rows.find((one) => one.seq === wanted && one.status === "unknown");
        if (row !== undefined) Object.assign(row, { status: "waiting", attempts: 0, mayBeSent: false });
        return row !== undefined;
      }),
  };

  function asClaimed(row: MemoryRow): ClaimedRow {
    const [channel = "", tenant = "", ...user] = row.addressId.split(":");
    return {
      seq: row.seq,
      kind: row.kind,
      attempts: row.attempts,
      mayBeSent: row.mayBeSent,
      createdAt: row.createdAt,
      more: rows.some(
        (one) => one !== row && one.addressId === row.addressId && ["waiting", "sending"].includes(one.status),
      ),
      address: { id: row.addressId, channel, tenant, user: user.join(":"), ref: null },
      parts: row.parts.map((part) => {
        const messageId = part.edits === undefined ? undefined : messageIds.get(part.edits);
        return messageId === undefined ? part : { ...part, messageId };
      }),
    };
  }

  const memory: MemoryOutbox = {
    rows,
    messageIds,
    leases: lanes,
    steps: 0,
    store: {
      outbox,
      upkeep: {
        held: () => call(() => held),
        release: () => call(() => memory.hold(false)),
        empty: () => call(() => ({})),
      },
      onWork(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    add(write) {
      seq++;
      const { addressId, lane, kind, parts } = write;
      const state = { status: "waiting", attempts: 0, mayBeSent: false, code: null } as const;
      rows.push({ seq, lane, kind, addressId, parts, notBefore: write.notBefore ?? 0, createdAt: now(), ...state });
      for (const listener of listeners) listener({ lanes: [lane], chats: [addressId], jobs: false });
      return seq;
    },
    freeze() {
      frozen = new Promise((resolve) => {
        melt = resolve;
      });
    },
    thaw() {
      frozen = undefined;
      melt();
    },
    fail(error, after = false) {
      failure = error === undefined ? undefined : { error, after };
    },
    hold(value) {
      held = value;
    },
    expire() {
      for (const lane of lanes.values()) lane.until = 0;
    },
  };
  return memory;
}
