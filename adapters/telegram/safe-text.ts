/** What somebody typed, as it may be stored: well formed, without NUL, and no longer than `max` UTF-16 units. */
export function safeText(text: string, max: number): string {
  const cut = text.slice(0, max).replace(/[\ud800-\udbff]$/u, "");
  return cut.replace(/\p{Cs}/gu, "\ufffd").replaceAll("\0", "");
}
