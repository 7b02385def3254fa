import { z } from "zod";
import type { Appointments } from "../appointments/appointments.ts";
import { newsName } from "../appointments/news.ts";
import { appointmentOf, openAppointments } from "../appointments/read.ts";
import type { Appointment, AppointmentDeps, AppointmentOutcome } from "../appointments/types.ts";
import { appointmentPlaces } from "../domain/appointment.ts";
import type { Receive } from "../engine/adapter.ts";
import { type FeedDeps, feedAddress } from "../events/calendar.ts";
import { tell } from "../inbox/tell.ts";
import type { Job } from "../store/types.ts";

export interface AppointmentJobDeps extends AppointmentDeps, FeedDeps {
  readonly receive: Receive;
  readonly appointments: Appointments;
}

const id = z.string();
const step = z.discriminatedUnion("do", [
  z.object({
    do: z.literal("propose"),
    kind: z.string(),
    about: id,
    times: z.array(z.number()),
    place: z.enum(appointmentPlaces),
  }),
  z.object({ do: z.literal("pick"), id, at: z.number() }),
  z.object({ do: z.literal("none"), id }),
  z.object({ do: z.literal("cancel"), id }),
  z.object({ do: z.literal("held"), id }),
]);
const work = z.union([z.object({ do: z.literal("list") }), step]);
const changed = z.object({ id, sequence: z.number() });
/** Appointments in one answer. */
const mostShown = 5;

/** The jobs behind appointments: each step that is taken in chat, and how both hear of every change, wherever it was made. */
export function createAppointmentJobs(deps: AppointmentJobDeps): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db, appointments } = deps;

  const show = async (job: Job, found: Appointment): Promise<void> => {
    const to = job.personId;
    const isMine = found.withId === to;
    const other = await db.person.findUnique({
      where: { id: isMine ? found.personId : found.withId },
      select: { name: true, timeZone: true },
    });
    const { id: own, kind, about, state, proposed, startsAt, place, sequence } = found;
    // A calendar has nothing to learn of what was never agreed.
    const calendar = startsAt === null ? "" : `${await feedAddress(deps, to)}/${own}.ics`;
    await tell(deps, `job:${job.id}:${own}`, to, "appointment", {
      ...{ id: own, kind, about: about ?? "", state, proposed, startsAt, place, sequence, calendar },
      proposes: isMine,
      person: found.personId,
      // Whoever meets knows whom they meet, and by which clock.
      name: other?.name ?? "",
      zone: other?.timeZone ?? "",
    });
  };

  const act = (given: z.infer<typeof step>, job: Job): Promise<AppointmentOutcome> => {
    const me = job.personId;
    switch (given.do) {
      case "propose": {
        const { kind, about, times, place } = given;
        return appointments.propose(me, { id: job.id, kind, about, times, place });
      }
      case "pick":
        return appointments.pick(me, given.id, given.at);
      case "none":
        return appointments.pick(me, given.id, undefined);
      case "cancel":
        return appointments.cancel(me, given.id);
      case "held":
        return appointments.held(me, given.id);
    }
  };

  return {
    async appointment(job) {
      const given = work.parse(job.data);
      const me = job.personId;
      if (given.do === "list") {
        const open = (await openAppointments(deps, me)).slice(0, mostShown);
        for (const one of open) await show(job, one);
        if (open.length === 0) await tell(deps, `job:${job.id}`, me, "appointment", { none: true });
        return;
      }
      const outcome = await act(given, job);
      if (!outcome.ok) await tell(deps, `job:${job.id}`, me, "appointment", { refused: outcome.why });
    },

    /** Lets one of the two hear how an appointment stands. What was changed again meanwhile is told by a later one. */
    async [newsName](job) {
      const news = changed.parse(job.data);
      const found = await appointmentOf(deps, news.id);
      if (found?.sequence === news.sequence) await show(job, found);
    },
  };
}
