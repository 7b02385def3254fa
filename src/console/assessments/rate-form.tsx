import type { ComponentChildren } from "preact";
import { mostCharacters } from "../../assessments/texts.ts";
import type { Seen } from "../../assessments/view.ts";
import { inLanguage, languageFor } from "../../domain/programme.ts";
import { Form } from "../fields.tsx";
import type { Visit } from "../types.ts";

type Text = (key: string, args?: Record<string, string | number>) => string;

/** All competences on one page, with every statement and room for a reason. What is there already is filled in. */
export function rateForm(seen: Seen, visit: Visit, text: Text): ComponentChildren {
  const { framework } = seen.found.programme;
  if (framework === undefined) return null;
  const language = languageFor(framework.languages, [visit.language]);
  const { self } = seen.found;
  return (
    <>
      <h2>{text("assess.c.rate")}</h2>
      <p class="hint">{text("assess.c.rate.hint")}</p>
      <Form action={`/console/assessments/${seen.found.row.id}/rate`} csrf={visit.csrf}>
        {framework.categories.map((category) => (
          <>
            <h3>{inLanguage(category.title, language)}</h3>
            {category.competences.map(({ id, title, statements }) => {
              const mine = seen.seat?.found.get(id);
              const choices = [{ level: 0, label: "0" }].concat(
                statements.map(({ level, text: of }) => ({
                  level,
                  label: text("assess.statement", { level, text: inLanguage(of, language) }),
                })),
              );
              return (
                <fieldset>
                  <legend>{inLanguage(title, language)}</legend>
                  {self === null ? null : <p class="hint">{text("assess.self", { level: self[id] ?? 0 })}</p>}
                  {choices.map(({ level, label }) => (
                    <label class="tick">
                      <input type="radio" name={`level.${id}`} value={level} checked={mine?.level === level} />
                      <span>{label}</span>
                    </label>
                  ))}
                  <label for={`reason-${id}`}>{text("assess.c.why")}</label>
                  <input
                    id={`reason-${id}`}
                    name={`reason.${id}`}
                    type="text"
                    value={mine?.reason ?? ""}
                    maxLength={mostCharacters}
                    autocomplete="off"
                  />
                </fieldset>
              );
            })}
          </>
        ))}
        <div class="row">
          <button type="submit" name="step" value="save">
            {text("assess.c.save")}
          </button>
          <button type="submit" name="step" value="submit" class="main">
            {text("b.assess.submit")}
          </button>
        </div>
      </Form>
    </>
  );
}
