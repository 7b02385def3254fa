import { keepPicture } from "../images/upload.ts";
import { loadSettings, type Settings } from "../people/settings.ts";
import { organisationChoices } from "./people-data.ts";
import { fieldsOf, SettingsForm } from "./settings-form.tsx";
import { logoOf, settingsFrom } from "./settings-read.ts";
import { arrange, type Column, csvFile, Table } from "./table.tsx";
import type { Answer, ConsoleDeps, Section, Visit } from "./types.ts";

const action = "settings.change";

/** What each organisation decides for itself. */
export const settings: Section = {
  path: "/settings",
  name: "house.title",
  routes: [
    { method: "get", path: "/settings", action, handle: list },
    { method: "get", path: "/settings/:id", action, handle: one },
    { method: "post", path: "/settings/:id", action, handle: change },
    { method: "get", path: "/logos/:id", action: "console", handle: logo },
  ],
};

interface Row {
  readonly id: string;
  readonly name: string;
  readonly own: string;
}

async function list(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const text = (key: string): string => deps.words.text(visit.language, `house.${key}`);
  const [all, choices] = await Promise.all([loadSettings(db), organisationChoices(db, visit.standing.within(action))]);
  const names = new Intl.ListFormat(visit.language, { type: "unit" });
  const rows = choices.map(({ value: id, label: name }): Row => {
    return { id, name, own: names.format(Object.keys(all.own(id)).map((key) => text(key))) };
  });
  const columns: readonly Column<Row>[] = [
    {
      id: "organisation",
      label: text("organisation"),
      value: ({ name }) => name,
      show: ({ id, name }) => <a href={`/console/settings/${id}`}>{name}</a>,
    },
    { id: "own", label: text("own"), value: ({ own }) => own, show: ({ own }) => (own === "" ? "–" : own) },
  ];
  const view = arrange(rows, columns, visit.query, visit.language);
  if (visit.query.get("format") === "csv") return csvFile("settings", columns, view.all);
  return {
    type: "page",
    title: text("title"),
    body: (
      <>
        <p>{text("what")}</p>
        <Table
          words={deps.words}
          visit={visit}
          caption={text("title")}
          path="/console/settings"
          columns={columns}
          view={view}
          csv
        />
      </>
    ),
  };
}

async function one(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const id = visit.params.id ?? "";
  if (!visit.standing.within(action).includes(id)) return { type: "missing" };
  const all = await loadSettings(deps.store.db);
  return page(visit, deps, id, fieldsOf(all.own(id)), { own: all.own(id), above: all.above(id), problems: [] });
}

async function page(
  visit: Visit,
  deps: ConsoleDeps,
  id: string,
  fields: URLSearchParams,
  given: { readonly own: Settings; readonly above: Settings; readonly problems: readonly string[] },
): Promise<Answer> {
  const text = (key: string, args?: Record<string, string | number>): string =>
    deps.words.text(visit.language, `house.${key}`, args);
  const [choice] = await organisationChoices(deps.store.db, [id]);
  if (choice === undefined) return { type: "missing" };
  const { problems } = given;
  return {
    type: "page",
    title: text("of", { name: choice.label }),
    ...(problems.length > 0 ? { status: 422 } : {}),
    body: (
      <>
        {problems.length === 0 ? null : (
          <div class="problem" role="alert">
            <p>{text("wrong")}</p>
            <ul>
              {problems.map((problem) => (
                <li>{text(problem)}</li>
              ))}
            </ul>
          </div>
        )}
        <p>{text("what")}</p>
        <SettingsForm
          text={text}
          language={visit.language}
          csrf={visit.csrf}
          id={id}
          name={choice.label}
          fields={fields}
          own={given.own}
          above={given.above}
        />
        <p>
          <a href="/console/settings">{text("all")}</a>
        </p>
      </>
    ),
  };
}

async function change(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const id = visit.params.id ?? "";
  if (!visit.standing.within(action).includes(id)) return { type: "missing" };
  const all = await loadSettings(db);
  const own = all.own(id);
  const read = settingsFrom(visit.form);
  const picture = await logoOf(visit.files.get("logo")?.bytes);
  const problems = [...read.problems, ...(typeof picture === "string" ? [`logo.${picture}`] : [])];
  if (problems.length > 0 || typeof picture === "string") {
    return page(visit, deps, id, visit.form, { own, above: all.above(id), problems });
  }
  const kept = visit.form.get("logo-remove") === "yes" ? undefined : own.logo;
  const logo = picture === undefined ? kept : await keepPicture(db, { organisationId: id, picture, now: deps.now() });
  const next: Settings = { ...read.settings, ...(logo === undefined ? {} : { logo }) };
  await db.organisation.update({ where: { id }, data: { settings: JSON.stringify(next) } });
  const names = new Set([...Object.keys(own), ...Object.keys(next)]) as ReadonlySet<keyof Settings>;
  const changed = [...names].filter((name) => JSON.stringify(own[name]) !== JSON.stringify(next[name]));
  await deps.audit({
    actor: visit.person.id,
    action: "settings.change",
    subject: id,
    organisationId: id,
    detail: { changed },
  });
  return { type: "go", to: `/settings/${id}`, said: "house.saved" };
}

/** A logo, for whoever works in an organisation that has it. */
async function logo(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const { db } = deps.store;
  const id = visit.params.id ?? "";
  const all = await loadSettings(db);
  if (!visit.standing.withinSome("console").some((organisation) => all.of(organisation).logo === id)) {
    return { type: "missing" };
  }
  const row = await db.picture.findUnique({ where: { id } });
  return row === null ? { type: "missing" } : { type: "file", name: "logo.png", mime: row.mime, body: row.bytes };
}
