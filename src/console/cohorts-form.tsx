import type { JSX } from "preact";
import {
  type Cohort,
  type CohortFacts,
  changeCohort,
  cohortFacts,
  createCohort,
  setParts,
} from "../cohorts/cohorts.ts";
import { fillPlaces } from "../cohorts/members.ts";
import { cohortFor, leads } from "../cohorts/reach.ts";
import { Form, SelectField, TextField } from "./fields.tsx";
import type { Answer, ConsoleDeps, Route, Visit } from "./types.ts";

/** Making a cohort and changing what is known about it. */
export const cohortFormRoutes: readonly Route[] = [
  {
    method: "get",
    path: "/cohorts/new",
    action: "cohorts.change",
    handle: (visit, deps) => formPage(visit, deps, undefined, new URLSearchParams(), []),
  },
  { method: "post", path: "/cohorts/new", action: "cohorts.change", handle: create },
  { method: "get", path: "/cohorts/:id/edit", action: "cohorts.change", handle: edit },
  { method: "post", path: "/cohorts/:id/edit", action: "cohorts.change", handle: change },
];

async function create(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const read = factsOf(visit.form);
  const organisationId = visit.form.get("organisation") ?? "";
  if (!read.success) return formPage(visit, deps, undefined, visit.form, read.problems);
  const { facts } = read;
  if (deps.catalogue.get(facts.programme, facts.version) === undefined) {
    return formPage(visit, deps, undefined, visit.form, ["programme"]);
  }
  if (!visit.standing.may("cohorts.change", { organisationId, programme: facts.programme })) return { type: "missing" };
  const id = await createCohort(db, facts, organisationId, deps.now());
  await setParts(db, id, await partsOf(visit));
  await deps.audit({ actor: visit.person.id, action: "cohort.create", subject: id, organisationId });
  return { type: "go", to: `/cohorts/${id}`, said: "cohorts.said.saved" };
}

async function edit(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await cohortFor(deps.store.db, visit.standing, visit.params.id ?? "");
  if (found === undefined || !leads(visit.standing, found)) return { type: "missing" };
  const parts = found.parts.map((part) => part.organisationId);
  return formPage(visit, deps, found.cohort, fieldsOf(found.cohort, parts), []);
}

async function change(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const found = await cohortFor(db, visit.standing, visit.params.id ?? "");
  if (found === undefined || !leads(visit.standing, found)) return { type: "missing" };
  const { id, programme, version } = found.cohort;
  // Whoever learns in it has begun with this version: it stays.
  visit.form.set("programme", `${programme}@${version}`);
  const read = factsOf(visit.form);
  if (!read.success) return formPage(visit, deps, found.cohort, visit.form, read.problems);
  await changeCohort(db, id, read.facts);
  await setParts(db, id, await partsOf(visit));
  await fillPlaces(db, id, deps.now());
  await deps.audit({
    actor: visit.person.id,
    action: "cohort.change",
    subject: id,
    organisationId: found.leadId,
  });
  return { type: "go", to: `/cohorts/${id}`, said: "cohorts.said.saved" };
}

/** Only organisations that this person decides about can be made responsible. */
async function partsOf(visit: Visit): Promise<readonly string[]> {
  const own = new Set(visit.standing.withinSome("cohorts.change"));
  return visit.form.getAll("part").filter((id) => own.has(id));
}

type Read =
  | { readonly success: true; readonly facts: CohortFacts }
  | { readonly success: false; readonly problems: readonly string[] };

function factsOf(form: URLSearchParams): Read {
  const text = (name: string): string => (form.get(name) ?? "").trim();
  const orNull = (name: string): string | null => (text(name) === "" ? null : text(name));
  const [programme = "", version = ""] = text("programme").split("@");
  const ticks = [...form]
    .filter(([name]) => name.startsWith("ticks-"))
    .map(([name, value]) => [name.slice("ticks-".length), value.split(/\r?\n/u).map((one) => one.trim())] as const)
    .map(([language, lines]) => [language, lines.filter((line) => line !== "")] as const)
    .filter(([, lines]) => lines.length > 0);
  const parsed = cohortFacts.safeParse({
    name: text("name"),
    programme,
    version,
    languages: form.getAll("language"),
    pace:
      text("pace") === "drip" ? { kind: "drip", from: text("from"), every: Number(text("every")) } : { kind: "own" },
    startsOn: orNull("startsOn"),
    endsOn: orNull("endsOn"),
    places: orNull("places") === null ? null : Number(text("places")),
    joining: text("joining"),
    ticks: Object.fromEntries(ticks),
  });
  if (parsed.success) return { success: true, facts: parsed.data };
  return { success: false, problems: [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))] };
}

function fieldsOf(cohort: Cohort, parts: readonly string[]): URLSearchParams {
  const { pace } = cohort;
  const fields = new URLSearchParams({
    name: cohort.name,
    programme: `${cohort.programme}@${cohort.version}`,
    pace: pace.kind,
    from: pace.kind === "drip" ? pace.from : "",
    every: pace.kind === "drip" ? String(pace.every) : "7",
    startsOn: cohort.startsOn ?? "",
    endsOn: cohort.endsOn ?? "",
    places: cohort.places === null ? "" : String(cohort.places),
    joining: cohort.joining,
  });
  for (const language of cohort.languages) fields.append("language", language);
  for (const part of parts) fields.append("part", part);
  for (const [language, lines] of Object.entries(cohort.ticks)) fields.set(`ticks-${language}`, lines.join("\n"));
  return fields;
}

