import { describe, expect, test } from "vitest";
import { type CertificateFacts, displayOf } from "../../src/certificates/facts.ts";
import { drawSheet, type SheetFacts } from "../../src/certificates/sheet.ts";
import { words } from "../support/chat.ts";
import { look, openSheet } from "./pdf.ts";
import { factsFor, start } from "./world.ts";

const credential = JSON.stringify({ name: "Åse Ødegård-Петрова", proof: ["x".repeat(3000)] });
const url = "https://certificates.example.org/certificates/0123456789abcdefghijklmnopqrstuv";

function facts(given: Partial<SheetFacts> & { readonly of?: Partial<CertificateFacts> } = {}): SheetFacts {
  const { of, ...rest } = given;
  return {
    id: "8d0c1f8e-7d55-4a41-9d2e-3f1f5f0f7a11",
    name: "Åse Ødegård-Петрова",
    display: displayOf(factsFor("anna", of)),
    language: "en",
    issuedAt: start,
    validFrom: start,
    validUntil: start + 3 * 365 * 86_400_000,
    url,
    credential,
    ...rest,
  };
}

describe("the sheet of a certificate", () => {
  test("reads the same for machines and for eyes, and its code leads to the page", async () => {
    const seen = await openSheet(await drawSheet(words, facts()));
    const [page] = seen.pages;
    look("sheet-en", page);
    expect(seen.pages).toHaveLength(1);
    for (const part of ["Åse Ødegård-Петрова", "Certified family mentor", "Level 2", "The Centre", "20 h", "12.5 h"])
      expect(page?.text).toContain(part);
    expect(page?.text).toMatch(/Issued on\s*4 January 2027[\s\S]*Valid until\s*3 January 2030/u);
    expect(page?.code()).toBe(url);
    expect(seen.warnings).toEqual([]);
  });

  test("has a language, a title, tags and the signed credential in it, byte for byte, as an archive wants them", async () => {
    const bytes = await drawSheet(words, facts({ language: "bg" }));
    const { info, metadata, attachments, structure, marked } = await openSheet(bytes);
    expect(info).toMatchObject({
      Title: "Сертификат: Сертифициран семеен ментор",
      Language: "bg",
      PDFFormatVersion: "1.7",
    });
    expect(marked).toMatchObject({ Marked: true });
    for (const role of ["H1", "H2", "P", "Table", "Figure"]) expect(structure).toContain(`"${role}"`);
    expect(structure).toContain("Код, който отваря");
    expect(metadata.getRaw()).toMatch(/<pdfaid:part>3<\/pdfaid:part>\s*<pdfaid:conformance>B/u);
    expect(Buffer.from(attachments?.["certificate.json"]?.content ?? []).toString()).toBe(credential);
    expect(Buffer.from(bytes).toString("latin1")).toMatch(/\/AFRelationship \/Source/u);
  });

  test("is the same bytes for the same facts, and others for others", async () => {
    const [one, again, other] = await Promise.all([
      drawSheet(words, facts()),
      drawSheet(words, facts()),
      drawSheet(words, facts({ name: "Bo" })),
    ]);
    expect(Buffer.compare(one, again)).toBe(0);
    expect(Buffer.compare(one, other)).not.toBe(0);
  });

  test.each(["en", "da", "sv", "bg", "fi"])("stands on one sheet in %s, every letter drawn", async (language) => {
    const seen = await openSheet(await drawSheet(words, facts({ language })));
    look(`sheet-${language}`, seen.pages[0]);
    expect(seen.pages).toHaveLength(1);
    expect(seen.pages[0]?.text).toContain(words.text(language, "certificates.paper.check"));
    expect(seen.warnings).toEqual([]);
  });

  // Text alone tells nothing: a font without a letter leaves the text right and the place empty.
  test.each([
    ["Nordic", "Åsa Ärlig Öberg Ødegård"],
    ["Cyrillic", "Щедрина Жълъдова"],
    ["combined and Greek", "Zoë Şükrü Ђорђе Αθηνά"],
  ])("draws every letter of a name: %s", async (_, name) => {
    const [page] = (await openSheet(await drawSheet(words, facts({ name })))).pages;
    look(`name-${name.slice(0, 3)}`, page);
    // Between its first and its last letter a name has ink nearly everywhere, and letters, not boxes: they are dark to a part.
    expect(page?.filled(60, 230, 475, 45)).toBeGreaterThan(0.75);
    expect(page?.dark(60, 230, 475, 45)).toBeGreaterThan(0.03);
  });

  test("a long name becomes smaller, then breaks, and nothing runs out of the frame or into something else", async () => {
    const name =
      "Anna-Magdalena Константинова-Преображенска Wolfeschlegelsteinhausenbergerdorff af Rosenborg-Lövenskiöld Åkerblom";
    const of = {
      issuer: {
        organisationId: null,
        name: "Center for Frivilligt Socialt Arbejde, Familier og Mentorer i Nordjylland og omegn",
      },
      hours: Array.from({ length: 6 }, (_, at) => ({
        kind: `k${at}`,
        name: { en: `A kind of hours with a long name, number ${at}` },
        minutes: 605,
      })),
    };
    const seen = await openSheet(await drawSheet(words, facts({ name, of })));
    const [page] = seen.pages;
    look("sheet-long", page);
    expect(seen.pages).toHaveLength(1);
    expect(page?.text.replace(/\s+/gu, " ")).toMatch(/Константинова- ?Преображенска/u);
    // Outside of the frame nothing is drawn; between frame and column nothing but the frame.
    const edges: readonly (readonly [number, number, number, number])[] = [
      [0, 0, 27, 841],
      [568, 0, 27, 841],
      [36, 40, 26, 760],
      [534, 40, 26, 640],
    ];
    for (const edge of edges) expect([edge, page?.dark(...edge)]).toEqual([edge, 0]);
    expect(page?.code()).toBe(url);
  });
});
