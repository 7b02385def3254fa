import { randomUUID } from "node:crypto";
import type { ComponentChildren, JSX } from "preact";
import { aimOf } from "../../domain/certification.ts";
import { localDay } from "../../domain/clock.ts";
import { hoursByKind, ledger } from "../../domain/hours.ts";
import { hoursText, missingText, type Saying, titleOf } from "../../domain/missing.ts";
import { inLanguage, type Localised, languageFor, type Programme } from "../../domain/programme.ts";
import { type ProgrammeProgress, progressIn } from "../../domain/progress.ts";
import { evaluate, openFindings } from "../../domain/requirements.ts";
import type { Json } from "../../engine/types.ts";
import { Form, SelectField, TextField } from "../fields.tsx";
import type { SeenPerson } from "../person-data.ts";
import { showDay } from "../show.ts";
import type { ConsoleDeps, Visit } from "../types.ts";
import { type Booked, bookingReasons, bookings } from "./credit.ts";

type Text = (key: string, args?: Record<string, string | number>) => string;

/** What a person has and what is missing to their next certificate, programme by programme, and what may be booked for them. */
export async function pathOf(person: SeenPerson, visit: Visit, deps: ConsoleDeps): Promise<ComponentChildren> {
  const row = await deps.store.db.progress.findUnique({ where: { personId: person.id } });
  const stored = row === null ? null : (JSON.parse(row.state) as Json);
  const programmes = deps.catalogue.programmes.filter(
    ({ id, hours }) => hours !== undefined && (person.programmes === undefined || person.programmes.includes(id)),
  );
  const started = programmes.filter(({ id }) => progressIn(stored, id).joinedAt > 0);
  if (started.length === 0) return null;
  return Promise.all(
    started.map(async (programme) =>
      one(
        programme,
        progressIn(stored, programme.id),
        await bookings(deps, person.id, programme.id),
        person,
        visit,
        deps,
      ),
    ),
  );
}

/** Bookings that are shown with the way to take them back. */
const mostBookings = 5;

function one(
  programme: Programme,
  progress: ProgrammeProgress,
  booked: readonly Booked[],
  person: SeenPerson,
  visit: Visit,
  deps: ConsoleDeps,
): ComponentChildren {
  const text: Text = (key, args) => deps.words.text(visit.language, key, args);
  const read = (of: Localised<string>): string => inLanguage(of, languageFor(programme.languages, [visit.language]));
  const { timeZone } = person;
  const today = localDay(deps.now(), timeZone);
  const facts = progress.facts ?? {};
  const aim = programme.certification && aimOf(programme.certification, facts, today);
  const at = { programme, progress, today, timeZone };
  const finding =
    aim && evaluate(aim.requires, aim.renews === undefined ? at : { ...at, termFrom: aim.renews.term.from });
  const saying: Saying = { language: visit.language, wanted: [visit.language], text };
  const hours = (minutes: number): string => hoursText(saying, programme, minutes);
  const heading = `path-${programme.id}`;
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading}>{text("console.path", { programme: read(programme.title) })}</h2>
      <ul>
        {hoursByKind(programme, ledger(programme, progress, timeZone), today).map(({ kind, minutes, target }) => {
          const facts = { kind: titleOf(saying, programme, programme.hours?.kinds, kind), have: hours(minutes) };
          return (
            <li>
              {target === undefined
                ? text("hours.kind", facts)
                : text("hours.target", { ...facts, need: hours(target) })}
            </li>
          );
        })}
      </ul>
      {aim === undefined || finding === undefined ? null : (
        <>
          <p>
            {text(finding.met ? "console.path.complete" : "console.path.open", { title: read(aim.certificate.title) })}
            {aim.renews === undefined
              ? null
              : ` ${text("console.path.until", { day: showDay(visit.language, Date.parse(aim.renews.term.until)) })}`}
          </p>
          <ul>
            {openFindings(finding).map((open) => (
              <li>{missingText(saying, programme, open)}</li>
            ))}
          </ul>
        </>
      )}
      {visit.standing.may("hours.book") ? forms(programme, person, visit, text, read, today) : null}
      {visit.standing.may("hours.book") && booked.length > 0 ? (
        <ul class="cards">
          {booked.slice(0, mostBookings).map(({ id, kind, minutes, day }) => (
            <li class="card">
              <p>
                {showDay(visit.language, Date.parse(day))}:{" "}
                {text("hours.kind", {
                  kind: titleOf(saying, programme, programme.hours?.kinds, kind),
                  have: hours(minutes),
                })}
              </p>
              <CreditForm {...{ person, visit, programme }} type="hours.undone" hidden={{ id }} plain>
                <button type="submit" class="danger">
                  {text("console.path.undo")}
                </button>
              </CreditForm>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function forms(
  programme: Programme,
  person: SeenPerson,
  visit: Visit,
  text: Text,
  read: (of: Localised<string>) => string,
  today: string,
): ComponentChildren {
  const kinds = programme.hours?.kinds ?? [];
  const checks = programme.certification?.checks ?? [];
  const units = [
    { value: "", label: text("console.path.nounit") },
    ...programme.units.map(({ id, title }) => ({ value: id, label: `${id}. ${read(title)}` })),
  ];
  const options = kinds.map(({ id, title }) => ({ value: id, label: read(title) }));
  const about = { person, visit, programme };
  const id = (name: string): string => `${programme.id}-${name}`;
  return (
    <>
      <details>
        <summary>{text("console.path.book")}</summary>
        <CreditForm {...about} type="hours">
          <SelectField id={id("kind")} name="kind" label={text("console.path.kind")} options={options} />
          <SelectField id={id("unit")} name="unit" label={text("console.path.unit")} options={units} />
          <TextField
            id={id("hours")}
            name="hours"
            label={text("console.path.hours")}
            hint={text("console.path.hours.hint")}
            required
          />
          <TextField id={id("day")} name="day" label={text("console.path.day")} type="date" value={today} required />
          <SelectField
            id={id("why")}
            name="why"
            label={text("console.path.why")}
            options={bookingReasons.map((why) => ({ value: why, label: text(`console.path.why.${why}`) }))}
          />
          <button type="submit">{text("console.path.book.do")}</button>
        </CreditForm>
      </details>
      <details>
        <summary>{text("console.path.consultation")}</summary>
        <CreditForm {...about} type="consultation">
          <TextField
            id={id("consulted")}
            name="day"
            label={text("console.path.day")}
            type="date"
            value={today}
            required
          />
          <button type="submit">{text("console.path.consultation.do")}</button>
        </CreditForm>
      </details>
      {checks.map((check) => (
        <CreditForm {...about} type="checked" hidden={{ check: check.id }} plain>
          <button type="submit">{text("console.path.check", { title: read(check.title) })}</button>
        </CreditForm>
      ))}
    </>
  );
}

/** A form that books something for a person in a programme; one that is sent twice books once. */
function CreditForm(given: {
  readonly person: SeenPerson;
  readonly visit: Visit;
  readonly programme: Programme;
  readonly type: string;
  /** What else is sent unseen. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly plain?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { person, visit, programme, type, hidden = {}, plain = false, children } = given;
  const fields = { programme: programme.id, once: randomUUID(), type, ...hidden };
  return (
    <Form action={`/console/people/${person.id}/credit`} csrf={visit.csrf} plain={plain}>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </Form>
  );
}
