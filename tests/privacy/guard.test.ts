import { describe, expect, test } from "vitest";
import { emptySession } from "../../src/engine/session.ts";
import { createGuard } from "../../src/privacy/guard.ts";
import { look } from "../../src/privacy/look.ts";
import { words } from "../support/chat.ts";
import { figuresOf, setLanguages } from "./figures.ts";

describe.each(setLanguages)("the published sentences in %s", (language) => {
  const { harmless, bad, missed, alarms } = figuresOf(language);

  test("are enough, and about half of them are harmless", () => {
    expect(harmless + bad).toBeGreaterThanOrEqual(80);
    expect(harmless / (harmless + bad)).toBeGreaterThan(0.4);
  });

  test("no danger is missed", () => {
    expect(missed.filter((one) => one.startsWith("danger"))).toEqual([]);
  });

  test("at most one in ten is missed, and one in ten harmless ones is an alarm", () => {
    expect(missed.length / bad).toBeLessThanOrEqual(0.1);
    expect(alarms.length / harmless).toBeLessThanOrEqual(0.1);
  });
});

describe("numbers", () => {
  test.each([
    ["0701234567 or 070-123 45 67", ["phone"]],
    ["7523169263", ["personal-number"]],
    ["7523169264", []],
    ["131052-308T", ["personal-number"]],
    ["311399-1234", []],
    ["on 24.12.2026 at 18.30", []],
    ["from 2025 2026", []],
    ["20261122", []],
    ["call 116 111", []],
    ["54230101-2310-4174-9090-050112345678", []],
    ["call 41 74 90 90 or 54230101-2310-4174-9090-050112345678", ["phone"]],
  ])("%s", (text, findings) => {
    const seen = look(text, "en").findings.filter((kind) => kind !== "name" && kind !== "address");
    expect(findings.every((kind) => seen.some((one) => one === kind))).toBe(true);
    if (findings.length === 0) expect(seen).toEqual([]);
  });

  test("a long text takes no time to speak of", () => {
    const started = performance.now();
    for (const piece of ["a ", "Aa ", "0 ", "he wants to ", "се ", "1."])
      look(piece.repeat(Math.ceil(4_096 / piece.length)), "da");
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

describe("the name of a program", () => {
  test.each(["Teams", "Telegramissa", "Slacks"])("%s is nobody where the product is used on it", (name) => {
    const text = `Does it work in ${name} too?`;
    expect(look(text, "en", ["teams", "telegram", "slack"]).findings).toEqual([]);
    expect(look(text, "en").findings).toEqual(["name"]);
  });
});

describe("what is free text", () => {
  const guard = createGuard(words);
  const passes = (text: string) => guard({ type: "text", text }, "en", undefined).type === "text";

  test("a command, a code, a zone and a date pass; a sentence behind a command does not", () => {
    for (const text of ["stop", "menu", "link 12345678", "time zone Buenos Aires", "pause 24.12.2026"])
      expect(passes(text), text).toBe(true);
    expect(passes("link the boy is called Emil Hansen")).toBe(false);
    expect(passes("find Emil Hansen")).toBe(false);
    expect(passes("time zone 22 34 56 78")).toBe(false);
  });

  test("a typed option passes, whatever stands in it", () => {
    const open = { token: "t", free: true, options: [{ option: "a", id: "a", label: "I ask Emil Hansen", mark: "A" }] };
    const activity = { id: "x", dialog: "x", version: 1, args: {}, state: {}, open, at: 0 };
    const session = { ...emptySession, focus: "x", activities: { x: activity } };
    expect(guard({ type: "text", text: "I ask Emil Hansen" }, "en", session).type).toBe("text");
    expect(guard({ type: "text", text: "Emil Hansen" }, "en", session).type).toBe("withheld");
  });

  test("the name of a file goes nowhere", () => {
    const file = { type: "file", name: "Emil.pdf", mime: "application/pdf", bytes: 1, handle: {} } as const;
    expect(JSON.stringify(guard(file, "en", undefined))).not.toContain("Emil");
  });
});
