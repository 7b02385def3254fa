import { most } from "../../authoring/archive.ts";
import { listDrafts } from "../../authoring/drafts.ts";
import { Form } from "../fields.tsx";
import { showTime } from "../show.ts";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { homeOf, textOf, titleOf } from "./common.ts";
import { zipOf } from "./files.ts";

/** What is taught, the drafts, and how to begin one. */
export async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const t = textOf(visit, deps);
  const { standing, language } = visit;
  const taught = deps.catalogue.programmes.filter(({ id }) => homeOf(visit, id) !== undefined);
  const wanted = visit.query.get("zip");
  if (wanted !== null) {
    const programme = taught.find(({ id }) => id === wanted);
    const files = programme && (await deps.authoring.source(programme));
    return files === undefined ? { type: "missing" } : zipOf(wanted, files);
  }
  const drafts = (await listDrafts(deps.store.db, standing.withinSome("programmes.write"))).filter((draft) =>
    standing.may("programmes.write", draft),
  );
  return {
    type: "page",
    title: t("page"),
    body: (
      <>
        <p>{t("what")}</p>
        <h2>{t("drafts")}</h2>
        {drafts.length === 0 ? <p>{t("drafts.none")}</p> : null}
        <ul class="cards">
          {drafts.map(({ id, programme, state, changedAt }) => (
            <li class="card">
              <h3>
                <a href={`/console/programmes/${id}`}>{programme}</a>
              </h3>
              <p>
                {t(`state.${state}`)}
                <br />
                {t("changed", { time: showTime(language, Number(changedAt)) })}
              </p>
            </li>
          ))}
        </ul>
        <h2>{t("taught")}</h2>
        <ul class="cards">
          {taught.map((programme) => (
            <li class="card">
              <h3>{titleOf(programme, language)}</h3>
              <p>
                {t("version", { programme: programme.id, version: programme.version })}
                <br />
                <a href={`/console/programmes?${new URLSearchParams({ zip: programme.id })}`}>{t("zip")}</a>
              </p>
              <Form action="/console/programmes/begin" csrf={visit.csrf} plain>
                <input type="hidden" name="programme" value={programme.id} />
                <button type="submit">{t("begin")}</button>
              </Form>
            </li>
          ))}
        </ul>
        <h2>{t("upload")}</h2>
        <Form action="/console/programmes" csrf={visit.csrf} files>
          <label for="pack">{t("upload.file")}</label>
          <p class="hint" id="pack-hint">
            {t("upload.hint", { files: most.files, size: 5 })}
          </p>
          <input type="file" id="pack" name="pack" accept=".zip" required aria-describedby="pack-hint" />
          <button type="submit" class="main">
            {t("upload.send")}
          </button>
        </Form>
      </>
    ),
  };
}
