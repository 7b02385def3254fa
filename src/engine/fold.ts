/** Letters that Unicode does not take apart by itself, as people type them on a keyboard without them. */
const plainLetters: Readonly<Record<string, string>> = { ø: "o", æ: "ae", å: "a", ß: "ss", đ: "d", ł: "l" };

/** A text as it is compared: one width, one case, no edge punctuation or tick, single spaces. Accents stay. */
export function fold(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\u00a0]+/gu, " ")
    .replace(/^[\s"'“”„‘’«».,!?:;()[\]/✓-]+|[\s"'“”„‘’«».,!?:;()[\]/-]+$/gu, "");
}

/** `fold` without accents: `å` and `ä` become `a`, as on a keyboard that lacks them. Cyrillic й stays й. */
export function foldPlain(text: string): string {
  return fold(text)
    .replace(/[øæåßđł]/gu, (letter) => plainLetters[letter] ?? letter)
    .replace(/[^\u0400-\u04ff]+/gu, (run) => run.normalize("NFD").replace(/\p{Mn}/gu, ""));
}

const latin: Readonly<Record<string, string>> = {
  а: "a", б: "b", в: "v", г: "g", д: "d", е: "e", ж: "zh", з: "z", и: "i", й: "y", к: "k", л: "l", м: "m", н: "n", о: "o",
  п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "h", ц: "ts", ч: "ch", ш: "sh", щ: "sht", ъ: "a", ь: "y", ю: "yu", я: "ya",
}; // biome-ignore format: one alphabet, read as a table

/**
 * Bulgarian in Latin letters comes in the official way and in the ways people type on phones (4 for ч, 6 for ш, q for я,
 * j for й or ж, u for ъ, w for в). Both sides are brought to one rough spelling and compared there.
 */
export function roughLatin(text: string): string {
  const spelled = fold(text).replace(/[а-я]/gu, (letter) => latin[letter] ?? letter);
  return spelled
    .replace(/(?<=[a-z])4|4(?=[a-z])/gu, "ch")
    .replace(/(?<=[a-z])6|6(?=[a-z])/gu, "sh")
    .replace(/sht/gu, "st")
    .replace(/zh/gu, "j")
    .replace(/sh/gu, "s")
    .replace(/ch/gu, "c")
    .replace(/ts/gu, "c")
    .replace(/ya|q|ia/gu, "a")
    .replace(/yu|iu/gu, "u")
    .replace(/w/gu, "v")
    .replace(/y|j/gu, "i")
    .replace(/x/gu, "h")
    .replace(/u/gu, "a");
}

/** Whether a text has Cyrillic letters. */
export function hasCyrillic(text: string): boolean {
  return /[\u0400-\u04ff]/u.test(text);
}
