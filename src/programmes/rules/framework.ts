import type { FrameworkPack } from "../framework.ts";
import type { Problem, RuleName } from "../problem.ts";
import type { ValuePath } from "../yaml-file.ts";
import { type Checked, lessonsOf, type Rule } from "./rule.ts";

/** Rules without which nobody can be assessed by a framework. A server does not start when one of them is broken. */
export const frameworkRules: readonly Rule[] = [levels, scales, ids, lessons, status];

function of(
  checked: Checked,
  find: (
    framework: FrameworkPack["structure"],
    problem: (rule: RuleName, at: ValuePath, message: string) => Problem,
  ) => Problem[],
): Problem[] {
  const { framework } = checked.pack;
  if (framework === undefined) return [];
  const { structure, structureFile: file } = framework;
  return find(structure, (rule, at, message) => ({ rule, path: file.path, line: file.lineOf(at), message }));
}

// A level is reached over all below it: one that is missing would be reached by nobody.
function levels(checked: Checked): Problem[] {
  return of(checked, ({ levels: all, required }, problem) => {
    const hole = all.findIndex((level, index) => level !== index + 1);
    if (hole >= 0) {
      const message = `level ${hole + 1} is missing: expected the levels 1 to ${all.length}, in this order and without holes`;
      return [problem("levels", ["levels", hole], message)];
    }
    if (required === undefined || all.includes(required)) return [];
    return [problem("levels", ["required"], `there is no level ${required}: expected one of ${all.join(", ")}`)];
  });
}

function scales(checked: Checked): Problem[] {
  return of(checked, ({ scales: all, categories }, problem) => {
    const known = all.map(({ id }) => id);
    const named: { id: string | undefined; at: ValuePath }[] = categories.flatMap((category, index) => [
      { id: category.scale, at: ["categories", index, "scale"] },
      ...category.competences.map((one, place) => ({
        id: one.scale,
        at: ["categories", index, "competences", place, "scale"],
      })),
    ]);
    return [
      ...all.flatMap(({ values, holds }, index) => {
        const slip = values.findIndex((value, place) => place > 0 && value <= (values[place - 1] ?? 0));
        if (slip >= 0) return [problem("scales", ["scales", index, "values", slip], "expected the lowest value first")];
        if (values.includes(holds) && holds !== values[0]) return [];
        const message = `${holds} is no value from which a statement can count as held: expected one of ${values.slice(1).join(", ")}`;
        return [problem("scales", ["scales", index, "holds"], message)];
      }),
      ...known.flatMap((id, index) =>
        known.indexOf(id) === index
          ? []
          : [problem("scales", ["scales", index, "id"], `another scale has the id "${id}" already`)],
      ),
      ...named.flatMap(({ id, at }) =>
        id === undefined || known.includes(id)
          ? []
          : [problem("scales", at, `there is no scale "${id}": expected one of ${known.join(", ")}`)],
      ),
    ];
  });
}

// Records name competences for years, and a category's rule names categories: one id means one thing in the framework.
function ids(checked: Checked): Problem[] {
  return of(checked, ({ categories }, problem) => {
    const named: { id: string; at: ValuePath }[] = categories.flatMap((category, index) => [
      { id: category.id, at: ["categories", index, "id"] },
      ...category.competences.map((one, place) => ({
        id: one.id,
        at: ["categories", index, "competences", place, "id"],
      })),
    ]);
    return named.flatMap(({ id, at }, index) =>
      named.findIndex((one) => one.id === id) === index
        ? []
        : [problem("framework-ids", at, `the id "${id}" stands here a second time: expected an id of its own`)],
    );
  });
}

function lessons(checked: Checked): Problem[] {
  const known = lessonsOf(checked).map(({ lesson }) => lesson.id);
  return of(checked, ({ categories }, problem) =>
    categories.flatMap((category, index) =>
      category.competences.flatMap((one, place) =>
        one.lessons.flatMap((id, n) => {
          if (known.includes(id)) return [];
          const at = ["categories", index, "competences", place, "lessons", n];
          return [problem("framework-lessons", at, `there is no lesson ${id}: expected one of ${known.join(", ")}`)];
        }),
      ),
    ),
  );
}

function status(checked: Checked): Problem[] {
  return of(checked, ({ status: rule, categories }, problem) => {
    const known = categories.map(({ id }) => id);
    if (!known.includes(rule.gate)) {
      const message = `there is no category "${rule.gate}": expected one of ${known.join(", ")}`;
      return [problem("status", ["status", "gate"], message)];
    }
    if (rule.others < known.length) return [];
    const message = `${rule.others} other categories cannot hold a level: expected at most ${known.length - 1}`;
    return [problem("status", ["status", "others"], message)];
  });
}
