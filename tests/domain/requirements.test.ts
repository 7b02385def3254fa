import { describe, expect, test } from "vitest";
import { aimOf, standingOf } from "../../src/domain/certification.ts";
import { hoursByKind, inHours, ledger, minutesIn } from "../../src/domain/hours.ts";
import { type ProgrammeProgress, progressIn, project } from "../../src/domain/progress.ts";
import { evaluate, openFindings, type Rule } from "../../src/domain/requirements.ts";
import type { RecordEntry } from "../../src/engine/session.ts";
import type { Json } from "../../src/engine/types.ts";
import { programmes } from "../support/chat.ts";

const [programme] = programmes;
if (programme === undefined) throw new Error("there is no programme");
const timeZone = "Europe/Sofia";
const noon = Date.UTC(2027, 2, 10, 10);

/** An entry of the record; `day` is when it happened. */
function entry(type: string, key: string, data: Record<string, Json>, at = noon): RecordEntry {
  return { type, key, programme: "family-mentor", version: "1.2.0", data, at };
}

function having(...entries: readonly RecordEntry[]): ProgrammeProgress {
  return progressIn(project({}, entries), "family-mentor");
}

function decide(
  rule: Rule,
  progress: ProgrammeProgress,
  more: { readonly termFrom?: string; readonly today?: string } = {},
) {
  return evaluate(rule, {
    programme: programme as NonNullable<typeof programme>,
    progress,
    timeZone,
    today: "2027-03-10",
    ...more,
  });
}

const live = (event: string, minutes: number, day = "2027-03-10", of = 180): RecordEntry =>
  entry("attended", `attended:${event}:${day}:${minutes}`, {
    event,
    template: event,
    unit: "1",
    kind: "live",
    minutes,
    of,
    late: false,
    day,
  });

describe("hours", () => {
  test("lessons, checks, days, plans, evidence and self-assessments count as the programme says", () => {
    const progress = having(
      entry("lesson.done", "lesson:1.1", { lesson: "1.1" }),
      entry("check.done", "check:1", { check: programme.units[0]?.check.id ?? "", passed: true, right: 8, of: 8 }),
      live("day-1", 180),
      entry("plan.told", "plan:1", { lesson: "2.1", how: "yes", minutes: 40, day: "2027-03-09" }),
      entry("evidence", "evidence:1:accepted:1", {
        evidence: "e",
        kind: "text",
        prior: false,
        competences: ["a1"],
        state: "accepted",
      }),
      entry("self.done", "self:1", { attempt: "1", framework: "1.0.0", levels: { a1: 1 } }),
      entry("hours", "hours:x", { id: "x", kind: "practice", unit: "2", minutes: 90, day: "2027-03-08" }),
    );
    const lines = ledger(programme, progress, timeZone);
    expect(hoursByKind(programme, lines, "2027-03-10")).toEqual([
      { kind: "chat", minutes: 20, target: 360 },
      { kind: "live", minutes: 180, target: 1080 },
      { kind: "practice", minutes: 130, target: 1440 },
      { kind: "portfolio", minutes: 180, target: 720 },
    ]);
    expect(minutesIn(lines, { unit: "2" })).toBe(130);
    expect(minutesIn(lines, { unit: "2", from: "2027-03-09" })).toBe(40);
  });

  test("a corrected attendance takes the place of the first, and a booking that is taken back counts no more", () => {
    const progress = having(
      live("day-1", 180),
      live("day-1", 60),
      entry("hours", "hours:x", { id: "x", kind: "live", unit: null, minutes: 90, day: "2027-03-08" }),
      entry("hours.undone", "hours.undone:x", { id: "x", kind: "live", unit: null, minutes: 90, day: "2027-03-08" }),
    );
    expect(ledger(programme, progress, timeZone)).toEqual([
      { kind: "live", unit: "1", minutes: 60, day: "2027-03-10" },
    ]);
  });

  test("somebody who was not there has no hours of that day", () => {
    expect(ledger(programme, having(live("day-1", 180), live("day-1", 0)), timeZone)).toEqual([]);
  });

  test("nobody is told of an hour that they do not have", () => {
    expect(inHours(59, 60)).toBe(0.9);
    expect(inHours(750, 60)).toBe(12.5);
    expect(inHours(899, 45)).toBe(19.9);
    expect(inHours(900, 45)).toBe(20);
  });

  test("a lesson shortly before midnight belongs to the day where the learner is", () => {
    const beforeNewYear = Date.UTC(2026, 11, 31, 22, 30);
    const progress = having(entry("lesson.done", "lesson:1.1", { lesson: "1.1" }, beforeNewYear));
    expect(ledger(programme, progress, timeZone)[0]?.day).toBe("2027-01-01");
    expect(ledger(programme, progress, "Europe/Copenhagen")[0]?.day).toBe("2026-12-31");
  });
});

