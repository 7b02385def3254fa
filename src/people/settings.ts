import { z } from "zod";
import { mostMinutes } from "../domain/check-in.ts";
import type { Database } from "../store/client.ts";

/** Files of a logo larger than this are not taken, bytes. */
export const mostLogoBytes = 512 * 1024;
/** Numbers of an organisation beside those of its country. */
export const mostHotlines = 6;

const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u);
const days = z.int().min(1).max(366).nullable();

/** Somebody to call, as an organisation says it. */
const hotline = z.object({
  label: z.string().trim().min(1).max(80),
  number: z
    .string()
    .trim()
    .max(30)
    .regex(/^\+?\d[\d ()/-]*\d$/u),
});
export type Hotline = z.infer<typeof hotline>;

/** The longest that things may be kept, days: the retention table in docs/privacy. An organisation may choose less. */
export const retentionBounds = { questions: 365, notes: 365, announcements: 365, people: 365, evidence: 365 } as const;
/** The shortest, days: what is still worked with must not vanish. */
export const leastRetention = 30;
const kept = (most: number) => z.int().min(leastRetention).max(most).optional();

/** What an organisation decides for itself. What it leaves open is decided by the organisation above it. */
export const settingsSchema = z.object({
  /** The id of a kept picture. */
  logo: z
    .string()
    .regex(/^[0-9a-f]{64}$/u)
    .optional(),
  /** Who signs certificates. */
  signatory: z.object({ name: z.string().trim().min(1).max(100), title: z.string().trim().max(100) }).optional(),
  /** When somebody is there to answer: weekdays (1 = Monday … 7) and times by the person's own clock. */
  answeringHours: z
    .object({ days: z.array(z.int().min(1).max(7)).min(1).max(7), from: time, to: time })
    .refine(({ from, to }) => from < to)
    .optional(),
  hotlines: z.array(hotline).min(1).max(mostHotlines).optional(),
  /** Days after which things are deleted. */
  retention: z
    .object({
      questions: kept(retentionBounds.questions),
      notes: kept(retentionBounds.notes),
      announcements: kept(retentionBounds.announcements),
      people: kept(retentionBounds.people),
      /** Files of evidence, after the decision. */
      evidence: kept(retentionBounds.evidence),
    })
    .optional(),
  /** Days of silence after which a coordinator looks in, by phase of the course; null: never. */
  checkIns: z.object({ before: days, beginning: days, running: days, after: days }).partial().optional(),
  /** Training days: minutes around them in which a code is taken, after which one is late, and for which a code is shown; days of reminders. */
  sessions: z
    .object({
      before: z.int().min(0).max(mostMinutes.before),
      after: z.int().min(0).max(mostMinutes.after),
      late: z.int().min(0).max(mostMinutes.late),
      rotate: z.int().min(1).max(mostMinutes.rotate),
      reminders: z.array(z.int().min(1).max(60)).max(4),
    })
    .partial()
    .optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

/** How long things are kept for an organisation, days. */
export type Retention = Readonly<Record<keyof typeof retentionBounds, number>>;

/** Reads a settings column. What is not right in it counts as not said, the rest counts. */
export function readSettings(json: string): Settings {
  const stored = z.record(z.string(), z.unknown()).catch({}).parse(parsed(json));
  const good = Object.entries(settingsSchema.shape).flatMap(([key, schema]) => {
    const read = schema.safeParse(stored[key]);
    return read.success && read.data !== undefined ? [[key, read.data]] : [];
  });
  return settingsSchema.parse(Object.fromEntries(good));
}

/** How long things are kept, days; never longer than the law lets the house keep them. */
export function retentionOf(settings: Settings): Retention {
  return { ...retentionBounds, ...settings.retention };
}

/** The settings of every organisation. */
export interface AllSettings {
  /** What counts for an organisation: its own, else of the nearest above that says it. */
  of(organisationId: string): Settings;
  /** What an organisation says itself. */
  own(organisationId: string): Settings;
  /** What counts where an organisation says nothing. */
  above(organisationId: string): Settings;
}

/** Reads all settings at once: organisations are few, and who stands above whom is needed in any case. */
export async function loadSettings(db: Pick<Database, "organisation">): Promise<AllSettings> {
  const rows = await db.organisation.findMany({ select: { id: true, parentId: true, settings: true } });
  const known = new Map(rows.map((row) => [row.id, { parentId: row.parentId, settings: readSettings(row.settings) }]));
  const upwards = (id: string | null | undefined): readonly string[] => {
    const passed = new Set<string>();
    for (let at = id; typeof at === "string" && !passed.has(at); at = known.get(at)?.parentId) passed.add(at);
    return [...passed];
  };
  const merged = (ids: readonly string[]): Settings =>
    Object.assign({}, ...[...ids].reverse().map((id) => known.get(id)?.settings ?? {}));
  return {
    of: (id) => merged(upwards(id)),
    own: (id) => known.get(id)?.settings ?? {},
    above: (id) => merged(upwards(id).slice(1)),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}
