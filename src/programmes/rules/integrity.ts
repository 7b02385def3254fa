import { basename } from "node:path";
import { finalTestPlace } from "../../domain/programme.ts";
import type { Problem } from "../problem.ts";
import type { QuestionStructure } from "../questions.ts";
import type { ValuePath } from "../yaml-file.ts";
import { type Checked, checksOf, inStructure, lessonsOf, questionStructuresOf, type Rule, unitsOf } from "./rule.ts";

/** Rules without which a programme cannot be taught. A server does not start when one of them is broken. */
export const integrityRules: readonly Rule[] = [
  folder,
  languages,
  ids,
  right,
  bank,
  blueprint,
  pass,
  safety,
  explains,
  calendar,
  events,
];

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
    ...checksOf(checked).map(({ check, at }) => ({ id: check.id, at: [...at, "id"], kind: "check" })),
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
    repeated([
      ...idsIn(question, "options").map((id, index) => ({ id, at: [...at, "options", index], kind: "option" })),
      ...idsIn(question, "targets").map((id, index) => ({ id, at: [...at, "targets", index], kind: "target" })),
    ]),
  );
  const taken = unitsOf(checked)
    .filter(({ unit }) => unit.id === finalTestPlace)
    .map(({ at }) =>
      inStructure(checked, "ids", [...at, "id"], `"${finalTestPlace}" is the test over all units: expected another id`),
    );
  const kinds = ["unit", "check", "lesson", "card", "question"];
  const twice = kinds.flatMap((kind) => repeated(named.filter((one) => one.kind === kind)));
  const again = [...twice, ...ofOptions].map(({ id, at, kind }) =>
    inStructure(checked, "ids", at, `another ${kind} has the id "${id}" already: expected an id of its own`),
  );
  return [...taken, ...again];
}

function repeated<T extends { readonly id: string }>(named: readonly T[]): T[] {
  return named.filter((one, index) => named.findIndex((other) => other.id === one.id) < index);
}

function idsIn(question: QuestionStructure, list: "options" | "targets"): readonly string[] {
  if (list === "options") return "options" in question ? question.options : [];
  return question.kind === "matching" ? question.targets : [];
}

function right(checked: Checked): Problem[] {
  return questionStructuresOf(checked).flatMap(({ question, at }) =>
    wrongRight(question).map(({ id, of, place, kind }) =>
      inStructure(
        checked,
        "right",
        [...at, "right", ...place],
        `the ${kind} "${id}" does not exist: expected one of ${of.join(", ")}`,
      ),
    ),
  );
}

/** What `right` names and the question does not have. */
function wrongRight(question: QuestionStructure): readonly {
  readonly id: string;
  readonly of: readonly string[];
  readonly place: ValuePath;
  readonly kind: string;
}[] {
  switch (question.kind) {
    case "single":
      return question.options.includes(question.right)
        ? []
        : [{ id: question.right, of: question.options, place: [], kind: "right option" }];
    case "multiple":
      return question.right.flatMap((id, index) => {
        if (!question.options.includes(id)) return [{ id, of: question.options, place: [index], kind: "right option" }];
        const others = question.options.filter((one) => !question.right.includes(one));
        return question.right.indexOf(id) === index ? [] : [{ id, of: others, place: [index], kind: "second" }];
      });
    case "matching": {
      const { options, targets } = question;
      const unknown = Object.entries(question.right).flatMap(([option, id]) => {
        if (!options.includes(option)) return [{ id: option, of: options, place: [option], kind: "option" }];
        return targets.includes(id) ? [] : [{ id, of: targets, place: [option], kind: "target" }];
      });
      const left = options.filter((option) => question.right[option] === undefined);
      return [...unknown, ...left.map((id) => ({ id: `of ${id}`, of: targets, place: [], kind: "target" }))];
    }
    default:
      return [];
  }
}

function bank(checked: Checked): Problem[] {
  return checksOf(checked).flatMap(({ check, at }) =>
    check.bank.length >= 2 * check.draw
      ? []
      : [
          inStructure(
            checked,
            "bank",
            [...at, "bank"],
            `the bank has ${check.bank.length} questions and an attempt draws ${check.draw}: expected at least ${2 * check.draw}`,
          ),
        ],
  );
}

