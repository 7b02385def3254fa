import type { ComponentChildren } from "preact";
import { talkKind } from "../../assessments/types.ts";
import { type Seen, seenBy } from "../../assessments/view.ts";
import { hoursByKind, ledger } from "../../domain/hours.ts";
import { hoursText, missingText, type Saying, titleOf } from "../../domain/missing.ts";
import { appointmentsOn } from "../appointments/about.tsx";
import { showTime } from "../show.ts";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { forms } from "./forms.tsx";
import { rateForm } from "./rate-form.tsx";
import { RatingsTable } from "./ratings-table.tsx";
import { assessmentDeps, assessmentSeen } from "./seen.ts";

/** One assessment: what is known, what was found, and what this person can do. */
export async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const visible = await assessmentSeen(visit, deps);
  if (visible === undefined) return { type: "missing" };
  const { found, whole } = visible;
  const { language } = visit;
  const text = (key: string, args?: Record<string, string | number>): string => deps.words.text(language, key, args);
  const { row, programme, kind } = found;
  const saying: Saying = { language, wanted: [language], text };
  const name = found.name === "" ? text("coordinator.someone") : found.name;
  await deps.audit({
    actor: visit.person.id,
    action: "assessment.see",
    subject: row.personId,
    organisationId: row.organisationId,
  });
  const seen = whole ? await seenBy(assessmentDeps(deps), visit.person.id, found) : undefined;
  const body = (
    <>
      <p>
        <a href="/console/assessments">{text("assess.c.back")}</a>
      </p>
      <p>
        {titleOf(saying, programme, [kind], kind.id)}: {text(`assess.state.${found.next}`)}{" "}
        <span class="soft">{showTime(language, row.changedAt)}</span>
      </p>
      {seen === undefined ? null : inside(seen, visit, saying)}
      {whole ? await appointmentsOn(visit, deps, talkKind, row.id) : null}
    </>
  );
  return { type: "page", title: text("assess.c.one", { name }), body };
}

function inside(seen: Seen, visit: Visit, saying: Saying): ComponentChildren {
  const { text } = saying;
  const { found, seat } = seen;
  const { programme, at, next } = found;
  const rates = (next === "firstRates" || next === "secondRates") && seat !== undefined && seat.handedIn === null;
  const hours = hoursByKind(programme, ledger(programme, at.progress, at.timeZone), at.today);
  const showsAll = next === "decide" || next === "countersign" || next === "over";
  return (
    <>
      {seen.appeal === "" ? null : <p class="notice">{text("assess.appeal.text", { text: seen.appeal })}</p>}
      {seen.barred === undefined ? null : (
        <p class="problem">{text("assess.refused", { why: text(`assess.no.${seen.barred}`) })}</p>
      )}
      <h2>{text("assess.c.facts")}</h2>
      <ul>
        {seen.missing.map((one) => (
          <li>{missingText(saying, programme, one)}</li>
        ))}
        {hours.map(({ kind, minutes, target }) => {
          const line = {
            kind: titleOf(saying, programme, programme.hours?.kinds, kind),
            have: hoursText(saying, programme, minutes),
          };
          return (
            <li>
              {target === undefined
                ? text("hours.kind", line)
                : text("hours.target", { ...line, need: hoursText(saying, programme, target) })}
            </li>
          );
        })}
        {Object.keys(at.progress.facts?.checks ?? {}).map((check) => (
          <li>
            {text("assess.one.check", { title: titleOf(saying, programme, programme.certification?.checks, check) })}
          </li>
        ))}
        {seen.evidence.length === 0 ? <li>{text("assess.evidence.none")}</li> : null}
        {seen.evidence.map(({ title, state, url }) => (
          <li>
            <a href={url}>{text("assess.evidence.line", { title, state })}</a>
          </li>
        ))}
        <li>{text(found.self === null ? "assess.self.unshared" : "assess.self.shared")}</li>
      </ul>
      {showsAll ? (
        <>
          <h2 id="found">{text("assess.ratings").replace(/:$/u, "")}</h2>
          <RatingsTable seen={seen} language={visit.language} text={text} />
          {seen.verdict === undefined || next === "over" ? null : (
            <p class="notice">{text(`assess.proposal.${seen.verdict}`)}</p>
          )}
          {found.row.decision === null ? null : (
            <>
              <p>{text(`assess.decision.${found.row.decision}`)}</p>
              <p>{text("assess.reason", { text: seen.reason })}</p>
            </>
          )}
        </>
      ) : (
        <p>{text("assess.c.hidden")}</p>
      )}
      {rates ? rateForm(seen, visit, text) : null}
      {forms(seen, visit, text)}
    </>
  );
}
