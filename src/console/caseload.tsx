import { type Caseload, caseloads } from "../supervision/caseload.ts";
import { membersOf } from "../supervision/members.ts";
import { arrange, type Column, Table } from "./table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

/** Who looks after how many. */
export const caseload: Section = {
  path: "/caseload",
  name: "supervision.title",
  routes: [{ method: "get", path: "/caseload", action: "people.see", handle: page }],
};

async function page(visit: Visit, { words, store, now }: ConsoleDeps): Promise<Answer> {
  const { language, standing, query } = visit;
  const text = (key: string, args?: Record<string, string | number>): string =>
    words.text(language, `supervision.${key}`, args);
  const within = standing.within("people.see");
  const members = await membersOf(store.db, within, now());
  const { coordinators, nobody } = await caseloads(store.db, within, members, now());
  const columns: readonly Column<Caseload>[] = [
    { id: "name", label: text("coordinator"), value: ({ name }) => name },
    { id: "members", label: text("members"), value: (row) => row.members },
    { id: "silent", label: text("silent"), value: ({ silent }) => silent },
    { id: "questions", label: text("questions"), value: ({ openQuestions }) => openQuestions },
  ];
  const body = (
    <>
      <p>{text("nobody", { count: nobody })}</p>
      <Table
        words={words}
        visit={visit}
        caption={text("title")}
        path="/console/caseload"
        columns={columns}
        view={arrange(coordinators, columns, query, language)}
      />
    </>
  );
  return { type: "page", title: text("title"), body };
}
