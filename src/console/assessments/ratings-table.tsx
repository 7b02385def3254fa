import type { JSX } from "preact";
import type { Seen } from "../../assessments/view.ts";
import { competencesOf } from "../../domain/framework.ts";
import { inLanguage, languageFor } from "../../domain/programme.ts";

type Text = (key: string, args?: Record<string, string | number>) => string;

/** Every rating side by side with its reason: self where it is shared, first, second, appeal. None is averaged. */
export function RatingsTable(given: {
  readonly seen: Seen;
  readonly language: string;
  readonly text: Text;
}): JSX.Element {
  const { seen, language, text } = given;
  const { framework } = seen.found.programme;
  const { self } = seen.found;
  const columns = [...seen.before, ...seen.ratings];
  if (framework === undefined || columns.length === 0) return <p>{text("assess.reasons.none")}</p>;
  const caption = text("assess.ratings").replace(/:$/u, "");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="scroll" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{text("assess.c.competence")}</th>
            {self === null ? null : <th scope="col">{text("assess.role.self")}</th>}
            {columns.map(({ role }) => (
              <th scope="col">{text(`assess.role.${role}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {competencesOf(framework).map(({ id, title }) => (
            <tr>
              <th scope="row">{inLanguage(title, languageFor(framework.languages, [language]))}</th>
              {self === null ? null : <td>{self[id] ?? 0}</td>}
              {columns.map(({ found }) => {
                const one = found.get(id);
                return (
                  <td>
                    {one === undefined ? "–" : one.level}
                    {one === undefined || one.reason === "" ? null : <p class="soft">{one.reason}</p>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
