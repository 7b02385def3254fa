import type { JSX } from "preact";
import type { Written } from "../broadcasts/service.ts";
import { audienceSchema, type Content, contentSchema, timingSchema } from "../broadcasts/types.ts";
import { inLanguage } from "../domain/programme.ts";
import { topics } from "../domain/topics.ts";
import { roles } from "../people/access.ts";
import { Form, SelectField, TextField } from "./fields.tsx";
import type { ConsoleDeps, Visit } from "./types.ts";

/** What can be chosen in the form, as far as this person may write to it. */
export async function choicesOf(visit: Visit, deps: ConsoleDeps) {
  const { db } = deps.store;
  const reach = [...visit.standing.within("broadcasts.send")];
  const named = (rows: readonly { readonly id: string; readonly name: string }[]) =>
    rows.map(({ id, name }) => ({ value: id, label: name }));
  const [cohorts, organisations, filters] = await Promise.all([
    db.cohort.findMany({
      where: { parts: { some: { organisationId: { in: reach } } } },
      orderBy: { createdAt: "desc" },
      take: 200,
      select: { id: true, name: true },
    }),
    db.organisation.findMany({ where: { id: { in: reach } }, select: { id: true, name: true, region: true } }),
    db.filter.findMany({ where: { organisationId: { in: reach } }, select: { id: true, name: true } }),
  ]);
  const regions = [...new Set(organisations.flatMap(({ region }) => (region === null ? [] : [region])))].sort();
  return {
    cohorts: named(cohorts),
    organisations: named(organisations),
    regions: regions.map((region) => ({ value: region, label: region })),
    filters: named(filters),
    notDone: deps.catalogue.programmes.flatMap((programme) =>
      programme.units.flatMap((unit) => [
        { value: `${programme.id}|unit|${unit.id}`, label: inLanguage(unit.title, visit.language) },
        ...unit.lessons.map((lesson) => ({
          value: `${programme.id}|lesson|${lesson.id}`,
          label: `${lesson.id} ${inLanguage(lesson.title, visit.language)}`,
        })),
        { value: `${programme.id}|check|${unit.check.id}`, label: unit.check.id },
      ]),
    ),
  };
}

/** The name of a language in the language of the page. */
export function languageName(language: string, page: string): string {
  return new Intl.DisplayNames([page], { type: "language" }).of(language) ?? language;
}

/** The form of a draft. */
export function DraftForm(given: {
  readonly visit: Visit;
  readonly deps: ConsoleDeps;
  readonly action: string;
  readonly choices: Awaited<ReturnType<typeof choicesOf>>;
  readonly written?: Written;
  /** A correction goes to those who got what it corrects: only its text can be chosen. */
  readonly onlyText?: boolean;
}): JSX.Element {
  const { visit, deps, action, choices, written, onlyText = false } = given;
  const t = (key: string, args?: Record<string, string | number>) => deps.words.text(visit.language, key, args);
  const audience = written?.audience ?? {};
  const any = { value: "", label: t("broadcast.c.any") };
  const notDone =
    audience.notDone === undefined
      ? ""
      : `${audience.notDone.programme}|${audience.notDone.kind}|${audience.notDone.id}`;
  const select = (id: string, value: string | undefined, options: readonly { value: string; label: string }[]) =>
    options.length === 0 ? null : (
      <SelectField id={id} label={t(`broadcast.c.${id}`)} value={value ?? ""} options={[any, ...options]} />
    );
  const timing = written?.timing;
  return (
    <Form action={action} csrf={visit.csrf}>
      {onlyText ? null : (
        <fieldset>
          <legend>{t("broadcast.c.whom")}</legend>
          <p class="hint">{t("broadcast.c.whom.hint")}</p>
          {select("cohort", audience.cohort, choices.cohorts)}
          {select(
            "role",
            audience.role,
            roles.map((role) => ({ value: role, label: t(`role.${role}`) })),
          )}
          {select("organisation", audience.organisation, choices.organisations)}
          {select("region", audience.region, choices.regions)}
          {select(
            "topic",
            audience.topic,
            topics.map((topic) => ({ value: topic, label: t(`broadcast.topic.${topic}`) })),
          )}
          {select("notdone", notDone, choices.notDone)}
          {select("filter", audience.filter, choices.filters)}
        </fieldset>
      )}
      <fieldset>
        <legend>{t("broadcast.c.text")}</legend>
        <p class="hint">{t("broadcast.c.text.hint")}</p>
        {deps.words.languages.map((language) => (
          <Texts t={t} page={visit.language} language={language} content={written?.content} />
        ))}
        <label class="tick">
          <input type="checkbox" name="next" value="yes" checked={written?.content.next === true} />{" "}
          {t("broadcast.c.next")}
        </label>
        <label class="tick">
          <input type="checkbox" name="acknowledge" value="yes" checked={written?.content.acknowledge === true} />{" "}
          {t("broadcast.c.ackbox")}
        </label>
      </fieldset>
      {onlyText ? null : (
        <fieldset>
          <legend>{t("broadcast.c.when")}</legend>
          <label for="at">{t("broadcast.c.at")}</label>
          <input id="at" name="at" type="datetime-local" value={timing?.kind === "at" ? timing.at : ""} />
          <TextField
            id="zone"
            label={t("broadcast.c.zone")}
            value={timing?.kind === "at" ? (timing.zone ?? "") : ""}
            hint={t("broadcast.c.zone.hint")}
          />
        </fieldset>
      )}
      <button type="submit" class="main">
        {t("broadcast.c.save")}
      </button>
    </Form>
  );
}

