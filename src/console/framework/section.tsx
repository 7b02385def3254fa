import type { ComponentChildren } from "preact";
import { assessorLevels } from "../../domain/facts.ts";
import { statusOf } from "../../domain/framework.ts";
import { inLanguage, languageFor, type Programme } from "../../domain/programme.ts";
import { progressIn } from "../../domain/progress.ts";
import type { Json } from "../../engine/types.ts";
import { taughtSince } from "../../frameworks/case-parts.ts";
import { LevelsShown, readerOf, showLevel, type Text } from "../../frameworks/levels-shown.tsx";
import { frameworkFileOf } from "../../programmes/framework-exchange.ts";
import { type SharedSelf, sharedSelves } from "../../supervision/self-shared.ts";
import { showDay } from "../show.ts";
import { arrange, type Column, Table } from "../table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "../types.ts";

/** The frameworks that are taught, and what people shared of how they see themselves by them. */
export const framework: Section = {
  path: "/framework",
  name: "framework.title",
  routes: [
    { method: "get", path: "/framework", action: "framework.see", handle: all },
    { method: "get", path: "/framework/:id", action: "self.see", handle: one },
  ],
};

function textsOf(visit: Visit, deps: ConsoleDeps): Text {
  return (key, args) => deps.words.text(visit.language, key, args);
}

async function all(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const text = textsOf(visit, deps);
  const format = visit.query.get("format");
  if (format === "case" || format === "csv") return file(format, visit, deps);
  const programmes = deps.catalogue.programmes.filter((programme) => programme.framework !== undefined);
  return {
    type: "page",
    title: text("framework.title"),
    body: (
      <>
        {programmes.length === 0 ? <p>{text("framework.none")}</p> : null}
        <ul class="cards">{programmes.map((programme) => card(programme, visit, text))}</ul>
        {visit.standing.may("self.see") ? await shared(visit, deps, text) : null}
      </>
    ),
  };
}

function card(programme: Programme, visit: Visit, text: Text): ComponentChildren {
  const { framework: own } = programme;
  if (own === undefined) return null;
  const read = readerOf(own, visit.language);
  const title = inLanguage(programme.title, languageFor(programme.languages, [visit.language]));
  return (
    <li class="card">
      <h2>{read(own.title)}</h2>
      <p>{read(own.about)}</p>
      <p>{text("framework.of", { title, version: own.version })}</p>
      <ol>
        {own.levels.map(({ name, short }) => (
          <li>
            <strong>{read(name)}</strong>: {read(short)}
          </li>
        ))}
      </ol>
      <p class="row">
        {(["case", "csv"] as const).map((format) => (
          <a class="button" href={`/console/framework?programme=${programme.id}&format=${format}`}>
            {text(format === "case" ? "framework.file.case" : "framework.file.csv")}
          </a>
        ))}
      </p>
    </li>
  );
}

/** A framework to take along: the same for everybody, no person in it. */
async function file(format: "case" | "csv", { query, language }: Visit, deps: ConsoleDeps): Promise<Answer> {
  const programme = deps.catalogue.programmes.find(({ id }) => id === query.get("programme"));
  if (programme?.framework === undefined) return { type: "missing" };
  const wanted = programme.framework.languages.includes(language) ? { language } : {};
  const { publicUrl } = deps;
  const changedAt = await taughtSince(deps.store.db, programme);
  const body = frameworkFileOf(programme, { format, publicUrl, changedAt, ...wanted });
  const name = `${programme.id}-framework.${format === "case" ? "json" : "csv"}`;
  const mime = format === "case" ? "application/json" : "text/csv; charset=utf-8";
  return body === undefined ? { type: "missing" } : { type: "file", name, mime, body };
}

async function shared(visit: Visit, deps: ConsoleDeps, text: Text): Promise<ComponentChildren> {
  const { store, catalogue, now, words } = deps;
  const rows = await sharedSelves(store.db, visit.standing, { catalogue, now: now() });
  const columns: readonly Column<SharedSelf>[] = [
    {
      id: "name",
      label: text("console.people.name"),
      value: ({ name }) => name,
      show: ({ personId, name }) => (
        <a href={`/console/framework/${personId}`}>{name === "" ? text("console.people.noname") : name}</a>
      ),
    },
    {
      id: "day",
      label: text("framework.day"),
      value: ({ attempts }) => attempts[0]?.at ?? null,
      show: ({ attempts }) => showDay(visit.language, attempts[0]?.at ?? 0),
    },
    {
      id: "level",
      label: text("framework.level"),
      value: ({ programme, attempts }) => {
        const own = catalogue.get(programme)?.framework;
        return own === undefined ? null : statusOf(own, attempts[0]?.levels ?? {});
      },
    },
  ];
  await deps.audit({ actor: visit.person.id, action: "self.list", detail: { count: rows.length } });
  return (
    // The table below is a region of this name already.
    <>
      <h2>{text("framework.shared")}</h2>
      <p class="hint">{text("framework.never")}</p>
      <Table
        words={words}
        visit={visit}
        caption={text("framework.shared")}
        path="/console/framework"
        columns={columns}
        view={arrange(rows, columns, visit.query, visit.language)}
      />
    </>
  );
}

/** What one person shared; every look is written down. */
async function one(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { store, catalogue, now } = deps;
  const text = textsOf(visit, deps);
  const personId = visit.params.id ?? "";
  const found = await sharedSelves(store.db, visit.standing, { catalogue, now: now(), personId });
  const [first] = found;
  if (first === undefined) return { type: "missing" };
  const { organisationId, name } = first;
  await deps.audit({ actor: visit.person.id, action: "self.see", subject: personId, organisationId });
  const row = await store.db.progress.findUnique({ where: { personId } });
  const stored = row === null ? null : (JSON.parse(row.state) as Json);
  return {
    type: "page",
    title: name === "" ? text("console.people.noname") : name,
    body: (
      <>
        <p class="hint">{text("framework.never")}</p>
        {found.map((each) => selfOf(each, stored, visit, deps, text))}
      </>
    ),
  };
}

function selfOf(
  { programme, attempts }: SharedSelf,
  stored: Json,
  visit: Visit,
  deps: ConsoleDeps,
  text: Text,
): ComponentChildren {
  const own = deps.catalogue.get(programme)?.framework;
  const [latest, before, ...earlier] = attempts;
  if (own === undefined || latest === undefined) return null;
  const read = readerOf(own, visit.language);
  const id = `self-${programme}`;
  const older = before === undefined ? earlier : [before, ...earlier];
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{text("framework.self.of", { day: showDay(visit.language, latest.at) })}</h2>
      <LevelsShown
        framework={own}
        language={visit.language}
        text={text}
        self={latest.levels}
        assessor={assessorLevels(progressIn(stored, programme).facts ?? {})}
        earlier={before?.levels}
        selfLabel={text("framework.self")}
      />
      {older.length === 0 ? null : <h3>{text("framework.earlier")}</h3>}
      <ul>
        {older.map(({ at, levels }) => (
          <li>
            {showDay(visit.language, at)}: {showLevel(own, statusOf(own, levels), text, read)}
          </li>
        ))}
      </ul>
    </section>
  );
}
