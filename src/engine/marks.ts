/**
 * The marks in front of the answers. Bulgarian answers are numbered: Cyrillic "В" is the third letter and looks like
 * a Latin B, so a letter would have two readings.
 */
export function markFor(language: string, index: number): string {
  return language === "bg" ? String(index + 1) : String.fromCharCode(65 + index);
}

/** The letter that travels in a button: `a` for the first. 26 options are the most a prompt can have. */
export function optionFor(index: number): string {
  if (index < 0 || index > 25) throw new Error(`a prompt has at most 26 options, not ${index + 1}`);
  return String.fromCharCode(97 + index);
}
