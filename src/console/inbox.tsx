import { answerSoon, takeBack } from "../inbox/answers.ts";
import { type Listed, listQuestions } from "../inbox/list.ts";
import { readThread } from "../inbox/questions.ts";
import { programmeOf } from "../inbox/responsible.ts";
import type { InboxDeps } from "../inbox/types.ts";
import { Form } from "./fields.tsx";
import { showTime } from "./show.ts";
import { arrange, type Column, Table } from "./table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

const states = ["open", "answered", "closed"] as const;
/** Characters of one answer: what every platform takes in one message. */
const mostCharacters = 3_000;
const missing: Answer = { type: "missing" };

/** Questions to a human: who asked what, and the answers. */
export const inbox: Section = {
  path: "/inbox",
  name: "inbox.title",
  routes: [
    { method: "get", path: "/inbox", action: "inbox.see", handle: list },
    { method: "get", path: "/inbox/:id", action: "inbox.see", handle: thread },
    { method: "post", path: "/inbox/:id/answer", action: "inbox.answer", handle: answer },
    { method: "post", path: "/inbox/:id/take-back", action: "inbox.answer", handle: undo },
    {
      method: "post",
      path: "/inbox/:id/close",
      action: "inbox.answer",
      handle: (visit, deps) => turn(visit, deps, "closed"),
    },
    {
      method: "post",
      path: "/inbox/:id/open",
      action: "inbox.answer",
      handle: (visit, deps) => turn(visit, deps, "open"),
    },
  ],
};