describe("rules", () => {
  test("hours: how many are there, of which kind, unit and time", () => {
    const progress = having(live("day-1", 180, "2026-12-30"), live("day-2", 120));
    const rule: Rule = { is: "hours", kind: "live", minutes: 300, within: "ever" };
    expect(decide(rule, progress)).toMatchObject({ met: true, have: 300, need: 300 });
    expect(decide({ ...rule, within: "year" }, progress)).toMatchObject({ met: false, have: 120 });
    expect(decide({ ...rule, within: "term" }, progress, { termFrom: "2026-12-31" })).toMatchObject({ have: 120 });
    expect(decide({ ...rule, within: "term" }, progress)).toMatchObject({ have: 300 });
    expect(decide({ ...rule, unit: "2" }, progress)).toMatchObject({ met: false, have: 0 });
  });

  test("attendance: a day counts from its share on, and the missing ones are named", () => {
    const rule: Rule = { is: "attendance", days: ["day-1", "day-2", "day-3"], atLeast: 2, share: 75, within: "ever" };
    const progress = having(live("day-1", 135), live("day-2", 134));
    expect(decide(rule, progress)).toMatchObject({ met: false, have: 1, need: 2, missing: ["day-2", "day-3"] });
    expect(decide(rule, having(live("day-1", 135), live("day-3", 180)))).toMatchObject({
      met: true,
      missing: ["day-2"],
    });
  });

  test("passed: the checks of units and the test, each by itself", () => {
    const check = programme.units[1]?.check.id ?? "";
    const failed = entry("check.done", "check:a", { check, passed: false, right: 5, of: 8 });
    const passed = entry("check.done", "check:b", { check, passed: true, right: 7, of: 8 });
    expect(decide({ is: "passed", units: ["1", "2"] }, having(failed))).toMatchObject({ have: 0, missing: ["1", "2"] });
    expect(decide({ is: "passed", units: ["1", "2"] }, having(failed, passed))).toMatchObject({
      have: 1,
      missing: ["1"],
    });
  });

  const levels = (level: number, but: Readonly<Record<string, number>> = {}): Record<string, number> =>
    Object.fromEntries(
      (programme.framework?.categories ?? []).flatMap(({ competences }) =>
        competences.map(({ id }) => [id, but[id] ?? level]),
      ),
    );

  test("level: a finished self-assessment, and the level that it shows", () => {
    const done = entry("self.done", "self:1", { attempt: "1", framework: "1.0.0", levels: levels(2, { d1: 1 }) });
    expect(decide({ is: "level", within: "ever" }, having())).toMatchObject({ met: false });
    expect(decide({ is: "level", within: "ever" }, having(done))).toMatchObject({ met: true });
    // The gate holds level 1 only.
    expect(decide({ is: "level", atLeast: 2, within: "ever" }, having(done))).toMatchObject({ met: false, have: 1 });
    expect(decide({ is: "level", within: "term" }, having(done), { termFrom: "2027-03-11" })).toMatchObject({
      met: false,
    });
  });

  const rating = (role: string, all: Readonly<Record<string, number>>, assessment = "x"): RecordEntry[] =>
    Object.entries(all).map(([competence, level]) =>
      entry("rating", `rating:${assessment}:${role}:${competence}`, { assessment, competence, level, role, by: role }),
    );

  test("rating: each assessor must have found the level; nothing is averaged", () => {
    const rule: Rule = { is: "rating", atLeast: 2, assessors: 2, within: "ever" };
    const split = having(...rating("first", levels(3)), ...rating("second", levels(1)));
    expect(decide(rule, split)).toMatchObject({ met: false, have: 1, need: 2 });
    const both = having(...rating("first", levels(2)), ...rating("second", levels(2)));
    expect(decide(rule, both)).toMatchObject({ met: true, have: 2 });
  });

  test("rating: two assessors of two decisions are not two of one", () => {
    const rule: Rule = { is: "rating", atLeast: 2, assessors: 2, within: "ever" };
    const apart = having(...rating("first", levels(2), "x"), ...rating("first", levels(2), "y"));
    expect(decide(rule, apart)).toMatchObject({ met: false, have: 1 });
  });

  test("rating: an appeal counts instead of what it was raised against, for good and ill", () => {
    const rule: Rule = { is: "rating", atLeast: 2, assessors: 1, within: "ever" };
    const first = rating("first", levels(1));
    expect(decide(rule, having(...first, ...rating("appeal", levels(2))))).toMatchObject({ met: true });
    expect(decide(rule, having(...rating("first", levels(2)), ...rating("appeal", levels(1))))).toMatchObject({
      met: false,
    });
  });

  test("evidence: accepted items in every category; what was returned or destroyed counts no more", () => {
    const item = (id: string, competence: string, state: string): RecordEntry =>
      entry("evidence", `evidence:${id}:${state}`, {
        evidence: id,
        kind: "text",
        prior: false,
        competences: [competence],
        state,
      });
    const rule: Rule = { is: "evidence", per: "category", atLeast: 1, within: "ever" };
    const some = having(
      item("1", "a1", "accepted"),
      item("2", "b1", "submitted"),
      item("3", "c1", "accepted"),
      item("3", "c1", "destroyed"),
    );
    expect(decide(rule, some)).toMatchObject({ met: false, missing: ["b", "c", "d", "e"] });
    const all = having(...["a1", "b2", "c3", "d1", "e2"].map((id) => item(id, id, "accepted")));
    expect(decide(rule, all)).toMatchObject({ met: true, missing: [] });
    expect(decide({ is: "evidence", per: "all", atLeast: 2, within: "ever" }, some)).toMatchObject({ have: 1 });
  });

  test("an agreement to an earlier version has to be made again", () => {
    const rule: Rule = { is: "agreement", agreement: "code-of-conduct", within: "ever" };
    const agreed = (version: string) =>
      having(entry("agreement", `agreement:${version}`, { agreement: "code-of-conduct", version }));
    expect(decide(rule, agreed("0"))).toMatchObject({ met: false });
    expect(decide(rule, agreed("1"))).toMatchObject({ met: true });
  });

  test("checks, consultations and meetings are counted in their time", () => {
    const progress = having(
      entry("checked", "checked:1", { check: "identity", day: "2026-02-01", by: "c" }),
      entry("consultation", "consultation:1", { id: "1", day: "2027-02-01", minutes: 60 }),
      entry("meeting", "meeting:1", { id: "1", day: "2026-11-01", minutes: 90 }),
    );
    expect(decide({ is: "check", check: "identity", within: "ever" }, progress).met).toBe(true);
    expect(decide({ is: "check", check: "identity", within: "year" }, progress).met).toBe(false);
    expect(decide({ is: "consultation", atLeast: 1, within: "year" }, progress).met).toBe(true);
    expect(decide({ is: "meeting", atLeast: 1, within: "year" }, progress)).toMatchObject({ met: false, have: 0 });
  });

  test("any: so many of several; what is open names every way", () => {
    const either: Rule = {
      is: "any",
      atLeast: 1,
      of: [
        { is: "meeting", atLeast: 1, within: "ever" },
        { is: "consultation", atLeast: 1, within: "ever" },
      ],
    };
    expect(openFindings(decide(either, having())).map(({ rule }) => rule.is)).toEqual(["meeting", "consultation"]);
    const met = having(entry("consultation", "consultation:1", { id: "1", day: "2027-02-01", minutes: 60 }));
    expect(decide(either, met).met).toBe(true);
    expect(openFindings(decide(either, met))).toEqual([]);
  });

  test("the four stages: nobody is certified where one of them is open, whatever the rest", () => {
    const certificate = programme.certification?.certificates[0];
    if (certificate === undefined) throw new Error("there is no certificate");
    const rated = having(...rating("first", levels(4)));
    const finding = decide(certificate.requires, rated);
    expect(finding.met).toBe(false);
    expect(finding.parts.map(({ rule, met }) => [rule.is === "stage" ? rule.stage : rule.is, met])).toEqual([
      ["quality", false],
      ["training", false],
      ["guide", false],
      ["framework", false],
      ["rating", true],
    ]);
  });
});

