/** An instant as people read it, in a language and a zone; `when` is epoch milliseconds. */
export function showTime(language: string, when: number, zone?: string): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: "medium",
    timeStyle: "short",
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(when);
}

/** The day of an instant. */
export function showDay(language: string, when: number): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(when);
}
