import { everyday, familyName, firstNames, properWords, weakStems } from "./name-lists.ts";

interface Word {
  readonly text: string;
  readonly isCapital: boolean;
  readonly isFirst: boolean;
  /** What stands between this word and the one before it. */
  readonly gap: string;
}

/** Whether the text names a person: by first names, by capital letters in mid-sentence, by family names, by initials. */
export function hasName(text: string, language: string): boolean {
  if (initials.test(text)) return true;
  const words = wordsOf(text);
  // A headline or a shout says nothing by its capital letters.
  const capitals = words.filter((word) => word.isCapital).length;
  const shouts = words.length >= 6 && capitals / words.length > 0.7;
  return words.some((word, index) => {
    if (isFirstName(word, language)) return true;
    if (!word.isCapital || shouts || isProper(word.text)) return false;
    if (!word.isFirst) return true;
    const next = words[index + 1];
    const isLast = next === undefined || next.isFirst || next.gap !== " ";
    // The first word of a sentence always has a capital letter; a family name after it makes both a name.
    return !isLast && next.isCapital && familyName.test(next.text) && !isProper(next.text);
  });
}

const initials = /(?<![\p{L}.])\p{Lu}\. ?\p{Lu}\.(?!\p{L})/u;

function wordsOf(text: string): readonly Word[] {
  let end = 0;
  return [...text.matchAll(/\p{L}[\p{L}\p{M}'’-]*/gu)].map((match) => {
    const gap = text.slice(end, match.index);
    const isOpening = end === 0 && /^\s*["“”„»«'(*-]*$/u.test(gap);
    end = match.index + match[0].length;
    return {
      text: match[0].normalize("NFC"),
      gap,
      isFirst: isOpening || /[.!?:…\n]["”“»)]*\s*["“„»«(*•-]*\s*$/u.test(gap),
      isCapital: /^\p{Lu}\p{Ll}/u.test(match[0]),
    };
  });
}

/** "Anna's" and "Annas" are Anna, and so is "Annalle". */
function isFirstName({ text, isCapital, isFirst }: Word, language: string): boolean {
  const word = text.toLowerCase();
  const found = stems(word).find((stem) => firstNames.has(stem));
  const isWord = (stem: string): boolean => everyday[language]?.has(stem) === true || properWords.test(text);
  if (found !== undefined && !isWord(found)) return isCapital || found.length > 3;
  if (weakStems.has(word)) return isCapital;
  return found !== undefined && isCapital && !isFirst && !properWords.test(text);
}

function stems(word: string): readonly string[] {
  const found = [word, word.replace(/(?:['’]s|s)$/u, ""), word.replace(/kse(?:n|a|lle|lla|lta|ssa|sta)$/u, "s")];
  for (let length = 1; length <= 4; length += 1) {
    const stem = word.slice(0, -length);
    if (stem.length >= 4 && finnishEndings.has(word.slice(-length))) found.push(stem);
  }
  return found;
}

const finnishEndings = new Set(
  "n a ä an en in kin ko lle lla llä lta ltä ssa ssä sta stä aa ää ia iä ille illa ista esta elle ella elta".split(" "),
);

/** All capitals are an abbreviation, not a person. */
function isProper(word: string): boolean {
  return properWords.test(word) || /^\p{Lu}{2,6}(?:[-:'’]\p{Ll}*)?$/u.test(word);
}
