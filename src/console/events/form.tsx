import { Temporal } from "temporal-polyfill";
import { changeEvent, type EventFacts, eventFacts, eventForms, planEvent } from "../../events/events.ts";
import { decides, eventFor, plannable, type ReachedEvent } from "../../events/reach.ts";
import { Form, SelectField, TextField } from "../fields.tsx";
import type { Answer, ConsoleDeps, Route, Visit } from "../types.ts";
import { eventIn, isPersonal, note, templatesOf, texts } from "./common.ts";

/** Planning a training day, from the programme's or free, and changing one. */
export const eventFormRoutes: readonly Route[] = [
  { method: "get", path: "/events/new", action: "events.change", handle: begin },
  { method: "post", path: "/events/new", action: "events.change", handle: create },
  { method: "get", path: "/events/:id/edit", action: "events.change", handle: edit },
  { method: "post", path: "/events/:id/edit", action: "events.change", handle: change },
];

type Planned = Pick<ReachedEvent, "cohort" | "leadId">;

/** The cohort that is named, else the first in which this person plans. */
async function cohortIn(visit: Visit, deps: ConsoleDeps, given: URLSearchParams): Promise<Planned | undefined> {
  const all = await plannable(deps.store.db, visit.standing);
  const id = given.get("cohort");
  return id === null ? all[0] : all.find(({ cohort }) => cohort.id === id);
}

async function begin(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await cohortIn(visit, deps, visit.query);
  if (found === undefined) {
    if (visit.query.has("cohort")) return { type: "missing" };
    const t = texts(visit, deps);
    return { type: "page", title: t("events.new"), body: <p>{t("cohorts.none")}</p> };
  }
  const fields = new URLSearchParams(visit.query);
  const missed = await eventFor(deps.store.db, visit.standing, fields.get("makesUpFor") ?? "");
  if (missed !== undefined) for (const [name, value] of fieldsOf(missed.event)) fields.set(name, value);
  const template = templatesOf(visit, deps, found.cohort.programme).find(({ id }) => id === fields.get("template"));
  if (template !== undefined && missed === undefined) {
    fields.set("minutes", String(template.minutes));
    fields.set("kind", template.kind);
    fields.set("unit", template.unit ?? "");
    fields.set("form", template.form === "online" ? "online" : "in-person");
    if (template.overnight) fields.set("overnight", "yes");
  }
  return page(visit, deps, found, undefined, fields, []);
}

async function create(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const found = await cohortIn(visit, deps, visit.form);
  if (found === undefined) return { type: "missing" };
  const read = readForm(visit, deps, found);
  if ("problems" in read) return page(visit, deps, found, undefined, visit.form, read.problems);
  const makesUpFor = visit.form.get("makesUpFor") ?? "";
  const missed = makesUpFor === "" ? undefined : await eventFor(db, visit.standing, makesUpFor);
  if (makesUpFor !== "" && missed === undefined) return { type: "missing" };
  const planning = { cohortId: found.cohort.id, by: visit.person.id, seal: deps.seal };
  const id = await planEvent(db, read.facts, { ...planning, ...(missed ? { makesUpFor } : {}) }, deps.now());
  const organisationId = found.leadId;
  await deps.audit({ actor: visit.person.id, action: "event.plan", subject: id, organisationId });
  return { type: "go", to: `/events/${id}`, said: "events.done.planned" };
}

async function edit(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await eventIn(visit, deps);
  if (found === undefined || !decides(visit.standing, found)) return { type: "missing" };
  return page(visit, deps, found, found, fieldsOf(found.event), []);
}

async function change(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await eventIn(visit, deps);
  if (found === undefined || !decides(visit.standing, found)) return { type: "missing" };
  const read = readForm(visit, deps, found);
  if ("problems" in read) return page(visit, deps, found, found, visit.form, read.problems);
  const isDone = await changeEvent(deps.store.db, found.event.id, read.facts, deps.now());
  if (isDone) await note(visit, deps, found, "event.change");
  return { type: "go", to: `/events/${found.event.id}`, said: isDone ? "events.done.changed" : "events.done.late" };
}

type Read = { readonly facts: EventFacts } | { readonly problems: readonly string[] };

function readForm(visit: Visit, deps: ConsoleDeps, { cohort }: Planned): Read {
  const field = (name: string): string => (visit.form.get(name) ?? "").trim();
  const orNull = (name: string): string | null => (field(name) === "" ? null : field(name));
  const template = orNull("template");
  const problems: string[] = [];
  if (template !== null && !templatesOf(visit, deps, cohort.programme).some(({ id }) => id === template)) {
    problems.push("template");
  }
  const startsAt = instantOf(field("day"), field("from"), field("timeZone"));
  const endsAt = instantOf(orNull("endday") ?? field("day"), field("to"), field("timeZone"));
  if (startsAt === undefined) problems.push("from");
  // Said here too: the facts' own rule is asked only where every field is right.
  if (endsAt === undefined || (startsAt !== undefined && endsAt <= startsAt)) problems.push("to");
  const read = eventFacts.safeParse({
    template,
    title: orNull("title"),
    form: field("form"),
    venue: field("venue"),
    link: field("link"),
    startsAt: startsAt ?? 1,
    endsAt: endsAt ?? 2,
    timeZone: field("timeZone"),
    minutes: Number(field("minutes")),
    kind: field("kind"),
    unit: orNull("unit"),
    places: field("places") === "" ? null : Number(field("places")),
    overnight: visit.form.get("overnight") === "yes",
  });
  if (!read.success) {
    for (const { path } of read.error.issues) problems.push(path[0] === "endsAt" ? "to" : String(path[0]));
  }
  if (isPersonal(visit, deps, `${field("title")}\n${field("venue")}`)) problems.push("guard");
  if (problems.length > 0 || !read.success) return { problems: [...new Set(problems)] };
  return { facts: read.data };
}

