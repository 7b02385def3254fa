import type { ComponentChildren, JSX } from "preact";
import { openStates } from "../../appointments/types.ts";
import { appointmentPlaces, mostTimes } from "../../domain/appointment.ts";
import { Form, SelectField, TextField } from "../fields.tsx";
import { showTime } from "../show.ts";
import type { Visit } from "../types.ts";
import type { SeenAppointment } from "./seen.ts";

type Text = (key: string, args?: Record<string, string | number>) => string;

/** What every part of these pages is drawn with. */
export interface Drawing {
  readonly visit: Visit;
  readonly text: Text;
  /** The clock of whoever looks, such as `Europe/Sofia`. */
  readonly zone: string;
  readonly now: number;
}

/** One appointment: who, when by both clocks, how it stands, and what the visitor can do about it. */
export function AppointmentItem(given: Drawing & { readonly seen: SeenAppointment }): JSX.Element {
  const { seen, visit, text, now } = given;
  const { found, names } = seen;
  const name = (one: string): string => (one === "" ? text("coordinator.someone") : one);
  const me = visit.person.id;
  const isTheirs = found.personId === me || found.withId === me;
  const other = name(found.personId === me ? names.with : names.person);
  const who = isTheirs ? other : text("appointment.c.between", { person: name(names.person), with: name(names.with) });
  const isWaiting = found.state === "proposed" || found.state === "moved";
  const times = isWaiting ? found.proposed : found.startsAt === null ? [] : [found.startsAt];
  const where = found.place === "" ? "" : text(`assess.talk.place.${found.place}`);
  return (
    <section aria-labelledby={`a-${found.id}`}>
      <h3 id={`a-${found.id}`}>{who}</h3>
      <p>
        {text(`appointment.c.state.${found.state}`)}
        {where === "" ? "" : ` (${where})`}
        {found.kind === "assessment" && found.about !== null && found.personId !== me ? (
          <>
            {" "}
            <a href={`/console/assessments/${found.about}`}>{text("appointment.c.assessment")}</a>
          </>
        ) : null}
      </p>
      <ul>
        {times.map((at) => (
          <li>{bothClocks(given, seen, at, other)}</li>
        ))}
      </ul>
      {isTheirs && openStates.includes(found.state)
        ? steps(given, seen, isWaiting, (found.startsAt ?? now) <= now)
        : null}
    </section>
  );
}

/** A time by the visitor's clock, and by the other one's where that shows something else. */
function bothClocks({ visit, text, zone }: Drawing, { otherZone }: SeenAppointment, at: number, name: string): string {
  const [mine, theirs] = [showTime(visit.language, at, zone), showTime(visit.language, at, otherZone)];
  return mine === theirs ? mine : `${mine} (${text("appointment.theirs", { name, times: theirs })})`;
}

function steps(given: Drawing, seen: SeenAppointment, isWaiting: boolean, isOver: boolean): ComponentChildren {
  const { visit, text, zone } = given;
  const { found } = seen;
  const isMine = found.withId === visit.person.id;
  const path = `/console/appointments/${found.id}`;
  const form = (step: string, children: ComponentChildren) => (
    <Form action={`${path}/${step}`} csrf={visit.csrf} plain>
      {/* What they decide from: what was changed since then is not written over. */}
      <input type="hidden" name="seen" value={String(found.sequence)} />
      <div class="row">{children}</div>
    </Form>
  );
  return (
    <>
      {isWaiting && !isMine
        ? form("pick", [
            ...found.proposed.map((at) => (
              <button type="submit" name="at" value={String(at)} class="main">
                {showTime(visit.language, at, zone)}
              </button>
            )),
            <button type="submit" name="at" value="none">
              {text("b.assess.talk.none")}
            </button>,
          ])
        : null}
      {found.state === "fixed" && isMine && isOver
        ? form(
            "held",
            <button type="submit" class="main">
              {text("b.assess.talk.held")}
            </button>,
          )
        : null}
      {isMine && found.about !== null ? (
        <details>
          <summary>{text("b.assess.talk.again")}</summary>
          <ProposeForm {...given} id={found.id} kind={found.kind} about={found.about} seen={found.sequence} />
        </details>
      ) : null}
      {isWaiting && !isMine ? null : form("cancel", <button type="submit">{text("b.assess.talk.cancel")}</button>)}
    </>
  );
}

/** Times by the visitor's own clock, and where; `seen` is the state they look at, -1 where there is no appointment yet. */
export function ProposeForm(
  given: Drawing & {
    /** Told apart on a page by it. */
    readonly id: string;
    readonly kind: string;
    readonly about: string;
    readonly seen: number;
  },
): JSX.Element {
  const { visit, text, zone, id, kind, about, seen } = given;
  return (
    <Form action="/console/appointments/propose" csrf={visit.csrf}>
      <input type="hidden" name="kind" value={kind} />
      <input type="hidden" name="about" value={about} />
      <input type="hidden" name="seen" value={String(seen)} />
      <p class="hint">{text("appointment.c.clock", { zone })}</p>
      {Array.from({ length: mostTimes }, (_, n) => (
        <TextField
          id={`time-${id}-${n}`}
          name="time"
          type="datetime-local"
          label={text("appointment.c.time", { n: n + 1 })}
          required={n === 0}
        />
      ))}
      <SelectField
        id={`place-${id}`}
        name="place"
        label={text("assess.talk.where")}
        options={appointmentPlaces.map((value) => ({ value, label: text(`assess.talk.place.${value}`) }))}
      />
      <button type="submit" class="main">
        {text("appointment.c.propose")}
      </button>
    </Form>
  );
}
