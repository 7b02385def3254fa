import { expect, test } from "vitest";
import { faultIn, linkIn, spanIn } from "../../dialogs/evidence-form.ts";

const now = Date.UTC(2026, 2, 3);

test.each([
  ["2019–2021", { from: "2019", to: "2021" }],
  ["3.2019 - 06/2021", { from: "2019-03", to: "2021-06" }],
  ["2020", { from: "2020", to: "2020" }],
  ["from 2020 to 3.2026", { from: "2020", to: "2026-03" }],
  ["3.2020–2020", { from: "2020-03", to: "2020" }],
])("%s is a time", (text, span) => {
  expect(spanIn(text, now)).toEqual(span);
});

test.each(["2021–2019", "4.2026", "2030", "3", "2001 2002 2003", "13.2019", "it was long ago, before 2019, I think"])(
  "%s is none",
  (text) => {
    expect(spanIn(text, now)).toBeUndefined();
  },
);

test.each(["https://example.org/a?b=c#d", "https://sub.example.org", " https://example.org "])(
  "%s is a link",
  (text) => {
    expect(linkIn(text)).toBe(new URL(text.trim()).href);
  },
);

test.each([
  "http://example.org",
  "https://user:secret@example.org",
  "https://localhost/",
  "https://127.0.0.1/",
  "https://[::1]/",
  "javascript:alert(1)",
  "data:text/html,x",
  "https://example.org/a b",
  "https://example",
  `https://example.org/${"a".repeat(500)}`,
])("%s is no link that is taken", (text) => {
  expect(linkIn(text)).toBeUndefined();
});

test("texts are neither a word nor a book", () => {
  expect([faultIn("short", "text"), faultIn("a".repeat(1_201), "text"), faultIn("a".repeat(60), "text")]).toEqual([
    "short",
    "long",
    undefined,
  ]);
  expect([faultIn("x", "line"), faultIn("a".repeat(201), "line"), faultIn("a good line", "line")]).toEqual([
    "short",
    "long",
    undefined,
  ]);
});
