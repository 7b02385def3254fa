import type { ComponentChildren } from "preact";
import { categoryLevel, type Framework, frameworkLanguage, type Levels, statusOf } from "../domain/framework.ts";
import { inLanguage, type Localised } from "../domain/programme.ts";
import { radarOf } from "../domain/radar.ts";
import { drawRadar, radarData } from "../images/radar.ts";

/** A text of the interface. */
export type Text = (key: string, args?: Record<string, string | number>) => string;

/** Reads texts of a framework in a language, or in the first it has. */
export function readerOf(framework: Framework, language: string): (text: Localised<string>) => string {
  const { language: shown } = frameworkLanguage(framework, [language]);
  return (text) => inLanguage(text, shown);
}

/** "Level 2 (Independent)", or that none is held yet. */
export function showLevel(framework: Framework, level: number, text: Text, read: (text: Localised<string>) => string) {
  const found = framework.levels.find((one) => one.level === level);
  return found === undefined ? text("self.level.none") : text("self.level", { level, name: read(found.name) });
}

/** Levels as a picture and as a table that says the same. Nothing in it names a person. */
export function LevelsShown(props: {
  readonly framework: Framework;
  readonly language: string;
  readonly text: Text;
  readonly self: Levels;
  readonly assessor?: Levels | undefined;
  readonly earlier?: Levels | undefined;
  /** Who "self" is on this page. */
  readonly selfLabel: string;
}): ComponentChildren {
  const { framework, language, text, self, assessor, earlier, selfLabel } = props;
  const read = readerOf(framework, language);
  const level = showLevel(framework, statusOf(framework, self), text, read);
  const words = {
    title: text("self.radar.title"),
    self: selfLabel,
    required: text("self.radar.required", { level: framework.required }),
    assessor: text("self.radar.assessor"),
    earlier: text("self.radar.earlier"),
  };
  const svg = drawRadar(radarData.parse(radarOf(framework, { words, read, self, assessor, earlier })));
  return (
    <>
      <p>
        <strong>{text("framework.status", { level })}</strong>
      </p>
      {/* Drawn here; texts in it are escaped, and nothing in it was written by a person. */}
      <div class="radar" role="img" aria-label={text("framework.picture")} dangerouslySetInnerHTML={{ __html: svg }} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls */}
      <section class="scroll" aria-label={words.title} tabIndex={0}>
        <table>
          <caption>{words.title}</caption>
          <thead>
            <tr>
              <th scope="col">{text("framework.competence")}</th>
              <th scope="col" class="number">
                {selfLabel}
              </th>
              {assessor === undefined ? null : (
                <th scope="col" class="number">
                  {words.assessor}
                </th>
              )}
              {earlier === undefined ? null : (
                <th scope="col" class="number">
                  {words.earlier}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {framework.categories.flatMap((category) => [
              <tr>
                <th scope="row">{read(category.title)}</th>
                <td class="number">{categoryLevel(category, self)}</td>
                {assessor === undefined ? null : <td />}
                {earlier === undefined ? null : <td class="number">{categoryLevel(category, earlier)}</td>}
              </tr>,
              ...category.competences.map(({ id, title }) => (
                <tr>
                  <td>
                    {id.toUpperCase()} {read(title)}
                  </td>
                  <td class="number">{self[id] ?? 0}</td>
                  {assessor === undefined ? null : <td class="number">{assessor[id] ?? "–"}</td>}
                  {earlier === undefined ? null : <td class="number">{earlier[id] ?? 0}</td>}
                </tr>
              )),
            ])}
          </tbody>
        </table>
      </section>
    </>
  );
}
