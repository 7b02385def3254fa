import { type Caseload, caseloads } from "../supervision/caseload.ts";
import { type Member, membersSeen } from "../supervision/members.ts";
import { goneCodes, whyGone } from "../supervision/reasons.ts";
import { unsentTo } from "../supervision/unsent.ts";
import { arrange, type Column, Table } from "./table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

const path = "/console/caseload";
/** Where a file with persons is asked for. */
const asks = "/console/people#export";

/** Who looks after how many, and how each of them is. */
export const caseload: Section = {
  path: "/caseload",
  name: "supervision.title",
  routes: [{ method: "get", path: "/caseload", action: "people.see", handle: page }],
};

async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { words, store, now, audit } = deps;
  const { language, standing, query } = visit;
  const text = (key: string, args?: Record<string, string | number>): string =>
    words.text(language, `supervision.${key}`, args);
  const within = standing.withinSome("people.see");
  const members = await membersSeen(store.db, standing, now());
  const { coordinators, nobody } = await caseloads(store.db, within, members, now());
  const codes = goneCodes(
    await unsentTo(
      store.db,
      members.filter(({ reachable }) => !reachable),
    ),
  );
  const columns: readonly Column<Caseload>[] = [
    { id: "name", label: text("coordinator"), value: ({ name }) => name },
    { id: "members", label: text("members"), value: (row) => row.members },
    { id: "silent", label: text("silent"), value: ({ silent }) => silent },
    { id: "questions", label: text("questions"), value: ({ openQuestions }) => openQuestions },
  ];
  const names = new Map(coordinators.map(({ personId, name }) => [personId, name]));
  const each = membersColumns(visit, deps, names, codes);
  const view = arrange(members, each, silentFirst(query), language, "each.");
  await audit({ actor: visit.person.id, action: "caseload.see", detail: { count: view.rows.length } });
  const asking = standing.within("people.export").length > 0 ? { asks } : {};
  const body = (
    <>
      <p>{text("nobody", { count: nobody })}</p>
      <Table
        words={words}
        visit={visit}
        caption={text("title")}
        path={path}
        columns={columns}
        view={arrange(coordinators, columns, query, language)}
        {...asking}
      />
      <h2>{text("people")}</h2>
      <Table
        words={words}
        visit={visit}
        caption={text("people")}
        path={path}
        columns={each}
        view={view}
        prefix="each."
        {...asking}
      />
    </>
  );
  return { type: "page", title: text("title"), body };
}

/** The longest silence stands first where nothing else is asked for. */
function silentFirst(query: URLSearchParams): URLSearchParams {
  if (query.has("each.sort")) return query;
  const asked = new URLSearchParams(query);
  asked.set("each.sort", "days");
  asked.set("each.down", "1");
  return asked;
}

function membersColumns(
  visit: Visit,
  { words }: ConsoleDeps,
  names: ReadonlyMap<string, string>,
  codes: ReadonlyMap<string, string>,
): readonly Column<Member>[] {
  const said = (key: string, args?: Record<string, string | number>): string => words.text(visit.language, key, args);
  const text: typeof said = (key, args) => said(`supervision.${key}`, args);
  const why = (member: Member): string => whyGone(member.goneReason, codes.get(member.personId) ?? null);
  const reach = (member: Member): string => {
    if (!member.hasChat) return text("reach.nowhere");
    if (!member.reachable) return said(`today.reason.${why(member)}`);
    return text(member.quiet ? "reach.quiet" : "reach.ok");
  };
  const remedy = (member: Member): string => {
    if (!member.hasChat) return text("remedy.nowhere");
    return member.reachable ? "" : said(`today.remedy.${why(member)}`);
  };
  return [
    {
      id: "name",
      label: text("name"),
      value: ({ name }) => name,
      show: ({ personId, name }) => (
        <a href={`/console/people/${personId}`}>{name === "" ? said("console.people.noname") : name}</a>
      ),
    },
    { id: "cohort", label: text("cohort"), value: ({ cohort }) => cohort },
    { id: "coordinator", label: text("coordinator"), value: ({ caredBy }) => names.get(caredBy ?? "") ?? text("none") },
    { id: "phase", label: text("phase"), value: ({ phase }) => text(`phase.${phase}`) },
    {
      id: "days",
      label: text("days"),
      value: ({ silentDays }) => silentDays,
      show: ({ silentDays, due, quiet }) =>
        due && !quiet ? <span class="bad">{text("due", { days: silentDays })}</span> : silentDays,
    },
    {
      id: "every",
      label: text("allowed"),
      value: ({ every }) => every,
      show: ({ every }) => (every === null ? text("allowed.never") : text("allowed.days", { days: every })),
    },
    {
      id: "reach",
      label: text("reach"),
      value: reach,
      show: (member) => <span class={member.reachable ? undefined : "bad"}>{reach(member)}</span>,
    },
    { id: "remedy", label: text("remedy"), value: remedy },
  ];
}
