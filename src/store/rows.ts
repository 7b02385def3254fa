import type { PersonState } from "../engine/session.ts";
import type { Json, OutgoingKind } from "../engine/types.ts";
import { isHandedOver } from "./hand.ts";
import type { HandedRow, TurnRows, TurnWrite } from "./types.ts";
import type { Work } from "./work.ts";

/** The classes of the outbox by their number, most urgent first. */
export const kinds: readonly OutgoingKind[] = ["reply", "reminder", "broadcast"];

/** The number of a class. */
export function classOf(kind: OutgoingKind): number {
  return kinds.indexOf(kind);
}

/** The class of a number. */
export function kindOf(number: unknown): OutgoingKind {
  const kind = kinds[Number(number)];
  if (kind === undefined) throw new Error(`no outbox class ${String(number)}`);
  return kind;
}

/** A value that this store wrote as JSON text. */
export function parsed<T>(value: unknown): T {
  if (typeof value !== "string") throw new Error(`expected JSON text, found ${typeof value}`);
  return JSON.parse(value) as T;
}

/** The settings of a person as columns; JSON stays text. */
export interface PersonColumns {
  readonly id: string;
  readonly name: string;
  readonly language: string | null;
  readonly secondLanguage: string | null;
  readonly timeZone: string;
  readonly timeZoneKnown: boolean;
  readonly rhythm: string | null;
  readonly pausedUntil: number | null;
  readonly stopped: boolean;
  readonly roles: string;
}

/** What is written of a person. */
export function personColumns(person: PersonState): PersonColumns {
  return {
    id: person.id,
    name: person.name,
    language: person.language,
    secondLanguage: person.secondLanguage,
    timeZone: person.timeZone,
    timeZoneKnown: person.timeZoneKnown,
    rhythm: person.rhythm === null ? null : JSON.stringify(person.rhythm),
    pausedUntil: person.pausedUntil,
    stopped: person.stopped,
    roles: JSON.stringify(person.roles),
  };
}

/** The settings behind id and name, in the order in which PostgreSQL and a merge write them. */
export function settingsOf(c: PersonColumns): readonly (string | number | boolean | null)[] {
  return [c.language, c.secondLanguage, c.timeZone, c.timeZoneKnown, c.rhythm, c.pausedUntil, c.stopped, c.roles];
}

/** A turn's rows from the columns that both databases select in this order (see `readColumns`). */
export function turnRows(row: readonly unknown[]): TurnRows {
  const [seen, addressId, ref, state, id, name, language, second, zone, zoneKnown, rhythm, paused] = row;
  const [stopped, roles, lastAddressId, rev, session, progress, tokenPerson, meaning, messageId, answered] =
    row.slice(12);
  return {
    seen: Boolean(seen),
    ...(addressId !== null && {
      address: {
        id: addressId as string,
        ref: ref as string,
        state: state as "reachable" | "gone",
      },
    }),
    ...(id !== null && {
      person: {
        id: id as string,
        name: name as string,
        language: language as string | null,
        secondLanguage: second as string | null,
        timeZone: zone as string,
        timeZoneKnown: Boolean(zoneKnown),
        rhythm: rhythm === null ? null : parsed<PersonState["rhythm"]>(rhythm),
        pausedUntil: paused as number | null,
        stopped: Boolean(stopped),
        roles: parsed<readonly string[]>(roles),
        addressId: lastAddressId as string,
      },
    }),
    rev: rev === null ? 0 : (rev as number),
    ...(session !== null && { state: parsed(session) }),
    ...(progress !== null && { progress: parsed<Json>(progress) }),
    ...(tokenPerson !== null && {
      token: {
        personId: tokenPerson as string,
        meaning: parsed(meaning),
        ...(typeof messageId === "string" && { messageId }),
        answered: answered === null ? null : parsed<Json>(answered),
      },
    }),
  };
}

/** The columns of `turnRows`, in its order. */
export const readColumns = `a.id, a.ref, a.state,
  p.id, p.name, p.language, p."secondLanguage", p."timeZone", p."timeZoneKnown", p.rhythm, p."pausedUntil",
  p.stopped, p.roles, p."addressId", s.rev, s.state, g.state, coalesce(f."personId", t."personId"), t.meaning, t."messageId", r.data`;

/** The domain key that an answer to this token would be recorded under. */
export function answerKeyOf(meaning: TurnWrite["tokens"][number]["meaning"]): string | null {
  return meaning.type === "step" ? (meaning.key ?? null) : null;
}

/** Who must be told once these turns are committed. Lanes: all that a row waits for. */
export function workOf(turns: readonly TurnWrite[]): Work {
  const lanes = new Set<string>();
  const chats = new Set<string>();
  let jobs = false;
  for (const turn of turns) {
    for (const row of turn.outbox) {
      if (row.lane === "") chats.add(row.addressId);
      else lanes.add(row.lane);
    }
    jobs ||= turn.jobs.length > 0;
  }
  return { lanes: [...lanes], chats: [...chats], jobs };
}

/** The same where replies are told as they are: lanes are those that must claim something. */
export function workHere(turns: readonly TurnWrite[], rows: readonly HandedRow[]): Work {
  const claimed = turns.map((turn) => ({ ...turn, outbox: turn.outbox.filter((row) => !isHandedOver(row)) }));
  return { ...workOf(claimed), rows };
}
