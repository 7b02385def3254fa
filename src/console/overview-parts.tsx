import { inLanguage, languageFor, type Programme } from "../domain/programme.ts";
import { courseSteps, type Group, reachStates } from "../supervision/overview.ts";
import { type Shown, type Sum, sumOf } from "../supervision/overview-hide.ts";
import { type Bar, drawAcross, drawColumns } from "./overview-chart.ts";
import { showShortDay } from "./show.ts";
import type { Column } from "./table.tsx";

/** Lessons drawn at most, the widest gaps. */
const mostGaps = 8;

/** One row of a table of the overview: a text or a figure by the column's id. */
type Cells = Readonly<Record<string, string | number | Figure>>;

/** A figure as it is read, and as it sorts; null: not shown. */
interface Figure {
  readonly text: string;
  readonly value: number | null;
}

/** One chart with its table. */
export interface Part {
  readonly id: string;
  readonly title: string;
  readonly what?: string;
  /** What the picture is, for those who do not see it. */
  readonly alt: string;
  /** Undefined: there is nothing to draw. */
  readonly svg: string | undefined;
  readonly table: {
    readonly columns: readonly Column<Cells>[];
    readonly rows: readonly Cells[];
    /** The column whose largest value stands first; undefined: the first column, the smallest first. */
    readonly down?: string;
  };
}

