import { randomUUID } from "node:crypto";
import type { JSX } from "preact";
import { lastDay } from "../../domain/calendar.ts";
import { inLanguage, languageFor, type Programme } from "../../domain/programme.ts";
import { holds } from "../../people/access.ts";
import { organisationTree } from "../../people/standing.ts";
import { look } from "../../privacy/look.ts";
import { reportHash } from "../../quality/report.ts";
import { dayOf, releaseCertificates } from "../../quality/reviews.ts";
import { Form, SelectField, TextField } from "../fields.tsx";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { type Chosen, chosenOf, reportFor } from "./chosen.ts";

const verdicts = ["yes", "partly", "no"] as const;
/** Letters of a note. */
const mostLetters = 500;
/** What the notes of a sign-off are sealed for. */
const notesPurpose = "quality";

type Text = (key: string, args?: Record<string, string | number>) => string;

/** The form below a report, for whoever may sign it off and does not answer for its figures. */
export async function SignForm(
  chosen: Chosen,
  programme: Programme,
  visit: Visit,
  deps: ConsoleDeps,
  text: Text,
): Promise<JSX.Element | null> {
  const { organisationId, year } = chosen;
  const { quality } = programme;
  if (quality === undefined || !visit.standing.may("quality.review", { organisationId, programme: programme.id }))
    return null;
  if (await answersFor(chosen, visit, deps)) return <p>{text("sign.own")}</p>;
  const read = languageFor(programme.languages, [visit.language]);
  const next = lastDay(dayOf(deps.now()), quality.review.everyMonths);
  const options = ["", ...verdicts].map((value) => ({ value, label: text(`met.${value === "" ? "open" : value}`) }));
  return (
    <section>
      <h2>{text("sign")}</h2>
      <p>{text("sign.what")}</p>
      <Form action="/console/quality/sign" csrf={visit.csrf}>
        <input type="hidden" name="programme" value={programme.id} />
        <input type="hidden" name="organisation" value={organisationId} />
        <input type="hidden" name="year" value={year} />
        {quality.criteria.map(({ id, text: sentence }) => {
          const criterion = inLanguage(sentence, read);
          return (
            <>
              <SelectField id={`met-${id}`} label={criterion} options={options} />
              <TextField id={`note-${id}`} label={text("sign.note", { criterion })} most={mostLetters} />
            </>
          );
        })}
        <TextField id="until" type="date" label={text("sign.until")} value={next} required />
        <button type="submit" class="main">
          {text("sign")}
        </button>
      </Form>
    </section>
  );
}

/** Keeps a sign-off; certificates that waited for it go on. */
export async function sign(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const chosen = await chosenOf(visit, deps, visit.form, "quality.review");
  if (chosen?.programme.quality === undefined) return { type: "missing" };
  const { programme, organisationId, year } = chosen;
  const to = `/quality?${new URLSearchParams({ programme: programme.id, organisation: organisationId, year: String(year) })}`;
  if (await answersFor(chosen, visit, deps)) return { type: "go", to, said: "quality.sign.own" };
  const read = readForm(chosen.programme, visit, deps);
  if (read === undefined) return { type: "go", to, said: "quality.said.wrong" };
  const id = randomUUID();
  const report = await reportFor(chosen, deps);
  await deps.store.db.qualityReview.create({
    data: {
      id,
      programme: programme.id,
      version: programme.version,
      organisationId,
      year,
      signedBy: visit.person.id,
      signedAt: BigInt(deps.now()),
      validUntil: read.until,
      criteria: JSON.stringify(read.criteria),
      notes: new Uint8Array(deps.seal(notesPurpose, JSON.stringify(read.notes), id)),
      reportHash: reportHash(report),
    },
  });
  await releaseCertificates(deps.store.db);
  await deps.audit({ actor: visit.person.id, action: "quality.sign", organisationId, detail: { review: id } });
  return { type: "go", to, said: "quality.said.signed" };
}

/** Whoever coordinates there answers for the figures: somebody else looks at them. */
async function answersFor({ programme, organisationId }: Chosen, { standing }: Visit, deps: ConsoleDeps) {
  const where = { organisationId, programme: programme.id };
  const tree = await organisationTree(deps.store.db);
  return (["coordinator", "deputy"] as const).some((role) => holds(standing.held, tree, role, where, deps.now()));
}

function readForm({ quality }: Programme, { form, language }: Visit, deps: ConsoleDeps) {
  const until = form.get("until") ?? "";
  const today = dayOf(deps.now());
  const isDay = /^\d{4}-\d{2}-\d{2}$/u.test(until) && !Number.isNaN(Date.parse(until));
  if (!isDay || until <= today || until > lastDay(today, 60)) return undefined;
  const criteria: Record<string, string> = {};
  const notes: Record<string, string> = {};
  const platforms = deps.adapters.map(({ channel }) => channel);
  for (const { id } of quality?.criteria ?? []) {
    const verdict = verdicts.find((one) => one === form.get(`met-${id}`));
    const note = (form.get(`note-${id}`) ?? "").trim();
    if (verdict === undefined || note.length > mostLetters) return undefined;
    const { danger, findings } = look(note, language, platforms);
    if (danger || findings.length > 0) return undefined;
    criteria[id] = verdict;
    if (note !== "") notes[id] = note;
  }
  return { until, criteria, notes };
}
