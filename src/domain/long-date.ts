const formats = new Map<string, Intl.DateTimeFormat>();

/** The day of an instant (epoch milliseconds) in UTC, in words and with its year: `4 March 2027`. */
export function longDate(language: string, at: number): string {
  // Kept: to make one takes a hundred times as long as to use it.
  let format = formats.get(language);
  if (format === undefined) {
    // English as it is written in Europe.
    format = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "long", timeZone: "UTC" });
    formats.set(language, format);
  }
  return format.format(at);
}
