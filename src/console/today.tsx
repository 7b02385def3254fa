import type { ComponentChildren, JSX } from "preact";
import { outboxStatus } from "../store/types.ts";
import { createPutAway, type PutAway, seenUntil, tomorrow } from "../supervision/put-away.ts";
import { countOf, todayFor } from "../supervision/today.ts";
import { Form } from "./fields.tsx";
import { reviewNotices } from "./quality/notice.tsx";
import { showTime } from "./show.ts";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

/** How long a message that is sent again can be held back, milliseconds. */
const holdMs = 10_000;
const keyForm = /^(?:question|applied|silent|unreachable|unsent):[^\r\n]{1,200}$/u;
const missing: Answer = { type: "missing" };

/** The page a coordinator begins the day with: who needs me, and what one press can do about it. */
export const today: Section = {
  path: "/today",
  name: "today.title",
  routes: [
    { method: "get", path: "/today", action: "inbox.see", handle: page },
    { method: "post", path: "/today/seen", action: "inbox.see", handle: (visit, deps) => put(visit, deps, "seen") },
    { method: "post", path: "/today/later", action: "inbox.see", handle: (visit, deps) => put(visit, deps, "later") },
    { method: "post", path: "/today/undo", action: "inbox.see", handle: undo },
    { method: "post", path: "/today/again", action: "inbox.answer", handle: again },
    { method: "post", path: "/today/hold", action: "inbox.answer", handle: hold },
  ],
};

const awayOf = ({ store }: ConsoleDeps): PutAway => createPutAway(store.keep("today"));

async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { words, store, now } = deps;
  const { language, standing, query, csrf } = visit;
  const at = now();
  const text = (key: string, args?: Record<string, string | number>): string =>
    words.text(language, `today.${key}`, args);
  const found = await todayFor(store.db, standing, at, await awayOf(deps).keys(visit.person.id, at));
  const nameOf = (name: string): string => (name === "" ? words.text(language, "coordinator.someone") : name);
  const row = (
    item: { readonly key: string; readonly name: string; readonly personId: string },
    what: ComponentChildren,
    more?: ComponentChildren,
  ) => <Row visit={visit} text={text} item={{ ...item, name: nameOf(item.name) }} what={what} more={more} />;
  const body = (
    <>
      {await reviewNotices(visit, deps)}
      <UndoBar query={query} csrf={csrf} text={text} />
      {countOf(found) === 0 ? <p>{text("nothing")}</p> : <p>{text("count", { count: countOf(found) })}</p>}
      <Part title={text("questions")} rows={found.questions}>
        {(item) =>
          row(
            item,
            <p>{text("asked", { time: showTime(language, item.since) })}</p>,
            <a class="button main" href={`/console/inbox/${item.id}`}>
              {text("answer")}
              <span class="visually-hidden"> {nameOf(item.name)}</span>
            </a>,
          )
        }
      </Part>
      <Part title={text("applied")} rows={found.applied}>
        {(item) =>
          row(
            item,
            <p>{text("applies", { cohort: item.cohort, time: showTime(language, item.since) })}</p>,
            <a class="button main" href={`/console/cohorts/${item.cohortId}`}>
              {text("decide")}
              <span class="visually-hidden"> {nameOf(item.name)}</span>
            </a>,
          )
        }
      </Part>
      <Part title={text("silent")} rows={found.silent}>
        {(item) => row(item, <p>{text("silentfor", { days: item.days, cohort: item.cohort })}</p>)}
      </Part>
      <Part title={text("unreachable")} rows={found.unreachable}>
        {(item) =>
          row(
            item,
            <>
              <p>{text(`reason.${item.reason}`)}</p>
              <p>{text(`remedy.${item.reason}`)}</p>
            </>,
          )
        }
      </Part>
      <Part title={text("unsent")} rows={found.unsent}>
        {(item) =>
          row(
            item,
            <p>{text(`is.${item.state}`, { time: showTime(language, item.at), code: item.code })}</p>,
            item.state === "unknown" ? (
              <Form action="/console/today/again" csrf={csrf} plain>
                <input type="hidden" name="seq" value={item.seq} />
                <button type="submit">
                  {text("again")}
                  <span class="visually-hidden"> {nameOf(item.name)}</span>
                </button>
              </Form>
            ) : undefined,
          )
        }
      </Part>
    </>
  );
  return { type: "page", title: text("title"), body };
}

type Text = (key: string, args?: Record<string, string | number>) => string;

