import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { onDisk } from "../../src/programmes/files.ts";
import { loadProgramme } from "../../src/programmes/load.ts";
import { showProblem } from "../../src/programmes/problem.ts";

const folder = fileURLToPath(new URL("../../programmes/mentorska-programa", import.meta.url));
const { loaded, problems } = await loadProgramme(onDisk, folder);
if (loaded === undefined) throw new Error(problems.map(showProblem).join("\n"));
const { programme, pack } = loaded;
const { hours } = programme;
if (hours === undefined) throw new Error("the programme counts no hours");

const lessons = programme.units.flatMap((unit) => unit.lessons);
const events = pack.structure.events;

test("five units of six lessons, each with 4 to 6 cards and two practice questions", () => {
  expect(programme.units.map((unit) => unit.lessons.map(({ id }) => id))).toEqual(
    [1, 2, 3, 4, 5].map((unit) => [1, 2, 3, 4, 5, 6].map((lesson) => `${unit}.${lesson}`)),
  );
  for (const { cards, practice, minutes } of lessons) {
    expect(cards.length).toBeGreaterThanOrEqual(4);
    expect(cards.length).toBeLessThanOrEqual(6);
    expect(practice).toHaveLength(2);
    expect(minutes).toBeLessThanOrEqual(5);
  }
});

test("each check draws 8 of 16 questions and passes with 6, with two attempts before a day's pause", () => {
  for (const { check } of programme.units) {
    expect(check).toMatchObject({ draw: 8, pass: 6, freeAttempts: 2, pauseHours: 24 });
    expect(check.bank).toHaveLength(16);
  }
});

test("the unit on safety has questions that must be right", () => {
  expect(programme.units[3]?.check.bank.some(({ safety }) => safety)).toBe(true);
});

test("whoever does everything has exactly the 20 hours that a year asks for, kind by kind", () => {
  const { lesson, check, plan } = hours.sources;
  const made: Record<string, number> = {};
  const add = (kind: string, minutes: number): void => {
    made[kind] = (made[kind] ?? 0) + minutes;
  };
  for (const _ of lessons) {
    if (lesson) add(lesson.kind, lesson.minutes);
    if (plan) add(plan.kind, pack.structure.plans?.minutes ?? 0);
  }
  for (const _ of programme.units) if (check) add(check.kind, check.minutes);
  for (const { kind, minutes } of events) add(kind, minutes);
  expect(made).toEqual({ chat: 5 * 60, live: 12 * 60, practice: 3 * 60 });
  expect(Object.fromEntries(hours.targets.map(({ kind, minutes }) => [kind, minutes]))).toEqual(made);
  expect(hours).toMatchObject({ yearly: true, yearStarts: 9, minutesPerHour: 60 });
});

test("each unit has its workshop, as long as planned", () => {
  expect(events.map(({ unit, minutes }) => [unit, minutes])).toEqual([
    ["1", 150],
    ["2", 150],
    ["3", 120],
    ["4", 210],
    ["5", 90],
  ]);
});

test("both certificates have a title that does not say whom the mentors meet", () => {
  for (const { neutralTitle } of programme.certification?.certificates ?? []) {
    for (const text of Object.values(neutralTitle ?? { none: "a child" })) expect(text).not.toMatch(/child|дете|деца/i);
  }
});