/** An instant of the place's own clock; an hour that clocks skip moves on. */
function instantOf(day: string, time: string, timeZone: string): number | undefined {
  try {
    const local = Temporal.PlainDateTime.from(`${day}T${time.replace(".", ":").padStart(5, "0")}`);
    return local.toZonedDateTime(timeZone).epochMilliseconds;
  } catch {
    return undefined;
  }
}

function fieldsOf(event: EventFacts): URLSearchParams {
  const local = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(event.timeZone);
  const [start, end] = [local(event.startsAt), local(event.endsAt)];
  const [day, endday] = [start.toPlainDate().toString(), end.toPlainDate().toString()];
  return new URLSearchParams({
    template: event.template ?? "",
    title: event.title ?? "",
    form: event.form,
    venue: event.venue,
    link: event.link,
    day,
    from: start.toPlainTime().toString().slice(0, 5),
    endday: endday === day ? "" : endday,
    to: end.toPlainTime().toString().slice(0, 5),
    timeZone: event.timeZone,
    minutes: String(event.minutes),
    kind: event.kind,
    unit: event.unit ?? "",
    places: event.places === null ? "" : String(event.places),
    ...(event.overnight ? { overnight: "yes" } : {}),
  });
}

async function page(
  visit: Visit,
  deps: ConsoleDeps,
  planned: Planned,
  found: ReachedEvent | undefined,
  fields: URLSearchParams,
  problems: readonly string[],
): Promise<Answer> {
  const t = texts(visit, deps);
  const { cohort } = planned;
  const person = await deps.store.db.person.findUnique({
    where: { id: visit.person.id },
    select: { timeZone: true },
  });
  const cohorts = found === undefined ? await plannable(deps.store.db, visit.standing) : [];
  const value = (name: string, otherwise = ""): string => fields.get(name) ?? otherwise;
  const text = (
    name: string,
    more: Omit<Parameters<typeof TextField>[0], "id" | "label" | "value"> = {},
    usual = "",
  ) => <TextField id={name} label={t(`events.field.${name}`)} value={value(name, usual)} {...more} />;
  const templates = templatesOf(visit, deps, cohort.programme);
  const makesUpFor = value("makesUpFor");
  return {
    type: "page",
    title: t(found === undefined ? "events.new" : "events.edit"),
    ...(problems.length === 0 ? {} : { status: 422 }),
    body: (
      <>
        {problems.length === 0 ? null : (
          <div class="problem" role="alert">
            <p>{t(problems.includes("guard") ? "events.guard" : "cohorts.form.problem")}</p>
            <ul>
              {problems
                .filter((name) => name !== "guard")
                .map((name) => (
                  <li>{t(`events.field.${name}`)}</li>
                ))}
            </ul>
          </div>
        )}
        {cohorts.length < 2 && templates.length === 0 ? null : found === undefined ? (
          <form method="get" action="/console/events/new" class="row">
            {makesUpFor === "" ? null : <input type="hidden" name="makesUpFor" value={makesUpFor} />}
            <div>
              <SelectField
                id="which"
                name="cohort"
                label={t("events.col.cohort")}
                value={cohort.id}
                options={cohorts.map((one) => ({ value: one.cohort.id, label: one.cohort.name }))}
              />
            </div>
            <div>
              <SelectField
                id="from-template"
                name="template"
                label={t("events.field.template")}
                value={value("template")}
                options={[
                  { value: "", label: t("events.template.free") },
                  ...templates.map(({ id, name }) => ({ value: id, label: name })),
                ]}
              />
            </div>
            <button type="submit">{t("console.table.show")}</button>
          </form>
        ) : null}
        <Form
          action={found === undefined ? "/console/events/new" : `/console/events/${found.event.id}/edit`}
          csrf={visit.csrf}
        >
          <input type="hidden" name="cohort" value={cohort.id} />
          <input type="hidden" name="template" value={value("template")} />
          {makesUpFor === "" ? null : <input type="hidden" name="makesUpFor" value={makesUpFor} />}
          <p>
            <strong>{cohort.name}</strong>
            {templates.some(({ id }) => id === value("template"))
              ? `: ${templates.find(({ id }) => id === value("template"))?.name}`
              : ""}
          </p>
          {text("title", { most: 120, hint: t("events.hint.title") })}
          <SelectField
            id="form"
            label={t("events.field.form")}
            value={value("form", "in-person")}
            options={eventForms.map((one) => ({ value: one, label: t(`events.form.${one}`) }))}
          />
          {text("venue")}
          {text("link", { most: 500 })}
          {text("day", { type: "date", required: true })}
          {text("from", { type: "time", required: true, hint: t("events.hint.time") })}
          {text("endday", { type: "date", hint: t("events.hint.endday") })}
          {text("to", { type: "time", required: true })}
          {text("timeZone", { required: true }, person?.timeZone ?? "UTC")}
          {text("minutes", { type: "number", required: true })}
          {text("kind", { required: true, most: 40 }, "live")}
          {text("unit")}
          {text("places", { type: "number", hint: t("cohorts.hint.places") })}
          <label class="tick">
            <input type="checkbox" name="overnight" value="yes" checked={value("overnight") === "yes"} />
            {t("events.field.overnight")}
          </label>
          <button type="submit" class="main">
            {t("cohorts.save")}
          </button>
        </Form>
      </>
    ),
  };
}
