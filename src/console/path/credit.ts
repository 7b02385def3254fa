import { z } from "zod";
import { lastDay } from "../../domain/calendar.ts";
import { localDay } from "../../domain/clock.ts";
import type { Json } from "../../engine/types.ts";
import { tell } from "../../inbox/tell.ts";
import { personSeen } from "../person-data.ts";
import type { Answer, ConsoleDeps, Route, Visit } from "../types.ts";

/** Why hours are booked by hand: words to choose from, since free text would be about people. */
export const bookingReasons = ["elsewhere", "practice", "talk", "correction", "other"] as const;

const common = { programme: z.string(), once: z.uuid() };
const day = z.iso.date();
const form = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hours"),
    ...common,
    kind: z.string(),
    unit: z.string(),
    /** Hours with a point or a comma; half of 24 a day is more than anybody learns. */
    hours: z
      .string()
      .trim()
      .regex(/^\d{1,2}(?:[.,]\d{1,2})?$/u)
      .transform((text) => Number(text.replace(",", ".")))
      .refine((value) => value > 0 && value <= 24),
    day,
    why: z.enum(bookingReasons),
  }),
  /** Takes a booking back. */
  z.object({ type: z.literal("hours.undone"), ...common, id: z.uuid() }),
  z.object({ type: z.literal("checked"), ...common, check: z.string() }),
  z.object({ type: z.literal("consultation"), ...common, day }),
]);

/** Books hours, a consultation or a tick for a person; the person's own turn writes it and says it to them. */
export const creditRoute: Route = { method: "post", path: "/people/:id/credit", action: "hours.book", handle: credit };

/** Nominal minutes of a consultation; what counts is that there was one. */
const consultationMinutes = 60;

async function credit(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const person = await personSeen(visit, deps, visit.params.id ?? "");
  if (person === undefined) return { type: "missing" };
  const back = (said: string): Answer => ({ type: "go", to: `/people/${person.id}`, said });
  const read = form.safeParse(Object.fromEntries(visit.form));
  if (!read.success) return back("console.path.wrong");
  const found = read.data;
  const membership = person.memberships.find(
    ({ organisationId, cohort }) =>
      cohort.programme === found.programme &&
      visit.standing.may("hours.book", { organisationId, programme: cohort.programme }),
  );
  const programme = deps.catalogue.get(found.programme);
  if (membership === undefined || programme === undefined) return { type: "missing" };
  // Nobody confirms their own.
  if (person.id === visit.person.id) return back("console.path.own");
  const today = localDay(deps.now(), person.timeZone);
  const { version } = programme;
  const base = { programme: programme.id, version, by: visit.person.id };
  let data: Json;
  if (found.type === "hours") {
    const kind = programme.hours?.kinds.find(({ id }) => id === found.kind);
    const unit = found.unit === "" ? null : programme.units.find(({ id }) => id === found.unit)?.id;
    if (kind === undefined || unit === undefined || !isPast(found.day, today)) return back("console.path.wrong");
    const minutes = Math.round(found.hours * (programme.hours?.minutesPerHour ?? 60));
    data = { ...base, type: "hours", id: found.once, kind: kind.id, unit, minutes, day: found.day, why: found.why };
  } else if (found.type === "hours.undone") {
    const booked = (await bookings(deps, person.id, programme.id)).find(({ id }) => id === found.id);
    if (booked === undefined) return back("console.path.undone");
    data = { ...base, type: "hours.undone", ...booked };
  } else if (found.type === "consultation") {
    if (!isPast(found.day, today)) return back("console.path.wrong");
    data = { ...base, type: "consultation", id: found.once, day: found.day, minutes: consultationMinutes };
  } else {
    if (programme.certification?.checks.every(({ id }) => id !== found.check)) return back("console.path.wrong");
    data = { ...base, type: "checked", id: found.once, check: found.check, day: today };
  }
  const { db } = deps.store;
  const told = await tell(
    { db, receive: deps.receive, now: deps.now },
    `credit:${found.once}`,
    person.id,
    "credited",
    data,
  );
  if (!told) return back("console.path.unreached");
  await deps.audit({
    actor: visit.person.id,
    action: `path.${found.type}`,
    subject: person.id,
    organisationId: membership.organisationId,
  });
  return back(`console.path.done.${found.type}`);
}

const bookedSchema = z.object({
  id: z.string(),
  kind: z.string(),
  unit: z.string().nullable(),
  minutes: z.number(),
  day: z.string(),
});
export type Booked = z.infer<typeof bookedSchema>;

/** What was booked for somebody by hand and not taken back, the latest first. */
export async function bookings(
  { store }: Pick<ConsoleDeps, "store">,
  personId: string,
  programme: string,
): Promise<readonly Booked[]> {
  const rows = await store.db.record.findMany({
    where: { personId, programme, type: { in: ["hours", "hours.undone"] } },
    orderBy: { id: "desc" },
  });
  const undone = new Set(
    rows.flatMap(({ type, key }) => (type === "hours.undone" ? [key.replace("hours.undone:", "")] : [])),
  );
  return rows.flatMap(({ type, data }) => {
    if (type !== "hours") return [];
    const booked = bookedSchema.parse(JSON.parse(data));
    return undone.has(booked.id) ? [] : [booked];
  });
}

/** Within the last year, and not tomorrow. */
function isPast(day: string, today: string): boolean {
  return day <= today && lastDay(day, 12) >= today;
}
