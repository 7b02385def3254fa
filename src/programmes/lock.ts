import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Certification } from "../domain/certification.ts";
import type { Framework } from "../domain/framework.ts";
import type { Check, Programme, Question } from "../domain/programme.ts";
import { hashOf } from "./build.ts";
import { checkProgramme } from "./check.ts";
import { type Loaded, loadProgrammes } from "./load.ts";
import type { Problem } from "./problem.ts";
import { compareVersions, isSameStructure } from "./version.ts";

const FILE = "programmes.lock.json";

const lockSchema = z.record(
  z.string(),
  z.record(z.string(), z.strictObject({ content: z.string(), structure: z.string() })),
);

/** Programme id → version → sha-256 of everything, and of everything but the words. */
type Lock = z.output<typeof lockSchema>;

/** Reads the programmes with every rule and compares them with the lock: what `programmes check` prints. */
export async function checkFolder(
  folder: string,
): Promise<{ readonly loaded: readonly Loaded[]; readonly problems: readonly Problem[] }> {
  const { loaded, problems } = await loadProgrammes(folder);
  const ofRules = (await Promise.all(loaded.map(checkProgramme))).flat();
  const lock = await readLock(folder);
  const ofLock = "rule" in lock ? [lock] : loaded.flatMap((one) => compareWhole(one, lock.lock));
  return { loaded, problems: [...problems, ...ofRules, ...ofLock] };
}

/**
 * Enters the versions that are new into the lock: `programmes check --lock`. Writes nothing while a rule is broken, and
 * never changes what stands there: a version that was taught stays what it was.
 */
export async function lockFolder(
  folder: string,
): Promise<{ readonly added: readonly string[]; readonly problems: readonly Problem[] }> {
  const { loaded, problems } = await loadProgrammes(folder);
  const read = await readLock(folder);
  if ("rule" in read) return { added: [], problems: [...problems, read] };
  const ofRules = (await Promise.all(loaded.map(checkProgramme))).flat();
  const found = [...ofRules, ...loaded.flatMap((one) => compareWithLock(one, read.lock))];
  if (problems.length + found.length > 0) return { added: [], problems: [...problems, ...found] };
  const added = loaded.map((one) => one.programme).filter(({ id, version }) => read.lock[id]?.[version] === undefined);
  const lock = { ...read.lock };
  for (const programme of added) {
    lock[programme.id] = { ...lock[programme.id], [programme.version]: lockEntry(programme) };
  }
  if (added.length > 0) await writeFile(join(folder, FILE), `${JSON.stringify(lock, null, 2)}\n`);
  return { added: added.map(({ id, version }) => `${id} ${version}`), problems: [] };
}

/**
 * What stands in the way of teaching a programme after the versions of it that were taught: its version is one of theirs with other
 * content, is older than the newest, or is a correction that changed more than words.
 */
export function compareWithTaught(loaded: Loaded, taught: readonly Programme[]): readonly Problem[] {
  return compareWithLock(loaded, { [loaded.programme.id]: versionsOf(taught, loaded.programme.id) });
}

function versionsOf(taught: readonly Programme[], id: string): Lock[string] {
  return Object.fromEntries(taught.flatMap((one) => (one.id === id ? [[one.version, lockEntry(one)]] : [])));
}

/** What the lock keeps of a version. */
function lockEntry(programme: Programme): Lock[string][string] {
  return { content: programme.hash, structure: hashOf(withoutWords(programme)) };
}

async function readLock(folder: string): Promise<{ readonly lock: Lock } | Problem> {
  const path = join(folder, FILE);
  try {
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return "{}";
      throw error;
    });
    return { lock: lockSchema.parse(JSON.parse(text)) };
  } catch {
    const message = "the lock cannot be read: take the version of this file from the history back";
    return { rule: "lock", path, line: 1, message };
  }
}

/** The same, and a version that nobody entered yet is a problem as well. */
function compareWhole(loaded: Loaded, lock: Lock): Problem[] {
  const { programme, pack } = loaded;
  const { id, version } = programme;
  const found = compareWithLock(loaded, lock);
  if (found.length > 0 || lock[id]?.[version] !== undefined) return found;
  const { path } = pack.structureFile;
  const message = `version ${version} is not in ${FILE}: run "fadder programmes check --lock"`;
  return [{ rule: "lock", path, line: pack.structureFile.lineOf(["version"]), message }];
}

