import { chatOf } from "../../engine/adapter.ts";
import { isHandedOver, type NumberedRow } from "../hand.ts";
import { answerKeyOf, classOf, personColumns, readColumns, turnRows } from "../rows.ts";
import { outboxStatus, StoreError, type TurnRead, type TurnRows, type TurnWrite } from "../types.ts";
import { classify } from "./errors.ts";
import type { Connection } from "./file.ts";
import type { Gate } from "./gate.ts";
import { createRiders } from "./riders.ts";
import { type HotStatements, hotStatements } from "./statements.ts";

/** The hot path on SQLite: prepared statements on the driver itself, one synchronous transaction per batch. */
export function createHotPath(connection: Connection, gate: Gate) {
  const statements = hotStatements(connection);
  const select = connection
    .prepare<unknown[], unknown[]>(
      `SELECT d.id IS NOT NULL, ${readColumns}
      FROM (SELECT 1)
      LEFT JOIN "Delivery" d ON d.channel = ? AND d.tenant = ? AND d.id = ?
      LEFT JOIN "Address" a ON a.id = ?
      LEFT JOIN "Person" p ON p.id = a."personId"
      LEFT JOIN "Session" s ON s."personId" = a."personId"
      LEFT JOIN "Progress" g ON g."personId" = a."personId"
      LEFT JOIN "Token" t ON t.token = ?
      LEFT JOIN "FormerPerson" f ON f.id = t."personId"
      LEFT JOIN "Record" r ON r."personId" = a."personId" AND r.key = t."answerKey"`,
    )
    .raw(true);

  const readAll = connection.transaction((rows: readonly TurnRead[]): TurnRows[] =>
    rows.map((row) => {
      const { channel, tenant, id } = row.delivery;
      const found = select.get(channel, tenant, id, chatOf(row), row.token ?? null);
      if (found === undefined) throw new Error("a select without a where clause returned no row");
      return turnRows(found);
    }),
  );
  const transaction = connection.transaction((work: () => unknown) => work());
  const riders = createRiders(<T>(work: () => T) => transaction.immediate(work) as T, gate);

  return {
    ride: riders.ride,
    async read(rows: readonly TurnRead[]): Promise<readonly TurnRows[]> {
      try {
        return readAll.deferred(rows);
      } catch (error) {
        throw classify(error);
      }
    },
    /** Answers the replies that may go to their lanes at once. */
    async write(turns: readonly TurnWrite[]): Promise<readonly NumberedRow[]> {
      try {
        return await riders.commit(() => turns.flatMap((turn) => writeTurn(statements, turn)));
      } catch (error) {
        throw classify(error);
      }
    },
  };
}

function writeTurn(to: HotStatements, turn: TurnWrite): readonly NumberedRow[] {
  const { personId, at, delivery } = turn;
  writePerson(to, turn);
  to.delivery.run(delivery.channel, delivery.tenant, delivery.id, personId, at, turn.journal ?? null);
  if (turn.session !== undefined) {
    const { rev, state } = turn.session;
    if (rev === 1) to.sessionNew.run(personId, JSON.stringify(state));
    else only(to.session.run(rev, JSON.stringify(state), personId, rev - 1), "the session moved");
  } else if (turn.newPerson === undefined && to.alive.get(personId) === undefined) {
    throw new StoreError("conflict", "the person is not there any more");
  }
  for (const entry of turn.records) {
    const { type, key, programme, version } = entry;
    to.record.run(personId, type, key, programme, version, JSON.stringify(entry.data), entry.at);
  }
  if (turn.progress !== undefined) to.progress.run(personId, JSON.stringify(turn.progress));
  for (const { token, meaning } of turn.tokens) {
    to.token.run(token, personId, JSON.stringify(meaning), answerKeyOf(meaning), at);
  }
  if (turn.timerFired !== undefined) {
    only(
      to.timerFired.run(personId, turn.timerFired.name, turn.timerFired.due),
      "the timer fired already or was moved",
    );
  }
  for (const name of turn.timersCancelled) to.timerCancel.run(personId, name);
  for (const { name, due, data } of turn.timersSet) to.timerSet.run(personId, name, due, JSON.stringify(data));
  for (const { id, name, data } of turn.jobs) to.job.run(id, personId, name, JSON.stringify(data), at, at);
  const numbered = turn.outbox.map((row): NumberedRow => {
    const status = row.lane === "" ? outboxStatus.streamed : outboxStatus.waiting;
    const payload = JSON.stringify(row.parts);
    const before = isHandedOver(row) ? to.open.all(row.addressId) : [];
    const { lane, addressId, kind, notBefore } = row;
    const { lastInsertRowid } = to.outbox.run(lane, addressId, personId, classOf(kind), status, payload, notBefore, at);
    return { row, at, seq: Number(lastInsertRowid), before };
  });
  if (turn.failed !== undefined) {
    const { input, reason } = turn.failed;
    to.failed.run(personId, delivery.channel, delivery.tenant, delivery.id, input, reason, at);
  }
  return numbered;
}

function writePerson(to: HotStatements, turn: TurnWrite): void {
  const { personId, newAddress } = turn;
  const person = turn.newPerson ?? turn.person;
  if (person !== undefined) {
    const c = personColumns(person);
    const known = Number(c.timeZoneKnown);
    const columns = [
      c.name,
      c.language,
      c.secondLanguage,
      c.timeZone,
      known,
      c.rhythm,
      c.pausedUntil,
      Number(c.stopped),
      c.roles,
    ];
    if (turn.newPerson !== undefined) {
      to.personNew.run(...columns, newAddress?.id ?? turn.lastAddressId ?? "", turn.at, personId);
    } else only(to.person.run(...columns, turn.lastAddressId ?? null, personId), "the person is not there any more");
  } else if (turn.lastAddressId !== undefined) {
    only(to.lastAddress.run(turn.lastAddressId, personId), "the person is not there any more");
  }
  if (newAddress !== undefined) {
    const { id, channel, tenant, user, ref } = newAddress;
    to.addressNew.run(id, personId, channel, tenant, user, JSON.stringify(ref), turn.at);
  }
  if (turn.address !== undefined) {
    const { id, ref, state, reason } = turn.address;
    only(
      to.address.run(ref ?? null, state ?? null, turn.at, state ?? null, reason ?? null, id, personId),
      "the address belongs to somebody else",
    );
  }
}

function only(result: { readonly changes: number }, otherwise: string): void {
  if (result.changes !== 1) throw new StoreError("conflict", otherwise);
}
