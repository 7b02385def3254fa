import { cohortStates, setCode } from "../cohorts/cohorts.ts";
import { move, moveNames, movesFrom, moveTo, setCohortState, setCohortVersion, stateOf } from "../cohorts/members.ts";
import { cohortFor, cohortsOf, leads, type ReachedCohort } from "../cohorts/reach.ts";
import { Controls, Facts, MemberForm, type T } from "./cohorts-parts.tsx";
import { showDay } from "./show.ts";
import { arrange, type Column, Table } from "./table.tsx";
import type { Answer, ConsoleDeps, Route, Visit } from "./types.ts";

/** One cohort: its facts, its members and what can be done with both. */
export const cohortPageRoutes: readonly Route[] = [
  { method: "get", path: "/cohorts/:id", action: "cohorts.see", handle: see },
  { method: "post", path: "/cohorts/:id/state", action: "cohorts.change", handle: changeState },
  { method: "post", path: "/cohorts/:id/version", action: "cohorts.change", handle: changeVersion },
  { method: "post", path: "/cohorts/:id/code", action: "cohorts.change", handle: changeCode },
  { method: "post", path: "/cohorts/:id/members", action: "people.change", handle: changeMember },
];

async function see(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const found = await cohortFor(db, visit.standing, visit.params.id ?? "");
  if (found === undefined) return { type: "missing" };
  const { cohort } = found;
  const own = membersSeen(visit, found);
  const chosen = visit.query.get("state");
  const [counts, rows] = await Promise.all([
    db.membership.groupBy({
      by: ["state"],
      where: { cohortId: cohort.id, organisationId: { in: own } },
      _count: { _all: true },
    }),
    db.membership.findMany({
      where: { cohortId: cohort.id, organisationId: { in: own }, ...(chosen ? { state: chosen } : {}) },
      select: {
        personId: true,
        organisationId: true,
        state: true,
        changedAt: true,
        person: { select: { name: true } },
        organisation: { select: { name: true } },
      },
      orderBy: [{ joinedAt: "asc" }, { id: "asc" }],
    }),
  ]);
  const others = (await cohortsOf(db, visit.standing)).filter(
    (one) => one.cohort.id !== cohort.id && one.cohort.state !== "finished",
  );
  const t: T = (key, args) => deps.words.text(visit.language, key, args);
  const changes = leads(visit.standing, found);
  const columns = memberColumns(visit, t, found, others);
  const view = arrange(rows, columns, visit.query, visit.language);
  if (own.length > 0) {
    await deps.audit({
      actor: visit.person.id,
      action: "cohort.see",
      subject: cohort.id,
      organisationId: found.leadId,
      detail: { members: view.rows.length },
    });
  }
  return {
    type: "page",
    title: cohort.name,
    body: (
      <>
        <Facts t={t} found={found} />
        {changes ? <Controls t={t} found={found} csrf={visit.csrf} newer={newerFor(found, deps)} /> : null}
        {own.length === 0 ? null : (
          <section>
            <h2>{t("cohorts.members")}</h2>
            <nav aria-label={t("cohorts.filter")}>
              <ul class="row">
                <li>
                  <a href={`/console/cohorts/${cohort.id}`} aria-current={chosen === null ? "page" : undefined}>
                    {t("cohorts.all")}
                  </a>
                </li>
                {counts.map((one) => (
                  <li>
                    <a
                      href={`/console/cohorts/${cohort.id}?state=${one.state}`}
                      aria-current={chosen === one.state ? "page" : undefined}
                    >
                      {t(`cohorts.state.${stateOf(one.state)}`)} ({one._count._all})
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
            {rows.length === 0 ? (
              <p>{t("cohorts.members.none")}</p>
            ) : (
              <Table
                words={deps.words}
                visit={visit}
                caption={t("cohorts.members")}
                path={`/console/cohorts/${cohort.id}`}
                columns={columns}
                view={view}
                keep={["state"]}
                {...(visit.standing.within("people.export").length > 0 ? { asks: "/console/people#export" } : {})}
              />
            )}
          </section>
        )}
      </>
    ),
  };
}

interface Row {
  readonly personId: string;
  readonly organisationId: string;
  readonly state: string;
  readonly changedAt: bigint;
  readonly person: { readonly name: string };
  readonly organisation: { readonly name: string };
}

function memberColumns(
  visit: Visit,
  t: T,
  { cohort }: ReachedCohort,
  others: readonly ReachedCohort[],
): readonly Column<Row>[] {
  const nameOf = ({ person }: Row): string => (person.name === "" ? t("cohorts.nameless") : person.name);
  return [
    {
      id: "name",
      label: t("cohorts.column.name"),
      value: nameOf,
      show: (row) => <a href={`/console/people/${row.personId}`}>{nameOf(row)}</a>,
    },
    {
      id: "organisation",
      label: t("cohorts.column.organisation"),
      value: ({ organisation }) => (organisation.name === "" ? t("cohorts.root") : organisation.name),
    },
    { id: "state", label: t("cohorts.column.state"), value: ({ state }) => t(`cohorts.state.${stateOf(state)}`) },
    {
      id: "since",
      label: t("cohorts.column.since"),
      value: ({ changedAt }) => Number(changedAt),
      show: ({ changedAt }) => showDay(visit.language, Number(changedAt)),
    },
    {
      id: "do",
      label: t("cohorts.column.do"),
      value: () => null,
      act: true,
      show: (row) =>
        visit.standing.may("people.change", { organisationId: row.organisationId, programme: cohort.programme }) ? (
          <MemberForm
            t={t}
            csrf={visit.csrf}
            cohortId={cohort.id}
            personId={row.personId}
            name={nameOf(row)}
            moves={movesFrom(stateOf(row.state))}
            others={others}
          />
        ) : null,
    },
  ];
}

/** The organisations whose members this person sees here. */
function membersSeen(visit: Visit, { cohort }: ReachedCohort): string[] {
  const { standing } = visit;
  return standing
    .withinSome("people.see")
    .filter((organisationId) => standing.may("people.see", { organisationId, programme: cohort.programme }));
}

async function changeState(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const found = await cohortFor(db, visit.standing, visit.params.id ?? "");
  const state = cohortStates.find((one) => one === visit.form.get("state"));
  if (found === undefined || state === undefined || !leads(visit.standing, found)) return { type: "missing" };
  await setCohortState(db, found.cohort.id, state, deps.now());
  await note(visit, deps, found, `cohort.${state}`);
  return { type: "go", to: `/cohorts/${found.cohort.id}`, said: "cohorts.said.saved" };
}

/** The version that is taught now, where the cohort learns an older one that differs in more than words. */
function newerFor({ cohort }: ReachedCohort, deps: ConsoleDeps): string | undefined {
  const taught = deps.catalogue.programmes.find(({ id }) => id === cohort.programme)?.version;
  const learns = deps.catalogue.get(cohort.programme, cohort.version)?.version;
  return taught === learns || cohort.state === "finished" ? undefined : taught;
}

async function changeVersion(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const found = await cohortFor(db, visit.standing, visit.params.id ?? "");
  if (found === undefined || !leads(visit.standing, found)) return { type: "missing" };
  const to = `/cohorts/${found.cohort.id}`;
  // What was newest when the page was shown may be older by now: then the page is looked at again.
  const newer = newerFor(found, deps);
  if (newer === undefined || newer !== visit.form.get("version"))
    return { type: "go", to, said: "cohorts.said.version" };
  await setCohortVersion(db, found.cohort.id, newer, deps.now());
  await note(visit, deps, found, "cohort.version");
  return { type: "go", to, said: "cohorts.said.saved" };
}

async function changeCode(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const found = await cohortFor(db, visit.standing, visit.params.id ?? "");
  if (found === undefined || !leads(visit.standing, found)) return { type: "missing" };
  const open = visit.form.get("code") === "renew";
  await setCode(db, found.cohort.id, open);
  await note(visit, deps, found, open ? "cohort.code" : "cohort.close");
  return { type: "go", to: `/cohorts/${found.cohort.id}`, said: "cohorts.said.saved" };
}

async function changeMember(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const found = await cohortFor(db, visit.standing, visit.params.id ?? "");
  if (found === undefined) return { type: "missing" };
  const who = { cohortId: found.cohort.id, personId: visit.form.get("person") ?? "" };
  const row = await db.membership.findUnique({ where: { cohortId_personId: who } });
  const programme = found.cohort.programme;
  if (row === null || !visit.standing.may("people.change", { organisationId: row.organisationId, programme })) {
    return { type: "missing" };
  }
  const name = visit.form.get("move");
  const to = visit.form.get("to") ?? "";
  const known = moveNames.find((one) => one === name);
  const done =
    name === "to" && (await cohortFor(db, visit.standing, to)) !== undefined
      ? await moveTo(db, who, to, deps.now())
      : known && (await move(db, who, known, deps.now()));
  if (done !== undefined) {
    const { organisationId } = row;
    const action = `member.${name}`;
    await deps.audit({
      actor: visit.person.id,
      action,
      subject: who.personId,
      organisationId,
      detail: { cohort: who.cohortId },
    });
  }
  const said = done === undefined ? "cohorts.said.late" : `cohorts.said.${done === "waiting" ? "waiting" : "member"}`;
  return { type: "go", to: `/cohorts/${found.cohort.id}`, said };
}

async function note(visit: Visit, deps: ConsoleDeps, found: ReachedCohort, action: string): Promise<void> {
  await deps.audit({ actor: visit.person.id, action, subject: found.cohort.id, organisationId: found.leadId });
}
