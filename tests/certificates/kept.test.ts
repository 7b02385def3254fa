import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { command } from "../../src/cli/certificates.ts";
import type { Kit } from "../../src/cli/kit.ts";
import { certificatesFor } from "../../src/compose/certificates.ts";
import { backup, restore } from "../../src/compose/copies.ts";
import { openFoundation } from "../../src/compose/parts.ts";
import { loadConfig } from "../../src/config.ts";
import { loadPerson } from "../../src/people/loaded.ts";
import { mergeTwo } from "../../src/people/merge.ts";
import { everythingAbout } from "../../src/privacy/about.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import { silentLog } from "../http/support.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";
import { createPart, factsFor } from "./world.ts";

test.each(databaseKinds)("erasing takes name and credential and leaves a marked place, on %s", async (kind) => {
  const database = await createDatabase(kind);
  try {
    const store = await database.open();
    const part = createPart(store);
    await part.person("anna");
    const award = await part.awarded(factsFor("anna", { assessmentId: "a" }));
    const text = part.credential(award);
    const mine = await everythingAbout(store, "anna", part.deps.open);
    expect(mine?.certificates).toMatchObject([
      { name: "Åse Ødegård-Петрова", credential: { id: `urn:uuid:${award.id}` } },
    ]);
    expect(await eraseEverything(store, "anna", part.clock.now)).toMatchObject({ certificates: 1 });
    const left = await store.db.award.findUniqueOrThrow({ where: { id: award.id } });
    expect(left).toMatchObject({ personId: null, reason: "erased", state: "withdrawn", assessmentId: null });
    expect([left.name.length, left.credential.length]).toEqual([0, 0]);
    expect((await part.verify(text)).kind).toBe("revoked");
  } finally {
    await database.drop();
  }
});

test.each(databaseKinds)("merging moves certificates, and undoing it gives them back, on %s", async (kind) => {
  const database = await createDatabase(kind);
  try {
    const store = await database.open();
    const part = createPart(store);
    for (const id of ["anna", "ann"]) await part.person(id);
    const award = await part.awarded(factsFor("ann"));
    const [from, into] = [await loadPerson(store.db, "ann"), await loadPerson(store.db, "anna")];
    if (from === undefined || into === undefined) throw new Error("nobody there");
    const undo = { id: "undo-1", actor: "ida" };
    await mergeTwo(store, from, into, part.clock.now, { undo });
    const owner = async () => (await store.db.award.findUnique({ where: { id: award.id } }))?.personId;
    expect(await owner()).toBe("anna");
    // Who awards by an old id awards whom it became.
    expect((await part.awarded(factsFor("ann"))).personId).toBe("anna");
    await store.undoMerge("undo-1", part.clock.now + 1);
    expect(await owner()).toBe("ann");
  } finally {
    await database.drop();
  }
});

test("what was withdrawn, erased or signed by a newer key since a backup is so again when it is put back", async () => {
  const config = loadConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), "fadder-certificates-")) }, []);
  const open = async <T>(
    work: (part: ReturnType<typeof createPart>, verify: ReturnType<typeof certificatesFor>) => Promise<T>,
  ) => {
    const { store, box } = await openFoundation(config, silentLog, { migrate: true, use: "command" });
    try {
      return await work(createPart(store), certificatesFor(config, store, box));
    } finally {
      await store.close();
    }
  };
  const validUntil = Date.now() + 86_400_000;
  const issue = async (certificates: ReturnType<typeof certificatesFor>, id: string) => {
    const issued = await certificates.issue(factsFor(id, { validUntil }), "assessor");
    if ("refused" in issued) throw new Error(issued.refused);
    return issued.award;
  };
  const [kept, gone, erased] = await open(async (part, certificates) => {
    for (const id of ["anna", "bo"]) await part.person(id);
    return [
      await issue(certificates, "anna"),
      await issue(certificates, "anna"),
      await issue(certificates, "bo"),
    ] as const;
  });
  const { path } = await backup(config, undefined);
  const later = await open(async (part, certificates) => {
    await certificates.withdraw(gone.id, "conduct", "assessor");
    await eraseEverything({ db: part.deps.db }, "bo", Date.now());
    await certificates.keys.rotate();
    const made = await issue(certificates, "anna");
    await certificates.withdraw(made.id, "mistake", "assessor");
    return made;
  });
  expect(await restore(config, path, silentLog)).toMatchObject({ erased: 1, withdrawn: 1 });
  await open(async (part, certificates) => {
    const state = async (id: string) => (await part.deps.db.award.findUnique({ where: { id } }))?.state;
    expect([await state(kept.id), await state(gone.id), await state(erased.id)]).toEqual([
      "valid",
      "withdrawn",
      "withdrawn",
    ]);
    // The copy knew nothing of it: its place stays marked and nothing else is left.
    expect(await certificates.status.isRevoked(later.statusList, later.statusIndex)).toBe(true);
    expect((await part.deps.db.award.findUnique({ where: { id: later.id } }))?.personId).toBeNull();
    expect((await certificates.keys.all()).map(({ retiredAt }) => retiredAt === null)).toEqual([true, false]);
  });
});

test("the command line checks files and renews the key", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fadder-certificates-"));
  const database = await createDatabase("sqlite");
  try {
    const store = await database.open();
    const part = createPart(store);
    await part.person("anna");
    const award = await part.awarded(factsFor("anna"));
    const file = join(folder, "certificate.json");
    writeFileSync(file, part.credential(award));
    const said: string[] = [];
    const kit = {
      out: (line: string) => void said.push(line),
      config: () => ({}),
      openStore: async () => ({ ...store, close: async () => undefined }),
      certificates: async () => part.certificates,
    } as unknown as Kit;
    expect(await command.run(["verify", file], {}, kit)).toBe(0);
    expect(said.pop()).toMatch(/^valid: /u);
    expect(await command.run(["rotate"], {}, kit)).toBe(0);
    expect(said.pop()).toMatch(/^Signs from now on: z6Mk/u);
    expect(await command.run(["verify", file], {}, kit)).toBe(0);
    await part.withdraw(award.id, "mistake", "command");
    expect(await command.run(["verify", file], {}, kit)).toBe(1);
    expect(said.pop()).toMatch(/^revoked: /u);
    writeFileSync(file, "hello");
    expect(await command.run(["verify", file], {}, kit)).toBe(1);
    await expect(command.run(["burn"], {}, kit)).rejects.toThrow("not known");
  } finally {
    await database.drop();
  }
});