async function list(visit: Visit, { words, store }: ConsoleDeps): Promise<Answer> {
  const { language, query, standing } = visit;
  const text = (key: string): string => words.text(language, key);
  const state = states.find((one) => one === query.get("state")) ?? "open";
  const rows = await listQuestions(store.db, standing, [state]);
  const columns: readonly Column<Listed>[] = [
    {
      id: "since",
      label: text("inbox.since"),
      value: ({ changedAt }) => changedAt,
      show: ({ changedAt }) => showTime(language, changedAt),
    },
    {
      id: "name",
      label: text("inbox.from"),
      value: ({ name }) => name,
      show: ({ id, name }) => <a href={`/console/inbox/${id}`}>{name === "" ? text("coordinator.someone") : name}</a>,
    },
    { id: "place", label: text("inbox.place"), value: ({ organisation }) => organisation },
    { id: "has", label: text("inbox.has"), value: ({ caredBy }) => caredBy || null },
  ];
  const body = (
    <>
      <nav aria-label={text("inbox.states")}>
        <ul class="row">
          {states.map((one) => (
            <li>
              <a href={`/console/inbox?state=${one}`} aria-current={one === state ? "page" : undefined}>
                {text(`inbox.state.${one}`)}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {rows.length === 0 ? (
        <p>{text(`inbox.none.${state}`)}</p>
      ) : (
        <Table
          words={words}
          visit={visit}
          caption={text(`inbox.state.${state}`)}
          path="/console/inbox"
          columns={columns}
          view={arrange(rows, columns, query, language)}
          keep={["state"]}
        />
      )}
    </>
  );
  return { type: "page", title: text("inbox.title"), body };
}

/** The question, where this person may do that in its organisation. */
async function found({ standing, params }: Visit, { store }: ConsoleDeps, action: "inbox.see" | "inbox.answer") {
  const row = await store.db.question.findUnique({ where: { id: params.id ?? "" } });
  if (row?.organisationId == null) return undefined;
  const where = { organisationId: row.organisationId, programme: await programmeOf(store.db, row.cohortId) };
  return standing.may(action, where) ? { ...row, ...where } : undefined;
}

async function thread(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const question = await found(visit, deps, "inbox.see");
  if (question === undefined) return missing;
  const { words, store, audit } = deps;
  const { language, standing, query, csrf } = visit;
  const text = (key: string, args?: Record<string, string | number>): string => words.text(language, key, args);
  const { id, personId, organisationId, programme, state } = question;
  const entries = await readThread(inboxDeps(deps), id);
  const [people, reachable] = await Promise.all([
    store.db.person.findMany({
      where: { id: { in: [...new Set([personId, ...entries.map((one) => one.author)])] } },
      select: { id: true, name: true },
    }),
    store.db.address.count({ where: { personId, state: "reachable" } }),
  ]);
  await audit({ actor: visit.person.id, action: "question.see", subject: personId, organisationId });
  const nameOf = (person: string): string =>
    people.find((one) => one.id === person)?.name ||
    text(person === personId ? "coordinator.someone" : "inbox.colleague");
  const path = `/console/inbox/${id}`;
  const sent = /^\d{1,15}$/.exec(query.get("sent") ?? "")?.[0];
  const body = (
    <>
      <p>
        <a href={`/console/inbox?state=${state}`}>{text("inbox.back")}</a>
      </p>
      <p>{text(`inbox.is.${state}`)}</p>
      {question.broadcastId === null ? null : (
        <p>
          <a href={`/console/broadcasts/${question.broadcastId}`}>{text("broadcast.c.repliesto")}</a>
        </p>
      )}
      {reachable === 0 ? <p class="problem">{text("inbox.unreachable")}</p> : null}
      {sent === undefined ? null : (
        <Form action={`${path}/take-back`} csrf={csrf} plain>
          <input type="hidden" name="entry" value={sent} />
          <button type="submit">{text("inbox.takeback")}</button>
        </Form>
      )}
      <ol class="cards">
        {entries.map(({ author, at, text: said }) => (
          <li class="card">
            <h2>{nameOf(author)}</h2>
            <p class="soft">{showTime(language, at)}</p>
            {said.split("\n").map((line) => (
              <p>{line}</p>
            ))}
          </li>
        ))}
      </ol>
      {standing.may("inbox.answer", { organisationId, programme }) ? (
        <>
          <Form action={`${path}/answer`} csrf={csrf}>
            <label for="text">{text("inbox.answer")}</label>
            <p class="hint" id="text-hint">
              {text("inbox.answer.hint", { name: nameOf(personId) })}
            </p>
            <textarea id="text" name="text" required maxLength={mostCharacters} aria-describedby="text-hint" />
            <button type="submit" class="main">
              {text("inbox.send")}
            </button>
          </Form>
          <Form action={`${path}/${state === "closed" ? "open" : "close"}`} csrf={csrf} plain>
            <button type="submit">{text(state === "closed" ? "inbox.reopen" : "inbox.close")}</button>
          </Form>
        </>
      ) : null}
    </>
  );
  return { type: "page", title: text("inbox.question", { name: nameOf(personId) }), body };
}

async function answer(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const question = await found(visit, deps, "inbox.answer");
  if (question === undefined) return missing;
  const text = (visit.form.get("text") ?? "").replaceAll("\r\n", "\n").trim();
  const to = `/inbox/${question.id}`;
  if (text === "") return { type: "go", to, said: "inbox.empty" };
  if (text.length > mostCharacters) return { type: "go", to, said: "inbox.long" };
  const { id: author } = visit.person;
  const kept = await answerSoon(inboxDeps(deps), { questionId: question.id, author, text });
  if (kept === undefined) return missing;
  const { personId: subject, organisationId } = question;
  await deps.audit({ actor: author, action: "question.answer", subject, organisationId });
  return { type: "go", to: `${to}?sent=${kept.entryId}`, said: kept.before.length > 0 ? "inbox.second" : "inbox.sent" };
}

async function undo(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const question = await found(visit, deps, "inbox.answer");
  const entryId = Number(visit.form.get("entry"));
  if (question === undefined || !Number.isSafeInteger(entryId)) return missing;
  const back = await takeBack(deps.store.db, { questionId: question.id, entryId, author: visit.person.id });
  return { type: "go", to: `/inbox/${question.id}`, said: back ? "inbox.taken" : "inbox.toolate" };
}

async function turn(visit: Visit, deps: ConsoleDeps, state: "closed" | "open"): Promise<Answer> {
  const question = await found(visit, deps, "inbox.answer");
  if (question === undefined) return missing;
  await deps.store.db.question.update({ where: { id: question.id }, data: { state } });
  const { personId: subject, organisationId } = question;
  await deps.audit({ actor: visit.person.id, action: `question.${state}`, subject, organisationId });
  return { type: "go", to: `/inbox/${question.id}`, said: `inbox.said.${state}` };
}

function inboxDeps({ store, receive, now, seal, open }: ConsoleDeps): InboxDeps {
  return { db: store.db, receive, now, seal, open };
}
