import { inLanguage, languageFor } from "../../domain/programme.ts";
import { titleOf } from "../../domain/training-day.ts";
import { type Listed, listOf } from "../../events/list.ts";
import { eventFor, type ReachedEvent } from "../../events/reach.ts";
import { createCoding } from "../../events/secrets.ts";
import { look } from "../../privacy/look.ts";
import { showTime } from "../show.ts";
import type { Column } from "../table.tsx";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";

/** Texts in the visitor's language. */
export function texts(visit: Visit, deps: ConsoleDeps) {
  return (key: string, args?: Record<string, string | number>): string => deps.words.text(visit.language, key, args);
}
export type T = ReturnType<typeof texts>;

/** The session that the address names, where this person may see it. */
export function eventIn(visit: Visit, deps: ConsoleDeps): Promise<ReachedEvent | undefined> {
  return eventFor(deps.store.db, visit.standing, visit.params.id ?? "");
}

/** What a session is called, for the visitor. */
export function nameOf(visit: Visit, deps: ConsoleDeps, { event, cohort }: ReachedEvent): string {
  return titleOf(deps.catalogue.get(cohort.programme), event, visit.language, ...deps.words.languages);
}

/** When a session is, by the clock of its place. */
export function whenOf(visit: Visit, { event }: ReachedEvent): string {
  return `${showTime(visit.language, event.startsAt, event.timeZone)} – ${showTime(visit.language, event.endsAt, event.timeZone)}`;
}

/** The training days that a programme has, newest version, for the visitor. */
export function templatesOf(visit: Visit, deps: ConsoleDeps, programmeId: string) {
  const programme = deps.catalogue.get(programmeId);
  if (programme === undefined) return [];
  const language = languageFor(programme.languages, [visit.language, ...deps.words.languages]);
  return (programme.events ?? []).map((template) => ({ ...template, name: inLanguage(template.title, language) }));
}

/** Whether a text that everybody on a list reads says what belongs to one person. */
export function isPersonal(visit: Visit, deps: ConsoleDeps, text: string): boolean {
  const { danger, findings } = look(
    text,
    visit.language,
    deps.adapters.map(({ channel }) => channel),
  );
  return danger || findings.some((kind) => kind === "personal-number" || kind === "phone" || kind === "case");
}

/** Reads check-in codes for pages. */
export function codingOf(deps: ConsoleDeps) {
  return createCoding({ db: deps.store.db, now: deps.now, open: deps.open });
}

/** The session that the address names with everybody on its list, as far as this person may see both. */
export async function listedIn(
  visit: Visit,
  deps: ConsoleDeps,
): Promise<{ readonly found: ReachedEvent; readonly people: readonly Listed[] } | undefined> {
  const found = await eventIn(visit, deps);
  return found && { found, people: await listOf(deps.store.db, visit.standing, found) };
}

/** What somebody on a list is called. */
export function personName(t: T, { name }: Pick<Listed, "name">): string {
  return name === "" ? t("cohorts.nameless") : name;
}

/** What a list says of everybody on it. */
export function columnsFor(t: T): readonly Column<Listed>[] {
  return [
    { id: "name", label: t("cohorts.column.name"), value: (person) => personName(t, person) },
    { id: "organisation", label: t("cohorts.column.organisation"), value: ({ organisation }) => organisation },
    { id: "state", label: t("cohorts.column.state"), value: ({ state }) => t(`events.seat.${state}`) },
    {
      id: "night",
      label: t("events.col.night"),
      value: ({ overnight }) => (overnight === "yes" || overnight === "no" ? t(`events.night.${overnight}`) : null),
    },
    {
      id: "attendance",
      label: t("events.col.attendance"),
      value: ({ attendance }) => (attendance === null ? null : t(`events.att.${attendance}`)),
    },
    { id: "minutes", label: t("events.col.minutes"), value: ({ minutes }) => minutes },
  ];
}

/** Back to a page that says what came of a step; what was done is written down, what was too late is not. */
export async function after(
  visit: Visit,
  deps: ConsoleDeps,
  found: ReachedEvent,
  step: {
    readonly isDone: boolean;
    readonly action: string;
    readonly detail?: Record<string, string | number>;
    /** What is said where it was done: the end of a key below `events.done.`. */
    readonly said: string;
    /** Below the session's page. */
    readonly page?: string;
  },
): Promise<Answer> {
  const { isDone, action, detail, said, page = "" } = step;
  if (isDone) await note(visit, deps, found, action, detail);
  return { type: "go", to: `/events/${found.event.id}${page}`, said: `events.done.${isDone ? said : "late"}` };
}

/** Writes the trail of what was done about a session. */
export async function note(
  visit: Visit,
  deps: ConsoleDeps,
  found: ReachedEvent,
  action: string,
  detail: Record<string, string | number> = {},
): Promise<void> {
  const { event, leadId: organisationId } = found;
  await deps.audit({ actor: visit.person.id, action, subject: event.id, organisationId, detail });
}
