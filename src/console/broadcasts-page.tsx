import type { JSX } from "preact";
import { factsAfter, fewest, type Numbers, numbersOf, type PersonFacts } from "../broadcasts/facts.ts";
import { type Broadcast, createBroadcasts, type Review } from "../broadcasts/service.ts";
import { choicesOf, DraftForm } from "./broadcasts-form.tsx";
import { Previews } from "./broadcasts-preview.tsx";
import { Form } from "./fields.tsx";
import type { Answer, ConsoleDeps, Visit } from "./types.ts";

type T = (key: string, args?: Record<string, string | number>) => string;

/** People on one page of facts. */
const pageSize = 50;

/** The page of one broadcast: as a draft what it will be, afterwards what became of it. */
export async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const t: T = (key, args) => deps.words.text(visit.language, key, args);
  const service = createBroadcasts(deps);
  const found = await service.find(visit.standing, visit.params.id ?? "");
  if (found === undefined) return { type: "missing" };
  const maySend = visit.standing.may("broadcasts.send", { organisationId: found.organisationId });
  const title = `${t("broadcast.title")}: ${t(`broadcast.c.state.${found.state}`)}`;
  const preview = <Previews found={found} visit={visit} deps={deps} t={t} />;
  if (found.state === "draft") {
    const review = await service.review(visit.standing, found);
    const form = maySend ? (
      <details>
        <summary>{t("broadcast.c.change")}</summary>
        <DraftForm
          visit={visit}
          deps={deps}
          action={`/console/broadcasts/${found.id}`}
          choices={await choicesOf(visit, deps)}
          written={found}
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

function Presses({
  found,
  numbers,
  visit,
  t,
}: {
  found: Broadcast;
  numbers: Numbers;
  visit: Visit;
  t: T;
}): JSX.Element {
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

function Figures({
  found,
  numbers,
  visit,
  t,
}: {
  found: Broadcast;
  numbers: Numbers;
  visit: Visit;
  t: T;
}): JSX.Element {
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

function Facts(given: {
  found: Broadcast;
  facts: readonly PersonFacts[];
  state: string | undefined;
  visit: Visit;
  t: T;
}): JSX.Element {
  const { found, facts, state, visit, t } = given;
  const when = new Intl.DateTimeFormat(visit.language, { dateStyle: "short", timeStyle: "short", timeZone: "UTC" });
  const instant = (at: number | null) => (at === null ? "–" : `${when.format(at)} UTC`);
  const address = `/console/broadcasts/${found.id}`;
  const last = facts.at(-1);
  return (
    <>
      <h2>{t("broadcast.c.facts")}</h2>
      <ul class="filters">
        {["sent", "failed", "unknown", "skipped"].map((one) => (
          <li>
            <a href={`${address}?state=${one}`} aria-current={one === state ? "true" : undefined}>
              {t(`broadcast.c.fact.${one}`)}
            </a>
          </li>
        ))}
      </ul>
      <div class="scroll">
        <table>
          <caption>{t("broadcast.c.facts")}</caption>
          <thead>
            <tr>
              {["name", "state", "reason", "fact.sent", "fact.delivered", "fact.acted", "fact.acknowledged"].map(
                (key) => (
                  <th scope="col">{t(`broadcast.c.${key}`)}</th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {facts.map((one) => (
              <tr>
                <th scope="row">{one.name}</th>
                <td>{t(`broadcast.c.fact.${one.state}`)}</td>
                <td>{reason(one.reason, t)}</td>
                <td>{instant(one.sentAt)}</td>
                <td>{instant(one.deliveredAt)}</td>
                <td>{instant(one.actedAt)}</td>
                <td>{instant(one.acknowledgedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {facts.length < pageSize || last === undefined ? null : (
        <p>
          <a
            href={`${address}?after=${encodeURIComponent(last.person)}${state === undefined ? "" : `&state=${state}`}`}
          >
            {t("broadcast.c.more")}
          </a>
        </p>
      )}
    </>
  );
}

/** A reason in words, with the platform's own code where there is one. */
function reason(given: string | null, t: T): string {
  if (given === null) return "";
  const [name = "", ...code] = given.split(":");
  const said = t(`broadcast.c.reason.${name}`);
  return code.length === 0 ? said : `${said} (${code.join(":")})`;
}
