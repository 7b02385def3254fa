/** The zone assumed for a language until the person or a platform says another one. It is named whenever it matters. */
const byLanguage: Readonly<Record<string, string>> = {
  en: "Europe/Copenhagen",
  da: "Europe/Copenhagen",
  sv: "Europe/Stockholm",
  bg: "Europe/Sofia",
  fi: "Europe/Helsinki",
};

export function assumedZone(language: string | undefined): string {
  return byLanguage[language ?? "en"] ?? "Europe/Copenhagen";
}

/** Whether the runtime knows this IANA zone. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
