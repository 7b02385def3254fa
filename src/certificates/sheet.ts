import { longDate } from "../domain/long-date.ts";
import type { Words } from "../engine/adapter.ts";
import { type Display, inFirst } from "./facts.ts";
import { colours, margin, openPaper } from "./paper.ts";

/** What the sheet of a certificate shows; instants are epoch milliseconds. */
export interface SheetFacts {
  readonly id: string;
  readonly name: string;
  readonly display: Display;
  readonly language: string;
  readonly issuedAt: number;
  readonly validFrom: number;
  readonly validUntil: number | null;
  /** The address of its public page. */
  readonly url: string;
  readonly credential: string;
}

/** The certificate as one sheet of A4, with the signed credential in it. The same facts give the same bytes. */
export async function drawSheet(words: Words, facts: SheetFacts): Promise<Uint8Array> {
  const { language, display, name } = facts;
  const t = (key: string, args: Record<string, string | number> = {}) => words.text(language, key, args);
  const own = (text: Parameters<typeof inFirst>[0]) => inFirst(text, language);
  const title = own(display.title);
  const paper = await openPaper({
    title: `${t("certificates.paper.heading")}: ${title}`,
    author: display.issuer.name,
    language,
    at: facts.issuedAt,
    credential: facts.credential,
    attachment: "certificate.json",
  });
  const inner = paper.width - 2 * margin;
  const centre = { align: "center" } as const;
  paper.decorate((doc) => {
    doc
      .lineWidth(1.5)
      .strokeColor(colours.mark)
      .rect(28, 28, paper.width - 56, paper.height - 56)
      .stroke();
    doc
      .lineWidth(0.5)
      .strokeColor(colours.edge)
      .rect(34, 34, paper.width - 68, paper.height - 68)
      .stroke();
  });
  paper.y = 86;
  paper.line(display.issuer.name, { ...centre, size: 13, bold: true, colour: colours.mark, after: 34 });
  paper.line(t("certificates.paper.heading"), { ...centre, size: 30, bold: true, tag: "H1", after: 22 });
  paper.line(t("certificates.paper.to"), { ...centre, size: 12, colour: colours.soft, after: 8 });
  const size = paper.fit(name, 32, 19, inner, true);
  paper.line(name, { ...centre, size, bold: true, tag: "H2", after: 10 });
  rule(paper, inner);
  paper.line(t("certificates.paper.for"), { ...centre, size: 12, colour: colours.soft, after: 8 });
  paper.line(title, { ...centre, size: paper.fit(title, 20, 14, inner, true), bold: true, after: 4 });
  if (display.level !== undefined) paper.line(own(display.level), { ...centre, size: 13, after: 4 });
  paper.line(t("certificates.paper.programme", { programme: own(display.programme) }), {
    ...centre,
    size: 11,
    colour: colours.soft,
    after: 26,
  });
  const column = { x: margin + 60, width: inner - 120 };
  paper.rows(
    [
      ...display.hours.map(({ name: kind, minutes }) => [own(kind), hoursIn(words, language, minutes)] as const),
      [t("certificates.paper.issued"), longDate(language, facts.issuedAt)],
      ...(facts.validFrom > facts.issuedAt
        ? [[t("certificates.paper.from"), longDate(language, facts.validFrom)] as const]
        : []),
      [
        t("certificates.paper.until"),
        facts.validUntil === null ? t("certificates.paper.always") : longDate(language, facts.validUntil),
      ],
    ],
    column,
  );
  const side = 104;
  const foot = paper.height - 64 - side;
  await paper.qr(facts.url, paper.width - margin - side, foot, side, t("certificates.paper.code"));
  const left = { x: margin, width: inner - side - 24 };
  paper.y = foot + 14;
  paper.line(t("certificates.paper.check"), { size: 10.5, bold: true, after: 3 }, left);
  paper.line(facts.url, { size: 9, colour: colours.soft, after: 6 }, left);
  paper.line(t("certificates.paper.number", { number: facts.id }), { size: 9, colour: colours.soft, after: 3 }, left);
  paper.line(t("certificates.paper.signed"), { size: 9, colour: colours.soft }, left);
  return paper.finish();
}

function rule(paper: Awaited<ReturnType<typeof openPaper>>, inner: number): void {
  const { y } = paper;
  paper.decorate((doc) => {
    const x = margin + inner / 2;
    doc
      .lineWidth(1)
      .strokeColor(colours.edge)
      .moveTo(x - 90, y)
      .lineTo(x + 90, y)
      .stroke();
  });
  paper.y = y + 18;
}

/** Minutes as hours with at most one decimal, as the language writes them. */
export function hoursIn(words: Words, language: string, minutes: number): string {
  const hours = new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(minutes / 60);
  return words.text(language, "certificates.paper.hours", { hours });
}
