/** Whether the text has the form of a citizen's number of Denmark, Sweden, Finland or Bulgaria, or a day of birth. */
export function hasPersonalNumber(text: string): boolean {
  return candidates(text).some(isPersonalNumber) || birthday.test(text.toLowerCase());
}

/** A word for birth and a whole date soon after it. */
const birthday =
  /(?<!\p{L})(?:born|date of birth|født|fødselsdag|född|födelsedag|syntyn\p{L}*|syntymäaika|роден\p{L}*|дата на раждане)(?!\p{L})[^.!?\d]{0,20}\d{1,2}[./ -]\d{1,2}[./ -](?:19|20)?\d{2}(?!\d)/u;

function candidates(text: string): readonly string[] {
  return text.match(/(?<![\p{L}\p{N}])\d{6}(?:\d{2})?[-+a-fu-y ]?\d{3}[0-9a-y](?![\p{L}\p{N}])/giu) ?? [];
}

function isPersonalNumber(found: string): boolean {
  const finnish = /^(\d{6})[-+a-fu-y](\d{3})([0-9a-y])$/iu.exec(found);
  if (finnish && isDay(found, "dmy")) {
    const [, day = "", order = "", sign = ""] = finnish;
    if ("0123456789abcdefhjklmnprstuvwxy"[Number(day + order) % 31] === sign.toLowerCase()) return true;
    // A letter in it is no accident, also where somebody mistyped the last one.
    if (/[a-z]/iu.test(found)) return true;
  }
  const digits = found.replace(/\D/gu, "");
  if (digits.length === 12) return isDay(digits.slice(2), "ymd");
  if (digits.length !== 10) return false;
  if (/\D/u.test(found)) return isDay(digits, "dmy") || isDay(digits, "ymd");
  // Ten digits in one: a plausible day is enough for Denmark, where numbers without a check digit are given out.
  return isDay(digits, "dmy") || (isDay(digits, "ymd") && isLuhn(digits)) || isBulgarian(digits);
}

function isDay(digits: string, order: "dmy" | "ymd"): boolean {
  const [one, month, three] = [0, 2, 4].map((at) => Number(digits.slice(at, at + 2)));
  // Coordination numbers have 60 added to the day.
  const day = ((order === "dmy" ? one : three) ?? 0) % 60;
  return day >= 1 && day <= 31 && month !== undefined && month >= 1 && month <= 12;
}

function isLuhn(digits: string): boolean {
  const sum = [...digits].reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Months of the nineteenth century have 20 added, those of the twenty-first 40. */
function isBulgarian(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  const day = Number(digits.slice(4, 6));
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  const sum = [2, 4, 8, 5, 10, 9, 7, 3, 6].reduce(
    (total, weight, index) => total + weight * Number(digits[index] ?? 0),
    0,
  );
  return (sum % 11) % 10 === Number(digits[9]);
}

const phonePatterns: readonly RegExp[] = [
  // International.
  /(?<![\p{L}\p{N}])(?:\+|00)\d(?:[ ().-]?\d){7,13}(?!\d)/u,
  // Eight digits: in pairs, in two groups, in one.
  /(?<![\p{N}.,-])\d{2}([ .-])\d{2}\1\d{2}\1\d{2}(?![\p{N}])/u,
  /(?<![\p{N}.,-])[2-9]\d{3} \d{4}(?![\p{N}])/u,
  /(?<![\p{L}\p{N}.,-])[2-9]\d{7}(?![\p{L}\p{N}])/u,
  // A zero first, seven to eleven digits in groups.
  /(?<![\p{L}\p{N}.,:-])0\d{1,3}(?:[ -]?\d{2,7}){1,4}(?![\p{L}\p{N}])/u,
];

/** Whether the text has a telephone number in it, international or as people write it at home. */
export function hasPhone(text: string): boolean {
  return phonePatterns.some((pattern) => {
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return false;
    const digits = found.replace(/\D/gu, "");
    return digits.length >= 8 && !isYears(found) && !isCalendar(digits);
  });
}

const isYears = (found: string): boolean => /^(?:19|20)\d\d (?:19|20)\d\d$/u.test(found);
const isCalendar = (digits: string): boolean => /^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/u.test(digits);

const addressPatterns: readonly RegExp[] = [
  /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+\.\p{L}{2,}/u,
  // Danish, Swedish and Finnish: the kind of street is the end of its name.
  /(?<!\p{L})\p{L}{2,}(?:vej|vejen|gade|gaden|allé|stræde|vænget|torv|gatan|gata|vägen|gränd|stigen|torget|katu|tie|kuja|polku|kaari|rinne)\s+\d{1,4}(?!\d)/iu,
  /(?<!\p{L})\p{Lu}\p{L}+ (?:vej|gade|plads|allé|boulevard|ringvej|vägen|gatan|gränd|allén)\s+\d{1,4}(?!\d)/iu,
  /(?<!\p{L})\d{1,5}[a-z]?,? (?:\p{Lu}\p{L}+ ){1,3}(?:street|road|avenue|lane|drive|close|square)(?!\p{L})/iu,
  /(?<!\p{L})(?:ул|бул|ж\.? ?к|кв|бл|вх)\. ?["„]?\p{L}*\d*/iu,
  /(?<!\p{L})(?:улица|булевард) ["„]?\p{Lu}\p{L}+/u,
  /(?<!\p{L})жк ["„]?\p{Lu}\p{L}+/u,
];

/** Whether the text has a street with a number in it, or an e-mail address. */
export function hasAddress(text: string): boolean {
  return addressPatterns.some((pattern) => pattern.test(text));
}
