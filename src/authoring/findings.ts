import type { Programme } from "../domain/programme.ts";
import { checkProgramme, warnProgramme } from "../programmes/check.ts";
import { parseCompiled } from "../programmes/compiled.ts";
import { inMemory } from "../programmes/files.ts";
import { loadProgramme } from "../programmes/load.ts";
import { compareWithTaught } from "../programmes/lock.ts";
import type { Problem } from "../programmes/problem.ts";
import { compareVersions, isSameStructure } from "../programmes/version.ts";
import type { Database } from "../store/client.ts";
import type { Draft } from "./drafts.ts";

/** What is wrong in a draft, and the programme it makes. */
export interface Found {
  /** With paths below the programme's folder. While there is one the draft cannot be published. */
  readonly findings: readonly Problem[];
  /** What its authors should hear and that stops nothing. */
  readonly warnings: readonly Problem[];
  /** Undefined where the files make none. */
  readonly programme?: Programme;
}

/** Looks at drafts with the rules of `fadder programmes check`. */
export type FindIn = (draft: Draft) => Promise<Found>;

/** Drafts whose findings are kept: a page of a draft is asked for again and again. */
const mostKept = 8;

/**
 * The rules over a draft and the versions of its programme that were ever taught. One draft is read at a time, in small pieces. `now`
 * is epoch milliseconds.
 */
export function createFindings(db: Pick<Database, "programmeVersion">, now: () => number): FindIn {
  const kept = new Map<string, Promise<Found>>();
  let last: Promise<unknown> = Promise.resolve();
  return async (draft) => {
    const rows = await db.programmeVersion.findMany({
      where: { id: draft.programme },
      select: { version: true, hash: true },
      orderBy: { version: "asc" },
    });
    const key = JSON.stringify([draft.id, draft.rev, rows]);
    const known = kept.get(key);
    if (known !== undefined) return known;
    const found = last.then(() => look(db, draft, now()));
    // What failed once is tried again, and stands in nobody's way.
    last = found.catch(() => kept.delete(key));
    kept.set(key, found);
    for (const old of [...kept.keys()].slice(0, -mostKept)) kept.delete(old);
    return found;
  };
}

async function look(db: Pick<Database, "programmeVersion">, draft: Draft, now: number): Promise<Found> {
  const { programme: id } = draft;
  const files = new Map([...draft.files].map(([path, bytes]) => [`${id}/${path}`, bytes]));
  const { loaded, problems } = await loadProgramme(inMemory(files), id);
  const inside = (list: readonly Problem[]) => list.map((one) => ({ ...one, path: one.path.slice(id.length + 1) }));
  if (loaded === undefined) return { findings: inside(problems), warnings: [] };
  const found = [
    ...(await checkProgramme(loaded)),
    ...compareWithTaught(loaded, await taughtLike(db, loaded.programme)),
  ];
  const today = new Date(now).toISOString().slice(0, 10);
  return { findings: inside(found), warnings: inside(warnProgramme(loaded, today)), programme: loaded.programme };
}

/**
 * The versions that a programme has to agree with: the one of the same number, one that differs in words alone, and the newest. There
 * may be many others, and each takes its time to read.
 */
async function taughtLike(
  db: Pick<Database, "programmeVersion">,
  { id, version }: Programme,
): Promise<readonly Programme[]> {
  const rows = await db.programmeVersion.findMany({ where: { id }, select: { version: true } });
  const versions = rows.map((row) => row.version).sort(compareVersions);
  const sibling = versions.findLast((one) => one !== version && isSameStructure(one, version));
  const wanted = versions.filter((one) => one === version || one === sibling || one === versions.at(-1));
  const programmes: Programme[] = [];
  for (const one of wanted) {
    const row = await db.programmeVersion.findUniqueOrThrow({ where: { id_version: { id, version: one } } });
    programmes.push(parseCompiled(row.content));
  }
  return programmes;
}
