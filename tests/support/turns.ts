import { emptySession, type PersonState, type Session } from "../../src/engine/session.ts";
import type { OutboxWrite, TurnRead, TurnWrite } from "../../src/store/types.ts";

let counter = 0;

/** A person as a first message makes one. */
export function personState(id: string, changes: Partial<PersonState> = {}): PersonState {
  return {
    id,
    name: `Name of ${id}`,
    language: "en",
    secondLanguage: null,
    timeZone: "Europe/Copenhagen",
    timeZoneKnown: false,
    rhythm: { days: [1, 3, 5], time: "08:00" },
    pausedUntil: null,
    stopped: false,
    roles: [],
    ...changes,
  };
}

/** A session that can be told from others. */
export function session(fallbacks: number, changes: Partial<Session> = {}): Session {
  return { ...emptySession, fallbacks, ...changes };
}

/** The address of a person in these tests. */
export function addressOf(person: string, channel = "chat") {
  return { id: `${channel}:bot:${person}`, channel, tenant: "bot", user: person, ref: { chat: person } };
}

/** What the turn of a person reads. */
export function readOf(person: string, delivery = "none", token?: string): TurnRead {
  const { channel, tenant, user } = addressOf(person);
  return { channel, tenant, user, delivery: { channel, tenant, id: delivery }, ...(token !== undefined && { token }) };
}

/** A turn that writes only what is given, beside its delivery. */
export function turn(person: string, changes: Partial<TurnWrite> = {}): TurnWrite {
  counter += 1;
  return {
    at: 1_000_000 + counter,
    personId: person,
    delivery: { channel: "chat", tenant: "bot", id: `delivery-${counter}` },
    records: [],
    tokens: [],
    timersSet: [],
    timersCancelled: [],
    jobs: [],
    outbox: [],
    ...changes,
  };
}

/** The first turn of a person. */
export function firstTurn(person: string, changes: Partial<TurnWrite> = {}): TurnWrite {
  return turn(person, {
    newPerson: personState(person),
    newAddress: addressOf(person),
    session: { rev: 1, state: session(0) },
    ...changes,
  });
}

/** One message row with one part. */
export function message(
  person: string,
  id: string,
  changes: Partial<OutboxWrite> & { edits?: string; token?: string } = {},
): OutboxWrite {
  const { edits, token, ...rest } = changes;
  return {
    addressId: addressOf(person).id,
    lane: "chat:bot",
    kind: "reply",
    parts: [{ id, reply: { text: [], ...(token !== undefined && { token }) }, ...(edits !== undefined && { edits }) }],
    notBefore: 0,
    ...rest,
  };
}