async function formPage(
  visit: Visit,
  deps: ConsoleDeps,
  cohort: Cohort | undefined,
  form: URLSearchParams,
  problems: readonly string[],
): Promise<Answer> {
  const t = (key: string, args?: Record<string, string | number>) => deps.words.text(visit.language, key, args);
  const own = [...visit.standing.withinSome("cohorts.change")];
  const organisations = await deps.store.db.organisation.findMany({
    where: { id: { in: own } },
    orderBy: { name: "asc" },
    select: { id: true, name: true },
  });
  const shown = organisations.map(({ id, name }) => ({ value: id, label: name === "" ? t("cohorts.root") : name }));
  const title = cohort === undefined ? t("cohorts.new") : t("cohorts.edit.title", { name: cohort.name });
  return {
    type: "page",
    title,
    ...(problems.length > 0 ? { status: 422 } : {}),
    body: (
      <>
        {problems.length === 0 ? null : (
          <div class="problem" role="alert">
            <p>{t("cohorts.form.problem")}</p>
            <ul>
              {problems.map((field) => (
                <li>{t(`cohorts.field.${field}`)}</li>
              ))}
            </ul>
          </div>
        )}
        <Form action={`/console/cohorts/${cohort === undefined ? "new" : `${cohort.id}/edit`}`} csrf={visit.csrf}>
          <Fields
            t={t}
            form={form}
            deps={deps}
            language={visit.language}
            organisations={shown}
            fresh={cohort === undefined}
          />
          <button class="main" type="submit">
            {t("cohorts.save")}
          </button>
        </Form>
      </>
    ),
  };
}

interface FieldsGiven {
  readonly t: (key: string, args?: Record<string, string | number>) => string;
  readonly form: URLSearchParams;
  readonly deps: ConsoleDeps;
  readonly language: string;
  readonly organisations: readonly { readonly value: string; readonly label: string }[];
  readonly fresh: boolean;
}

function Fields({ t, form, deps, language, organisations, fresh }: FieldsGiven): JSX.Element {
  const value = (name: string): string => form.get(name) ?? "";
  const named = (code: string): string => new Intl.DisplayNames([language], { type: "language" }).of(code) ?? code;
  const versions = deps.catalogue.programmes.map((one) => ({
    value: `${one.id}@${one.version}`,
    label: `${one.title[language] ?? one.title[one.languages[0] ?? "en"] ?? one.id} (${one.version})`,
  }));
  const choices = (field: string, values: readonly string[]) =>
    values.map((one) => ({ value: one, label: t(`cohorts.${field}.${one}`) }));
  return (
    <>
      <TextField id="name" label={t("cohorts.field.name")} value={value("name")} required most={80} />
      {fresh ? <SelectField id="programme" label={t("cohorts.field.programme")} options={versions} /> : null}
      {fresh ? <SelectField id="organisation" label={t("cohorts.field.lead")} options={organisations} /> : null}
      <Ticks
        legend={t("cohorts.field.languages")}
        name="language"
        form={form}
        options={deps.words.languages.map((code) => ({ value: code, label: named(code) }))}
      />
      <SelectField
        id="pace"
        label={t("cohorts.field.pace")}
        value={value("pace")}
        options={choices("pace", ["own", "drip"])}
      />
      <TextField id="from" type="date" label={t("cohorts.field.from")} value={value("from")} />
      <TextField id="every" type="number" label={t("cohorts.field.every")} value={value("every") || "7"} />
      <TextField id="startsOn" type="date" label={t("cohorts.field.startsOn")} value={value("startsOn")} />
      <TextField id="endsOn" type="date" label={t("cohorts.field.endsOn")} value={value("endsOn")} />
      <TextField
        id="places"
        type="number"
        label={t("cohorts.field.places")}
        hint={t("cohorts.hint.places")}
        value={value("places")}
      />
      <SelectField
        id="joining"
        label={t("cohorts.field.joining")}
        value={value("joining")}
        options={choices("joining", ["code", "apply", "open"])}
      />
      <fieldset>
        <legend>{t("cohorts.field.ticks")}</legend>
        <p class="hint">{t("cohorts.hint.ticks")}</p>
        {deps.words.languages.map((code) => (
          <>
            <label for={`ticks-${code}`}>{named(code)}</label>
            <textarea id={`ticks-${code}`} name={`ticks-${code}`} lang={code} maxLength={3300}>
              {value(`ticks-${code}`)}
            </textarea>
          </>
        ))}
      </fieldset>
      {organisations.length > 1 ? (
        <Ticks legend={t("cohorts.field.parts")} name="part" form={form} options={organisations} />
      ) : null}
    </>
  );
}

function Ticks(given: {
  readonly legend: string;
  readonly name: string;
  readonly form: URLSearchParams;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}): JSX.Element {
  const chosen = new Set(given.form.getAll(given.name));
  return (
    <fieldset>
      <legend>{given.legend}</legend>
      {given.options.map(({ value, label }) => (
        <label class="tick">
          <input type="checkbox" name={given.name} value={value} checked={chosen.has(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
