import type { JSX } from "preact";
import { isPackPath, most } from "../../authoring/archive.ts";
import { type Draft, writeDraft } from "../../authoring/drafts.ts";
import type { Problem } from "../../programmes/problem.ts";
import { Form } from "../fields.tsx";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { draftOf, fileAddress, type T, textOf } from "./common.ts";

/** Lines that are shown before and behind the one with a finding. */
const around = 3;

/** One file of a draft, to be written in, with what is wrong in it. */
export async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const draft = await draftOf(visit, deps);
  const path = visit.query.get("path") ?? "programme.yaml";
  if (draft === undefined || !isPackPath(path)) return { type: "missing" };
  const text = readText(draft.files.get(path));
  return show(draft, path, text, visit, deps);
}

/** Keeps a file, or takes it away. */
export async function save(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { form } = visit;
  const draft = await draftOf(visit, deps);
  const path = form.get("path") ?? "";
  if (draft === undefined || !isPackPath(path)) return { type: "missing" };
  // Browsers end lines in their own way.
  const text = (form.get("text") ?? "").replaceAll("\r\n", "\n");
  const bytes = new TextEncoder().encode(text);
  const files = new Map(draft.files);
  if (form.get("do") === "remove") files.delete(path);
  else files.set(path, bytes);
  if (bytes.length > most.bytes || files.size > most.files) return { type: "missing" };
  const rev = Number(form.get("rev"));
  const done = await writeDraft(deps.store.db, { id: draft.id, rev }, files, visit.person.id, deps.now());
  // What was written stays on the page: nobody types it again.
  if (!done) return show(draft, path, text, visit, deps, 409);
  const { id, programme, organisationId } = draft;
  const detail = { draft: id, programme, file: path };
  await deps.audit({ actor: visit.person.id, action: "programme.write", organisationId, detail });
  const removed = !files.has(path);
  return {
    type: "go",
    to: removed ? `/programmes/${id}` : fileAddress(id, path),
    said: removed ? "programmes.said.fileremoved" : "programmes.said.saved",
  };
}

/** A file as text; undefined where it is none in UTF-8. */
function readText(bytes: Uint8Array | undefined): string | undefined {
  try {
    return bytes === undefined ? "" : new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function show(
  draft: Draft,
  path: string,
  text: string | undefined,
  visit: Visit,
  deps: ConsoleDeps,
  status = 200,
): Promise<Answer> {
  const t = textOf(visit, deps);
  const { findings } = await deps.authoring.findIn(draft);
  const own = findings.filter((one) => one.path === path);
  const at = `/console/programmes/${draft.id}`;
  return {
    type: "page",
    title: path,
    status,
    body: (
      <>
        <p>
          <a href={at}>{t("back", { programme: draft.programme })}</a>
        </p>
        {status === 409 ? (
          <p class="problem" role="alert">
            {t("said.changed")}
          </p>
        ) : null}
        {Wrong(own, readText(draft.files.get(path)) ?? "", t)}
        {text === undefined ? (
          <p>{t("file.binary")}</p>
        ) : (
          <Form action={`${at}/file`} csrf={visit.csrf} plain files>
            <input type="hidden" name="path" value={path} />
            <input type="hidden" name="rev" value={draft.rev} />
            <label for="text">{t("file.text")}</label>
            {/* A browser drops the first line break. */}
            <textarea
              id="text"
              name="text"
              class="source"
              rows={30}
              spellcheck={false}
              readOnly={draft.state === "published"}
            >
              {text.startsWith("\n") ? `\n${text}` : text}
            </textarea>
            {draft.state === "published" ? null : (
              <div class="row">
                <button type="submit" class="main" name="do" value="save">
                  {t("file.save")}
                </button>
                {draft.files.has(path) && path !== "programme.yaml" ? (
                  <button type="submit" class="danger" name="do" value="remove">
                    {t("file.remove")}
                  </button>
                ) : null}
              </div>
            )}
          </Form>
        )}
      </>
    ),
  };
}

/** The findings of this file, each with the lines around it. */
function Wrong(findings: readonly Problem[], text: string, t: T): JSX.Element | null {
  if (findings.length === 0) return null;
  const lines = text.split("\n");
  return (
    <section>
      <h2>{t("findings")}</h2>
      {findings.map(({ line, message, rule }) => {
        const first = Math.max(1, line - around);
        return (
          <article class="problem" id={`line-${line}`}>
            <h3>{t("file.line", { line })}</h3>
            <p>
              {message} <span class="soft">{`(${rule})`}</span>
            </p>
            <pre>
              {lines
                .slice(first - 1, line + around)
                .map(
                  (one, index) => `${first + index === line ? "▸" : " "}${String(first + index).padStart(5)}  ${one}`,
                )
                .join("\n")}
            </pre>
          </article>
        );
      })}
    </section>
  );
}
