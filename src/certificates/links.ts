import { hourMs } from "../domain/durations.ts";
/** The files of a certificate. */
export const formats = ["pdf", "png", "svg", "json"] as const;
export type Format = (typeof formats)[number];

export interface LinkDeps {
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  readonly sign: (purpose: string, text: string) => string;
  readonly signed: (purpose: string, text: string, given: string) => boolean;
}

/** How long a link to a file works, milliseconds. The real clock, like everything that protects. */
const worksMs = hourMs;
const purpose = "certificate-file";

/** The address of a certificate's public page. */
export function pageLink({ origin }: Pick<LinkDeps, "origin">, token: string): string {
  return `${origin}/certificates/${token}`;
}

/** A link for the owner to a file of a certificate or, with `transcript` as token, of what they have learnt. It works for an hour. */
export function fileLink({ origin, sign }: Omit<LinkDeps, "signed">, token: string, format: Format): string {
  const until = Date.now() + worksMs;
  const key = sign(purpose, textOf(token, format, until));
  return `${origin}/certificates/${token}.${format}?until=${until}&key=${key}`;
}

/** Whether an address is such a link and still works. */
export function isFileLink(
  { signed }: Pick<LinkDeps, "signed">,
  token: string,
  format: Format,
  query: { readonly until?: unknown; readonly key?: unknown },
): boolean {
  const { until, key } = query;
  if (typeof until !== "string" || typeof key !== "string" || !/^\d{1,15}$/u.test(until)) return false;
  return Number(until) > Date.now() && signed(purpose, textOf(token, format, Number(until)), key);
}

function textOf(token: string, format: Format, until: number): string {
  return `${token}.${format}.${until}`;
}
