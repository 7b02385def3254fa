import { describe, expect, test } from "vitest";
import { type InviteDeps, inviteAll, openInvitations } from "../../src/cohorts/invitations.ts";
import { dryRun, type Invitee, type RosterFacts } from "../../src/cohorts/roster.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { date, xlsx } from "./files.ts";
import { createWorld, sealing, secret } from "./world.ts";

const facts: RosterFacts = {
  secret,
  organisations: new Map([["rousse", "rousse"]]),
  cohorts: new Map([["spring", "c1"]]),
  organisationId: "root",
  cohortId: "c1",
  language: (word) => ["en", "da", "bg"].find((code) => code === word),
};
const bytes = (text: string, encoding: BufferEncoding = "utf8") => new Uint8Array(Buffer.from(text, encoding));
const kinds = async (text: string | Uint8Array) =>
  (await dryRun(typeof text === "string" ? bytes(text) : text, facts)).problems.map(({ line, kind, first }) => ({
    line,
    kind,
    ...(first === undefined ? {} : { first }),
  }));

describe("a roster that is tried out", () => {
  test.each([
    ["commas", "name,e-mail\nAnna,anna@example.org\n"],
    ["semicolons and a mark in front", "\uFEFFE-mail;Navn\r\nanna@example.org;Anna\r\n"],
    ["tabs, Swedish headings", "Namn\tE-post\nAnna\tanna@example.org"],
    ["Bulgarian headings and quotes", '"Имейл","Име"\n"anna@example.org","Anna"\n'],
    ["Finnish headings, empty lines", "\nNimi;Sähköposti\n\nAnna;Anna@Example.org\n\n"],
  ])("%s", async (_name, text) => {
    const { people, wrong } = await dryRun(bytes(text), facts);
    expect(wrong).toBe(0);
    expect(people).toMatchObject([{ name: "Anna", email: "anna@example.org", organisationId: "root", cohortId: "c1" }]);
  });

  test("a sheet of a spreadsheet, columns in any order", async () => {
    const file = xlsx([
      ["Organisation", "Hold", "Sprog", "Navn", "E-mail"],
      ["Rousse", "Spring", "da", "Anna", "anna@example.org"],
      ["", "", "", "Bo & Co", "bo@example.org"],
    ]);
    const { people, wrong } = await dryRun(file, facts);
    expect(wrong).toBe(0);
    expect(people).toMatchObject([
      { line: 2, name: "Anna", language: "da", organisationId: "rousse" },
      { line: 3, name: "Bo & Co", language: undefined, organisationId: "root" },
    ]);
  });

  test("every problem is named with its line", async () => {
    const text = [
      "name;e-mail;language;organisation;cohort",
      "Anna;anna@example.org;en;;",
      "bo@example.org;Bo;en;;",
      "Cai;no address;en;;",
      ";dan@example.org;en;;",
      "Eva;eva@example.org;tlh;;",
      "Fie;fie@example.org;en;Atlantis;",
      "Gus;gus@example.org;en;;Winter",
      "Annie;ANNA@example.org;en;;",
      "=1+1;hal@example.org;en;;",
    ].join("\n");
    expect(await kinds(text)).toEqual([
      { line: 3, kind: "swapped" },
      { line: 4, kind: "email" },
      { line: 5, kind: "name" },
      { line: 6, kind: "language" },
      { line: 7, kind: "organisation" },
      { line: 8, kind: "cohort" },
      { line: 9, kind: "duplicate", first: 2 },
      { line: 10, kind: "formula" },
    ]);
  });

  test("another encoding is named with the first line that shows it", async () => {
    expect(await kinds(bytes("name;e-mail\nAnna;a@example.org\nBj\u00f8rn;b@example.org\n", "latin1"))).toEqual([
      { line: 3, kind: "encoding" },
    ]);
  });

  test.each([
    ["Windows-1251", "name;e-mail\nAnna;a@example.org\n\xc8\xe2\xe0\xed;b@example.org\n", 3],
    ["Windows-1252", "navn;e-mail\n\xc5se;a@example.org\n", 2],
  ])("%s is named as another encoding, with its line", async (_name, text, line) => {
    expect(await kinds(bytes(text, "latin1"))).toEqual([{ line, kind: "encoding" }]);
  });

  test.each([
    ["little endian", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["big endian", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["without a mark", (text: string) => Buffer.from(text, "utf16le")],
  ])("UTF-16, %s, is named as another encoding", async (_name, encode) => {
    const file = encode("name;e-mail\nАнна;a@example.org\n");
    expect(await kinds(new Uint8Array(file))).toEqual([{ line: 1, kind: "encoding" }]);
  });

  test("columns that are swapped under their headings are named line by line", async () => {
    expect(await kinds("name;e-mail\nanna@example.org;Anna\nbo@example.org;Bo\n")).toEqual([
      { line: 2, kind: "swapped" },
      { line: 3, kind: "swapped" },
    ]);
  });

  test.each(["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "=HYPERLINK(1)"])(
    "a cell that a spreadsheet would run is refused: %s",
    async (cell) => {
      expect(await kinds(`name;e-mail;note\n"${cell}";a@example.org;\n`)).toEqual([{ line: 2, kind: "formula" }]);
      expect(await kinds(`name;e-mail;note\nAnna;a@example.org;"${cell}"\n`)).toEqual([{ line: 2, kind: "formula" }]);
    },
  );

  test("dates and numbers of a sheet are cells like others, also in the name's place", async () => {
    const file = xlsx([
      ["Name", "E-mail", "Born"],
      ["Anna", "anna@example.org", date(45_000)],
      [date(45_000), "b@example.org", 7],
    ]);
    const { people, problems } = await dryRun(file, facts);
    expect(problems).toEqual([]);
    expect(people.map(({ name }) => name)).toEqual(["Anna", "2023-03-15"]);
  });

  test("no headings, nobody, not a file of this kind, a broken quote", async () => {
    expect(await kinds("Anna;anna@example.org\n")).toEqual([{ line: 1, kind: "header" }]);
    expect(await kinds("name;e-mail\n")).toEqual([{ line: 1, kind: "empty" }]);
    expect(await kinds(new Uint8Array([0x50, 0x4b, 3, 4, 1, 2, 3]))).toEqual([{ line: 1, kind: "damaged" }]);
    expect(await kinds('name;e-mail\n"Anna;anna@example.org\n')).toEqual([{ line: 1, kind: "damaged" }]);
  });

  test("50,001 rows are refused", async () => {
    const rows = Array.from({ length: 50_001 }, (_, index) => `P${index};p${index}@example.org`);
    const { problems, wrong } = await dryRun(bytes(`name;e-mail\n${rows.join("\n")}\n`), facts);
    expect(wrong).toBe(1);
    expect(problems).toEqual([{ line: 50_002, kind: "many" }]);
  });
});

describe.each(databaseKinds)("invitations from a roster, on %s", (kind) => {
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  let deps: InviteDeps;
  eachWithStore(kind, (opened) => {
    store = opened;
    world = createWorld(store);
    deps = { db: store.db, secret, ...sealing, now: () => world.clock.now };
  });

  const person = (name: string, cohortId: string): Invitee => ({
    line: 1,
    name,
    email: `${name}@example.org`,
    language: "en",
    organisationId: "root",
    cohortId,
  });
  async function* chunks(...people: Invitee[]) {
    yield people;
  }
  const open = async (cohortId: string) => {
    const found = [];
    for await (const piece of openInvitations(deps, cohortId, ["root"])) found.push(...piece);
    return found;
  };

  test("a roster read twice, also at once, invites once; who has come is not invited again", async () => {
    const { id } = await world.cohort();
    const [anna, bo] = [person("anna", id), person("bo", id)];
    const done = await Promise.all([inviteAll(deps, chunks(anna, bo), "c"), inviteAll(deps, chunks(bo, anna), "c")]);
    expect(done.map((one) => one.fresh).sort()).toEqual([0, 2]);
    expect(await store.db.invite.count()).toBe(2);
    const code = (await open(id)).find((one) => one.name === "anna")?.code ?? "";
    const chat = await world.learner("anna");
    await chat.type(`join ${code}`);
    expect(await world.work(chat)).toContain("You are in Spring. Welcome.");
    expect((await open(id)).map((one) => one.name)).toEqual(["bo"]);
    expect(await inviteAll(deps, chunks(anna, bo), "c")).toEqual({ fresh: 0, known: 1, joined: 1 });
  });

  test("an invitation that is too old is renewed with another code; nothing readable is stored", async () => {
    const { id } = await world.cohort();
    await inviteAll(deps, chunks(person("anna", id)), "c");
    const [before] = await open(id);
    world.clock.now += 31 * 86_400_000;
    expect(await open(id)).toEqual([]);
    expect(await inviteAll(deps, chunks(person("anna", id)), "c")).toEqual({ fresh: 0, known: 1, joined: 0 });
    const [after] = await open(id);
    expect(after?.code).not.toBe(before?.code);
    const row = await store.db.invite.findFirstOrThrow();
    expect(JSON.stringify({ ...row, createdAt: 0, expiresAt: 0 })).not.toContain("anna");
    expect(Buffer.from(row.invitee ?? []).toString("latin1")).not.toContain("anna");
  });
});
