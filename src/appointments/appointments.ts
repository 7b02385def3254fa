import { mostTimes } from "../domain/appointment.ts";
import type { Database } from "../store/client.ts";
import { tellBoth } from "./news.ts";
import { appointmentFrom, sealPlace } from "./read.ts";
import {
  type Appointment,
  type AppointmentDeps,
  type AppointmentKinds,
  type AppointmentOutcome,
  type AppointmentRefusal,
  openStates,
  type Proposal,
} from "./types.ts";

type Inside = Pick<Database, "appointment" | "job" | "person" | "$queryRaw">;
const no = (why: AppointmentRefusal): AppointmentOutcome => ({ ok: false, why });

/** Every step of an appointment; both of the two hear of each, by jobs that are stored with the change. */
export interface Appointments {
  readonly kinds: AppointmentKinds;
  /** Proposes times; where the two have an appointment about the same thing already, it is moved. */
  propose(me: string, proposal: Proposal): Promise<AppointmentOutcome>;
  /** Picks one of the proposed times, or says that none fits (`undefined`). */
  pick(me: string, id: string, at: number | undefined, seen?: number): Promise<AppointmentOutcome>;
  /** Calls it off, by either of the two. */
  cancel(me: string, id: string, seen?: number): Promise<AppointmentOutcome>;
  /** It took place, which only whoever proposed says, and not before its time. */
  held(me: string, id: string, seen?: number): Promise<AppointmentOutcome>;
}

/** What a step makes of an appointment; undefined where it is like that already. */
type Change = { readonly state: "fixed" | "cancelled" | "held"; readonly startsAt?: bigint } | undefined;

/**
 * Appointments between two people, for whatever reason. `seen` is the `sequence` of what somebody looked at when they decided: what
 * was changed since then is not written over. The same step twice is done once.
 */
export function createAppointments(deps: AppointmentDeps, kinds: AppointmentKinds): Appointments {
  const { db, now } = deps;

  /** Decides about an appointment with its row locked: what the other one does at the same moment comes before or after it. */
  const step = (
    id: string,
    seen: number | undefined,
    decide: (found: Appointment) => Change | AppointmentRefusal,
  ): Promise<AppointmentOutcome> =>
    db.$transaction(async (tx) => {
      const found = await locked(tx, id);
      if (found === undefined) return no("gone");
      const change = decide(found);
      if (typeof change === "string") return no(change);
      if (change === undefined) return { ok: true, id };
      if (seen !== undefined && seen !== found.sequence) return no("changed");
      const at = now();
      const sequence = found.sequence + 1;
      await tx.appointment.update({ where: { id }, data: { ...change, sequence, changedAt: BigInt(at) } });
      await tellBoth(tx, { id, sequence, between: [found.personId, found.withId], at });
      return { ok: true, id };
    });

  const locked = async (tx: Inside, id: string): Promise<Appointment | undefined> => {
    // Changes nothing and locks the row.
    await tx.appointment.updateMany({ where: { id }, data: { createdAt: { increment: 0n } } });
    const row = await tx.appointment.findUnique({ where: { id } });
    return row === null ? undefined : appointmentFrom(deps, row);
  };

  const isTheirs = ({ personId, withId }: Appointment, me: string): boolean => personId === me || withId === me;
  const isOpen = ({ state }: Appointment): boolean => openStates.includes(state);

  async function propose(me: string, proposal: Proposal): Promise<AppointmentOutcome> {
    const { kind: name, about, place, seen } = proposal;
    const kind = kinds[name];
    const whom = kind === undefined ? { refused: "gone" as const } : await kind.whom(me, about);
    if (kind === undefined || "refused" in whom) return no("refused" in whom ? whom.refused : "gone");
    const { personId } = whom;
    const at = now();
    const times = [...new Set(proposal.times)].filter((one) => one > at).sort((one, other) => one - other);
    if (times.length === 0 || times.length > mostTimes) return no("times");
    return db.$transaction(async (tx) => {
      // Two proposals of one person at the same moment come one after the other. Changes nothing and locks the row.
      await tx.person.updateMany({ where: { id: me }, data: { createdAt: { increment: 0n } } });
      const open = { kind: name, about, withId: me, state: { in: [...openStates] } };
      const last = await tx.appointment.findFirst({ where: open, orderBy: { createdAt: "desc" } });
      const found = await locked(tx, last?.id ?? proposal.id);
      if (found !== undefined && (found.withId !== me || found.personId !== personId)) return no("gone");
      const isSame = found?.place === place && found.proposed.join() === times.join();
      if (found !== undefined && isSame && found.state !== "fixed") return { ok: true, id: found.id };
      if (seen !== undefined && seen !== (found?.sequence ?? -1)) return no("changed");
      // What was agreed stays known until something else is: a calendar is told which time it is that does not count.
      const state = found?.state === "fixed" || found?.state === "moved" ? "moved" : "proposed";
      const id = found?.id ?? proposal.id;
      const sequence = found === undefined ? 0 : found.sequence + 1;
      const changes = {
        proposed: JSON.stringify(times),
        place: sealPlace(deps, place, id),
        ...{ state, sequence, changedAt: BigInt(at) },
      };
      if (found !== undefined) await tx.appointment.update({ where: { id }, data: changes });
      else {
        const rest = { kind: name, about, personId, withId: me, minutes: kind.minutes, createdAt: BigInt(at) };
        await tx.appointment.create({ data: { id, ...rest, ...changes } });
      }
      await tellBoth(tx, { id, sequence, between: [personId, me], at });
      return { ok: true, id };
    });
  }

  return {
    kinds,
    propose,
    pick: (me, id, at, seen) =>
      step(id, seen, (found) => {
        if (found.personId !== me) return "gone";
        if (at === undefined ? found.state === "cancelled" : found.state === "fixed" && found.startsAt === at) return;
        if (found.state !== "proposed" && found.state !== "moved") return "changed";
        if (at === undefined) return { state: "cancelled" };
        if (!found.proposed.includes(at)) return "changed";
        return at <= now() ? "times" : { state: "fixed", startsAt: BigInt(at) };
      }),
    cancel: (me, id, seen) =>
      step(id, seen, (found) => {
        if (!isTheirs(found, me)) return "gone";
        if (found.state === "cancelled") return;
        return isOpen(found) ? { state: "cancelled" } : "over";
      }),
    held: (me, id, seen) =>
      step(id, seen, (found) => {
        if (!isTheirs(found, me)) return "gone";
        if (found.state === "held") return;
        if (found.withId !== me || found.state !== "fixed" || found.startsAt === null) return "changed";
        return found.startsAt > now() ? "early" : { state: "held" };
      }),
  };
}
