import type { ComponentChildren, JSX } from "preact";
import { fileEnding } from "../../evidence/content.ts";
import { downloadFile, mostReason, type OpenedEvidence, openEvidence } from "../../evidence/review.ts";
import { Form } from "../fields.tsx";
import { showTime } from "../show.ts";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { competenceTitles, kindOf, unitTitle } from "./names.ts";

type Text = (key: string, args?: Record<string, string | number>) => string;

/** One item: what it is for, what it says for those who may see that, its history, and what can be decided. */
export async function one(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { language, standing, params, csrf } = visit;
  const { words, store } = deps;
  const found = await openEvidence(deps, standing, params.id ?? "");
  if (found === undefined) return { type: "missing" };
  const { item, history, content, decide } = found;
  const text: Text = (key, args) => words.text(language, key, args);
  const people = await store.db.person.findMany({
    where: { id: { in: [...new Set([item.personId, ...history.map(({ by }) => by)])] } },
    select: { id: true, name: true },
  });
  const nameOf = (id: string): string => people.find((person) => person.id === id)?.name || text("evidence.c.someone");
  const titles = competenceTitles(deps, item, language);
  const titleOf = (id: string): string => titles.find((known) => known.id === id)?.title ?? id;
  const facts: readonly (readonly [string, string])[] = [
    ["evidence.c.state", text(`evidence.state.${item.state}`)],
    ["evidence.c.kind", kindOf(deps, item, language)],
    ["evidence.c.competences", titles.map(({ title }) => title).join("; ") || "–"],
    ["evidence.c.programme", `${item.programme} ${item.version}`],
  ];
  const path = `/console/evidence/${item.id}`;
  const body = (
    <>
      <p>
        <a href={`/console/evidence?state=${item.state}`}>{text("evidence.c.back")}</a>
      </p>
      <dl>
        {facts.map(([key, value]) => (
          <>
            <dt>{text(key)}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      {item.earlier === null ? null : (
        <p>
          {text("evidence.c.prior", {
            where: text(`evidence.where.${item.earlier.where}`),
            span:
              item.earlier.from === item.earlier.to ? item.earlier.from : `${item.earlier.from} – ${item.earlier.to}`,
            unit: unitTitle(deps, item, item.earlier.unit, language) ?? text("evidence.c.nounit"),
          })}
        </p>
      )}
      {content === null ? <p>{text("evidence.c.closed")}</p> : <Content text={text} found={found} path={path} />}
      <h2>{text("evidence.c.history")}</h2>
      <ol class="cards">
        {history.map((step) => (
          <li class="card">
            <p>{text("evidence.c.by", { state: text(`evidence.state.${step.state}`), name: nameOf(step.by) })}</p>
            <p class="soft">{showTime(language, step.at)}</p>
            {step.competences === null || step.competences.length === 0 ? null : (
              <p>{step.competences.map(titleOf).join("; ")}</p>
            )}
            {step.reason === null ? null : <Lines said={step.reason} />}
          </li>
        ))}
      </ol>
      {decide === "own" ? <p class="problem">{text("evidence.c.own")}</p> : null}
      {decide === true ? (
        <>
          <h2>{text("evidence.c.accept")}</h2>
          <Form action={`${path}/accept`} csrf={csrf}>
            {titles.length === 0 ? null : <p class="hint">{text("evidence.c.accept.hint")}</p>}
            {titles.map(({ id, title }) => (
              <label class="tick">
                <input type="checkbox" name="competence" value={id} checked />
                {title}
              </label>
            ))}
            <button type="submit" class="main">
              {text("evidence.c.accept")}
            </button>
          </Form>
          <h2>{text("evidence.c.return")}</h2>
          <Form action={`${path}/return`} csrf={csrf}>
            <label for="reason">{text("evidence.c.return")}</label>
            <p class="hint" id="reason-hint">
              {text("evidence.c.return.hint")}
            </p>
            <textarea id="reason" name="reason" required maxLength={mostReason} aria-describedby="reason-hint" />
            <button type="submit">{text("evidence.c.return")}</button>
          </Form>
        </>
      ) : null}
      {mayDestroy(visit, found) ? (
        <>
          <h2>{text("evidence.c.recognisable")}</h2>
          <Form action={`${path}/recognisable`} csrf={csrf}>
            <p class="hint">{text("evidence.c.recognisable.hint")}</p>
            <label class="tick">
              <input type="checkbox" name="sure" value="yes" required />
              {text("evidence.c.recognisable.tick")}
            </label>
            <button type="submit">{text("evidence.c.recognisable")}</button>
          </Form>
        </>
      ) : null}
    </>
  );
  return { type: "page", title: text("evidence.c.one", { name: nameOf(item.personId) }), body };
}

/** What was decided already can still show somebody. */
function mayDestroy({ standing }: Visit, { item }: OpenedEvidence): boolean {
  const { organisationId, programme, personId, state } = item;
  if (personId === standing.personId || !standing.may("evidence.review", { organisationId, programme })) return false;
  return state === "submitted" || state === "accepted" || state === "returned";
}

function Content(given: {
  readonly text: Text;
  readonly found: OpenedEvidence;
  readonly path: string;
}): JSX.Element | null {
  const { text, found, path } = given;
  const { item, content } = found;
  if (content === null) return null;
  const { title, text: said, link, files, record } = content;
  const passed = item.recordKey?.startsWith("passed:") === true;
  return (
    <>
      {title === null ? null : (
        <Part heading={text("evidence.c.shows")}>
          <Lines said={title} />
        </Part>
      )}
      {said === null ? null : (
        <Part heading={text("evidence.c.says")}>
          <Lines said={said} />
        </Part>
      )}
      {link === null ? null : (
        <Part heading={text("evidence.c.link")}>
          <p>
            <a href={link} rel="noopener noreferrer nofollow" target="_blank">
              {link}
            </a>
          </p>
        </Part>
      )}
      {record === null ? null : <p>{passed ? text("evidence.c.passed") : text("evidence.c.record", record)}</p>}
      {item.kind === "file" ? (
        <Part heading={text("evidence.c.files")}>
          <p class="hint">{text("evidence.c.audited")}</p>
          {files.length === 0 ? <p>{text("evidence.c.nofile")}</p> : null}
          {files.map(({ mime, size }) => (
            <p>
              <a href={`${path}/file`} download>
                {text("evidence.c.download", {
                  type: text(`evidence.type.${fileEnding(mime)}`),
                  size: Math.max(1, Math.round(size / 1024)),
                })}
              </a>
            </p>
          ))}
        </Part>
      ) : null}
    </>
  );
}

function Part({ heading, children }: { readonly heading: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <section>
      <h2>{heading}</h2>
      {children}
    </section>
  );
}

function Lines({ said }: { readonly said: string }): JSX.Element {
  return (
    <>
      {said.split("\n").map((line) => (
        <p>{line}</p>
      ))}
    </>
  );
}

/** The file to take along; written down each time. */
export async function file(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const found = await downloadFile(deps, visit.standing, { evidence: visit.params.id ?? "" });
  if (found === undefined) return { type: "missing" };
  return { type: "file", name: found.name, mime: found.mime, body: found.bytes };
}
