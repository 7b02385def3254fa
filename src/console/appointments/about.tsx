import type { ComponentChildren } from "preact";
import { appointmentsAbout } from "../../appointments/read.ts";
import { openStates } from "../../appointments/types.ts";
import type { ConsoleDeps, Visit } from "../types.ts";
import { AppointmentItem, type Drawing, ProposeForm } from "./parts.tsx";
import { withNames, zoneOf } from "./seen.ts";

/** The appointments about one thing, and a form to propose times where this person may and has none open. */
export async function appointmentsOn(
  visit: Visit,
  deps: ConsoleDeps,
  kind: string,
  about: string,
): Promise<ComponentChildren> {
  const text = (key: string, args?: Record<string, string | number>): string =>
    deps.words.text(visit.language, key, args);
  const me = visit.person.id;
  const found = await appointmentsAbout({ db: deps.store.db, open: deps.open }, kind, about);
  const whom = await deps.appointments.kinds[kind]?.whom(me, about);
  const hasOpen = found.some(({ withId, state }) => withId === me && openStates.includes(state));
  const mayPropose = whom !== undefined && "personId" in whom && !hasOpen;
  if (found.length === 0 && !mayPropose) return null;
  const drawing: Drawing = { visit, text, zone: await zoneOf(visit, deps), now: deps.now() };
  return (
    <>
      <h2 id="appointments">{text("appointment.c.title")}</h2>
      {(await withNames(visit, deps, found)).map((seen) => (
        <AppointmentItem {...drawing} seen={seen} />
      ))}
      {mayPropose ? (
        <details>
          <summary>{text("b.assess.talk.propose")}</summary>
          <ProposeForm {...drawing} id="new" kind={kind} about={about} seen={-1} />
        </details>
      ) : null}
    </>
  );
}
