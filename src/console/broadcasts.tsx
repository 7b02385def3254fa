import { type Numbers, numbersOf } from "../broadcasts/facts.ts";
import { type Broadcast, createBroadcasts } from "../broadcasts/service.ts";
import { BroadcastError } from "../broadcasts/types.ts";
import { choicesOf, contentIn, DraftForm, writtenIn } from "./broadcasts-form.tsx";
import { page } from "./broadcasts-page.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

/** Broadcasts: writing, looking, sending, and what became of them person by person. */
export const broadcasts: Section = {
  path: "/broadcasts",
  name: "broadcast.c.title",
  routes: [
    { method: "get", path: "/broadcasts", action: "broadcasts.see", handle: list },
    { method: "get", path: "/broadcasts/new", action: "broadcasts.send", handle: blank },
    { method: "post", path: "/broadcasts", action: "broadcasts.send", handle: write },
    { method: "get", path: "/broadcasts/:id", action: "broadcasts.see", handle: page },
    { method: "post", path: "/broadcasts/:id", action: "broadcasts.send", handle: rewrite },
    { method: "post", path: "/broadcasts/:id/correct", action: "broadcasts.send", handle: correct },
    { method: "post", path: "/broadcasts/:id/:what", action: "broadcasts.send", handle: act },
  ],
};

/** The newest ones that the list shows. */
const mostListed = 30;

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const t = (key: string, args?: Record<string, string | number>) => deps.words.text(visit.language, key, args);
  const found = await createBroadcasts(deps).list(visit.standing, mostListed);
  const numbers: Numbers[] = [];
  for (const one of found) numbers.push(await numbersOf(deps.store.sql, one.id));
  return {
    type: "page",
    title: t("broadcast.c.title"),
    body: (
      <>
        {visit.standing.may("broadcasts.send") ? (
          <p>
            <a class="button main" href="/console/broadcasts/new">
              {t("broadcast.c.new")}
            </a>
          </p>
        ) : null}
        {found.length === 0 ? (
          <p>{t("broadcast.c.none")}</p>
        ) : (
          <div class="scroll">
            <table>
              <caption>{t("broadcast.c.title")}</caption>
              <thead>
                <tr>
                  <th scope="col">{t("broadcast.c.text")}</th>
                  <th scope="col">{t("broadcast.c.state")}</th>
                  {(["people", "fact.sent", "fact.failed", "fact.unknown", "fact.skipped"] as const).map((key) => (
                    <th scope="col" class="number">
                      {t(`broadcast.c.${key}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {found.map((one, index) => (
                  <tr>
                    <th scope="row">
                      <a href={`/console/broadcasts/${one.id}`}>{beginning(one, visit.language)}</a>
                    </th>
                    <td>{t(`broadcast.c.state.${one.state}`)}</td>
                    {(["people", "sent", "failed", "unknown", "skipped"] as const).map((key) => (
                      <td class="number">{numbers[index]?.[key] ?? 0}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </>
    ),
  };
}

function beginning({ content }: Broadcast, language: string): string {
  const text = content.texts[language] ?? Object.values(content.texts)[0] ?? "";
  return text.length <= 60 ? text : `${text.slice(0, 59).trimEnd()}…`;
}

async function blank(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const choices = await choicesOf(visit, deps);
  return {
    type: "page",
    title: deps.words.text(visit.language, "broadcast.c.new"),
    body: <DraftForm visit={visit} deps={deps} action="/console/broadcasts" choices={choices} />,
  };
}

async function write(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const written = writtenIn(visit.form, deps.words.languages);
  if (written === undefined) return { type: "go", to: "/broadcasts/new", said: "broadcast.c.said.form" };
  const id = await createBroadcasts(deps).draft(visit.standing, written);
  if (id === undefined) return { type: "missing" };
  await audited(visit, deps, "broadcast.write", id);
  return { type: "go", to: `/broadcasts/${id}`, said: "broadcast.c.said.saved" };
}

async function rewrite(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const id = visit.params.id ?? "";
  const service = createBroadcasts(deps);
  const before = await service.find(visit.standing, id);
  if (before === undefined) return { type: "missing" };
  const to = `/broadcasts/${id}`;
  const content = contentIn(visit.form, deps.words.languages);
  const written =
    before.corrects === null
      ? writtenIn(visit.form, deps.words.languages)
      : content && { audience: before.audience, content, timing: before.timing };
  if (written === undefined) return { type: "go", to, said: "broadcast.c.said.form" };
  const done = await service.rewrite(visit.standing, id, written);
  return { type: "go", to, said: done ? "broadcast.c.said.saved" : "broadcast.c.said.late" };
}

async function correct(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const id = visit.params.id ?? "";
  const service = createBroadcasts(deps);
  const before = await service.find(visit.standing, id);
  if (before === undefined) return { type: "missing" };
  const correction = await service.correct(visit.standing, id, before.content);
  if (correction === undefined) {
    return { type: "go", to: `/broadcasts/${id}`, said: "broadcast.c.said.late" };
  }
  await audited(visit, deps, "broadcast.correct", id);
  return { type: "go", to: `/broadcasts/${correction}` };
}

/** Everything that a press on the page of one broadcast does. */
async function act(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { id = "", what = "" } = visit.params;
  const { standing } = visit;
  const service = createBroadcasts(deps);
  const found = await service.find(standing, id);
  if (found === undefined || !standing.may("broadcasts.send", { organisationId: found.organisationId })) {
    return { type: "missing" };
  }
  const to = `/broadcasts/${id}`;
  const said = (done: boolean): Answer => ({
    type: "go",
    to,
    said: done ? "broadcast.c.said.done" : "broadcast.c.said.late",
  });
  const known = ["send", "test", "takeback", "cancel", "failed", "unknown"].includes(what);
  if (known && what !== "test") await audited(visit, deps, `broadcast.${what}`, id);
  switch (what) {
    case "send":
      return { type: "go", to, said: await sent(visit, deps, id) };
    case "test":
      return said(await service.test(standing, id));
    case "takeback":
      return said(await service.takeBack(standing, id));
    case "cancel":
      return said(await service.cancel(standing, id));
    case "failed":
    case "unknown":
      return said((await service.again(standing, id, what)) > 0);
    default:
      return { type: "missing" };
  }
}

async function sent(visit: Visit, deps: ConsoleDeps, id: string): Promise<string> {
  const person = await deps.store.db.person.findUnique({
    where: { id: visit.standing.personId },
    select: { timeZone: true },
  });
  try {
    await createBroadcasts(deps).send(visit.standing, id, person?.timeZone ?? "UTC");
    return "broadcast.c.said.sent";
  } catch (error) {
    if (!(error instanceof BroadcastError)) throw error;
    const [first] = error.problems;
    return first?.code === "state" ? "broadcast.c.said.late" : "broadcast.c.said.refused";
  }
}

async function audited(visit: Visit, deps: ConsoleDeps, action: string, subject: string): Promise<void> {
  await deps.audit({ actor: visit.standing.personId, action, subject });
}
