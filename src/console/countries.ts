/** Countries in which an organisation may stand: Europe, ISO 3166-1 alpha-2. */
const codes =
  "AD AL AT BA BE BG CH CY CZ DE DK EE ES FI FO FR GB GE GI GL GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM TR UA XK".split(
    " ",
  );

/** The countries with their names in a language, sorted by name. */
export function countriesIn(language: string): readonly { readonly code: string; readonly name: string }[] {
  const names = new Intl.DisplayNames([language], { type: "region" });
  return codes
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((one, other) => one.name.localeCompare(other.name, language));
}

/** Whether a code is one of these countries. */
export function isCountry(code: string): boolean {
  return codes.includes(code);
}
