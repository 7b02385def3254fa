import { type Numbers, numbersOf } from "../broadcasts/facts.ts";
import { type Broadcast, createBroadcasts } from "../broadcasts/service.ts";
import { createMoment } from "../broadcasts/timing.ts";
import { BroadcastError } from "../broadcasts/types.ts";
import { groupProblem, postToGroup } from "../cohorts/groups.ts";
import { blankValues, choicesOf, DraftForm } from "./broadcasts-form.tsx";
import { page } from "./broadcasts-page.tsx";
import { type Read, readForm } from "./broadcasts-read.ts";
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
  return formPage(visit, deps, "/console/broadcasts", { values: blankValues, problems: [], written: undefined });
}

/** The form alone, with everything that was typed so far and what is wrong with it. */
async function formPage(
  visit: Visit,
  deps: ConsoleDeps,
  action: string,
  read: Read,
  onlyText = false,
): Promise<Answer> {
  const t = (key: string) => deps.words.text(visit.language, key);
  const choices = await choicesOf(visit, deps);
  const form = { visit, deps, action, choices, values: read.values, onlyText };
  return {
    type: "page",
    title: t("broadcast.c.new"),
    status: read.problems.length === 0 ? 200 : 422,
    body: (
      <>
        {read.problems.length === 0 ? null : (
          <div role="alert" class="problem">
            <p>{t("broadcast.c.said.form")}</p>
            <ul>
              {read.problems.map((key) => (
                <li>{t(key)}</li>
              ))}
            </ul>
          </div>
        )}
        <DraftForm {...form} />
      </>
    ),
  };
}

async function write(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const read = await readForm(visit, deps);
  if (read.written === undefined) return formPage(visit, deps, "/console/broadcasts", read);
  const id = await createBroadcasts(deps).draft(visit.standing, read.written);
  if (id === undefined) return { type: "missing" };
  await audited(visit, deps, "broadcast.write", id);
  return { type: "go", to: `/broadcasts/${id}`, said: "broadcast.c.said.saved" };
}

async function rewrite(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const id = visit.params.id ?? "";
  const service = createBroadcasts(deps);
  const before = await service.find(visit.standing, id);
  if (before === undefined) return { type: "missing" };
  const { audience, content, timing, corrects } = before;
  const read = await readForm(visit, deps, corrects === null ? undefined : { audience, content, timing });
  if (read.written === undefined) return formPage(visit, deps, `/console/broadcasts/${id}`, read, corrects !== null);
  const done = await service.rewrite(visit.standing, id, read.written);
  // Somebody sent it meanwhile: what was typed can still become a message of its own.
  if (!done) return formPage(visit, deps, "/console/broadcasts", { ...read, problems: ["broadcast.c.said.late"] });
  return { type: "go", to: `/broadcasts/${id}`, said: "broadcast.c.said.saved" };
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
      return { type: "go", to, said: await sent(visit, deps, found) };
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

async function sent(visit: Visit, deps: ConsoleDeps, found: Broadcast): Promise<string> {
  const { db } = deps.store;
  const { id, timing, content } = found;
  const author = visit.standing.personId;
  const person = await db.person.findUnique({ where: { id: author }, select: { timeZone: true } });
  const zone = person?.timeZone ?? "UTC";
  if (await groupProblem(db, found)) return "broadcast.c.said.refused";
  try {
    const done = await createBroadcasts(deps).send(visit.standing, id, zone);
    if (done !== undefined && content.group === true) {
      const { startsAt } = done;
      // A group lives in no zone of its own: the sender's, outside its quiet hours.
      const notBefore = createMoment(timing, startsAt)(zone, 0, () => true).at;
      await postToGroup(db, { broadcast: id, author, startsAt, notBefore, now: deps.now() });
    }
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
