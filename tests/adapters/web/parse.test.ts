import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanText, parseMessage } from "../../../adapters/web/parse.ts";
import { anyText } from "./markup.ts";

const id = "3f2b8c1e-9d4a-4b6c-8e1f-0a1b2c3d4e5f";
const parse = (body: unknown) => parseMessage(body, "user1", 5);

test("a typed text is an inbound of this browser", () => {
  expect(parse({ id, type: "text", text: " Hello ", locale: "bg", timeZone: "Europe/Sofia" })).toEqual({
    id: `user1:${id}`,
    address: { channel: "web", tenant: "web", user: "user1", ref: {} },
    person: { name: "", locale: "bg", timeZone: "Europe/Sofia" },
    input: { type: "text", text: "Hello" },
    receivedAt: 5,
  });
});

test("presses, commands and opening are told apart", () => {
  expect(parse({ id, type: "press", token: "abcdefghijk", option: "b" })?.input).toEqual({
    type: "press",
    token: "abcdefghijk",
    option: "b",
  });
  expect(parse({ id, type: "command", name: "Menu" })?.input).toEqual({ type: "command", name: "menu", args: "" });
  expect(parse({ id, type: "open" })?.input).toEqual({ type: "open", place: "home" });
});

test("a time zone that is no place is left out, the message is not", () => {
  for (const timeZone of ["Nowhere/Land", "+02:00", "<b>", ""]) {
    const inbound = parse({ id, type: "open", timeZone });
    expect(inbound?.person).toEqual({ name: "" });
  }
});

test.each([
  undefined,
  null,
  "text",
  [],
  {},
  { id, type: "text" },
  { id, type: "text", text: " \u0000 " },
  { id: "1", type: "text", text: "x" },
  { id, type: "press", token: "a b", option: "b" },
  { id, type: "press", token: "abcdefghijk", option: "bb" },
  { id, type: "command", name: "drop table" },
  { id, type: "timer", name: "x", due: 1 },
  { id, type: "presence", state: "gone" },
])("what is not of the agreed shape is nothing: %j", (body) => {
  expect(parse(body)).toBeUndefined();
});

test("any text comes out well formed, without NUL and within 4,000 characters", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyText, fc.constant("😀".repeat(900)), fc.constant("\ud800"))), (parts) => {
      const cleaned = cleanText(parts.join(""));
      expect(cleaned.length).toBeLessThanOrEqual(4000);
      expect(cleaned).not.toContain("\0");
      expect(/\p{Surrogate}/u.test(cleaned)).toBe(false);
    }),
    { numRuns: 300 },
  );
});
