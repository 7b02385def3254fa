import { randomUUID } from "node:crypto";
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { appointmentOf } from "../../appointments/read.ts";
import type { AppointmentOutcome } from "../../appointments/types.ts";
import { appointmentPlaces } from "../../domain/appointment.ts";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { zoneOf } from "./seen.ts";

const number = z
  .string()
  .regex(/^-?\d{1,16}$/u)
  .transform(Number);
const proposal = z.object({
  kind: z.string().max(40),
  about: z.string().max(64),
  seen: number,
  place: z.enum(appointmentPlaces),
});
const picked = z.object({ seen: number, at: z.union([z.literal("none"), number]) });
const looked = z.object({ seen: number });

type Step = "propose" | "pick" | "cancel" | "held";

/** One step of an appointment from a page; the same rules as in chat say who may. */
export function act(step: Step): (visit: Visit, deps: ConsoleDeps) => Promise<Answer> {
  return async (visit, deps) => {
    // What is somebody else's looks like what is not there, whatever is asked of it.
    if (step !== "propose" && !(await isTheirs(visit, deps))) return { type: "missing" };
    const came = await work(step, visit, deps);
    if (!came.ok && (came.why === "gone" || came.why === "notyours")) return { type: "missing" };
    const to = "/appointments";
    if (!came.ok) return { type: "go", to, said: `appointment.c.no.${came.why}` };
    const found = await appointmentOf({ db: deps.store.db, open: deps.open }, came.id);
    const me = visit.person.id;
    const subject = found?.personId === me ? found.withId : found?.personId;
    const about = subject === undefined ? {} : { subject };
    await deps.audit({ actor: me, action: `appointment.${step}`, ...about });
    deps.store.tell({ lanes: [], chats: [], jobs: true });
    return { type: "go", to, said: `appointment.c.said.${step}` };
  };
}

async function isTheirs({ params, person }: Visit, { store, open }: ConsoleDeps): Promise<boolean> {
  const found = await appointmentOf({ db: store.db, open }, params.id ?? "");
  return found !== undefined && (found.personId === person.id || found.withId === person.id);
}

async function work(step: Step, visit: Visit, deps: ConsoleDeps): Promise<AppointmentOutcome> {
  const me = visit.person.id;
  const { appointments } = deps;
  const id = visit.params.id ?? "";
  const fields = Object.fromEntries(visit.form);
  if (step === "propose") {
    const read = proposal.safeParse(fields);
    const times = timesIn(visit.form.getAll("time"), await zoneOf(visit, deps));
    if (!read.success || times === undefined) return { ok: false, why: "times" };
    return appointments.propose(me, { id: randomUUID(), times, ...read.data });
  }
  if (step === "pick") {
    const read = picked.safeParse(fields);
    if (!read.success) return { ok: false, why: "times" };
    const { at, seen } = read.data;
    return appointments.pick(me, id, at === "none" ? undefined : at, seen);
  }
  const read = looked.safeParse(fields);
  return read.success ? appointments[step](me, id, read.data.seen) : { ok: false, why: "changed" };
}

/**
 * Local times as a form sends them, in a zone; undefined where one of them is none. A time that a clock change leaves out is the one
 * after it, of one that comes twice the first is meant.
 */
function timesIn(typed: readonly string[], zone: string): readonly number[] | undefined {
  try {
    return typed
      .filter((one) => one !== "")
      .map((one) => Temporal.PlainDateTime.from(one).toZonedDateTime(zone).epochMilliseconds);
  } catch {
    return undefined;
  }
}