function Part<Item>(given: {
  readonly title: string;
  readonly rows: readonly Item[];
  readonly children: (item: Item) => JSX.Element;
}): JSX.Element | null {
  const { title, rows, children } = given;
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul class="cards">{rows.map(children)}</ul>
    </section>
  );
}

/** One person who needs somebody, with what one press can do. */
function Row(given: {
  readonly visit: Visit;
  readonly text: Text;
  readonly item: { readonly key: string; readonly name: string; readonly personId: string };
  readonly what: ComponentChildren;
  readonly more?: ComponentChildren;
}): JSX.Element {
  const { visit, text, item, what, more } = given;
  const button = (action: "later" | "seen") => (
    <Form action={`/console/today/${action}`} csrf={visit.csrf} plain>
      <input type="hidden" name="key" value={item.key} />
      <button type="submit">
        {text(action)}
        <span class="visually-hidden"> {item.name}</span>
      </button>
    </Form>
  );
  return (
    <li class="card">
      <h3>
        <a href={`/console/people/${item.personId}`}>{item.name}</a>
      </h3>
      {what}
      <div class="row">
        {more}
        {button("later")}
        {button("seen")}
      </div>
    </li>
  );
}

/** What the last press did can be undone by another. */
function UndoBar(given: {
  readonly query: URLSearchParams;
  readonly csrf: string;
  readonly text: Text;
}): JSX.Element | null {
  const { query, csrf, text } = given;
  const key = query.get("put") ?? "";
  const seq = query.get("sent") ?? "";
  const [action, name, value] = /^\d{1,15}$/u.test(seq) ? ["hold", "seq", seq] : ["undo", "key", key];
  if (action === "undo" && !keyForm.test(key)) return null;
  return (
    <Form action={`/console/today/${action}`} csrf={csrf} plain>
      <input type="hidden" name={name} value={value} />
      <button type="submit">{text("undo")}</button>
    </Form>
  );
}

async function put(visit: Visit, deps: ConsoleDeps, how: "seen" | "later"): Promise<Answer> {
  const key = visit.form.get("key") ?? "";
  if (!keyForm.test(key)) return missing;
  const now = deps.now();
  const me = await deps.store.db.person.findUnique({ where: { id: visit.person.id }, select: { timeZone: true } });
  const until = how === "seen" ? seenUntil(now) : tomorrow(now, me?.timeZone ?? "UTC");
  await awayOf(deps).put(visit.person.id, key, until);
  return { type: "go", to: `/today?${new URLSearchParams({ put: key })}`, said: `today.said.${how}` };
}

async function undo(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const key = visit.form.get("key") ?? "";
  if (!keyForm.test(key)) return missing;
  await awayOf(deps).takeOut(visit.person.id, key);
  return { type: "go", to: "/today", said: "today.said.undo" };
}

/** The message that a form names, where it is for somebody on this person's list. */
async function messageOf(visit: Visit, deps: ConsoleDeps): Promise<number | undefined> {
  const seq = Number(visit.form.get("seq"));
  if (!Number.isSafeInteger(seq) || seq < 1) return undefined;
  const message = await deps.store.db.outbox.findUnique({ where: { seq }, select: { personId: true } });
  if (message === null) return undefined;
  const memberships = await deps.store.db.membership.findMany({
    where: { personId: message.personId, organisationId: { in: [...visit.standing.withinSome("inbox.answer")] } },
    select: { organisationId: true, cohort: { select: { programme: true } } },
  });
  const seen = memberships.some(({ organisationId, cohort }) =>
    visit.standing.may("inbox.answer", { organisationId, programme: cohort.programme }),
  );
  return seen ? seq : undefined;
}

async function again(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const seq = await messageOf(visit, deps);
  if (seq === undefined) return missing;
  const done = await deps.store.outbox.sendAgain(seq, deps.now() + holdMs);
  if (!done) return { type: "go", to: "/today", said: "today.said.gone" };
  await deps.audit({ actor: visit.person.id, action: "message.again", subject: String(seq) });
  return { type: "go", to: `/today?sent=${seq}`, said: "today.said.again" };
}

async function hold(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const seq = await messageOf(visit, deps);
  if (seq === undefined) return missing;
  const now = BigInt(deps.now());
  const { waiting: status, unknown } = outboxStatus;
  const { count } = await deps.store.db.outbox.updateMany({
    where: { seq, status, attempts: 0, notBefore: { gt: now } },
    data: { status: unknown, code: "held", settledAt: now },
  });
  return { type: "go", to: "/today", said: count === 1 ? "today.said.held" : "today.said.toolate" };
}
