import { basename } from "node:path";
import type { Problem } from "../problem.ts";
import type { ValuePath } from "../yaml-file.ts";
import { type Checked, inStructure, lessonsOf, questionStructuresOf, type Rule, unitsOf } from "./rule.ts";

/** Rules without which a programme cannot be taught. A server does not start when one of them is broken. */
export const integrityRules: readonly Rule[] = [folder, languages, ids, right, bank, pass, safety, explains, calendar];

function folder(checked: Checked): Problem[] {
  const { id } = checked.pack.structure;
  const name = basename(checked.pack.folder);
  if (id === name) return [];
  return [inStructure(checked, "folder", ["id"], `the id is "${id}" and the folder "${name}": expected the same name`)];
}

function languages(checked: Checked): Problem[] {
  const { languages: known, unreviewed } = checked.pack.structure;
  const twice = known.flatMap((language, index) =>
    known.indexOf(language) === index
      ? []
      : [
          inStructure(
            checked,
            "languages",
            ["languages", index],
            `"${language}" stands here a second time: take one out`,
          ),
        ],
  );
  const unknown = unreviewed.flatMap((language, index) =>
    known.includes(language)
      ? []
      : [
          inStructure(
            checked,
            "languages",
            ["unreviewed", index],
            `"${language}" is not among the languages: expected one of ${known.join(", ")}`,
          ),
        ],
  );
  return [...twice, ...unknown];
}

// Records, saved cards and answers name these ids for years: one id means one thing in the whole programme.
function ids(checked: Checked): Problem[] {
  const named: { id: string; at: ValuePath; kind: string }[] = [
    ...unitsOf(checked).map(({ unit, at }) => ({ id: unit.id, at: [...at, "id"], kind: "unit" })),
    ...unitsOf(checked).map(({ unit, at }) => ({ id: unit.check.id, at: [...at, "check", "id"], kind: "check" })),
    ...lessonsOf(checked).map(({ lesson, at }) => ({ id: lesson.id, at: [...at, "id"], kind: "lesson" })),
    ...lessonsOf(checked).flatMap(({ lesson, at }) =>
      lesson.cards.map((id, index) => ({ id, at: [...at, "cards", index], kind: "card" })),
    ),
    ...questionStructuresOf(checked).map(({ question, at }) => ({
      id: question.id,
      at: [...at, "id"],
      kind: "question",
    })),
  ];
  const ofOptions = questionStructuresOf(checked).flatMap(({ question, at }) =>
    repeated(question.options.map((id, index) => ({ id, at: [...at, "options", index], kind: "option" }))),
  );
  const kinds = ["unit", "check", "lesson", "card", "question"];
  const twice = kinds.flatMap((kind) => repeated(named.filter((one) => one.kind === kind)));
  return [...twice, ...ofOptions].map(({ id, at, kind }) =>
    inStructure(checked, "ids", at, `another ${kind} has the id "${id}" already: expected an id of its own`),
  );
}

function repeated<T extends { readonly id: string }>(named: readonly T[]): T[] {
  return named.filter((one, index) => named.findIndex((other) => other.id === one.id) < index);
}

function right(checked: Checked): Problem[] {
  return questionStructuresOf(checked).flatMap(({ question, at }) =>
    question.options.includes(question.right)
      ? []
      : [
          inStructure(
            checked,
            "right",
            [...at, "right"],
            `the right option "${question.right}" does not exist: expected one of ${question.options.join(", ")}`,
          ),
        ],
  );
}

function bank(checked: Checked): Problem[] {
  return unitsOf(checked).flatMap(({ unit: { check }, at }) =>
    check.bank.length >= 2 * check.draw
      ? []
      : [
          inStructure(
            checked,
            "bank",
            [...at, "check", "bank"],
            `the bank has ${check.bank.length} questions and an attempt draws ${check.draw}: expected at least ${2 * check.draw}`,
          ),
        ],
  );
}

function pass(checked: Checked): Problem[] {
  return unitsOf(checked).flatMap(({ unit: { check }, at }) =>
    check.pass <= check.draw
      ? []
      : [
          inStructure(
            checked,
            "pass",
            [...at, "check", "pass"],
            `${check.pass} of ${check.draw} answers cannot be right: expected at most ${check.draw}`,
          ),
        ],
  );
}

// Every attempt asks all safety questions: more than half of it would leave too little for the rest.
function safety(checked: Checked): Problem[] {
  return unitsOf(checked).flatMap(({ unit: { check }, at }) => {
    const count = check.bank.filter((question) => question.safety).length;
    const most = Math.floor(check.draw / 2);
    if (count <= most) return [];
    const message = `${count} questions are safety questions, and every attempt asks all of them: expected at most ${most}`;
    return [inStructure(checked, "safety", [...at, "check", "bank"], message)];
  });
}

// A failed check sends the learner to the lessons behind what was missed: they must be there.
function explains(checked: Checked): Problem[] {
  return unitsOf(checked).flatMap(({ unit, at }) => {
    const lessons = unit.lessons.map((lesson) => lesson.id);
    return unit.check.bank.flatMap((question, index) =>
      question.lesson === undefined || lessons.includes(question.lesson)
        ? []
        : [
            inStructure(
              checked,
              "explains",
              [...at, "check", "bank", index, "lesson"],
              `there is no lesson ${question.lesson} in this unit: expected one of ${lessons.join(", ")}`,
            ),
          ],
    );
  });
}

function calendar(checked: Checked): Problem[] {
  const periods = checked.pack.structure.calendar;
  const problem = (index: number, message: string) => inStructure(checked, "calendar", ["calendar", index], message);
  return periods.flatMap(({ from, to }, index) => {
    if (to < from)
      return [problem(index, `the period ends on ${to} and begins on ${from}: expected the first day first`)];
    const other = periods.slice(0, index).find((before) => before.from <= to && from <= before.to);
    return other === undefined
      ? []
      : [problem(index, `the period meets the one from ${other.from} to ${other.to}: write them as one, or part them`)];
  });
}