function compareWithLock({ programme, pack }: Loaded, lock: Lock): Problem[] {
  const { id, version } = programme;
  const locked = lock[id] ?? {};
  const own = lockEntry(programme);
  const at = { rule: "lock" as const, path: pack.structureFile.path, line: pack.structureFile.lineOf(["version"]) };
  const known = locked[version];
  if (known !== undefined) {
    if (known.content === own.content) return [];
    const next =
      known.structure === own.structure ? "the last number (words alone changed)" : "the middle or the first number";
    const message = `the content changed and the version did not: raise ${next} of ${version}`;
    return [{ ...at, message }];
  }
  const newest = Object.keys(locked).sort(compareVersions).at(-1);
  if (newest !== undefined && compareVersions(version, newest) < 0) {
    return [
      { ...at, message: `version ${version} is older than ${newest}, which was taught already: expected a higher one` },
    ];
  }
  const sibling = Object.keys(locked).find((one) => isSameStructure(one, version));
  if (sibling !== undefined && locked[sibling]?.structure !== own.structure) {
    const message = `${version} is a correction of ${sibling}, which may change words alone, but the structure changed: raise the middle or the first number`;
    return [{ ...at, message }];
  }
  return [];
}

// Languages may be added by a correction: nobody's place depends on them.
function withoutWords({ id, units, test, events, framework, hours, certification }: Programme): unknown {
  return {
    id,
    units: units.map((unit) => ({
      id: unit.id,
      lessons: unit.lessons.map(({ title: _, outcome: __, cards, practice, ...rest }) => ({
        ...rest,
        cards: cards.map((card) => card.id),
        practice: practice.map(questionWithoutWords),
      })),
      check: checkWithoutWords(unit.check),
    })),
    ...(test === undefined ? {} : { test: checkWithoutWords(test.check) }),
    ...(events === undefined ? {} : { events: events.map(({ title: _, ...rest }) => rest) }),
    ...(framework === undefined ? {} : { framework: frameworkWithoutWords(framework) }),
    ...(hours === undefined ? {} : { hours: { ...hours, kinds: hours.kinds.map((kind) => kind.id) } }),
    ...(certification === undefined ? {} : { certification: certificationWithoutWords(certification) }),
  };
}

function certificationWithoutWords({ stages, agreements, checks, certificates }: Certification): unknown {
  return {
    stages: stages.map(({ title: _, ...rest }) => rest),
    agreements: agreements.map(({ id, version }) => ({ id, version })),
    checks: checks.map(({ id }) => id),
    certificates: certificates.map(({ title: _, neutralTitle: __, ...rest }) => rest),
  };
}

function frameworkWithoutWords(framework: Framework): unknown {
  const { id, version, levels, scales, stopAfter, required, status, categories } = framework;
  return {
    ...{ id, version, stopAfter, required, status },
    levels: levels.map(({ level }) => level),
    scales: scales.map((scale) => ({ ...scale, values: scale.values.map(({ value }) => value) })),
    categories: categories.map((category) => ({
      id: category.id,
      mayLag: category.mayLag,
      competences: category.competences.map((one) => ({ id: one.id, scale: one.scale, lessons: one.lessons })),
    })),
  };
}

function checkWithoutWords(check: Check): unknown {
  return { ...check, bank: check.bank.map(questionWithoutWords) };
}

/** A question by its ids and what is right. */
function questionWithoutWords(question: Question): unknown {
  const ids = (list: readonly { readonly id: string }[]) => list.map((one) => one.id);
  return {
    ...question,
    stem: undefined,
    feedback: undefined,
    accepted: undefined,
    ends: undefined,
    ...("options" in question ? { options: ids(question.options) } : {}),
    ...("targets" in question ? { targets: ids(question.targets) } : {}),
    ...("steps" in question ? { steps: question.steps.map(questionWithoutWords) } : {}),
  };
}
