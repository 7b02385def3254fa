import { type CleanPicture, cleanPicture, type PictureFault } from "../images/upload.ts";
import { mostLogoBytes, retentionBounds, type Settings, settingsSchema } from "../people/settings.ts";
import { phases } from "../supervision/members.ts";

/** What a form says, and the keys of words of what is not right in it. */
export interface Read {
  readonly settings: Settings;
  readonly problems: readonly string[];
}

/** Reads the form of an organisation's settings; empty fields say nothing. The logo comes by another way. */
export function settingsFrom(form: URLSearchParams): Read {
  const text = (name: string): string => (form.get(name) ?? "").trim();
  const said = {
    signatory:
      text("signatory-name") + text("signatory-title") === ""
        ? undefined
        : { name: text("signatory-name"), title: text("signatory-title") },
    answeringHours:
      text("from") + text("to") === "" && !form.has("day")
        ? undefined
        : { days: form.getAll("day").map(Number), from: text("from"), to: text("to") },
    hotlines: text("hotlines") === "" ? undefined : text("hotlines").split(/\r?\n/u).filter(notBlank).map(hotlineOf),
    retention: numbers(form, "retention", Object.keys(retentionBounds)),
    checkIns: checkInsOf(form),
    sessions: sessionsOf(form),
  };
  const { shape } = settingsSchema;
  const names = ["signatory", "answeringHours", "hotlines", "retention", "checkIns", "sessions"] as const;
  const read = names.map((name) => ({ name, parsed: shape[name].safeParse(said[name]) }));
  const good = read.flatMap(({ name, parsed }) =>
    parsed.success && parsed.data !== undefined ? [[name, parsed.data] as const] : [],
  );
  return {
    settings: settingsSchema.parse(Object.fromEntries(good)),
    problems: read.flatMap(({ name, parsed }) => (parsed.success ? [] : [name])),
  };
}

/** The file of a logo, drawn anew; undefined where none was sent, else why it is not taken. */
export async function logoOf(bytes: Uint8Array | undefined): Promise<CleanPicture | PictureFault | undefined> {
  if (bytes === undefined) return undefined;
  return bytes.length > mostLogoBytes ? "large" : cleanPicture(bytes);
}

/** "Crisis line: +45 70 20 12 01"; the last colon parts them. */
function hotlineOf(line: string): { readonly label: string; readonly number: string } {
  const at = line.lastIndexOf(":");
  return at < 0 ? { label: "", number: line } : { label: line.slice(0, at), number: line.slice(at + 1) };
}

/** Whole numbers by name; undefined where none is said. */
function numbers(
  form: URLSearchParams,
  prefix: string,
  names: readonly string[],
): Readonly<Record<string, number>> | undefined {
  const found = names.flatMap((name) => {
    const value = (form.get(`${prefix}-${name}`) ?? "").trim();
    return value === "" ? [] : [[name, Number(value)] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Zero days of silence mean that nobody looks in. */
function checkInsOf(form: URLSearchParams): Readonly<Record<string, number | null>> | undefined {
  const found = numbers(form, "checkIns", phases);
  if (found === undefined) return undefined;
  return Object.fromEntries(Object.entries(found).map(([phase, days]) => [phase, days === 0 ? null : days]));
}

/** Minutes around a training day, and the days before it on which people are reminded. */
function sessionsOf(form: URLSearchParams): Readonly<Record<string, number | readonly number[]>> | undefined {
  const minutes = numbers(form, "sessions", ["before", "after", "late", "rotate"]);
  const days = (form.get("sessions-reminders") ?? "").split(/[,;\s]+/u).filter(notBlank);
  if (minutes === undefined && days.length === 0) return undefined;
  return { ...minutes, ...(days.length === 0 ? {} : { reminders: days.map(Number) }) };
}

const notBlank = (line: string): boolean => line.trim() !== "";
