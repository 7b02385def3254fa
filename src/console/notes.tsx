import type { ComponentChildren } from "preact";
import { Text as Marked } from "../http/markup.tsx";
import { loadSettings, retentionOf } from "../people/settings.ts";
import { look } from "../privacy/look.ts";
import { Form } from "./fields.tsx";
import { personSeen, type SeenPerson } from "./person-data.ts";
import { showTime } from "./show.ts";
import type { Answer, ConsoleDeps, Route, Visit } from "./types.ts";

const mostCharacters = 1_000;
const action = "notes";
/** What a note is sealed for; the instant binds the text to its row, whoever is merged with whom. */
const purpose = "note";
/** Countries whose numbers stand in the words. */
const numbered = ["dk", "se", "fi", "bg"];

/** Notes that a coordinator writes about a member and nobody else reads. */
export const noteRoutes: readonly Route[] = [
  { method: "post", path: "/people/:id/notes", action, handle: add },
  { method: "post", path: "/people/:id/notes/:note/delete", action, handle: remove },
];

/** The organisation for which this visitor keeps notes about somebody; undefined: for none. */
function placeOf(visit: Visit, person: SeenPerson): string | undefined {
  return person.memberships.find(({ organisationId, cohort }) =>
    visit.standing.may(action, { organisationId, programme: cohort.programme }),
  )?.organisationId;
}

/** The visitor's own notes on a person's page, with a form for another; nothing for whoever keeps none. */
export async function notes(person: SeenPerson, visit: Visit, deps: ConsoleDeps): Promise<ComponentChildren> {
  const organisationId = placeOf(visit, person);
  if (organisationId === undefined) return null;
  const text = (key: string, args?: Record<string, string | number>): string =>
    deps.words.text(visit.language, `console.notes${key}`, args);
  const rows = await deps.store.db.note.findMany({
    where: { author: visit.person.id, personId: person.id },
    orderBy: { id: "desc" },
  });
  const days = retentionOf((await loadSettings(deps.store.db)).of(organisationId)).notes;
  return (
    <section aria-labelledby="notes">
      <h2 id="notes">{text("")}</h2>
      <p class="hint">{text(".what", { days })}</p>
      {rows.length === 0 ? <p>{text(".none")}</p> : null}
      <ul class="cards">
        {rows.map((row) => {
          const time = showTime(visit.language, Number(row.at));
          return (
            <li class="card">
              <p class="soft">{time}</p>
              {deps
                .open(purpose, row.text, String(row.at))
                .split("\n")
                .map((line) => (
                  <p>{line}</p>
                ))}
              <Form action={`/console/people/${person.id}/notes/${row.id}/delete`} csrf={visit.csrf} plain>
                <button type="submit" class="danger">
                  {text(".delete")}
                  <span class="visually-hidden"> {text(".deleteof", { time })}</span>
                </button>
              </Form>
            </li>
          );
        })}
      </ul>
      {fieldFor(person, visit, text, "")}
    </section>
  );
}

/** The form; with `confirm` it also offers to keep what looked like a name. */
function fieldFor(
  person: SeenPerson,
  visit: Visit,
  text: (key: string) => string,
  value: string,
  confirm = false,
): ComponentChildren {
  return (
    <Form action={`/console/people/${person.id}/notes`} csrf={visit.csrf}>
      <label for="note">{text(".text")}</label>
      <p class="hint" id="note-hint">
        {text(".hint")}
      </p>
      <textarea id="note" name="note" required maxLength={mostCharacters} aria-describedby="note-hint">
        {value}
      </textarea>
      <div class="row">
        <button type="submit" class="main">
          {text(".add")}
        </button>
        {confirm ? (
          <button type="submit" name="anyway" value="yes">
            {text(".anyway")}
          </button>
        ) : null}
      </div>
    </Form>
  );
}

async function add(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const person = await personSeen(visit, deps, visit.params.id ?? "");
  const organisationId = person && placeOf(visit, person);
  if (person === undefined || organisationId === undefined) return { type: "missing" };
  const to = `/people/${person.id}`;
  const note = (visit.form.get("note") ?? "").replaceAll("\r\n", "\n").trim();
  if (note === "" || note.length > mostCharacters) return { type: "go", to, said: "console.notes.empty" };
  const { danger, findings } = look(
    note,
    visit.language,
    deps.adapters.map(({ channel }) => channel),
  );
  const refused = findings.filter((kind) => kind !== "name");
  const isName = findings.includes("name") && visit.form.get("anyway") !== "yes";
  if (danger || refused.length > 0 || isName) {
    return judged(visit, deps, person, { note, danger, refused, organisationId });
  }
  const at = BigInt(deps.now());
  const sealed = new Uint8Array(deps.seal(purpose, note, String(at)));
  await deps.store.db.note.create({ data: { author: visit.person.id, personId: person.id, text: sealed, at } });
  await deps.audit({ actor: visit.person.id, action: "note.add", subject: person.id, organisationId });
  return { type: "go", to, said: "console.notes.added" };
}

/** The note as it was typed, kept nowhere, with what has to change. */
async function judged(
  visit: Visit,
  deps: ConsoleDeps,
  person: SeenPerson,
  seen: {
    readonly note: string;
    readonly danger: boolean;
    readonly refused: readonly string[];
    readonly organisationId: string;
  },
): Promise<Answer> {
  const { language } = visit;
  const text = (key: string, args?: Record<string, string | number>): string =>
    deps.words.text(language, `console.notes${key}`, args);
  const { note, danger, refused, organisationId } = seen;
  const kinds = refused.map((kind) => deps.words.text(language, `privacy.kind.${kind}`));
  const what = new Intl.ListFormat(language, { type: "conjunction" }).format(kinds);
  const place = await deps.store.db.organisation.findUnique({ where: { id: organisationId } });
  const country = place?.country.toLowerCase() ?? "";
  const numbers = `privacy.numbers.${numbered.includes(country) ? country : "other"}`;
  return {
    type: "page",
    status: 422,
    title: text(".title", {
      name: person.name === "" ? deps.words.text(language, "console.people.noname") : person.name,
    }),
    body: (
      <>
        <div class="problem" role="alert">
          {danger ? (
            <>
              <Marked markup={deps.words.markup(language, "privacy.danger")} />
              <Marked markup={deps.words.markup(language, numbers)} />
            </>
          ) : (
            <p>{refused.length > 0 ? text(".refused", { what }) : text(".name")}</p>
          )}
        </div>
        {fieldFor(person, visit, text, note, !danger && refused.length === 0)}
        <p>
          <a href={`/console/people/${person.id}`}>{deps.words.text(language, "console.person.back")}</a>
        </p>
      </>
    ),
  };
}

async function remove(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const person = await personSeen(visit, deps, visit.params.id ?? "");
  const organisationId = person && placeOf(visit, person);
  const id = Number(visit.params.note);
  if (person === undefined || organisationId === undefined || !Number.isSafeInteger(id)) return { type: "missing" };
  const { count } = await deps.store.db.note.deleteMany({
    where: { id, author: visit.person.id, personId: person.id },
  });
  if (count === 0) return { type: "missing" };
  await deps.audit({ actor: visit.person.id, action: "note.delete", subject: person.id, organisationId });
  return { type: "go", to: `/people/${person.id}`, said: "console.notes.deleted" };
}
