import type { JSX } from "preact";
import type { Written } from "../broadcasts/service.ts";
import { inLanguage } from "../domain/programme.ts";
import { topics } from "../domain/topics.ts";
import { roles } from "../people/access.ts";
import { SelectField, TextField } from "./fields.tsx";
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
    // A filter by words or reachability stands for no group that somebody could write to.
    db.filter.findMany({
      where: { organisationId: { in: reach }, filter: { contains: '"audience"' } },
      select: { id: true, name: true },
    }),
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

/** What the fields of the form hold for something that is written already. */
export function valuesOf({ audience, content, timing }: Written): URLSearchParams {
  const { notDone, ...named } = audience;
  const values = new URLSearchParams();
  for (const [name, value] of Object.entries(named)) if (value !== undefined) values.set(name, value);
  if (notDone !== undefined) values.set("notdone", `${notDone.programme}|${notDone.kind}|${notDone.id}`);
  for (const [language, text] of Object.entries(content.texts)) {
    values.set(`text-${language}`, text);
    values.set(`options-${language}`, content.options.map((option) => option[language] ?? "").join("\n"));
  }
  for (const [language, alt] of Object.entries(content.picture?.alt ?? {})) values.set(`alt-${language}`, alt);
  if (content.picture !== undefined) values.set("pictureid", content.picture.id);
  for (const tick of ticks) if (content[tick] === true) values.set(tick, "yes");
  if (timing.urgent === true) values.set("urgent", "yes");
  if (timing.kind === "at") {
    values.set("at", timing.at);
    values.set("zone", timing.zone ?? "");
  }
  return values;
}

/** What is ticked or not. */
const ticks = ["next", "acknowledge", "reply", "group"] as const;

/** What an empty form begins with. */
export const blankValues = new URLSearchParams({ reply: "yes" });

/** The form of a draft, filled with what is in it so far. */
export function DraftForm(given: {
  readonly visit: Visit;
  readonly deps: ConsoleDeps;
  readonly action: string;
  readonly choices: Awaited<ReturnType<typeof choicesOf>>;
  readonly values: URLSearchParams;
  /** A correction goes to those who got what it corrects: only its text can be chosen. */
  readonly onlyText?: boolean;
}): JSX.Element {
  const { visit, deps, action, choices, values, onlyText = false } = given;
  const t = (key: string, args?: Record<string, string | number>) => deps.words.text(visit.language, key, args);
  const any = { value: "", label: t("broadcast.c.any") };
  const select = (id: string, options: readonly { value: string; label: string }[]) =>
    options.length === 0 ? null : (
      <SelectField id={id} label={t(`broadcast.c.${id}`)} value={values.get(id) ?? ""} options={[any, ...options]} />
    );
  const tick = (id: (typeof ticks)[number] | "urgent", label: string) => (
    <label class="tick">
      <input type="checkbox" name={id} value="yes" checked={values.get(id) === "yes"} /> {t(label)}
    </label>
  );
  return (
    <form method="post" action={action} encType="multipart/form-data" class="stack">
      <input type="hidden" name="csrf" value={visit.csrf} />
      {onlyText ? null : (
        <fieldset>
          <legend>{t("broadcast.c.whom")}</legend>
          <p class="hint">{t("broadcast.c.whom.hint")}</p>
          {select("cohort", choices.cohorts)}
          {select(
            "role",
            roles.map((role) => ({ value: role, label: t(`role.${role}`) })),
          )}
          {select("organisation", choices.organisations)}
          {select("region", choices.regions)}
          {select(
            "topic",
            topics.map((topic) => ({ value: topic, label: t(`broadcast.topic.${topic}`) })),
          )}
          {select("notdone", choices.notDone)}
          {select("filter", choices.filters)}
        </fieldset>
      )}
      <fieldset>
        <legend>{t("broadcast.c.text")}</legend>
        <p class="hint">{t("broadcast.c.text.hint")}</p>
        {deps.words.languages.map((language) => (
          <Texts t={t} page={visit.language} language={language} values={values} />
        ))}
        {tick("next", "broadcast.c.next")}
        {tick("acknowledge", "broadcast.c.ackbox")}
        {tick("reply", "broadcast.c.replybox")}
        {onlyText ? null : tick("group", "broadcast.c.groupbox")}
      </fieldset>
      <PictureFields t={t} page={visit.language} languages={deps.words.languages} values={values} />
      {onlyText ? null : (
        <fieldset>
          <legend>{t("broadcast.c.when")}</legend>
          <label for="at">{t("broadcast.c.at")}</label>
          <input id="at" name="at" type="datetime-local" value={values.get("at") ?? ""} />
          <TextField
            id="zone"
            label={t("broadcast.c.zone")}
            value={values.get("zone") ?? ""}
            hint={t("broadcast.c.zone.hint")}
          />
          {tick("urgent", "broadcast.c.urgent")}
        </fieldset>
      )}
      <button type="submit" class="main">
        {t("broadcast.c.save")}
      </button>
    </form>
  );
}

type T = (key: string, args?: Record<string, string | number>) => string;

function Texts(given: {
  readonly t: T;
  readonly page: string;
  readonly language: string;
  readonly values: URLSearchParams;
}): JSX.Element {
  const { t, page, language, values } = given;
  const name = languageName(language, page);
  const options = values.get(`options-${language}`) ?? "";
  return (
    <>
      <label for={`text-${language}`}>{t("broadcast.c.textin", { language: name })}</label>
      <textarea id={`text-${language}`} name={`text-${language}`} rows={4} lang={language}>
        {values.get(`text-${language}`) ?? ""}
      </textarea>
      <details open={options.trim() !== ""}>
        <summary>{t("broadcast.c.answers")}</summary>
        <label for={`options-${language}`}>{t("broadcast.c.options", { language: name })}</label>
        <textarea id={`options-${language}`} name={`options-${language}`} rows={3} lang={language}>
          {options}
        </textarea>
      </details>
    </>
  );
}

function PictureFields(given: {
  readonly t: T;
  readonly page: string;
  readonly languages: readonly string[];
  readonly values: URLSearchParams;
}): JSX.Element {
  const { t, page, languages, values } = given;
  const kept = values.get("pictureid") ?? "";
  return (
    <fieldset>
      <legend>{t("broadcast.c.picture")}</legend>
      {kept === "" ? null : (
        <>
          <input type="hidden" name="pictureid" value={kept} />
          <p>{t("broadcast.c.picture.kept")}</p>
          <label class="tick">
            <input type="checkbox" name="nopicture" value="yes" /> {t("broadcast.c.picture.none")}
          </label>
        </>
      )}
      <label for="picture">{t("broadcast.c.picture.file")}</label>
      <p class="hint" id="picture-hint">
        {t("broadcast.c.picture.hint")}
      </p>
      <input id="picture" name="picture" type="file" accept="image/png,image/jpeg" aria-describedby="picture-hint" />
      {languages.map((language) => (
        <>
          <label for={`alt-${language}`}>
            {t("broadcast.c.picture.alt", { language: languageName(language, page) })}
          </label>
          <input
            id={`alt-${language}`}
            name={`alt-${language}`}
            value={values.get(`alt-${language}`) ?? ""}
            maxLength={300}
            autocomplete="off"
            lang={language}
          />
        </>
      ))}
    </fieldset>
  );
}
