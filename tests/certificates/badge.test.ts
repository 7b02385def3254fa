import { writeFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { type BadgeFacts, drawBadge, drawBadgeSvg } from "../../src/certificates/badge.ts";
import { bake, unbake } from "../../src/certificates/bake.ts";
import { displayOf } from "../../src/certificates/facts.ts";
import { credentialIn } from "../../src/certificates/read-file.ts";
import { drawSheet } from "../../src/certificates/sheet.ts";
import { words } from "../support/chat.ts";
import { factsFor, start } from "./world.ts";

const credential = JSON.stringify({ name: "Åse Ødegård-Петрова ]]> \u{1f600}", proof: [{ proofValue: "z1" }] });

function facts(given: Partial<BadgeFacts> & { readonly title?: string } = {}): BadgeFacts {
  const { title, ...rest } = given;
  const display = displayOf(factsFor("anna"));
  return {
    display: title === undefined ? display : { ...display, title: { en: title, bg: title } },
    language: "en",
    validUntil: start,
    credential,
    ...rest,
  };
}

/** Share of pixels near white in the middle, where the title stands. */
function letters(png: PNG): number {
  let [white, all] = [0, 0];
  for (let y = 180; y < 420; y += 1)
    for (let x = 100; x < 500; x += 1, all += 1) if ((png.data[(y * png.width + x) * 4] ?? 0) > 200) white += 1;
  return white / all;
}

describe("a badge", () => {
  test("gives back its credential byte for byte, from PNG and SVG, and is a picture for others", async () => {
    const png = await drawBadge(facts());
    expect(unbake(png)).toBe(credential);
    expect(credentialIn(png)).toBe(credential);
    const { width, height } = PNG.sync.read(Buffer.from(png));
    expect([width, height]).toEqual([600, 600]);
    expect(JSON.parse(credentialIn(Buffer.from(drawBadgeSvg(facts()))) ?? "")).toEqual(JSON.parse(credential));
  });

  test("shows title, level, house and date in both scripts, and never a name", async () => {
    for (const language of ["en", "bg"]) {
      const png = await drawBadge(facts({ language }));
      if (process.env.FADDER_LOOK) writeFileSync(`${process.env.FADDER_LOOK}/badge-${language}.png`, png);
      expect(letters(PNG.sync.read(Buffer.from(png)))).toBeGreaterThan(0.05);
    }
    const svg = drawBadgeSvg(facts({ credential: "{}" }));
    for (const part of ["Certified", "Level 2", "The Centre", "4 January 2027"]) expect(svg).toContain(part);
    expect(svg).not.toContain("Ødegård");
  });

  test("a long title is made smaller until all of it is there; signs of XML stay signs", async () => {
    const title = "Сертифициран ментор за семейства & деца <първа степен> по квалификационна програма";
    const png = await drawBadge(facts({ title }));
    if (process.env.FADDER_LOOK) writeFileSync(`${process.env.FADDER_LOOK}/badge-long.png`, png);
    const svg = drawBadgeSvg(facts({ title }));
    expect(svg).toContain("&lt;първа");
    expect(svg).not.toContain("…");
    expect(letters(PNG.sync.read(Buffer.from(png)))).toBeGreaterThan(0.05);
  });

  test("baking again replaces; what is cut, doubled or no picture has no credential", async () => {
    const png = Buffer.from(await drawBadge(facts()));
    const again = bake(png, "{}");
    expect(unbake(again)).toBe("{}");
    expect(() => bake(Buffer.from("no picture"), "{}")).toThrow("no PNG");
    expect(unbake(png.subarray(0, 60))).toBeUndefined();
    const chunk = png.subarray(33, 33 + 12 + png.readUInt32BE(33));
    expect(unbake(Buffer.concat([png.subarray(0, 33), chunk, chunk, png.subarray(33 + chunk.length)]))).toBeUndefined();
    const plain = Buffer.concat([png.subarray(0, 33), png.subarray(33 + chunk.length)]);
    expect(unbake(plain)).toBeUndefined();
  });
});

describe("a file with a credential", () => {
  test("may be a PDF: its attachment comes back byte for byte", async () => {
    const { display, language } = facts();
    const dates = { issuedAt: start, validFrom: start, validUntil: null };
    const about = { id: "1", name: "Bo", url: "https://example.org/c/1", display, language, credential, ...dates };
    expect(credentialIn(await drawSheet(words, about))).toBe(credential);
  });

  test("is told by its bytes, and a bomb, a huge one and nonsense are none", () => {
    expect(credentialIn(Buffer.from(`\ufeff  ${credential}\n`))).toBe(credential);
    const pdf = (body: Buffer, filter: string) =>
      Buffer.concat([
        Buffer.from(`%PDF-1.7\n1 0 obj\n<< /Type /EmbeddedFile /Length ${body.length} ${filter} >>\nstream\n`),
        body,
        Buffer.from("\nendstream\nendobj\n"),
      ]);
    expect(credentialIn(pdf(Buffer.from(credential), ""))).toBe(credential);
    const bomb = deflateSync(Buffer.from(`{"proof":"${" ".repeat(50_000_000)}"}`));
    expect(credentialIn(pdf(bomb, "/Filter /FlateDecode"))).toBeUndefined();
    for (const nonsense of ["", "hello", "%PDF-1.7", "<svg></svg>", "\x89PNG"])
      expect(credentialIn(Buffer.from(nonsense, "latin1"))).toBeUndefined();
    expect(credentialIn(Buffer.alloc(2_000_001, "{"))).toBeUndefined();
  });
});
