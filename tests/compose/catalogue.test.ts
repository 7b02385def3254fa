import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { beginDraft, decideDraft, readDraft } from "../../src/authoring/drafts.ts";
import { createFindings } from "../../src/authoring/findings.ts";
import { publish } from "../../src/authoring/publish.ts";
import { openCatalogue } from "../../src/compose/catalogue.ts";
import { createSources } from "../../src/compose/sources.ts";
import { createProgramme } from "../../src/programmes/create.ts";
import type { Store } from "../../src/store/types.ts";
import { createDatabase, databaseKinds, quietLog, type TestDatabase } from "../support/databases.ts";

const start = Date.UTC(2026, 10, 22, 10);

describe.each(databaseKinds)("what is taught, on %s", (kind) => {
  let database: TestDatabase;
  let folder: string;
  let store: Store;
  const clock = { now: start };
  const now = () => clock.now;
  beforeEach(async () => {
    clock.now = start;
    database = await createDatabase(kind);
    store = await database.open();
    folder = await mkdtemp(join(tmpdir(), "fadder-taught-"));
    await createProgramme(folder, "sample");
  });
  afterEach(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const open = () => openCatalogue(folder, store, now, quietLog);
  const versions = ({ programmes }: Awaited<ReturnType<typeof open>>) =>
    programmes.map(({ id, version }) => `${id} ${version}`);

  /** Publishes the programme of the disk with other texts in place of some. */
  async function published(...edits: readonly (readonly [path: string, from: string, to: string])[]): Promise<void> {
    const files = new Map(await createSources(store, folder)({ id: "sample", version: "none" }));
    for (const [path, from, to] of edits) {
      const text = Buffer.from(files.get(path) ?? []).toString();
      expect(text).toContain(from);
      files.set(path, Buffer.from(text.replace(from, () => to)));
    }
    const given = { programme: "sample", organisationId: "root", files, by: "ann" };
    const id = await beginDraft(store.db, given, now());
    const draft = await readDraft(store.db, id);
    if (draft === undefined) throw new Error("the draft is gone");
    const { findings, programme } = await createFindings(store.db, now)(draft);
    expect(findings).toEqual([]);
    await decideDraft(store.db, draft, "asked", "ann", now());
    expect(programme && (await publish(store, draft, programme, "bo", now()))).toBe(true);
  }
  const correction = ["programme.yaml", "version: 0.1.0", "version: 0.1.1"] as const;
  const title = ["words/en/programme.yaml", "My programme", "On time"] as const;

  test("is learned by the other instance within seconds, without a restart, and by one that starts later", async () => {
    const [here, there] = [await open(), await open()];
    await published(correction, title);
    await here.refresh("at once");
    expect(versions(here)).toEqual(["sample 0.1.1"]);
    await there.refresh();
    expect(versions(there)).toEqual(["sample 0.1.0"]);
    clock.now += 5_000;
    await there.refresh();
    expect(versions(there)).toEqual(["sample 0.1.1"]);
    expect(there.get("sample", "0.1.0")?.title).toEqual({ en: "On time" });
    expect(versions(await open())).toEqual(["sample 0.1.1"]);
  });

  test("is the highest version of disk and console, and older ones stay playable", async () => {
    await open();
    await published(["programme.yaml", "version: 0.1.0", "version: 0.2.0"], title);
    const path = join(folder, "sample", "programme.yaml");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("version: 0.1.0", "version: 0.1.5"));
    expect(versions(await open())).toEqual(["sample 0.2.0"]);
    await writeFile(path, text.replace("version: 0.1.0", "version: 0.3.0"));
    const last = await open();
    expect(versions(last)).toEqual(["sample 0.3.0"]);
    expect(last.get("sample", "0.2.0")?.title).toEqual({ en: "On time" });
    expect(last.get("sample", "0.1.0")?.version).toBe("0.1.5");
  });

  test("stays what a second person said yes to, where the disk says something else under the same number", async () => {
    await open();
    await published(correction, title);
    const path = join(folder, "sample", "programme.yaml");
    await writeFile(path, (await readFile(path, "utf8")).replace("version: 0.1.0", "version: 0.1.1"));
    const again = await open();
    expect(again.programmes[0]?.title).toEqual({ en: "On time" });
    const row = await store.db.programmeVersion.findFirst({ where: { version: "0.1.1" } });
    expect(row?.content).toContain("On time");
  });

  test("takes other exam weeks from a draft without a new version", async () => {
    const there = await open();
    const calendar = (from: string) =>
      [
        "programme.yaml",
        "languages: [en]",
        `languages: [en]\ncalendar:\n  - from: ${from}\n    to: 2027-01-20`,
      ] as const;
    await published(calendar("2027-01-10"));
    clock.now += 5_000;
    await there.refresh();
    expect(there.programmes[0]?.calendar).toEqual([{ from: "2027-01-10", to: "2027-01-20" }]);
    await published(calendar("2027-01-12"));
    clock.now += 5_000;
    await there.refresh();
    expect(there.programmes[0]?.calendar).toEqual([{ from: "2027-01-12", to: "2027-01-20" }]);
  });
});
