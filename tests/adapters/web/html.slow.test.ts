import fc from "fast-check";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renderMarkup } from "../../../adapters/web/render.ts";
import { findChromium, startBrowser } from "../../support/browser.ts";
import { anyMarkup, expectedTags } from "./markup.ts";

let browser: Browser | undefined;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

test.skipIf(findChromium() === undefined)("a browser's own parser finds only what the structure has", async () => {
  const samples = fc.sample(anyMarkup, 2000);
  const page = await browser?.newPage();
  const found = await page?.evaluate(
    (all) =>
      all.map((html) => {
        const { body } = new DOMParser().parseFromString(`<div>${html}</div>`, "text/html");
        const elements = Array.from(body.firstElementChild?.querySelectorAll("*") ?? []);
        return {
          tags: elements.map((one) => one.localName),
          attributes: elements.flatMap((one) => one.getAttributeNames().map((name) => `${one.localName} ${name}`)),
        };
      }),
    samples.map(renderMarkup),
  );
  expect(found).toHaveLength(2000);
  for (const [index, sample] of samples.entries()) {
    const expected = expectedTags(sample);
    // HTML cannot keep a link within a link: the parser closes the outer one, which repeats elements around it.
    if (expected.filter((tag) => tag === "a").length < 2) expect(found?.[index]?.tags).toEqual(expected);
    for (const tag of found?.[index]?.tags ?? []) expect(expected).toContain(tag);
    for (const attribute of found?.[index]?.attributes ?? [])
      expect(["a href", "a target", "a rel"]).toContain(attribute);
  }
});
