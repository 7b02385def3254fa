import { z } from "zod";

/** A text that must be there; `what` stands in the error. */
export function needed(what: string) {
  return z.string({ error: `expected ${what}` });
}

/** An id. */
export const name = (what: string) =>
  needed(`${what}: small letters, digits, hyphens and points, at most 40`).regex(
    /^(?=.{1,40}$)[a-z0-9]+(?:[.-][a-z0-9]+)*$/,
    {
      error: `expected ${what}: small letters, digits, hyphens and points, at most 40`,
    },
  );

/** A whole number; values of the files are texts. */
export function whole(from: number, to: number, what: string) {
  const expected = `expected ${what}: a whole number from ${from} to ${to}`;
  return z.string({ error: expected }).transform((text, context) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    context.addIssue({ code: "custom", message: expected });
    return z.NEVER;
  });
}

/** A number with a decimal point. */
export function decimal(what: string) {
  const expected = `expected ${what}: a number such as 12 or 12.5`;
  return z
    .string({ error: expected })
    .regex(/^-?\d+(?:\.\d+)?$/, { error: expected })
    .transform(Number);
}

/** At least one. */
export function list<T extends z.ZodType>(item: T, what: string) {
  return z.array(item, { error: `expected ${what}: a list with at least one line` }).min(1, {
    error: `expected ${what}: a list with at least one line`,
  });
}

/** Words that somebody reads. */
export const words = (what: string) =>
  z
    .string({ error: `expected ${what}` })
    .trim()
    .min(1, { error: `expected ${what}` });

/** An object with exactly these keys. */
export function each<T extends z.ZodType>(ids: readonly string[], item: (id: string) => T, what: string) {
  const shape = Object.fromEntries(ids.map((id) => [id, item(id)]));
  return z.strictObject(shape, { error: `expected ${what}` });
}

/** A day that exists: 30 February does not. */
export const day = (what: string) => {
  const expected = `expected ${what}: a day such as 2026-12-24`;
  return z.string({ error: expected }).refine(isDay, { error: expected });
};

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
