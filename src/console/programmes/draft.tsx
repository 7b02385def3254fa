import type { JSX } from "preact";
import { changesOf } from "../../authoring/changes.ts";
import type { Draft } from "../../authoring/drafts.ts";
import type { Found } from "../../authoring/findings.ts";
import { reachOf } from "../../authoring/publish.ts";
import { ownersOf, reasons } from "../../authoring/steps.ts";
import { Form, TextField } from "../fields.tsx";
import { showTime } from "../show.ts";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { draftOf, fileAddress, mayPublish, type T, textOf, titleOf } from "./common.ts";
import { mostLetters } from "./decide.ts";
import { Findings } from "./findings.tsx";

/** A draft: what is wrong in it, what it changes, who has to look at it, and its files. */
export async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const draft = await draftOf(visit, deps);
  if (draft === undefined) return { type: "missing" };
  const t = textOf(visit, deps);
  const found = await deps.authoring.findIn(draft);
  const { programme, findings, warnings } = found;
  const at = `/console/programmes/${draft.id}`;
  const open = draft.state !== "published";
  return {
    type: "page",
    title: t("draft", { programme: programme === undefined ? draft.programme : titleOf(programme, visit.language) }),
    body: (
      <>
        <p>
          {t("version", { programme: draft.programme, version: programme?.version ?? "–" })}
          <br />
          {t(`state.${draft.state}`)}
        </p>
        <ul class="row">
          {programme === undefined ? null : (
            <>
              <li>
                <a href={`${at}/play`}>{t("play")}</a>
              </li>
              <li>
                <a href={`${at}/preview`}>{t("preview")}</a>
              </li>
            </>
          )}
          <li>
            <a href={`${at}/pack.zip`}>{t("zip")}</a>
          </li>
        </ul>
        <h2>{t("findings")}</h2>
        {findings.length === 0 ? <p class="good">{t("findings.none")}</p> : <p>{t("findings.stop")}</p>}
        <Findings id={draft.id} list={findings} />
        {warnings.length === 0 ? null : (
          <>
            <h3>{t("warnings")}</h3>
            <Findings id={draft.id} list={warnings} />
          </>
        )}
        {open ? await Changes(draft, found, deps, t) : null}
        {await Look(draft, found, visit, deps, t)}
        <h2>{t("files")}</h2>
        <ul>
          {[...draft.files.keys()].sort().map((path) => (
            <li>
              <a href={fileAddress(draft.id, path)}>{path}</a>
            </li>
          ))}
        </ul>
        {open ? Writing(draft, visit, t) : null}
        {await History(draft, visit, deps, t)}
      </>
    ),
  };
}

/** What is different from what is taught now, and whom it would reach how. */
async function Changes(draft: Draft, { programme }: Found, deps: ConsoleDeps, t: T): Promise<JSX.Element> {
  const taught = deps.catalogue.programmes.find(({ id }) => id === draft.programme);
  const before = (taught && (await deps.authoring.source(taught))) ?? new Map<string, Uint8Array>();
  const changes = changesOf(before, draft.files);
  return (
    <section>
      <h2>{taught === undefined ? t("changes.first") : t("changes", { version: taught.version })}</h2>
      {programme === undefined ? null : <p>{t(`reach.${reachOf(programme, taught)}`)}</p>}
      {changes.length === 0 ? (
        <p>{t("changes.none")}</p>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">{t("changes.file")}</th>
                <th scope="col">{t("changes.what")}</th>
                <th scope="col" class="number">
                  {t("changes.added")}
                </th>
                <th scope="col" class="number">
                  {t("changes.removed")}
                </th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ path, kind, added, removed }) => (
                <tr>
                  <th scope="row">{kind === "removed" ? path : <a href={fileAddress(draft.id, path)}>{path}</a>}</th>
                  <td>{t(`kind.${kind}`)}</td>
                  <td class="number">{`+${added}`}</td>
                  <td class="number">{`−${removed}`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

/** The second look: asking for it, waiting for it, or giving it. */
async function Look(draft: Draft, found: Found, visit: Visit, deps: ConsoleDeps, t: T): Promise<JSX.Element | null> {
  const at = `/console/programmes/${draft.id}`;
  const rev = <input type="hidden" name="rev" value={draft.rev} />;
  if (draft.state === "published") return null;
  if (draft.state !== "asked") {
    return (
      <section>
        <h2>{t("look")}</h2>
        <p>{t(found.findings.length > 0 ? "look.findings" : "look.ask")}</p>
        {found.findings.length > 0 ? null : (
          <Form action={`${at}/ask`} csrf={visit.csrf} plain>
            {rev}
            <button type="submit" class="main">
              {t("ask")}
            </button>
          </Form>
        )}
      </section>
    );
  }
  const own = (await ownersOf(deps.store.db, draft.id)).has(visit.person.id);
  if (own || !mayPublish(visit, draft.programme)) {
    return (
      <section>
        <h2>{t("look")}</h2>
        <p>{t(own ? "look.own" : "look.house")}</p>
      </section>
    );
  }
  return (
    <section>
      <h2>{t("look")}</h2>
      <p>{t("look.yours")}</p>
      <Form action={`${at}/yes`} csrf={visit.csrf} plain>
        {rev}
        <button type="submit" class="main">
          {t("yes")}
        </button>
      </Form>
      <Form action={`${at}/no`} csrf={visit.csrf}>
        {rev}
        <TextField id="reason" label={t("no.reason")} hint={t("no.hint")} most={mostLetters} required />
        <button type="submit">{t("no")}</button>
      </Form>
    </section>
  );
}

/** One more file, other files altogether, or no draft any more. */
function Writing(draft: Draft, visit: Visit, t: T): JSX.Element {
  const at = `/console/programmes/${draft.id}`;
  return (
    <details>
      <summary>{t("more")}</summary>
      <form method="get" action={`${at}/file`} class="stack">
        <TextField id="path" label={t("file.new")} hint={t("file.new.hint")} most={120} required />
        <button type="submit">{t("file.open")}</button>
      </form>
      <Form action={`${at}/replace`} csrf={visit.csrf} files>
        <input type="hidden" name="rev" value={draft.rev} />
        <label for="pack">{t("replace.file")}</label>
        <input type="file" id="pack" name="pack" accept=".zip" required />
        <button type="submit">{t("replace")}</button>
      </Form>
      <Form action={`${at}/remove`} csrf={visit.csrf} plain>
        <button type="submit" class="danger">
          {t("remove")}
        </button>
      </Form>
    </details>
  );
}

/** Who did what, and why somebody said no. */
async function History(draft: Draft, visit: Visit, deps: ConsoleDeps, t: T): Promise<JSX.Element> {
  const { db } = deps.store;
  const steps = await db.programmeStep.findMany({
    where: { draftId: draft.id },
    orderBy: [{ at: "desc" }, { id: "asc" }],
    take: 50,
  });
  const people = await db.person.findMany({
    where: { id: { in: steps.map(({ by }) => by) } },
    select: { id: true, name: true },
  });
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return (
    <section>
      <h2>{t("history")}</h2>
      <ul>
        {steps.map(({ id, by, what, said, at }) => (
          <li>
            {t(`step.${what}`, { name: names.get(by) ?? "–", time: showTime(visit.language, Number(at)) })}
            {said === null ? null : (
              <>
                <br />
                {deps.open(reasons.purpose, said, id)}
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
