import type { JSX } from "preact";
import type { PreviewPlace } from "../../authoring/play.ts";
import { finalTestPlace, type Localised, type Programme } from "../../domain/programme.ts";
import { languageName } from "../broadcasts-form.tsx";
import { PlatformPreview } from "../broadcasts-preview.tsx";
import { SelectField } from "../fields.tsx";
import type { Answer, ConsoleDeps, Visit } from "../types.ts";
import { draftOf, type T, textOf, titleOf } from "./common.ts";
import { whoReads } from "./play.tsx";

/** A lesson or a check: what it is called and what stands in it. */
interface Part {
  readonly id: string;
  readonly label: string;
  readonly places: readonly PreviewPlace[];
}

/** One card or question as each platform shows it, in every language of the programme. */
export async function page(visit: Visit, deps: ConsoleDeps): Promise<Answer> {
  const draft = await draftOf(visit, deps);
  const programme = draft && (await deps.authoring.findIn(draft)).programme;
  if (draft === undefined) return { type: "missing" };
  const t = textOf(visit, deps);
  const back = (
    <p>
      <a href={`/console/programmes/${draft.id}`}>{t("back", { programme: draft.programme })}</a>
    </p>
  );
  if (programme === undefined)
    return {
      type: "page",
      title: t("preview"),
      body: (
        <>
          {back}
          <p>{t("play.broken")}</p>
        </>
      ),
    };
  const parts = partsOf(programme, visit.language, t);
  const part = parts.find(({ id }) => id === visit.query.get("part")) ?? parts[0];
  const n = Number(visit.query.get("n") ?? 0);
  const place = part?.places[n] ?? part?.places[0];
  if (part === undefined || place === undefined) return { type: "missing" };
  const shown = await Promise.all(
    programme.languages.map((language) => Shown(programme, place, language, visit, deps)),
  );
  const address = (index: number) => `?${new URLSearchParams({ part: part.id, n: String(index) })}`;
  return {
    type: "page",
    title: t("preview"),
    body: (
      <>
        {back}
        <p>{t("preview.what")}</p>
        <form method="get" action={`/console/programmes/${draft.id}/preview`} class="row">
          <div>
            <SelectField
              id="part"
              label={t("preview.part")}
              value={part.id}
              options={parts.map(({ id, label }) => ({ value: id, label }))}
            />
          </div>
          <button type="submit">{t("preview.show")}</button>
        </form>
        <nav aria-label={part.label}>
          <ul class="row">
            {part.places.map((one, index) => (
              <li>
                <a href={address(index)} aria-current={one === place ? "true" : undefined}>
                  {t(`preview.${one.show}`, { n: one.n + 1 })}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <h2>{`${part.label}: ${t(`preview.${place.show}`, { n: place.n + 1 })}`}</h2>
        {shown}
      </>
    ),
  };
}

async function Shown(
  programme: Programme,
  place: PreviewPlace,
  language: string,
  visit: Visit,
  deps: ConsoleDeps,
): Promise<JSX.Element | null> {
  const who = { at: 0, ...whoReads(language, deps) };
  const reply = await deps.authoring.stage.preview(programme, place, who);
  if (reply === undefined) return null;
  const name = languageName(language, visit.language);
  const t: T = (key, args) => deps.words.text(visit.language, key, args);
  return (
    <section>
      <h3>{name}</h3>
      <div class="previews">
        {deps.adapters.map((adapter) => (
          <PlatformPreview {...{ adapter, reply, language: who.language, name, t }} />
        ))}
      </div>
    </section>
  );
}

function partsOf(programme: Programme, language: string, t: T): readonly Part[] {
  const named = (title: Localised<string>) => titleOf({ ...programme, title }, language);
  const check = (unit: string, label: string, count: number): Part => ({
    id: `check:${unit}`,
    label,
    places: Array.from({ length: count }, (_, n) => ({ show: "check", unit, n })),
  });
  return [
    ...programme.units.flatMap((unit) => [
      ...unit.lessons.map(
        ({ id, title, cards, practice }): Part => ({
          id: `lesson:${id}`,
          label: `${id} ${named(title)}`,
          places: [
            ...cards.map((_, n) => ({ show: "card" as const, lesson: id, n })),
            ...practice.map((_, n) => ({ show: "practice" as const, lesson: id, n })),
          ],
        }),
      ),
      check(unit.id, t("preview.checkof", { unit: named(unit.title) }), unit.check.bank.length),
    ]),
    ...(programme.test === undefined
      ? []
      : [check(finalTestPlace, named(programme.test.title), programme.test.check.bank.length)]),
  ];
}
