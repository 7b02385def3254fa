import { chatOf } from "../../engine/adapter.ts";
import { answerKeyOf, classOf, personColumns } from "../rows.ts";
import { outboxStatus, type TurnWrite } from "../types.ts";

type Rows = object[];

/** The rows of a batch per part of the write statement, each sorted so that every instance locks in the same order. */
export function batchOf(turns: readonly TurnWrite[]) {
  const tables = {
    session: [] as Rows,
    delivery: [] as Rows,
    record: [] as Rows,
    progress: [] as Rows,
    token: [] as Rows,
    outbox: [] as Rows,
    new: [] as Rows,
    changed: [] as Rows,
    moved: [] as Rows,
    place: [] as Rows,
    address: [] as Rows,
    fired: [] as Rows,
    again: [] as Rows,
    cancelled: [] as Rows,
    timer: [] as Rows,
    alive: [] as Rows,
    job: [] as Rows,
    failed: [] as Rows,
  };
  const sorted = [...turns].sort((one, other) => (one.personId < other.personId ? -1 : 1));
  for (const turn of sorted) addTurn(tables, turn);
  const { session, changed, moved, address, fired, again, alive } = tables;
  const expected = [session, changed, moved, address, fired, again, alive].reduce((sum, rows) => sum + rows.length, 0);
  return { tables, expected };
}

type Tables = ReturnType<typeof batchOf>["tables"];

function addTurn(to: Tables, turn: TurnWrite): void {
  const { personId: person, at, delivery } = turn;
  const { channel, tenant, id } = delivery;
  const journal = turn.journal === undefined ? undefined : Buffer.from(turn.journal).toString("base64");
  to.delivery.push({ channel, tenant, id, person, at, journal });
  if (turn.session !== undefined) to.session.push({ person, rev: turn.session.rev, state: turn.session.state });
  else if (turn.newPerson === undefined && turn.person === undefined && turn.lastAddressId === undefined) {
    // A row that the statement changes as well must not be locked beside it; the change is counted.
    if (!to.alive.some((row) => "id" in row && row.id === person)) to.alive.push({ id: person });
  }
  addPerson(to, turn);
  for (const { type, key, programme, version, data, at: when } of turn.records) {
    to.record.push({ person, type, key, programme, version, data, at: when });
  }
  if (turn.progress !== undefined) to.progress.push({ person, state: turn.progress });
  for (const { token, meaning } of turn.tokens) {
    to.token.push({ token, person, meaning, key: answerKeyOf(meaning), at });
  }
  addTimers(to, turn);
  for (const job of turn.jobs) to.job.push({ id: job.id, person, name: job.name, data: job.data, at });
  for (const { lane, addressId, kind, parts, notBefore } of turn.outbox) {
    const status = lane === "" ? outboxStatus.streamed : outboxStatus.waiting;
    to.outbox.push({ lane, address: addressId, person, class: classOf(kind), status, parts, notBefore, at });
  }
  if (turn.failed !== undefined) to.failed.push({ person, channel, tenant, id, ...turn.failed, at });
}

function addPerson(to: Tables, turn: TurnWrite): void {
  const { personId: person, at, lastAddressId, newAddress, address } = turn;
  if (turn.newPerson !== undefined) {
    to.new.push({ ...personColumns(turn.newPerson), address: newAddress?.id ?? lastAddressId ?? "", at });
  } else if (turn.person !== undefined) to.changed.push({ ...personColumns(turn.person), address: lastAddressId });
  else if (lastAddressId !== undefined) to.moved.push({ id: person, address: lastAddressId });
  if (newAddress !== undefined) to.place.push({ ...newAddress, id: newAddress.id ?? chatOf(newAddress), person, at });
  if (address !== undefined) to.address.push({ id: address.id, person, ref: address.ref, state: address.state, at });
}

/** A timer that fired and is set again by its own turn is one change of one row; a name that is set is not cancelled too. */
function addTimers(to: Tables, turn: TurnWrite): void {
  const { personId: person, timerFired: fired } = turn;
  const set = new Map(turn.timersSet.map((timer) => [timer.name, timer]));
  if (fired !== undefined) {
    const next = set.get(fired.name);
    if (next === undefined) to.fired.push({ person, name: fired.name, due: fired.due });
    else to.again.push({ person, name: fired.name, due: fired.due, next: next.due, data: next.data });
    set.delete(fired.name);
  }
  for (const name of new Set(turn.timersCancelled)) {
    if (name !== fired?.name && !turn.timersSet.some((timer) => timer.name === name))
      to.cancelled.push({ person, name });
  }
  for (const { name, due, data } of set.values()) to.timer.push({ person, name, due, data });
}
