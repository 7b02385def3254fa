/** An instant as people read it, in a language and a zone; `when` is epoch milliseconds. */
export function showTime(language: string, when: number, zone?: string): string {
  return new Intl.DateTimeFormat(localeOf(language), {
    dateStyle: "medium",
    timeStyle: "short",
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(when);
}

/** The day of an instant; in a zone, or by the server's clock. */
export function showDay(language: string, when: number, zone?: string): string {
  const timeZone = zone === undefined ? {} : { timeZone: zone };
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: "medium", ...timeZone }).format(when);
}

/** The weekday-less day and month of an instant, UTC, short enough for the foot of a column. */
export function showShortDay(language: string, when: number): string {
  return new Intl.DateTimeFormat(localeOf(language), { day: "numeric", month: "numeric", timeZone: "UTC" }).format(
    when,
  );
}

/** European dates in English too. */
function localeOf(language: string): string {
  return language === "en" ? "en-GB" : language;
}
