import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { platform as terminal } from "../../adapters/terminal/platform.ts";
import { platform as web } from "../../adapters/web/platform.ts";
import { script } from "../../dialogs/index.ts";
import { readCohort } from "../../src/cohorts/cohorts.ts";
import { fillDemo } from "../../src/compose/demo.ts";
import { openFoundation } from "../../src/compose/parts.ts";
import { loadConfig } from "../../src/config.ts";
import { silentLog } from "../http/support.ts";

test("the demo is a believable organisation, made by real turns, and mixes with nobody", {
  timeout: 120_000,
}, async () => {
  const platforms = [web];
  const config = loadConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), "fadder-demo-")) }, platforms);
  const ingredients = { platforms, terminal, script: async () => script, log: silentLog };
  const { learners, turns, links } = await fillDemo(config, ingredients);
  expect(learners).toBe(60);
  expect(turns).toBeGreaterThan(2_000);
  expect(links.map(({ role }) => role)).toEqual(["admin", "coordinator"]);
  expect(links.every(({ url }) => /^http:\/\/127\.0\.0\.1:3978\/sign-in\/[\w-]{43}$/.test(url))).toBe(true);

  const { store } = await openFoundation(config, silentLog, { migrate: false, use: "command" });
  const lessons = await store.db.record.groupBy({ by: ["personId"], where: { type: "lesson.done" }, _count: true });
  const counts = new Set(lessons.map((row) => row._count));
  // At different points: some have done everything, some a part, some nothing yet.
  expect(counts.size).toBeGreaterThanOrEqual(4);
  expect(lessons.length).toBeLessThan(60);
  expect(await store.db.failedTurn.count()).toBe(0);
  expect(await store.db.membership.count({ where: { state: "active" } })).toBe(60);
  expect(await store.db.person.count({ where: { stopped: true } })).toBeGreaterThan(0);
  // They reach the inbox when the server runs the jobs.
  expect(await store.db.job.count({ where: { name: "ask" } })).toBe(3);
  const seats = await store.db.seat.groupBy({ by: ["state"], _count: true });
  expect(seats.map(({ state }) => state).sort()).toEqual(["coming", "invited", "waiting"]);
  const [cohort] = await store.db.cohort.findMany({ where: { name: "Group one" } });
  expect(readCohort(cohort as NonNullable<typeof cohort>)).toMatchObject({ state: "running", pace: { kind: "own" } });
  await store.close();

  await expect(fillDemo(config, ingredients)).rejects.toThrow(/the database is not empty/);
});
