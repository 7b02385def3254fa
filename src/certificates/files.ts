import type { Words } from "../engine/adapter.ts";
import { type AwardRow, displayIn, sealed, untilOf } from "./award.ts";
import { type Format, pageLink } from "./links.ts";

export interface FileDeps {
  readonly words: Words;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
}

export interface CertificateFile {
  readonly mime: string;
  readonly body: string | Uint8Array;
}

const mimes: Readonly<Record<Format, string>> = {
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  json: "application/json",
};
/** Drawn files that are kept, and what the largest takes: about 60 kB each. */
const mostKept = 100;

/** Makes the files of certificates. Each is drawn once for a revision of its award; one drawing at a time, so that nothing else waits long. */
export function createFiles({
  words,
  origin,
  open,
}: FileDeps): (row: AwardRow, format: Format) => Promise<CertificateFile> {
  const kept = new Map<string, Promise<CertificateFile>>();
  let last: Promise<unknown> = Promise.resolve();

  const draw = async (row: AwardRow, format: Format): Promise<string | Uint8Array> => {
    const credential = open(sealed.purpose, row.credential, sealed.credential(row.id));
    const [display, validUntil, { language }] = [displayIn(row), untilOf(row), row];
    if (format === "json") return credential;
    if (format === "pdf") {
      const { drawSheet } = await import("./sheet.ts");
      return drawSheet(words, {
        id: row.id,
        name: open(sealed.purpose, row.name, sealed.name(row.id)),
        display,
        language,
        issuedAt: Number(row.issuedAt),
        validFrom: Number(row.validFrom),
        validUntil,
        url: pageLink({ origin }, row.token),
        credential,
      });
    }
    const { drawBadge, drawBadgeSvg } = await import("./badge.ts");
    const facts = { display, language, validUntil, credential };
    return format === "png" ? drawBadge(facts) : drawBadgeSvg(facts);
  };

  return (row, format) => {
    const id = `${row.id} ${row.changedAt} ${format}`;
    const known = kept.get(id);
    if (known !== undefined) return known;
    const made = last.then(async () => ({ mime: mimes[format], body: await draw(row, format) }));
    last = made.catch(() => undefined);
    kept.set(id, made);
    made.catch(() => kept.delete(id));
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return made;
  };
}