describe("a certificate's term", () => {
  const validity = {
    months: 36,
    windowDays: 180,
    graceDays: 90,
    extensionMonths: 6,
    reminders: [30],
    renewal: { is: "all", of: [] } as Rule,
  };
  const term = { from: "2027-03-10", until: "2030-03-09", state: "valid" as const };

  test.each([
    ["2027-03-10", "valid"],
    ["2029-09-09", "valid"],
    ["2029-09-10", "window"],
    ["2030-03-09", "window"],
    ["2030-03-10", "grace"],
    ["2030-06-07", "grace"],
    ["2030-06-08", "lapsed"],
  ])("on %s it is %s", (today, standing) => {
    expect(standingOf(term, validity, today)).toBe(standing);
  });

  test("what was withdrawn or superseded stays so, whatever the day", () => {
    expect(standingOf({ ...term, state: "withdrawn" }, validity, "2028-01-01")).toBe("withdrawn");
    expect(standingOf({ ...term, state: "superseded" }, validity, "2040-01-01")).toBe("superseded");
  });

  test("the way is the first certificate, then its renewal while its window is open, then the next one", () => {
    const { certification } = programme;
    if (certification === undefined) throw new Error("there is no certificate");
    const held = (state: string, until = term.until) =>
      having(
        entry("certificate", `certificate:a:${state}`, {
          award: "a",
          certificate: "level-1",
          state,
          from: term.from,
          until,
        }),
      ).facts ?? {};
    expect(aimOf(certification, {}, "2027-01-01")?.certificate.id).toBe("level-1");
    expect(aimOf(certification, held("awarded"), "2028-01-01")?.certificate.id).toBe("level-2");
    const renewal = aimOf(certification, held("awarded"), "2030-01-01");
    expect(renewal).toMatchObject({ certificate: { id: "level-1" }, renews: { award: "a", standing: "window" } });
    expect(renewal?.requires).toBe(certification.certificates[0]?.validity.renewal);
    const lapsed = aimOf(certification, held("awarded"), "2031-01-01");
    expect(lapsed?.renews).toBeUndefined();
    expect(lapsed?.certificate.id).toBe("level-1");
    expect(aimOf(certification, held("extended", "2030-09-09"), "2030-06-08")?.renews?.standing).toBe("window");
  });
});
