/**
 * A time of day as people write it: `7:30`, `19.30`, `kl 18`, `klo 8`, `в 18 ч.`, `6 pm`, `6 вечерта`. Gives `HH:MM`, or null
 * where it is not a time. A bare hour is read on the 24-hour clock.
 */
export function parseTime(text: string): string | null {
  const words = text.normalize("NFKC").toLocaleLowerCase("en").trim();
  const half = words.match(forenoon) ? "am" : words.match(afternoon) ? "pm" : null;
  const bare = words.replace(forenoon, " ").replace(afternoon, " ").replace(around, " ").trim();
  const match = /^(\d{1,2})(?:\s*[:.,h]\s*(\d{2}))?$/.exec(bare) ?? /^(\d{2})(\d{2})$/.exec(bare);
  if (match === null) return null;
  let hour = Number(match[1]);
  const minute = Number(match[2] ?? 0);
  if (half !== null) {
    // "18 in the evening" is said and clear; "0 am" and "18 am" are not.
    if (hour === 0 || hour > (half === "am" ? 12 : 23)) return null;
    if (half === "am") hour %= 12;
    else if (hour < 12) hour += 12;
  }
  if (hour > 23 || minute > 59) return null;
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** A word, with no letter before or after it. `\b` knows Latin letters only. */
const word = (...words: readonly string[]) => new RegExp(`(?<!\\p{L})(?:${words.join("|")})(?!\\p{L})`, "u");

const forenoon = word(
  "a\\.?m\\.?",
  "(?:in the )?morning",
  "(?:om )?morgenen",
  "(?:på )?morgonen",
  "сутринта",
  "преди обяд",
  "aamulla",
  "aamupäivällä",
);
const afternoon = word(
  "p\\.?m\\.?",
  "(?:in the |at )?(?:afternoon|evening|night)",
  "(?:om )?(?:eftermiddagen|aftenen)",
  "(?:på )?(?:eftermiddagen|kvällen)",
  "следобед",
  "вечерта",
  "iltapäivällä",
  "illalla",
);
const around = new RegExp(
  word("at", "o'?clock", "kl\\.?", "klokken", "klockan", "в", "във", "часа?", "ч\\.?", "klo\\.?", "kello", "h").source,
  "gu",
);
