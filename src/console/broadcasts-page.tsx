import type { JSX } from "preact";
import { factsAfter, fewest, type Numbers, numbersOf } from "../broadcasts/facts.ts";
import { type Broadcast, createBroadcasts, type Review } from "../broadcasts/service.ts";
import { startOf } from "../broadcasts/timing.ts";
import { BroadcastError, type Problem } from "../broadcasts/types.ts";
import { groupProblem } from "../cohorts/groups.ts";
import { keptPicture } from "../images/upload.ts";
import { Facts, pageSize } from "./broadcasts-facts.tsx";
import { choicesOf, DraftForm, valuesOf } from "./broadcasts-form.tsx";
import { Previews } from "./broadcasts-preview.tsx";
import { Form } from "./fields.tsx";
import type { Answer, ConsoleDeps, Visit } from "./types.ts";

type T = (key: string, args?: Record<string, string | number>) => string;

/** The page of one broadcast: as a draft what it will be, afterwards what became of it. */
export async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const t: T = (key, args) => deps.words.text(visit.language, key, args);
  const service = createBroadcasts(deps);
  const found = await service.find(visit.standing, visit.params.id ?? "");
  if (found === undefined) return { type: "missing" };
  if (visit.query.has("picture")) return picture(found, deps);
  const maySend = await service.mayChange(visit.standing, found.id);
  const title = `${t("broadcast.title")}: ${t(`broadcast.c.state.${found.state}`)}`;
  const preview = <Previews found={found} visit={visit} deps={deps} t={t} />;
  if (found.state === "draft") {
    const seen = await service.review(visit.standing, found);
    const review = { ...seen, problems: [...seen.problems, ...(await otherProblems(found, visit, deps))] };
    const form = maySend ? (
      <details>
        <summary>{t("broadcast.c.change")}</summary>
        <DraftForm
          visit={visit}
          deps={deps}
          action={`/console/broadcasts/${found.id}`}
          choices={await choicesOf(visit, deps)}
          values={valuesOf(found)}
          onlyText={found.corrects !== null}
        />
      </details>
    ) : null;
    return {
      type: "page",
      title,
      body: (
        <>
          <Before found={found} review={review} visit={visit} t={t} maySend={maySend} />
          {preview}
          {form}
        </>
      ),
    };
  }
  const numbers = await numbersOf(deps.store.sql, found.id);
  const wanted = visit.query.get("state") ?? "";
  const state = ["planned", "sent", "failed", "skipped", "unknown", "cancelled"].find((one) => one === wanted);
  // The names behind the figures are for those who may see all of these people.
  const maySee = visit.standing.may("people.see", { organisationId: found.organisationId });
  const facts = maySee
    ? await factsAfter(deps.store.sql, found.id, {
        after: visit.query.get("after") ?? "",
        limit: pageSize,
        state,
        organisations: visit.standing.within("people.see"),
      })
    : [];
  if (maySee) {
    const { organisationId } = found;
    await deps.audit({ actor: visit.standing.personId, action: "broadcast.see", subject: found.id, organisationId });
  }
  return {
    type: "page",
    title,
    body: (
      <>
        {maySend ? <Presses found={found} numbers={numbers} visit={visit} t={t} /> : null}
        <Figures found={found} numbers={numbers} visit={visit} t={t} />
        {maySee ? <Facts found={found} facts={facts} state={state} visit={visit} t={t} /> : null}
        {preview}
      </>
    ),
  };
}

/** What keeps a draft from leaving now, beside what it says and whom it is for: its time, and the group it also goes to. */
async function otherProblems(found: Broadcast, visit: Visit, deps: ConsoleDeps): Promise<readonly Problem[]> {
  const { db } = deps.store;
  const person = await db.person.findUnique({ where: { id: visit.person.id }, select: { timeZone: true } });
  const problems: Problem[] = (await groupProblem(db, found)) ? [{ code: "group", args: {} }] : [];
  try {
    startOf(found.timing, deps.now(), person?.timeZone ?? "UTC");
  } catch (error) {
    if (!(error instanceof BroadcastError)) throw error;
    problems.push(...error.problems);
  }
  return problems;
}

