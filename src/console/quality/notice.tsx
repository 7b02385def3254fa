import type { JSX } from "preact";
import { inLanguage, languageFor } from "../../domain/programme.ts";
import { reviewOf } from "../../quality/reviews.ts";
import { organisationChoices } from "../people-data.ts";
import { showDay } from "../show.ts";
import type { ConsoleDeps, Visit } from "../types.ts";

/** What somebody who looks after people must know: a review is over, and certificates wait. Nothing where all of them hold. */
export async function reviewNotices(visit: Visit, deps: ConsoleDeps): Promise<JSX.Element | null> {
  const { language, standing } = visit;
  const asked = deps.catalogue.programmes.filter(({ quality }) => quality !== undefined);
  const organisations = await organisationChoices(deps.store.db, standing.withinSome("quality.see"));
  const over: string[] = [];
  for (const programme of asked) {
    for (const { value, label } of organisations) {
      if (!standing.may("quality.see", { organisationId: value, programme: programme.id })) continue;
      const { stands, until } = await reviewOf({ ...deps, db: deps.store.db }, programme.id, value);
      if (stands || until === null) continue;
      const title = inLanguage(programme.title, languageFor(programme.languages, [language]));
      const facts = { programme: title, organisation: label, day: showDay(language, Date.parse(until)) };
      over.push(deps.words.text(language, "quality.stand.over", facts));
    }
  }
  if (over.length === 0) return null;
  return (
    <section aria-label={deps.words.text(language, "quality.page")}>
      <ul class="cards">
        {over.map((text) => (
          <li class="card">
            <p>{text}</p>
            <a href="/console/quality">{deps.words.text(language, "quality.page")}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}
