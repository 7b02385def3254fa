import { inLanguage, languageFor, type Programme } from "../domain/programme.ts";
import { qualityAims } from "../domain/quality.ts";
import type { Sum } from "../supervision/overview-hide.ts";
import type { QualityReport } from "./report.ts";

/** A part of the report as it is read: figures with where they come from, and texts. The same for a page and for paper. */
export interface ReportPart {
  readonly id: string;
  readonly title: string;
  /** The same figures as bars; none where nothing may be drawn. */
  readonly bars: readonly { readonly label: string; readonly value: number; readonly note: string }[];
  readonly rows: readonly { readonly label: string; readonly value: string; readonly source: string }[];
  readonly lines: readonly string[];
}

type Text = (key: string, args?: Record<string, string | number>) => string;

/** Puts a report into words of a language. `verdicts` are those of the last sign-off. */
export function partsOf(
  report: QualityReport,
  programme: Programme,
  verdicts: Readonly<Record<string, string>>,
  language: string,
  text: Text,
): readonly ReportPart[] {
  const read = languageFor(programme.languages, [language, "en"]);
  const shown = ({ value, more }: Sum): string => {
    if (value === 0) return text(more ? "overview.hidden" : "overview.few");
    return more ? text("overview.more", { count: value }) : String(value);
  };
  const figure = (label: string, sum: Sum, source: string) => ({ label, sum, source });
  const part = (id: string, title: string, figures: readonly ReturnType<typeof figure>[]): ReportPart => ({
    id,
    title,
    bars: figures.some(({ sum }) => sum.value > 0)
      ? figures.map(({ label, sum }) => ({ label, value: sum.value, note: shown(sum) }))
      : [],
    rows: figures.map(({ label, sum, source }) => ({ label, value: shown(sum), source })),
    lines: [],
  });
  const record = text("quality.source.record");
  const titleOf = (unit: string): string => {
    const title = programme.units.find(({ id }) => id === unit)?.title;
    return title === undefined ? unit : inLanguage(title, read);
  };
  const criteria = qualityAims.flatMap((aim): ReportPart[] => {
    const own = (programme.quality?.criteria ?? []).filter((one) => one.aim === aim);
    if (own.length === 0) return [];
    const rows = own.map(({ id, text: sentence }) => {
      const verdict = verdicts[id];
      const known = verdict === "yes" || verdict === "partly" || verdict === "no" ? verdict : "open";
      return {
        label: inLanguage(sentence, read),
        value: text(`quality.met.${known}`),
        source: text("quality.source.review"),
      };
    });
    return [{ id: aim, title: text(`quality.aim.${aim}`), bars: [], rows, lines: [] }];
  });
  const access = text("quality.source.programme");
  return [
    ...criteria,
    part("taking", text("quality.part.taking"), [
      figure(text("quality.figure.started"), report.started, text("quality.source.memberships")),
      figure(text("quality.figure.completed"), report.completed, record),
      figure(text("quality.figure.certified"), report.certified, text("quality.source.certificates")),
    ]),
    part("used", text("quality.part.used"), [
      figure(text("quality.used.often"), report.used.often, text("quality.source.asked")),
      figure(text("quality.used.sometimes"), report.used.sometimes, text("quality.source.asked")),
      figure(text("quality.used.notyet"), report.used.notyet, text("quality.source.asked")),
    ]),
    part("trainers", text("quality.part.trainers"), [
      figure(text("quality.figure.trainers"), report.trainers, text("quality.source.roles")),
      figure(text("quality.figure.trained"), report.trained, record),
    ]),
    {
      id: "access",
      title: text("quality.part.access"),
      bars: [],
      rows: [
        { label: text("quality.figure.languages"), value: String(report.access.languages), source: access },
        {
          label: text("quality.figure.platforms"),
          value: String(report.access.platforms),
          source: text("quality.source.addresses"),
        },
      ],
      lines: [],
    },
    {
      id: "units",
      title: text("quality.part.units"),
      bars: report.units.map(({ unit, clear }) => ({ label: titleOf(unit), value: clear, note: String(clear) })),
      rows: report.units.map(({ unit, answers, clear, useful }) => ({
        label: titleOf(unit),
        value: text("quality.unit.marks", { clear, useful, answers }),
        source: record,
      })),
      lines: report.units.flatMap(({ unit, lines }) => lines.map((line) => `${titleOf(unit)}: ${line}`)),
    },
  ];
}
