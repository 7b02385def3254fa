import type { Catalogue, Programme } from "../domain/programme.ts";
import type { Log } from "../engine/adapter.ts";
import { createCatalogue } from "../programmes/catalogue.ts";
import { compile, parseCompiled } from "../programmes/compiled.ts";
import { taughtProgrammes } from "../programmes/load.ts";
import { showProblem } from "../programmes/problem.ts";
import { compareVersions } from "../programmes/version.ts";
import { createHolidays } from "../schedule/holidays.ts";
import type { Store } from "../store/types.ts";

/** How old what is known of other instances may be, milliseconds. */
const freshMs = 5_000;

/** The catalogue of a running product: what is published in the console is taught without a restart. */
export interface LiveCatalogue extends Catalogue {
  /** Looks for what was published since, on this or another instance; `at once` whatever was read lately. */
  refresh(when?: "at once"): Promise<void>;
}

interface Version {
  readonly id: string;
  readonly version: string;
}

/** What was published, and when: a calendar changes without a new version. */
interface Published extends Version {
  readonly at: bigint;
}

/**
 * The programmes on disk, those that were published in the console, and every older version that was ever taught. Of a programme
 * the highest version is taught; of one version what was published here, because somebody said yes to it. New versions are put into
 * the database, so that people who began with one can finish it. Throws one error with all problems, each with path and line.
 */
export async function openCatalogue(
  folder: string,
  store: Pick<Store, "db">,
  now: () => number,
  log: Log,
): Promise<LiveCatalogue> {
  const { programmes: onDisk, problems } = await taughtProgrammes(folder);
  if (problems.length > 0) {
    throw new Error(
      `the programmes cannot be taught:\n${problems.map((problem) => `  ${showProblem(problem)}`).join("\n")}`,
    );
  }
  const holidays = createHolidays();
  let published = await publishedIn(store);
  await keepAll(onDisk, published, store, now(), log);
  const versions = new Map(
    (await store.db.programmeVersion.findMany()).map((row) => [keyOf(row), parseCompiled(row.content)]),
  );
  for (const programme of onDisk) if (!published.has(keyOf(programme))) versions.set(keyOf(programme), programme);
  let current = taught(onDisk, published, versions, holidays);
  let readAt = now();

  return {
    get programmes() {
      return current.programmes;
    },
    get versions() {
      return current.versions;
    },
    get: (id, version) => current.get(id, version),
    holidays,
    async refresh(when) {
      // The second condition: the clock was set back.
      if (when === undefined && Math.abs(now() - readAt) < freshMs) return;
      readAt = now();
      const found = await publishedIn(store);
      const fresh = [...found.values()].filter((one) => published.get(keyOf(one))?.at !== one.at);
      if (fresh.length === 0) return;
      for (const { id, version } of fresh) {
        const row = await store.db.programmeVersion.findUniqueOrThrow({ where: { id_version: { id, version } } });
        versions.set(keyOf(row), parseCompiled(row.content));
        log.info({ programme: id, version }, "a programme that was published is taught from now on");
      }
      published = found;
      current = taught(onDisk, published, versions, holidays);
    },
  };
}

/** What was published here, by programme and version. */
async function publishedIn({ db }: Pick<Store, "db">): Promise<ReadonlyMap<string, Published>> {
  const rows = await db.programmeSource.findMany({
    select: { id: true, version: true, at: true },
    orderBy: { at: "asc" },
  });
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** The highest version of each programme among those of the disk and those that were published, and everything else behind it. */
function taught(
  onDisk: readonly Programme[],
  published: ReadonlyMap<string, Version>,
  versions: ReadonlyMap<string, Programme>,
  holidays: Catalogue["holidays"],
): Catalogue {
  const highest = new Map<string, Version>();
  for (const one of [...onDisk, ...published.values()]) {
    const known = highest.get(one.id);
    if (known === undefined || compareVersions(known.version, one.version) < 0) highest.set(one.id, one);
  }
  const chosen = new Set([...highest.values()].map(keyOf));
  const programmes = [...chosen].flatMap((key) => versions.get(key) ?? []);
  const older = [...versions].flatMap(([key, programme]) => (chosen.has(key) ? [] : [programme]));
  return createCatalogue(programmes, older, holidays);
}

async function keepAll(
  onDisk: readonly Programme[],
  published: ReadonlyMap<string, Version>,
  store: Pick<Store, "db">,
  now: number,
  log: Log,
): Promise<void> {
  const rows = await store.db.programmeVersion.findMany({ select: { id: true, version: true, hash: true } });
  const hashes = new Map(rows.map((row) => [keyOf(row), row.hash]));
  for (const programme of onDisk) {
    const { id, version, hash } = programme;
    const known = hashes.get(keyOf(programme));
    if (known === hash) continue;
    if (published.has(keyOf(programme))) {
      log.warn(
        { programme: id, version },
        "this version was published in the console with other content; that is taught",
      );
      continue;
    }
    if (known !== undefined) {
      log.warn({ programme: id, version }, "the programme changed and its version did not; what is on disk is taught");
    }
    const content = { hash, content: compile(programme), at: BigInt(now) };
    const key = { id, version };
    await store.db.programmeVersion.upsert({
      where: { id_version: key },
      create: { ...key, ...content },
      update: content,
    });
  }
}

function keyOf({ id, version }: Version): string {
  return `${id}@${version}`;
}
