import { localDay } from "../../domain/clock.ts";
import { showDay } from "../show.ts";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { AppointmentItem, type Drawing } from "./parts.tsx";
import { openFor, type SeenAppointment, zoneOf } from "./seen.ts";

/** What waits for an answer, and what is agreed, by day. With `?person=` only what is with one person. */
export async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const text = (key: string, args?: Record<string, string | number>): string =>
    deps.words.text(visit.language, key, args);
  const person = visit.query.get("person");
  const all = (await openFor(visit, deps)).filter(({ found }) => person === null || found.personId === person);
  const zone = await zoneOf(visit, deps);
  const drawing: Drawing = { visit, text, zone, now: deps.now() };
  const waiting = all.filter(({ found }) => found.state !== "fixed");
  const days = byDay(all, zone);
  const body = (
    <>
      <p>{text("appointment.c.clock", { zone })}</p>
      {all.length === 0 ? <p>{text("appointment.c.none")}</p> : null}
      {waiting.length === 0 ? null : <h2>{text("appointment.c.waiting")}</h2>}
      {waiting.map((seen) => (
        <AppointmentItem {...drawing} seen={seen} />
      ))}
      {days.map(({ at, on }) => (
        <>
          <h2>{showDay(visit.language, at, zone)}</h2>
          {on.map((seen) => (
            <AppointmentItem {...drawing} seen={seen} />
          ))}
        </>
      ))}
    </>
  );
  return { type: "page", title: text("appointment.c.title"), body };
}

/** What is agreed, the first day first. */
function byDay(all: readonly SeenAppointment[], zone: string) {
  const days = new Map<string, { readonly at: number; readonly on: SeenAppointment[] }>();
  const agreed = all.flatMap((seen) => {
    const { startsAt, state } = seen.found;
    return state === "fixed" && startsAt !== null ? [{ at: startsAt, seen }] : [];
  });
  for (const { at, seen } of agreed.sort((one, other) => one.at - other.at)) {
    const day = localDay(at, zone);
    const found = days.get(day) ?? { at, on: [] };
    found.on.push(seen);
    days.set(day, found);
  }
  return [...days.values()];
}