function Texts(given: {
  readonly t: (key: string, args?: Record<string, string | number>) => string;
  readonly page: string;
  readonly language: string;
  readonly content: Content | undefined;
}): JSX.Element {
  const { t, page, language, content } = given;
  const name = languageName(language, page);
  const options = content?.options.map((option) => option[language] ?? "").join("\n") ?? "";
  return (
    <>
      <label for={`text-${language}`}>{t("broadcast.c.textin", { language: name })}</label>
      <textarea id={`text-${language}`} name={`text-${language}`} rows={4} lang={language}>
        {content?.texts[language] ?? ""}
      </textarea>
      <details>
        <summary>{t("broadcast.c.answers")}</summary>
        <label for={`options-${language}`}>{t("broadcast.c.options", { language: name })}</label>
        <textarea id={`options-${language}`} name={`options-${language}`} rows={3} lang={language}>
          {options}
        </textarea>
      </details>
    </>
  );
}

/** What the form says; undefined where it is not complete. */
export function writtenIn(form: URLSearchParams, languages: readonly string[]): Written | undefined {
  const field = (name: string): string => form.get(name)?.trim() ?? "";
  const filled = (names: readonly string[]) =>
    names.flatMap((name) => (field(name) === "" ? [] : [[name, field(name)]]));
  const [programme, kind, id] = field("notdone").split("|");
  const audience = audienceSchema.safeParse({
    ...Object.fromEntries(filled(["cohort", "role", "organisation", "region", "topic", "filter"])),
    ...(field("notdone") === "" ? {} : { notDone: { programme, kind, id } }),
  });
  const zone = field("zone");
  const timing = timingSchema.safeParse(
    field("at") === "" ? { kind: "now" } : { kind: "at", at: field("at"), zone: zone === "" ? null : zone },
  );
  const content = contentIn(form, languages);
  if (!audience.success || !timing.success || content === undefined) return undefined;
  return { audience: audience.data, content, timing: timing.data };
}

/** The texts and buttons in a form; undefined where there is no text or are too many answers. */
export function contentIn(form: URLSearchParams, languages: readonly string[]): Content | undefined {
  const field = (name: string): string => (form.get(name) ?? "").replaceAll("\r\n", "\n").trim();
  const texts = languages.flatMap((language) => {
    const text = field(`text-${language}`);
    return text === "" ? [] : [[language, text] as const];
  });
  const lines = languages.map((language) => [language, field(`options-${language}`).split("\n")] as const);
  const most = Math.max(0, ...lines.map(([, answers]) => (answers.join("") === "" ? 0 : answers.length)));
  const options = Array.from({ length: most }, (_, index) =>
    Object.fromEntries(
      lines.flatMap(([language, answers]) => {
        const answer = answers[index]?.trim() ?? "";
        return answer === "" ? [] : [[language, answer]];
      }),
    ),
  );
  const found = contentSchema.safeParse({
    texts: Object.fromEntries(texts),
    next: form.get("next") === "yes",
    acknowledge: form.get("acknowledge") === "yes",
    options,
  });
  return found.success && texts.length > 0 ? found.data : undefined;
}
