import { codeAt } from "../../src/events/codes.ts";
import { type EventFacts, findEvent, planEvent } from "../../src/events/events.ts";
import { createCoding } from "../../src/events/secrets.ts";
import { createEventsTick } from "../../src/events/tick.ts";
import type { Store } from "../../src/store/types.ts";
import { createWorld as createCohortWorld, sealing } from "../cohorts/world.ts";

export const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];
/** Sunday, 15 March 2026, 10:00 in Copenhagen: twelve days after the world begins. */
export const sunday = Date.UTC(2026, 2, 15, 9);

/** A training day as somebody would plan it. */
export function dayFacts(changes: Partial<EventFacts> = {}): EventFacts {
  const startsAt = changes.startsAt ?? sunday;
  return {
    template: null,
    title: "Day 1: My role",
    form: "in-person",
    venue: "Town hall, room 4",
    link: "",
    startsAt,
    endsAt: startsAt + 6 * hourMs,
    timeZone: "Europe/Copenhagen",
    minutes: 300,
    kind: "live",
    unit: "1",
    places: null,
    overnight: false,
    ...changes,
  };
}

/** The real conversation, jobs and database, with training days. */
export function createWorld(store: Store) {
  const world = createCohortWorld(store);
  const now = () => world.clock.now;
  const coding = createCoding({ db: store.db, now, open: sealing.open });
  const tick = createEventsTick({ db: store.db, now });
  let round = 0;
  /** Does all jobs, and those that come of them; gives what the chat hears. */
  const work: typeof world.work = async (listener) => {
    let said = await world.work(listener);
    while ((await store.db.job.count({ where: { notBefore: { lte: BigInt(now()) } } })) > 0)
      said += await world.work(listener);
    return said;
  };
  return {
    ...world,
    work,
    coding,
    plan: (cohortId: string, changes: Partial<EventFacts> = {}, makesUpFor?: string) => {
      const planning = {
        cohortId,
        by: "planner",
        seal: sealing.seal,
        ...(makesUpFor === undefined ? {} : { makesUpFor }),
      };
      return planEvent(store.db, dayFacts(changes), planning, now());
    },
    /** Somebody in a cohort, in English, with reminders on workdays at eight. */
    async member(user: string, code: string, rhythm = "Workdays") {
      const chat = world.chat(user);
      await chat.type("hello");
      await chat.press("English");
      if (rhythm === "Workdays") {
        await chat.press("Monday to Friday");
        await chat.press("08:00");
      } else await chat.press(rhythm);
      await chat.type(`join ${code}`);
      await world.work(chat);
      return chat;
    },
    /** Lets somebody's reminder fire when it is due, not earlier than now; gives the instant and what it says. Undefined where none is set. */
    async reminded(chat: ReturnType<typeof world.chat>) {
      const personId = await chat.id();
      const timer = await store.db.timer.findFirst({ where: { name: "reminder", personId } });
      if (timer === null) return undefined;
      const due = Number(timer.due);
      world.clock.now = Math.max(world.clock.now, due);
      const text = await chat.send({ type: "timer", name: "reminder", due, data: {} }, `timer:${personId}@${due}`);
      return { at: world.clock.now, text };
    },
    /** Everything that happens by itself and is due now. */
    async tick() {
      world.clock.now += 10_000 * (round++ === 0 ? 0 : 1);
      await tick();
    },
    /** The code that the trainer's page shows now, or showed then. */
    async code(eventId: string, at = world.clock.now): Promise<string> {
      const event = await findEvent(store.db, eventId);
      if (event === undefined) throw new Error("there is no such session");
      return codeAt(await coding.codedOf(event), at);
    },
    seat: (eventId: string, personId: string) =>
      store.db.seat.findUniqueOrThrow({ where: { eventId_personId: { eventId, personId } } }),
    /** The entries of a person's record about sessions, the oldest first. */
    async attended(personId: string) {
      const rows = await store.db.record.findMany({ where: { personId, type: "attended" }, orderBy: { id: "asc" } });
      return rows.map(({ key, data }) => ({ key, ...(JSON.parse(data) as { readonly minutes: number }) }));
    },
  };
}
