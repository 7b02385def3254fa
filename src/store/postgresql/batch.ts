import { answerKeyOf, classOf, personColumns, settingsOf } from "../rows.ts";
import { outboxStatus, type TurnWrite } from "../types.ts";
import type { Element } from "./arrays.ts";
import { type Part, parts } from "./tables.ts";

type Rows = Record<Part, Element[][]>;

/** The rows of a batch per part of the write statement, sorted by person so that every instance locks in the same order. */
export function batchOf(turns: readonly TurnWrite[]): { readonly rows: Rows; readonly expected: number } {
  const rows = Object.fromEntries(Object.keys(parts).map((part) => [part, []])) as unknown as Rows;
  const sorted = [...turns].sort((one, other) => (one.personId < other.personId ? -1 : 1));
  for (const turn of sorted) addTurn(rows, turn);
  const { session, changed, moved, address, fired, again, alive } = rows;
  const expected = [session, changed, moved, address, fired, again, alive].reduce((sum, part) => sum + part.length, 0);
  return { rows, expected };
}

function addTurn(to: Rows, turn: TurnWrite): void {
  const { personId: person, at, delivery } = turn;
  const { channel, tenant, id } = delivery;
  to.delivery.push([channel, tenant, id, person, at, turn.journal]);
  if (turn.session !== undefined) to.session.push([person, turn.session.rev, JSON.stringify(turn.session.state)]);
  else if (turn.newPerson === undefined && turn.person === undefined && turn.lastAddressId === undefined) {
    // A row that the statement changes as well must not be locked beside it; the change is counted.
    if (!to.alive.some(([known]) => known === person)) to.alive.push([person]);
  }
  addPerson(to, turn);
  for (const { type, key, programme, version, data, at: when } of turn.records) {
    to.record.push([person, type, key, programme, version, JSON.stringify(data), when]);
  }
  if (turn.progress !== undefined) to.progress.push([person, JSON.stringify(turn.progress)]);
  for (const { token, meaning } of turn.tokens) {
    to.token.push([token, person, JSON.stringify(meaning), answerKeyOf(meaning), at]);
  }
  addTimers(to, turn);
  for (const job of turn.jobs) to.job.push([job.id, person, job.name, JSON.stringify(job.data), at]);
  for (const { lane, addressId, kind, parts: content, notBefore } of turn.outbox) {
    const status = lane === "" ? outboxStatus.streamed : outboxStatus.waiting;
    to.outbox.push([lane, addressId, person, classOf(kind), status, JSON.stringify(content), notBefore, at]);
  }
  if (turn.failed !== undefined)
    to.failed.push([person, channel, tenant, id, turn.failed.input, turn.failed.reason, at]);
}

function addPerson(to: Rows, turn: TurnWrite): void {
  const { personId: person, at, lastAddressId, newAddress, address } = turn;
  const whole = turn.newPerson ?? turn.person;
  if (whole !== undefined) {
    const c = personColumns(whole);
    const columns = [c.id, c.name, ...settingsOf(c)];
    if (turn.newPerson === undefined) to.changed.push([...columns, lastAddressId]);
    else to.new.push([...columns, newAddress?.id ?? lastAddressId ?? "", at]);
  } else if (lastAddressId !== undefined) to.moved.push([person, lastAddressId]);
  if (newAddress !== undefined) {
    const { id, channel, tenant, user, ref } = newAddress;
    to.place.push([id, person, channel, tenant, user, JSON.stringify(ref), at]);
  }
  if (address !== undefined) to.address.push([address.id, person, address.ref, address.state, address.reason, at]);
}

/** A timer that fired and is set again by its own turn is one change of one row; a name that is set is not cancelled too. */
function addTimers(to: Rows, turn: TurnWrite): void {
  const { personId: person, timerFired: fired } = turn;
  const set = new Map(turn.timersSet.map((timer) => [timer.name, timer]));
  if (fired !== undefined) {
    const next = set.get(fired.name);
    if (next === undefined) to.fired.push([person, fired.name, fired.due]);
    else to.again.push([person, fired.name, fired.due, next.due, JSON.stringify(next.data)]);
    set.delete(fired.name);
  }
  for (const name of new Set(turn.timersCancelled)) {
    if (name !== fired?.name && !turn.timersSet.some((timer) => timer.name === name)) to.cancelled.push([person, name]);
  }
  for (const { name, due, data } of set.values()) to.timer.push([person, name, due, JSON.stringify(data)]);
}
