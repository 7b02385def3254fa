import { type InviteDeps, openInvitations } from "../cohorts/invitations.ts";
import { cohortFor, leads, type ReachedCohort } from "../cohorts/reach.ts";
import type { T } from "./cohorts-parts.tsx";
import type { Answer, ConsoleDeps, Visit } from "./types.ts";

/** The cohort, where this person may invite to it. */
export async function invitable(visit: Visit, deps: ConsoleDeps): Promise<ReachedCohort | undefined> {
  const found = await cohortFor(deps.store.db, visit.standing, visit.params.id ?? "");
  return found !== undefined && leads(visit.standing, found) && organisationsOf(visit, found).length > 0
    ? found
    : undefined;
}

/** The responsible organisations for which this person may invite. */
export function organisationsOf(visit: Visit, { cohort, parts }: ReachedCohort): ReachedCohort["parts"] {
  return parts.filter(({ organisationId }) =>
    visit.standing.may("people.invite", { organisationId, programme: cohort.programme }),
  );
}

/** Who is invited and has not come yet, with the links, to be sent by hand. */
export async function listFile(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await invitable(visit, deps);
  if (found === undefined) return { type: "missing" };
  const own = organisationsOf(visit, found).map((part) => part.organisationId);
  const t = text(visit, deps);
  const lines = [["name", "email", "code", "link"].map((name) => quoted(t(`cohorts.column.${name}`))).join(";")];
  for await (const piece of openInvitations(inviteDeps(deps), found.cohort.id, own)) {
    for (const { name, email, code } of piece) {
      lines.push([name, email, code, linkOf(deps, code)].map(quoted).join(";"));
    }
  }
  await deps.audit({
    actor: visit.person.id,
    action: "invitations.list",
    subject: found.cohort.id,
    organisationId: found.leadId,
    detail: { people: lines.length - 1 },
  });
  return {
    type: "file",
    name: "invitations.csv",
    mime: "text/csv; charset=utf-8",
    body: `\uFEFF${lines.join("\r\n")}\r\n`,
  };
}

/** A cell that no spreadsheet runs. */
function quoted(cell: string): string {
  const safe = /^[=+\-@\t\r]/u.test(cell) ? `'${cell}` : cell;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Where an invitation is opened; empty where the product has no public address. */
export function linkOf(deps: ConsoleDeps, code: string): string {
  return deps.publicUrl === undefined ? "" : `${deps.publicUrl}/join/${code}`;
}

/** What invitations are made with. */
export function inviteDeps(deps: ConsoleDeps): InviteDeps {
  const { secret, seal, open, now } = deps;
  return { db: deps.store.db, secret, seal, open, now };
}

/** The words of a visitor. */
export function text(visit: Visit, deps: ConsoleDeps): T {
  return (key, args) => deps.words.text(visit.language, key, args);
}