// A blueprint says how many questions come from which lessons: all of them, from lessons that are there, out of enough.
function blueprint(checked: Checked): Problem[] {
  return checksOf(checked).flatMap(({ check, at, lessons }) => {
    if (check.blueprint === undefined) return [];
    const problem = (place: ValuePath, message: string) =>
      inStructure(checked, "blueprint", [...at, "blueprint", ...place], message);
    const unasked = check.bank.flatMap((one, index) =>
      one.safety && !check.blueprint?.some((line) => line.lessons.includes(one.lesson ?? ""))
        ? [
            inStructure(
              checked,
              "blueprint",
              [...at, "bank", index],
              `no line of the blueprint asks "${one.id}", which is about safety`,
            ),
          ]
        : [],
    );
    const sum = check.blueprint.reduce((total, line) => total + line.draw, 0);
    const named = check.blueprint.flatMap((line) => line.lessons);
    return [
      ...unasked,
      ...(sum === check.draw ? [] : [problem([], `its numbers add up to ${sum}: expected ${check.draw}, as in draw`)]),
      ...check.blueprint.flatMap((line, index) => {
        const enough = check.bank.filter((one) => line.lessons.includes(one.lesson ?? "")).length;
        const safe = check.bank.filter((one) => one.safety && line.lessons.includes(one.lesson ?? "")).length;
        const many =
          safe <= line.draw
            ? []
            : [problem([index], `${safe} questions of these lessons are about safety: expected at most ${line.draw}`)];
        const few =
          enough >= line.draw
            ? []
            : [problem([index], `the bank has ${enough} questions of these lessons: expected at least ${line.draw}`)];
        const unknown = line.lessons.flatMap((id, place) => {
          const at = [index, "lessons", place];
          if (!lessons.includes(id))
            return [problem(at, `there is no lesson ${id}: expected one of ${lessons.join(", ")}`)];
          return named.indexOf(id) === named.lastIndexOf(id)
            ? []
            : [problem(at, `lesson ${id} stands in two lines: expected each lesson once`)];
        });
        return [...few, ...many, ...unknown];
      }),
    ];
  });
}

function pass(checked: Checked): Problem[] {
  return checksOf(checked).flatMap(({ check, at }) =>
    check.pass <= check.draw
      ? []
      : [
          inStructure(
            checked,
            "pass",
            [...at, "pass"],
            `${check.pass} of ${check.draw} answers cannot be right: expected at most ${check.draw}`,
          ),
        ],
  );
}

// Every attempt asks all safety questions: more than half of it would leave too little for the rest.
function safety(checked: Checked): Problem[] {
  const steps = questionStructuresOf(checked).flatMap(({ question, at }) =>
    question.safety && at.includes("steps")
      ? [
          inStructure(
            checked,
            "safety",
            [...at, "safety"],
            "a step alone cannot be about safety: say it of the whole case",
          ),
        ]
      : [],
  );
  const crowded = checksOf(checked).flatMap(({ check, at }) => {
    const count = check.bank.filter((question) => question.safety).length;
    const most = Math.floor(check.draw / 2);
    if (count <= most) return [];
    const message = `${count} questions are safety questions, and every attempt asks all of them: expected at most ${most}`;
    return [inStructure(checked, "safety", [...at, "bank"], message)];
  });
  return [...steps, ...crowded];
}

// A failed check sends the learner to the lessons behind what was missed: they must be there.
function explains(checked: Checked): Problem[] {
  return checksOf(checked).flatMap(({ check, at, lessons }) => {
    return check.bank.flatMap((question, index) =>
      question.lesson === undefined || lessons.includes(question.lesson)
        ? []
        : [
            inStructure(
              checked,
              "explains",
              [...at, "bank", index, "lesson"],
              `there is no lesson ${question.lesson} here: expected one of ${lessons.join(", ")}`,
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

function events(checked: Checked): Problem[] {
  const { events: days, units } = checked.pack.structure;
  const known = units.map(({ id }) => id);
  return days.flatMap(({ id, unit }, index) => {
    const problem = (message: string) => inStructure(checked, "events", ["events", index], message);
    const isTwice = days.findIndex((one) => one.id === id) < index;
    return [
      ...(isTwice ? [problem(`the training day "${id}" stands here a second time: give one another id`)] : []),
      ...(unit === undefined || known.includes(unit)
        ? []
        : [problem(`there is no unit "${unit}": expected one of ${known.join(", ")}`)]),
    ];
  });
}
