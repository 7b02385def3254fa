import type { ComponentChildren } from "preact";
import { mostCharacters } from "../../assessments/texts.ts";
import type { Seen } from "../../assessments/view.ts";
import { Form } from "../fields.tsx";
import type { Visit } from "../types.ts";

type Text = (key: string, args?: Record<string, string | number>) => string;

/** Everything else that somebody may do with an assessment as it stands. */
export function forms(seen: Seen, visit: Visit, text: Text): ComponentChildren {
  const { found, seat, barred } = seen;
  const { next, row } = found;
  if (next === "over") return null;
  const path = `/console/assessments/${row.id}`;
  const where = { organisationId: row.organisationId, programme: row.programme };
  const { standing, csrf } = visit;
  const isSeated = seat !== undefined && seat.handedIn === null;
  const claims = (next === "first" || next === "second") && barred === undefined;
  const decides = next === "decide" && barred === undefined && standing.may("assessments.decide", where);
  const signs = next === "countersign" && barred === undefined && standing.may("assessments.decide", where);
  const words = (id: string, label: string) => (
    <>
      <label for={id}>{label}</label>
      <textarea id={id} name="text" required maxLength={mostCharacters} />
    </>
  );
  return (
    <>
      {claims ? (
        <Form action={`${path}/claim`} csrf={csrf} plain>
          <button type="submit" class="main">
            {text("b.assess.claim")}
          </button>
        </Form>
      ) : null}
      {decides ? (
        <>
          <h2>{text("assess.c.decide")}</h2>
          <Form action={`${path}/decide`} csrf={csrf}>
            {words("why", text("assess.c.why"))}
            <div class="row">
              {seen.verdict === "awarded" ? (
                <button type="submit" name="verdict" value="awarded" class="main">
                  {text("b.assess.award")}
                </button>
              ) : null}
              <button type="submit" name="verdict" value="refused">
                {text("b.assess.refuse")}
              </button>
            </div>
          </Form>
        </>
      ) : null}
      {signs ? (
        <Form action={`${path}/sign`} csrf={csrf} plain>
          <div class="row">
            <button type="submit" name="agrees" value="yes" class="main">
              {text("b.assess.sign")}
            </button>
            <button type="submit" name="agrees" value="no">
              {text("b.assess.unsign")}
            </button>
          </div>
        </Form>
      ) : null}
      {isSeated && next !== "learner" && next !== "countersign" ? (
        <details>
          <summary>{text("assess.c.return")}</summary>
          <Form action={`${path}/return`} csrf={csrf}>
            {words("more", text("assess.text.return"))}
            <button type="submit">{text("b.assess.return")}</button>
          </Form>
        </details>
      ) : null}
      {isSeated || claims ? (
        <Form action={`${path}/back`} csrf={csrf} plain>
          <div class="row">
            {isSeated ? (
              <button type="submit" name="biased" value="no">
                {text("b.assess.giveback")}
              </button>
            ) : null}
            <button type="submit" name="biased" value="yes">
              {text("b.assess.conflict")}
            </button>
          </div>
        </Form>
      ) : null}
    </>
  );
}
