import { type Draft, readDraft } from "../../authoring/drafts.ts";
import { inLanguage, languageFor, type Programme } from "../../domain/programme.ts";
import { rootId } from "../../people/standing.ts";
import type { ConsoleDeps, Visit } from "../types.ts";

export type T = (key: string, args?: Record<string, string | number>) => string;

/** The words of these pages. */
export function textOf(visit: Visit, deps: ConsoleDeps): T {
  return (key, args) => deps.words.text(visit.language, `programmes.${key}`, args);
}

/** The draft that an address names, where the visitor may write in it. */
export async function draftOf(visit: Visit, deps: ConsoleDeps): Promise<Draft | undefined> {
  const draft = await readDraft(deps.store.db, visit.params.id ?? "");
  const may = draft && visit.standing.may("programmes.write", draft);
  return may ? draft : undefined;
}

/** Whether the visitor may say yes to drafts of this programme, as far as rights go. */
export function mayPublish({ standing }: Visit, programme: string): boolean {
  return standing.may("programmes.publish", { organisationId: rootId, programme });
}

/** Where somebody's draft of a programme belongs: the house where they are its author, else the first organisation. */
export function homeOf({ standing }: Visit, programme: string): string | undefined {
  const within = standing
    .withinSome("programmes.write")
    .filter((organisationId) => standing.may("programmes.write", { organisationId, programme }));
  return within.find((id) => id === rootId) ?? within[0];
}

/** A programme's title as the visitor reads it. */
export function titleOf(programme: Programme, language: string): string {
  return inLanguage(programme.title, languageFor(programme.languages, [language]));
}

/** The address of a file of a draft, at a line where one is given. */
export function fileAddress(id: string, path: string, line?: number): string {
  return `/console/programmes/${id}/file?${new URLSearchParams({ path })}${line === undefined ? "" : `#line-${line}`}`;
}
