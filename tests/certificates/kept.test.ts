import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { command } from "../../src/cli/certificates.ts";
import type { Kit } from "../../src/cli/kit.ts";
import { certificatesFor } from "../../src/compose/certificates.ts";
import { backup, restore } from "../../src/compose/copies.ts";
import { openFoundation, secretOf } from "../../src/compose/parts.ts";
import { type Config, loadConfig } from "../../src/config.ts";
import { loadPerson } from "../../src/people/loaded.ts";
import { mergeTwo } from "../../src/people/merge.ts";
import { everythingAbout } from "../../src/privacy/about.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import { createBox } from "../../src/store/box.ts";
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

const validUntil = Date.now() + 86_400_000;

/** An installation on disk, opened and closed as commands do. */
function house() {
  const config = loadConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), "fadder-certificates-")) }, []);
  const open = async <T>(
    work: (part: ReturnType<typeof createPart>, certificates: ReturnType<typeof certificatesFor>) => Promise<T>,
  ) => {
    const { store, box } = await openFoundation(config, silentLog, { migrate: true, use: "command" });
    try {
      return await work(createPart(store), certificatesFor(config, store, box));
    } finally {
      await store.close();
    }
  };
  const issue = async (certificates: ReturnType<typeof certificatesFor>, id: string) => {
    const issued = await certificates.issue(factsFor(id, { validUntil }), "assessor");
    if ("refused" in issued) throw new Error(issued.refused);
    return issued.award;
  };
  return { config, open, issue };
}

/** The signed text of a certificate, as its owner has it. */
function certificatesText(config: Config, row: { readonly id: string; readonly credential: Uint8Array }): string {
  return Buffer.from(
    createBox(secretOf(config)).open("certificate", row.credential, `${row.id}:credential`),
  ).toString();
}

test("what was withdrawn, erased or signed by a newer key since a backup is so again when it is put back", async () => {
  const { config, open, issue } = house();
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
    expect(await certificates.status.stateAt(later.statusList, later.statusIndex)).toMatchObject({ revoked: true });
    expect((await part.deps.db.award.findUnique({ where: { id: later.id } }))?.personId).toBeNull();
    expect((await certificates.keys.all()).map(({ retiredAt }) => retiredAt === null)).toEqual([true, false]);
  });
});

test("what was issued since a backup is entered again from its file, and no place in a list is given twice", async () => {
  const { config, open, issue } = house();
  const held = await open(async (part, certificates) => {
    await part.person("anna");
    return issue(certificates, "anna");
  });
  const { path } = await backup(config, undefined);
  const [lost, other, files] = await open(async (part, certificates) => {
    const made = [await issue(certificates, "anna"), await issue(certificates, "anna")] as const;
    await certificates.extend(made[0].id, validUntil + 86_400_000, "assessor");
    const rows = await Promise.all(made.map(({ id }) => part.deps.db.award.findUniqueOrThrow({ where: { id } })));
    return [...made, rows.map((row) => certificatesText(config, row))] as const;
  });
  const [file = "", second = ""] = files;
  await restore(config, path, silentLog);
  await open(async (part, certificates) => {
    const { db } = part.deps;
    expect(await certificates.verify(file)).toMatchObject({ kind: "unregistered" });
    // Whoever is certified now gets a place in a list of its own time.
    const next = await issue(certificates, "anna");
    expect(next.statusList).not.toBe(held.statusList);
    expect((await certificates.verify(certificatesText(config, held))).kind).toBe("valid");

    expect(await certificates.enter(file.replace("Åse", "Bo"))).toMatchObject({
      refused: expect.stringContaining("tampered"),
    });
    expect(await certificates.enter(file, { personId: "nobody" })).toEqual({ refused: "there is no person nobody" });
    expect(await certificates.enter(file, { personId: "anna", token: lost.token })).toEqual({ award: lost.id });
    expect(await certificates.enter(file)).toEqual({ refused: "it stands in the register" });
    expect((await certificates.verify(file)).kind).toBe("valid");
    const row = await db.award.findUniqueOrThrow({ where: { id: lost.id } });
    const same = ["programme", "version", "certificate", "level", "language", "hours", "keyId", "token"] as const;
    for (const field of [...same, "statusList", "statusIndex"] as const)
      expect([field, row[field]]).toEqual([field, lost[field]]);
    // A credential says seconds.
    expect(row.issuedAt).toBe((lost.issuedAt / 1_000n) * 1_000n);
    expect(Number(row.validUntil)).toBe(Math.floor((validUntil + 86_400_000) / 1_000) * 1_000);
    expect(row).toMatchObject({ personId: "anna", showName: false, showProgramme: false, state: "valid" });
    expect(JSON.parse(row.display)).toMatchObject({
      title: { en: "Certified family mentor" },
      level: { en: "Level 2" },
      hours: [{ kind: "live", name: { en: "Live days" }, minutes: 1200 }, { minutes: 750 }],
    });
    expect(await db.job.findMany()).toMatchObject([{ personId: "anna", name: "entered" }]);
    // It can be taken back like any other.
    await certificates.withdraw(lost.id, "mistake", "assessor");
    expect((await certificates.verify(file)).kind).toBe("revoked");

    // Without its person it only counts.
    expect(await certificates.enter(second)).toEqual({ award: other.id });
    expect((await certificates.verify(second)).kind).toBe("valid");
    expect(await db.award.findUniqueOrThrow({ where: { id: other.id } })).toMatchObject({ personId: null });
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
    const lost = await part.awarded(factsFor("anna"));
    writeFileSync(file, part.credential(lost));
    await store.db.award.delete({ where: { id: lost.id } });
    expect(await command.run(["verify", file], {}, kit)).toBe(1);
    expect(said.pop()).toMatch(/^unregistered: this house signed it/u);
    const address = `https://example.org/certificates/${lost.token}`;
    expect(await command.run(["enter", file], { person: "anna", address }, kit)).toBe(0);
    expect(said.pop()).toBe(`${file}: entered as ${lost.id}`);
    expect(await store.db.award.findUnique({ where: { token: lost.token } })).toMatchObject({ personId: "anna" });
    expect(await command.run(["enter", file, file], {}, kit)).toBe(1);
    expect(said.pop()).toBe(`${file}: not entered, it stands in the register`);
    for (const [words, values] of [
      [["burn"], {}],
      [["verify"], {}],
      [["rotate", file], {}],
      [["verify", file], { person: "anna" }],
      [["enter", file, file], { person: "anna" }],
      [["enter", file], { address: "example.org" }],
    ] as const)
      await expect(command.run([...words], values, kit)).rejects.toThrow();
  } finally {
    await database.drop();
  }
});