/** What the parts are made from. */
export interface Given {
  readonly groups: readonly Group[];
  readonly mondays: readonly number[];
  /** Names of organisations by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly titles: (programme: Programme | undefined) => string;
  readonly language: string;
  readonly text: (key: string, args?: Record<string, string | number>) => string;
}

/** The four parts of the overview. */
export function partsOf(given: Given): Promise<readonly Part[]> {
  return Promise.all([steps(given), weeks(given), gaps(given), reach(given)]);
}

async function steps({ groups, names, titles, text }: Given): Promise<Part> {
  const bars = courseSteps.map((step) =>
    barOf(
      text,
      text(`step.${step}`),
      total(groups, ({ steps: own }) => own[step]),
    ),
  );
  const columns = [
    column("cohort", text("cohort")),
    column("organisation", text("organisation")),
    column("programme", text("programme")),
    ...courseSteps.map((step) => column(step, text(`step.${step}`))),
  ];
  const rows = groups.map(
    (group): Cells => ({
      cohort: group.cohort,
      organisation: names.get(group.organisationId) ?? "",
      programme: titles(group.programme),
      ...Object.fromEntries(courseSteps.map((step) => [step, figure(text, group.steps[step])])),
    }),
  );
  return {
    id: "steps",
    title: text("steps"),
    alt: text("steps.alt"),
    svg: await drawn(bars, drawAcross),
    table: { columns, rows },
  };
}

async function weeks({ groups, names, mondays, language, text }: Given): Promise<Part> {
  const bars = mondays.map((monday, week) => {
    const { value, more } = total(groups, ({ weeks: own }) => own[week] ?? "few");
    return {
      label: showShortDay(language, monday),
      value,
      note: value === 0 ? "" : more ? `${value}+` : String(value),
    };
  });
  const columns = [
    column("week", text("week")),
    column("cohort", text("cohort")),
    column("organisation", text("organisation")),
    column("active", text("active")),
  ];
  const rows = mondays.flatMap((monday, week) =>
    groups.map(
      (group): Cells => ({
        // As people sort it: the year first.
        week: new Date(monday).toISOString().slice(0, 10),
        cohort: group.cohort,
        organisation: names.get(group.organisationId) ?? "",
        active: figure(text, group.weeks[week] ?? "few"),
      }),
    ),
  );
  return {
    id: "weeks",
    title: text("weeks"),
    what: text("weeks.what"),
    alt: text("weeks.alt"),
    svg: await drawn(bars, drawColumns),
    table: { columns, rows, down: "week" },
  };
}

async function gaps({ groups, names, language, text }: Given): Promise<Part> {
  const sums = new Map<string, { label: string; wrong: number; answers: number }>();
  const rows: Cells[] = [];
  for (const group of groups) {
    for (const { topic, share, wrong, answers } of group.gaps) {
      const label = topicTitle(group.programme, topic, language);
      const key = `${group.programme?.id} ${topic}`;
      const known = sums.get(key) ?? { label, wrong: 0, answers: 0 };
      sums.set(key, { label, wrong: known.wrong + wrong, answers: known.answers + answers });
      rows.push({
        topic: label,
        cohort: group.cohort,
        organisation: names.get(group.organisationId) ?? "",
        share: share === "few" ? figure(text, "few") : { text: text("percent", { share }), value: share },
      });
    }
  }
  const bars = [...sums.values()]
    .filter(({ answers }) => answers > 0)
    .map(({ label, wrong, answers }): Bar => {
      const share = Math.round((100 * wrong) / answers);
      return { label, value: share, note: text("percent", { share }) };
    })
    .sort((one, other) => other.value - one.value)
    .slice(0, mostGaps);
  const columns = [
    column("topic", text("topic")),
    column("cohort", text("cohort")),
    column("organisation", text("organisation")),
    column("share", text("share")),
  ];
  return {
    id: "gaps",
    title: text("gaps"),
    what: text("gaps.what"),
    alt: text("gaps.alt"),
    svg: await drawn(bars, (all) => drawAcross(all, 100)),
    table: { columns, rows, down: "share" },
  };
}

async function reach({ groups, names, text }: Given): Promise<Part> {
  const named = (channel: string): string => (channel === "" ? text("nochat") : channel);
  const channels = [...new Set(groups.flatMap((group) => [...group.reach.keys()]))].sort();
  const bars = channels.flatMap((channel) =>
    reachStates.flatMap((state) => {
      const sum = total(groups, (group) => group.reach.get(channel)?.[state] ?? 0);
      // Of those without a chat there is one state only.
      const label = channel === "" ? text("nochat") : `${channel}: ${text(`state.${state}`)}`;
      return sum.value > 0 ? [barOf(text, label, sum)] : [];
    }),
  );
  const columns = [
    column("platform", text("platform")),
    column("cohort", text("cohort")),
    column("organisation", text("organisation")),
    ...reachStates.map((state) => column(state, text(`state.${state}`))),
  ];
  const rows = groups.flatMap((group) =>
    [...group.reach].map(
      ([channel, states]): Cells => ({
        platform: named(channel),
        cohort: group.cohort,
        organisation: names.get(group.organisationId) ?? "",
        ...Object.fromEntries(reachStates.map((state) => [state, figure(text, states[state])])),
      }),
    ),
  );
  return {
    id: "reach",
    title: text("reach"),
    what: text("reach.what"),
    alt: text("reach.alt"),
    svg: await drawn(bars, drawAcross),
    table: { columns, rows },
  };
}

function total(groups: readonly Group[], pick: (group: Group) => Shown): Sum {
  return sumOf(groups.map((group) => ({ shown: pick(group), size: group.size })));
}

function barOf(text: Given["text"], label: string, { value, more }: Sum): Bar {
  if (value === 0) return { label, value, note: text(more ? "hidden" : "few") };
  return { label, value, note: more ? text("more", { count: value }) : String(value) };
}

/** Nothing that is longer than nothing: no picture. */
async function drawn(
  bars: readonly Bar[],
  draw: (bars: readonly Bar[]) => Promise<string>,
): Promise<string | undefined> {
  return bars.some(({ value }) => value > 0) ? draw(bars) : undefined;
}

function figure(text: Given["text"], shown: Shown): Figure {
  return typeof shown === "number" ? { text: String(shown), value: shown } : { text: text(shown), value: null };
}

function column(id: string, label: string): Column<Cells> {
  const cell = (row: Cells) => row[id] ?? "";
  const read = (row: Cells): string | number => {
    const own = cell(row);
    return typeof own === "object" ? own.text : own;
  };
  return {
    id,
    label,
    value: (row) => {
      const own = cell(row);
      return typeof own === "object" ? own.value : own;
    },
    show: read,
    csv: read,
  };
}

/** What a lesson or a unit is called. */
function topicTitle(programme: Programme | undefined, topic: string, language: string): string {
  const units = programme?.units ?? [];
  const title = [...units, ...units.flatMap((unit) => unit.lessons)].find(({ id }) => id === topic)?.title;
  if (programme === undefined || title === undefined) return topic;
  return `${topic} ${inLanguage(title, languageFor(programme.languages, [language]))}`;
}
