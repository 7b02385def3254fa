import fc from "fast-check";
import { expect, test } from "vitest";
import { MarkdownError, parseMarkdown } from "../src/markdown.ts";
import { runs } from "./support/property.ts";

const where = { path: "words/en.yaml", line: 10 };
const text = (value: string) => ({ type: "text", value }) as const;
const paragraph = (...children: readonly object[]) => ({ type: "paragraph", children });

test("a text that is read without the parser is read as the parser would", () => {
  const characters = [..."ab 1.)(-+*_#>=~|\\`[]<>&!:;/\n\t\"'…„“éЖ,{}@"];
  const source = fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 12 });
  const read = (value: string) => {
    try {
      return parseMarkdown(value, where);
    } catch (error) {
      if (error instanceof MarkdownError) return undefined;
      throw error;
    }
  };
  fc.assert(
    fc.property(source, (value) => {
      const alone = read(value);
      fc.pre(JSON.stringify(alone) === JSON.stringify([paragraph(text(value))]));
      // A second paragraph makes every text take the long way.
      expect(read(`${value}\n\nend`)).toEqual([paragraph(text(value)), paragraph(text("end"))]);
    }),
    { numRuns: runs(5000) },
  );
});
