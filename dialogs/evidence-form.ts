import { z } from "zod";
import { type Category, categoriesOf } from "../src/domain/framework.ts";
import type { Programme } from "../src/domain/programme.ts";
import type { Context } from "../src/engine/dialog.ts";
import type { Effect } from "../src/engine/session.ts";
import type { Json } from "../src/engine/types.ts";
import { localeOf, ownProgress, pinned, read } from "./support.ts";

/** What evidence can be, in the order in which it is offered. */
export const kinds = ["text", "file", "link", "record"] as const;
/** Where somebody can have learnt something before. */
export const places = ["work", "volunteer", "course", "life"] as const;

const span = z.object({ from: z.string(), to: z.string() });

/** What is known of an item while it is made. Nothing of it was typed freely: what was is sealed elsewhere, by the item's id. */
export const formSchema = z.object({
  id: z.string(),
  programme: z.string(),
  version: z.string(),
  prior: z.boolean(),
  competences: z.array(z.string()),
  /** Of what was learnt before: the unit that it stands for (null: none), where, and from when to when. */
  unit: z.string().nullable().default(null),
  where: z.enum(places).default("work"),
  span: span.default({ from: "", to: "" }),
});
export type Form = z.infer<typeof formSchema>;

export function programmeOf(ctx: Context, { programme, version }: Pick<Form, "programme" | "version">): Programme {
  return pinned(ctx, programme, version);
}

/** The parts of the framework that the item's programme has. */
export function partsOf(ctx: Context, form: Pick<Form, "programme" | "version">): readonly Category[] {
  return categoriesOf(programmeOf(ctx, form));
}

/** The titles of competences, in the person's language; an id where a title is no more. */
export function titlesOf(ctx: Context, form: Pick<Form, "programme" | "version" | "competences">): readonly string[] {
  const programme = programmeOf(ctx, form);
  const known = categoriesOf(programme).flatMap((part) => part.competences);
  return form.competences.map((id) => {
    const found = known.find((one) => one.id === id);
    return found === undefined ? id : read(ctx, programme, found.title);
  });
}

/** Titles as one text. */
export function listOf(ctx: Context, titles: readonly string[]): string {
  return new Intl.ListFormat(localeOf(ctx.language), { type: "conjunction" }).format(titles);
}

/** Checks that were passed, which can be named as evidence: the key for the record, and what the check is called. */
export function passedChecks(ctx: Context, form: Form): readonly { readonly key: string; readonly title: string }[] {
  const programme = programmeOf(ctx, form);
  const { checks } = ownProgress(ctx, programme);
  const all = [...programme.units, ...(programme.test ? [programme.test] : [])];
  return all
    .filter(({ check }) => checks[check.id]?.passedAt != null)
    .map(({ check, title }) => ({ key: `passed:${check.id}`, title: read(ctx, programme, title) }));
}

/** What the work behind an item is asked to keep; texts one by one. */
export function keep(
  form: Form,
  said: {
    readonly kind: (typeof kinds)[number];
    readonly title?: string;
    readonly text?: string;
    readonly link?: string;
    readonly recordKey?: string;
  },
  link = false,
): Effect {
  const { id, programme, version, prior, competences, unit, where, span: time } = form;
  const earlier = prior ? { earlier: { unit, where, ...time } } : {};
  const draft: Json = { id, programme, version, prior, competences, ...earlier, ...said };
  return job({ op: "keep", draft, ...(link ? { link } : {}) });
}

/** Work on an item. */
export function job(data: Json): Effect {
  return { type: "job", name: "evidence", data };
}

/** Characters of a few lines, and of one line. */
const [leastText, mostText, leastLine, mostLine, mostLink] = [40, 1_200, 8, 200, 500];

/** What is wrong with a typed text, as the end of a key of words; undefined where nothing is. */
export function faultIn(text: string, kind: "text" | "line"): "short" | "long" | undefined {
  const length = [...text.trim()].length;
  const [least, most] = kind === "text" ? [leastText, mostText] : [leastLine, mostLine];
  return length < least ? "short" : length > most ? "long" : undefined;
}

/** The whole address behind a typed link: https only, with a public name and nobody's password; else undefined. */
export function linkIn(text: string): string | undefined {
  const typed = text.trim();
  if (typed.length > mostLink || /\s/u.test(typed) || !URL.canParse(typed)) return undefined;
  const url = new URL(typed);
  if (url.protocol !== "https:" || url.username !== "" || url.password !== "") return undefined;
  return /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}[\p{L}\p{N}-]+$/u.test(url.hostname) ? url.href : undefined;
}

/** "2019–2021", "3.2019 - 6.2021" or "2020": months and years in order, none to come; else undefined. */
export function spanIn(text: string, now: number): { readonly from: string; readonly to: string } | undefined {
  const found = [...text.matchAll(/(?<!\d)(?:(0?[1-9]|1[0-2])[./])?((?:19|20)\d{2})(?!\d)/gu)];
  const [first, last = first] = found;
  if (first === undefined || last === undefined || found.length > 2) return undefined;
  const rest = found.reduce((left, [one]) => left.replace(one, ""), text);
  if (/\d/u.test(rest) || rest.trim().length > 20) return undefined;
  const [from, to] = [first, last].map(([, month, year = ""]) =>
    month === undefined ? year : `${year}-${month.padStart(2, "0")}`,
  );
  if (from === undefined || to === undefined) return undefined;
  const today = new Date(now).toISOString().slice(0, 7);
  // A year stands before its months in the order of texts, and is whole.
  return from.slice(0, to.length) <= to && to.slice(0, 7) <= today ? { from, to } : undefined;
}
