import type { JSX } from "preact";
import { groupIn, unlinkGroup } from "../cohorts/groups.ts";
import { cohortFor, leads, type ReachedCohort } from "../cohorts/reach.ts";
import { Form } from "./fields.tsx";
import type { Answer, ConsoleDeps, Route, Visit } from "./types.ts";

/** The group chat of a cohort: how to link one, and the way out. */
export const cohortGroupRoutes: readonly Route[] = [
  { method: "get", path: "/cohorts/:id/group", action: "cohorts.change", handle: show },
  { method: "post", path: "/cohorts/:id/group/unlink", action: "cohorts.change", handle: unlink },
];

/** The cohort with its group, where this person decides about it. */
async function own(visit: Visit, deps: ConsoleDeps): Promise<{ cohort: ReachedCohort; linked: boolean } | undefined> {
  const { db } = deps.store;
  const cohort = await cohortFor(db, visit.standing, visit.params.id ?? "");
  if (cohort === undefined || !leads(visit.standing, cohort)) return undefined;
  const row = await db.cohort.findUnique({ where: { id: cohort.cohort.id }, select: { group: true } });
  return { cohort, linked: groupIn(row?.group ?? null) !== undefined };
}

async function show(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await own(visit, deps);
  if (found === undefined) return { type: "missing" };
  const t = (key: string, args?: Record<string, string>) => deps.words.text(visit.language, key, args);
  const { id, name, code } = found.cohort.cohort;
  return {
    type: "page",
    title: t("cohorts.group.title", { name }),
    body: (
      <>
        <p>{t("cohorts.group.about")}</p>
        {found.linked ? (
          <>
            <p>{t("cohorts.group.is")}</p>
            <Form action={`/console/cohorts/${id}/group/unlink`} csrf={visit.csrf} plain>
              <button type="submit">{t("cohorts.group.unlink")}</button>
            </Form>
          </>
        ) : (
          <HowTo code={code} t={t} />
        )}
        <p>
          <a href={`/console/cohorts/${id}`}>{t("cohorts.back")}</a>
        </p>
      </>
    ),
  };
}

function HowTo({ code, t }: { code: string | null; t: (key: string) => string }): JSX.Element {
  if (code === null) return <p>{t("cohorts.group.nocode")}</p>;
  return (
    <>
      <p>{t("cohorts.group.how")}</p>
      <p>
        <code>{`link group ${code}`}</code>
      </p>
    </>
  );
}

async function unlink(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await own(visit, deps);
  if (found === undefined) return { type: "missing" };
  const { cohort, leadId } = found.cohort;
  const to = `/cohorts/${cohort.id}/group`;
  if (!(await unlinkGroup(deps.store.db, cohort.id))) return { type: "go", to };
  const actor = visit.person.id;
  await deps.audit({ actor, action: "cohort.group.unlink", subject: cohort.id, organisationId: leadId });
  return { type: "go", to, said: "cohorts.group.said.unlinked" };
}
