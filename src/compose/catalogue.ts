import type { Catalogue, Programme } from "../domain/programme.ts";
import type { Log } from "../engine/adapter.ts";
import { createCatalogue } from "../programmes/catalogue.ts";
import { compile, parseCompiled } from "../programmes/compiled.ts";
import { loadProgrammes } from "../programmes/load.ts";
import { showProblem } from "../programmes/problem.ts";
import { createHolidays } from "../schedule/holidays.ts";
import type { Store } from "../store/types.ts";

/**
 * The programmes on disk and every older version that was ever taught. New versions are put into the database, so that
 * people who began with one can finish it. Throws one error with all problems, each with path and line.
 */
export async function openCatalogue(
  folder: string,
  store: Pick<Store, "db">,
  now: number,
  log: Log,
): Promise<Catalogue> {
  const [{ programmes, problems }, rows] = await Promise.all([
    loadProgrammes(folder),
    store.db.programmeVersion.findMany(),
  ]);
  if (problems.length > 0) {
    throw new Error(
      `the programmes cannot be taught:\n${problems.map((problem) => `  ${showProblem(problem)}`).join("\n")}`,
    );
  }
  const stored = new Map(rows.map((row) => [keyOf(row), row]));
  for (const programme of programmes) await keep(programme, stored.get(keyOf(programme))?.hash, store, now, log);
  const current = new Set(programmes.map(keyOf));
  const older = rows.filter((row) => !current.has(keyOf(row))).map((row) => parseCompiled(row.content));
  return createCatalogue(programmes, older, createHolidays());
}

async function keep(
  programme: Programme,
  storedHash: string | undefined,
  store: Pick<Store, "db">,
  now: number,
  log: Log,
): Promise<void> {
  const { id, version, hash } = programme;
  if (storedHash === hash) return;
  if (storedHash !== undefined) {
    log.warn({ programme: id, version }, "the programme changed and its version did not; what is on disk is taught");
  }
  const content = { hash, content: compile(programme), at: BigInt(now) };
  await store.db.programmeVersion.upsert({
    where: { id_version: { id, version } },
    create: { id, version, ...content },
    update: content,
  });
}

function keyOf({ id, version }: { readonly id: string; readonly version: string }): string {
  return `${id}@${version}`;
}
