import type { Session } from "../engine/session.ts";
import type { MergedPerson } from "./merge-types.ts";
import type { PersonColumns } from "./rows.ts";
import type { Row, Sql, Value } from "./sql.ts";

/** What was there before two persons became one, so that they can be two again. Kept sealed. */
export interface Before {
  readonly from: string;
  readonly into: string;
  /** Row and session of the person who is no more. */
  readonly fromPerson: Row;
  readonly fromRev: number;
  readonly fromSession: Session | null;
  /** The same of the one who stayed, before and after: what has changed since is not undone. */
  readonly intoPerson: Row;
  readonly intoSession: Session | null;
  readonly merged: { readonly person: PersonColumns; readonly session: Session };
  /** Rows that were deleted because the other one had the same, by table. */
  readonly removed: Record<string, Row[]>;
  /** Keys of the rows that changed hands, by `table.column`. */
  readonly moved: Record<string, (string | number)[]>;
}

/** Every column that names a person and changes hands, with the column that names the row (within one person at least). */
export const references: readonly (readonly [table: string, column: string, key: string])[] = [
  ["Record", "personId", "id"],
  ["FailedTurn", "personId", "id"],
  ["Job", "personId", "id"],
  ["Address", "personId", "id"],
  ["LinkCode", "personId", "codeHash"],
  ["FormerPerson", "personId", "id"],
  ["Timer", "personId", "name"],
  ["Grant", "personId", "id"],
  ["Membership", "personId", "id"],
  ["Topic", "personId", "topic"],
  ["BroadcastDelivery", "personId", "broadcastId"],
  ["Seat", "personId", "eventId"],
  ["CalendarFeed", "personId", "tokenHash"],
  ["Consent", "personId", "id"],
  ["SignIn", "personId", "tokenHash"],
  ["ConsoleSession", "personId", "idHash"],
  ["Award", "personId", "id"],
  ["QualityReview", "signedBy", "id"],
  ["Question", "personId", "id"],
  ["Question", "caredBy", "id"],
  ["Membership", "caredBy", "id"],
  ["Note", "personId", "id"],
  ["Grant", "deputyFor", "id"],
  ["Filter", "owner", "id"],
  ["Broadcast", "author", "id"],
  ["Invite", "usedBy", "codeHash"],
  ["Evidence", "personId", "id"],
  ["UploadLink", "personId", "tokenHash"],
  ["EvidenceStep", "by", "id"],
  ["EvidenceFile", "destroyedBy", "id"],
  // Who asked for something must not be the second person who allows it, under any id.
  ["Approval", "askedBy", "id"],
  ["Approval", "decidedBy", "id"],
  ["ProgrammeStep", "by", "id"],
  // Nobody assesses themselves or countersigns what they rated, under any id.
  ["Assessment", "personId", "id"],
  ["Assessment", "claimedBy", "id"],
  ["Assessment", "secondBy", "id"],
  ["Assessment", "decidedBy", "id"],
  ["Assessment", "countersignedBy", "id"],
  ["Rating", "by", "id"],
  ["Conflict", "personId", "assessmentId"],
  ["Appointment", "personId", "id"],
  ["Appointment", "withId", "id"],
];

/** Reads both persons as they are, with both sessions locked by the caller. */
export async function readBefore(sql: Sql, from: string, into: string, merged: MergedPerson<PersonColumns>) {
  const person = async (id: string): Promise<Row> =>
    (await sql.all(`SELECT * FROM "Person" WHERE id = $1`, [id]))[0] ?? {};
  const session = async (id: string) =>
    (await sql.all(`SELECT rev, state FROM "Session" WHERE "personId" = $1`, [id]))[0];
  const own = await session(from);
  const other = await session(into);
  const before: Before = {
    from,
    into,
    fromPerson: await person(from),
    fromRev: Number(own?.rev ?? 0),
    fromSession: own === undefined ? null : JSON.parse(String(own.state)),
    intoPerson: await person(into),
    intoSession: other === undefined ? null : JSON.parse(String(other.state)),
    merged: { person: merged.person, session: merged.session },
    removed: {},
    moved: {},
  };
  return {
    before,
    /** Deletes rows and keeps them. */
    async remove(table: string, where: string, values: readonly Value[]): Promise<void> {
      const rows = await sql.all(`SELECT * FROM "${table}" AS x WHERE ${where}`, values);
      if (rows.length === 0) return;
      before.removed[table] = [...(before.removed[table] ?? []), ...rows];
      await sql.run(`DELETE FROM "${table}" AS x WHERE ${where}`, values);
    },
    /** Gives rows to the person who stays and keeps which they were. */
    async move([table, column, key]: (typeof references)[number]): Promise<void> {
      const rows = await sql.all(`SELECT "${key}" AS key FROM "${table}" WHERE "${column}" = $1`, [from]);
      if (rows.length === 0) return;
      before.moved[`${table}.${column}`] = rows.map((row) => (typeof row.key === "number" ? row.key : String(row.key)));
      await sql.run(`UPDATE "${table}" SET "${column}" = $2 WHERE "${column}" = $1`, [from, into]);
    },
  };
}
