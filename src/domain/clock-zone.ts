import { distance } from "fastest-levenshtein";
import { capitals, countries } from "./clock-places.ts";

/**
 * The time zone a person means: an IANA name, a city that names one, or a country or capital in English, Danish, Swedish,
 * Bulgarian or Finnish, also slightly misspelt. Null where nothing fits, or where two zones fit equally well. Countries with several zones
 * are not in the table: their cities are.
 */
export function parseZone(text: string): string | null {
  const typed = text.trim();
  const named = known(typed.replaceAll(" ", "_"));
  if (named !== null) return named;
  const place = plain(typed);
  places ??= collect();
  const exact = places.get(place);
  if (exact !== undefined) return exact;
  return nearest(place, places);
}

/** Built once, when somebody first names a place: country names in five languages take a few milliseconds. */
let places: ReadonlyMap<string, string> | undefined;

/** The zone of that IANA name, written as the database writes it. */
function known(name: string): string | null {
  if (!name.includes("/") && name.toUpperCase() !== "UTC") return null;
  try {
    const zone = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
    return name.toUpperCase() === "UTC" ? "UTC" : zone;
  } catch {
    return null;
  }
}

function collect(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    if (zone.startsWith("Etc/")) continue;
    found.set(plain(zone.slice(zone.lastIndexOf("/") + 1)), zone);
  }
  for (const language of ["en", "da", "sv", "bg", "fi"]) {
    const names = new Intl.DisplayNames([language], { type: "region" });
    for (const [region, zone] of Object.entries(countries)) found.set(plain(names.of(region) ?? region), zone);
  }
  for (const [zone, words] of Object.entries(capitals)) {
    for (const word of words.split(", ")) found.set(plain(word), zone);
  }
  return found;
}

/** One letter may be wrong in a short name, two in a long one; the nearest names must agree on the zone. */
function nearest(place: string, among: ReadonlyMap<string, string>): string | null {
  let best = place.length < 5 ? 0 : place.length < 8 ? 1 : 2;
  let zones = new Set<string>();
  for (const [name, zone] of among) {
    const away = distance(place, name);
    if (away > best) continue;
    if (away < best) zones = new Set();
    best = away;
    zones.add(zone);
  }
  const [only] = zones;
  return zones.size === 1 && only !== undefined ? only : null;
}

/** Lower case without accents, so that "Köbenhavn" is near "København" and "new york" is "New_York". */
function plain(text: string): string {
  return text
    .toLocaleLowerCase("en")
    .replaceAll("ø", "o")
    .replaceAll("æ", "ae")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/[^\p{L}]+/gu, " ")
    .trim();
}
