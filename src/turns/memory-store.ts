import { chatOf } from "../engine/adapter.ts";
import type { RecordEntry, Session, TokenMeaning } from "../engine/session.ts";
import type { Json } from "../engine/types.ts";
import {
  type OutboxPart,
  type OutboxWrite,
  StoreError,
  type TurnRead,
  type TurnRows,
  type TurnWrite,
} from "../store/types.ts";

interface Stored {
  person: NonNullable<TurnRows["person"]>;
  rev: number;
  session: Session | undefined;
  progress: Json | undefined;
  records: RecordEntry[];
}

/** The store's hot path in memory, with the same conflicts: for a play of a draft, and for transcripts. Nothing of it is kept. */
export function createMemoryStore() {
  const deliveries = new Set<string>();
  const addresses = new Map<string, { personId: string; ref: string; state: "reachable" | "gone" }>();
  const people = new Map<string, Stored>();
  const tokens = new Map<string, { personId: string; meaning: TokenMeaning }>();
  const timers = new Map<string, { personId: string; name: string; due: number; data: Json }>();
  const jobs: { id: string; personId: string; name: string; data: Json }[] = [];
  const outbox: (OutboxWrite & { personId: string })[] = [];
  const failed: { input: string; reason: string }[] = [];
  const deliveryKey = (one: TurnRead["delivery"]): string => `${one.channel} ${one.tenant} ${one.id}`;

  function rowsOf(read: TurnRead): TurnRows {
    const address = addresses.get(chatOf(read));
    const stored = address && people.get(address.personId);
    const token = read.token === undefined ? undefined : tokens.get(read.token);
    const key = token?.meaning.type === "step" ? token.meaning.key : undefined;
    const answered = stored?.records.find((entry) => entry.key === key)?.data ?? null;
    return structuredClone({
      seen: deliveries.has(deliveryKey(read.delivery)),
      ...(address ? { address: { id: chatOf(read), ref: address.ref, state: address.state } } : {}),
      ...(stored ? { person: stored.person } : {}),
      rev: stored?.rev ?? 0,
      ...(stored?.session ? { state: stored.session } : {}),
      ...(stored?.progress === undefined ? {} : { progress: stored.progress }),
      ...(token ? { token: { ...token, answered } } : {}),
    });
  }

  function check(turn: TurnWrite): void {
    if (deliveries.has(deliveryKey(turn.delivery))) throw new StoreError("conflict", "delivery");
    if (turn.newAddress && addresses.has(turn.newAddress.id)) throw new StoreError("conflict", "address");
    const stored = people.get(turn.personId);
    if (turn.session && (stored?.rev ?? 0) !== turn.session.rev - 1) throw new StoreError("conflict", "session");
    for (const entry of turn.records) {
      if (stored?.records.some((other) => other.key === entry.key))
        throw new StoreError("conflict", `record ${entry.key}`, { aboutRecord: true });
    }
  }

  function apply(turn: TurnWrite): void {
    deliveries.add(deliveryKey(turn.delivery));
    if (turn.newPerson && turn.newAddress) {
      const { id, ref } = turn.newAddress;
      addresses.set(id, { personId: turn.personId, ref: JSON.stringify(ref), state: "reachable" });
      people.set(turn.personId, {
        person: { ...turn.newPerson, addressId: id },
        rev: 0,
        session: undefined,
        progress: undefined,
        records: [],
      });
    }
    const stored = people.get(turn.personId);
    if (!stored) throw new Error(`no person ${turn.personId}`);
    if (turn.person) stored.person = { ...stored.person, ...turn.person };
    if (turn.lastAddressId) stored.person = { ...stored.person, addressId: turn.lastAddressId };
    const address = turn.address && addresses.get(turn.address.id);
    if (address && turn.address?.ref !== undefined) address.ref = turn.address.ref;
    if (address && turn.address?.state) address.state = turn.address.state;
    if (turn.session) {
      stored.rev = turn.session.rev;
      stored.session = turn.session.state;
    }
    if (turn.progress !== undefined) stored.progress = turn.progress;
    stored.records.push(...turn.records);
    for (const { token, meaning } of turn.tokens) tokens.set(token, { personId: turn.personId, meaning });
    if (turn.timerFired) timers.delete(`${turn.personId}:${turn.timerFired.name}`);
    for (const name of turn.timersCancelled) timers.delete(`${turn.personId}:${name}`);
    for (const timer of turn.timersSet)
      timers.set(`${turn.personId}:${timer.name}`, { personId: turn.personId, ...timer });
    for (const job of turn.jobs) jobs.push({ ...job, personId: turn.personId });
    outbox.push(...turn.outbox.map((row) => ({ ...row, personId: turn.personId })));
    if (turn.failed) failed.push(turn.failed);
  }

  return {
    read: async (reads: readonly TurnRead[]): Promise<readonly TurnRows[]> => reads.map(rowsOf),
    write: async (turns: readonly TurnWrite[]): Promise<void> => {
      // Through JSON and back, as a database would: nothing that is not data survives.
      for (const turn of turns) check(turn);
      for (const turn of turns) apply(structuredClone(turn));
    },
    people,
    tokens,
    timers,
    jobs,
    failed,
    addresses,
    /** Messages of a chat since the last call. */
    take(chat: string): { readonly kind: string; readonly part: OutboxPart }[] {
      const mine = outbox.filter((row) => row.addressId === chat);
      for (const row of mine) outbox.splice(outbox.indexOf(row), 1);
      return mine.flatMap((row) => row.parts.map((part) => ({ kind: row.kind, part })));
    },
  };
}
