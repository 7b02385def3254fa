/**
 * Makes a pattern of phrases, one per line. A space is any gap between two words, `*` the rest of a word, `_` up to four words in
 * between, `(a|b)` a choice. Phrases match whole words in a text in lower case.
 */
export function phrases(lines: string): RegExp {
  const parts = lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) =>
      line
        .replaceAll("*", "[\\p{L}\\p{M}]*")
        .replaceAll(" _ ", "[^\\p{L}\\p{N}]+(?:[\\p{L}\\p{M}\\p{N}’'-]+[^\\p{L}\\p{N}.!?]+){0,4}")
        .replaceAll(" ", "[^\\p{L}\\p{N}.!?]+"),
    );
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join("|")})(?![\\p{L}\\p{N}])`, "u");
}