/** The uploaded picture, for whoever may see the broadcast. */
async function picture({ content }: Broadcast, deps: ConsoleDeps): Promise<Answer> {
  const bytes = content.picture && (await keptPicture(deps.store.db, content.picture.id));
  if (bytes === undefined) return { type: "missing" };
  return { type: "file", name: "picture.png", mime: "image/png", body: bytes };
}

function Before(given: { found: Broadcast; review: Review; visit: Visit; t: T; maySend: boolean }): JSX.Element {
  const { found, review, visit, t, maySend } = given;
  const isCorrection = found.corrects !== null;
  // Whom a correction reaches is settled by what it corrects.
  const problems = review.problems.filter(({ code }) => !isCorrection || (code !== "nobody" && code !== "language"));
  const left = review.skipped.stopped + review.skipped.paused + review.skipped.unreachable;
  return (
    <>
      {isCorrection ? (
        <p>{t("broadcast.c.correction")}</p>
      ) : (
        <>
          <p>{t("broadcast.people", { people: review.people, skipped: left })}</p>
          {review.sample.length === 0 ? null : <p>{t("broadcast.c.sample", { names: review.sample.join(", ") })}</p>}
        </>
      )}
      {problems.length === 0 ? null : (
        <div role="alert">
          <p>{t("broadcast.c.wrong")}</p>
          <ul>
            {problems.map(({ code, args }) => (
              <li>{t(`broadcast.problem.${code}`, { ...args })}</li>
            ))}
          </ul>
        </div>
      )}
      {maySend ? (
        <>
          {problems.length === 0 ? (
            <Press
              found={found}
              visit={visit}
              what="send"
              label={isCorrection ? t("broadcast.c.send.correction") : t("broadcast.c.send", { people: review.people })}
            />
          ) : null}
          <Press found={found} visit={visit} what="test" label={t("broadcast.c.test")} />
        </>
      ) : null}
    </>
  );
}

/** A broadcast that has begun, with its figures. */
interface Shown {
  readonly found: Broadcast;
  readonly numbers: Numbers;
  readonly visit: Visit;
  readonly t: T;
}

function Presses({ found, numbers, visit, t }: Shown): JSX.Element {
  const press = (what: string, label: string) => <Press found={found} visit={visit} what={what} label={label} />;
  const ended = found.state === "sending" || found.state === "done";
  return (
    <>
      {found.state === "scheduled" ? press("takeback", t("broadcast.c.takeback")) : null}
      {found.state === "sending" ? press("cancel", t("broadcast.c.cancel")) : null}
      {ended && numbers.failed > 0 ? press("failed", t("broadcast.c.again.failed", { people: numbers.failed })) : null}
      {ended && numbers.unknown > 0
        ? press("unknown", t("broadcast.c.again.unknown", { people: numbers.unknown }))
        : null}
      {found.state === "scheduled" ? null : press("correct", t("broadcast.c.correct"))}
    </>
  );
}

function Press(given: { found: Broadcast; visit: Visit; what: string; label: string }): JSX.Element {
  return (
    <Form action={`/console/broadcasts/${given.found.id}/${given.what}`} csrf={given.visit.csrf} plain>
      <button type="submit" class={given.what === "send" ? "main" : undefined}>
        {given.label}
      </button>
    </Form>
  );
}

const counted = [
  "planned",
  "sent",
  "delivered",
  "acted",
  "acknowledged",
  "failed",
  "skipped",
  "unknown",
  "cancelled",
] as const;

function Figures({ found, numbers, visit, t }: Shown): JSX.Element {
  const few = (count: number) => (count === 0 || count >= fewest ? String(count) : t("broadcast.c.few"));
  return (
    <>
      <table>
        <caption>{t("broadcast.c.numbers")}</caption>
        <tbody>
          <tr>
            <th scope="row">{t("broadcast.c.people")}</th>
            <td class="number">{numbers.people}</td>
          </tr>
          {counted.map((fact) => (
            <tr>
              <th scope="row">{t(`broadcast.c.fact.${fact}`)}</th>
              <td class="number">{numbers[fact]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {found.content.options.length === 0 ? null : (
        <table>
          <caption>{t("broadcast.c.answers")}</caption>
          <tbody>
            {found.content.options.map((option, index) => (
              <tr>
                <th scope="row">{option[visit.language] ?? Object.values(option)[0] ?? ""}</th>
                <td class="number">{few(numbers.answers[String(index + 1)] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
