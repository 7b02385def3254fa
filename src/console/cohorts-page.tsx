import { cohortStates, setCode } from "../cohorts/cohorts.ts";
import { move, moveNames, movesFrom, moveTo, setCohortState, stateOf } from "../cohorts/members.ts";
import { cohortFor, cohortsOf, leads, type ReachedCohort } from "../cohorts/reach.ts";
import { Controls, Facts, MemberForm, Pages, type T } from "./cohorts-parts.tsx";
import type { Answer, ConsoleDeps, Route, Visit } from "./types.ts";

/** Members shown on one page. */
const mostShown = 100;

/** One cohort: its facts, its members and what can be done with both. */
export const cohortPageRoutes: readonly Route[] = [
  { method: "get", path: "/cohorts/:id", action: "cohorts.see", handle: see },
  { method: "post", path: "/cohorts/:id/state", action: "cohorts.change", handle: changeState },
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
  const where = { cohortId: cohort.id, organisationId: { in: own }, ...(chosen ? { state: chosen } : {}) };
  const page = Math.max(1, Math.trunc(Number(visit.query.get("page")) || 1));
  const [counts, rows] = await Promise.all([
    db.membership.groupBy({
      by: ["state"],
      where: { cohortId: cohort.id, organisationId: { in: own } },
      _count: { _all: true },
    }),
    db.membership.findMany({
      where,
      include: { person: { select: { name: true } }, organisation: { select: { name: true } } },
      orderBy: [{ joinedAt: "asc" }, { id: "asc" }],
      skip: (page - 1) * mostShown,
      take: mostShown + 1,
    }),
  ]);
  if (own.length > 0) {
    const detail = { members: Math.min(rows.length, mostShown) };
    await deps.audit({
      actor: visit.person.id,
      action: "cohort.see",
      subject: cohort.id,
      organisationId: found.leadId,
      detail,
    });
  }
  const others = (await cohortsOf(db, visit.standing)).filter(
    (one) => one.cohort.id !== cohort.id && one.cohort.state !== "finished",
  );
  const t: T = (key, args) => deps.words.text(visit.language, key, args);
  const changes = leads(visit.standing, found);
  return {
    type: "page",
    title: cohort.name,
    body: (
      <>
        <Facts t={t} found={found} />
        {changes ? <Controls t={t} found={found} csrf={visit.csrf} /> : null}
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
              <div class="scroll">
                <table>
                  <caption>{t("cohorts.members")}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t("cohorts.column.name")}</th>
                      <th scope="col">{t("cohorts.column.organisation")}</th>
                      <th scope="col">{t("cohorts.column.state")}</th>
                      <th scope="col">{t("cohorts.column.since")}</th>
                      <th scope="col">{t("cohorts.column.do")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {rows.slice(0, mostShown).map((row) => {
                      const name = row.person.name === "" ? t("cohorts.nameless") : row.person.name;
                      return (
                        <tr>
                          <th scope="row">{name}</th>
                          <td>{row.organisation.name === "" ? t("cohorts.root") : row.organisation.name}</td>
                          <td>{t(`cohorts.state.${stateOf(row.state)}`)}</td>
                          <td>{new Date(Number(row.changedAt)).toISOString().slice(0, 10)}</td>
                          <td>
                            {visit.standing.may("people.change", {
                              organisationId: row.organisationId,
                              programme: cohort.programme,
                            }) ? (
                              <MemberForm
                                t={t}
                                csrf={visit.csrf}
                                cohortId={cohort.id}
                                personId={row.personId}
                                name={name}
                                moves={movesFrom(stateOf(row.state))}
                                others={others}
                              />
                            ) : null}
                          </td>
                        </tr>
                      );
                    })}
                  </tbody>
                </table>
              </div>
            )}
            <Pages t={t} id={cohort.id} state={chosen} page={page} more={rows.length > mostShown} />
          </section>
        )}
      </>
    ),
  };
}

/** The organisations whose members this person sees here. */
function membersSeen(visit: Visit, { cohort }: ReachedCohort): string[] {
  const { standing } = visit;
  return standing
    .within("people.see")
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
