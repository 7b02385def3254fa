import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { Kit } from "../../src/cli/kit.ts";
import { run } from "../../src/cli/run.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/types.ts";
import { silentLog } from "../http/support.ts";
import { fakeKit } from "./kit.ts";

const secret = "0123456789abcdef0123456789abcdef";
const now = Date.parse("2026-03-01T08:00:00Z");
let folder = "";

function open(): Promise<Store> {
  const url = `file:${join(folder, "fadder.db")}`;
  return openStore({ url, secret, now: () => now, log: silentLog, migrate: true, use: "command", backupDir: folder });
}

function kit(parts: Partial<Kit> = {}) {
  return fakeKit({
    env: { DATA_DIR: folder },
    openStore: open,
    catalogue: async () =>
      ({
        programmes: [{ id: "family-mentor" }],
        get: (id: string) => (id === "family-mentor" ? {} : undefined),
      }) as never,
    ...parts,
  });
}

async function withDatabase<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await open();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fadder-commands-"));
});

describe("invite", () => {
  test("prints a code and its link, and stores only a hash", async () => {
    const one = kit();
    expect(await run(["invite", "--role", "coordinator", "--programme", "family-mentor", "--days", "3"], one)).toBe(0);
    const code = /^Code: (\S+)$/.exec(one.said[0] ?? "")?.[1] ?? "";
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$/);
    expect(one.said[1]).toBe(`Link: http://127.0.0.1:3978/join/${code}`);
    await withDatabase(async ({ db }) => {
      const [row] = await db.invite.findMany();
      expect(row).toMatchObject({
        role: "coordinator",
        programme: "family-mentor",
        organisation: "root",
        usedBy: null,
      });
      expect(row?.codeHash).toBe("hash of 11 characters");
      expect(Number((row?.expiresAt ?? 0n) - (row?.createdAt ?? 0n))).toBe(3 * 86_400_000);
    });
  });

  test("is for the organisation it names, which is made where there is none", async () => {
    const one = kit();
    expect(await run(["invite", "--role", "deputy", "--organisation", "Town"], one)).toBe(0);
    await withDatabase(async ({ db }) => {
      const [town] = await db.organisation.findMany({ where: { name: "Town" } });
      expect(town).toMatchObject({ parentId: "root" });
      expect(await db.invite.findMany()).toMatchObject([{ role: "deputy", organisation: town?.id }]);
    });
  });

  test("an unknown programme is a failure that names the known ones", async () => {
    const one = kit();
    expect(await run(["invite", "--role", "expert", "--programme", "flying"], one)).toBe(1);
    expect(one.complained[0]).toBe('fadder invite: there is no programme "flying"; there is family-mentor');
  });
});

describe("release", () => {
  test("lets a held database go, and says where nothing is held", async () => {
    await withDatabase(({ db }) => db.meta.create({ data: { key: "held", value: "1" } }));
    const one = kit();
    expect(await run(["release"], one)).toBe(0);
    expect(await run(["release"], one)).toBe(0);
    expect(one.said[0]).toMatch(/^Released/);
    expect(one.said[1]).toMatch(/is not held/);
    await withDatabase(async (store) => expect(await store.upkeep.held()).toBe(false));
  });
});

describe("replay", () => {
  const failed = {
    personId: "p1",
    channel: "web",
    tenant: "web",
    deliveryId: "d1",
    input: "sealed",
    reason: "decision",
    at: BigInt(now),
  };

  test("lists failed turns without what was typed", async () => {
    await withDatabase(({ db }) => db.failedTurn.create({ data: failed }));
    const one = kit();
    expect(await run(["replay"], one)).toBe(0);
    expect(one.said).toEqual(["1  2026-03-01T08:00:00.000Z  web  decision", "1 failed turn."]);
  });

  test("lets the asked ones run; one that fails again is status 1", async () => {
    await withDatabase(({ db }) => db.failedTurn.create({ data: failed }));
    const asked: (readonly number[])[] = [];
    const replay: Kit["replay"] = async (_config, _store, ids) => {
      asked.push(ids);
      return ids.map((id) => ({ id, outcome: "failed" }));
    };
    expect(await run(["replay", "--all"], kit({ replay }))).toBe(1);
    expect(await run(["replay", "7", "9"], kit({ replay }))).toBe(1);
    expect(asked).toEqual([[1], [7, 9]]);
  });
});

describe("person", () => {
  /** One person with a row in every table, and a coordinator whose rows name them. */
  async function fill({ db }: Store, former = false): Promise<void> {
    const at = BigInt(now);
    const settings = { timeZone: "Europe/Sofia", timeZoneKnown: true, stopped: false, roles: "[]", createdAt: at };
    for (const id of ["person-0001", "coordinator"]) {
      await db.person.create({ data: { id, name: `Name of ${id}`, addressId: `web:web:${id}`, ...settings } });
      await db.address.create({
        data: {
          id: `web:web:${id}`,
          personId: id,
          channel: "web",
          tenant: "web",
          user: id,
          ref: "{}",
          state: "reachable",
          changedAt: at,
        },
      });
    }
    const personId = "person-0001";
    const activity = {
      id: "answer:person-0001",
      dialog: "answer",
      version: 1,
      args: { person: personId },
      state: {},
      open: {},
      at: now,
    };
    const other = { ...activity, id: "lesson:1.1", args: {} };
    const state = { focus: activity.id, activities: { [activity.id]: activity, [other.id]: other } };
    await db.session.create({ data: { personId: "coordinator", rev: 4, state: JSON.stringify(state) } });
    await db.session.create({ data: { personId, rev: 1, state: JSON.stringify({ focus: null, activities: {} }) } });
    await db.progress.create({ data: { personId, state: "{}" } });
    await db.record.create({
      data: { personId, type: "answer", key: "k", programme: "p", version: "1", data: "{}", at },
    });
    await db.timer.create({ data: { personId, name: "next", due: at, data: "{}" } });
    await db.job.create({
      data: { id: "j", personId, name: "ask", data: "{}", attempts: 0, notBefore: at, createdAt: at },
    });
    await db.token.create({ data: { token: "t1", personId, meaning: "{}", at } });
    if (former) await db.token.create({ data: { token: "t0", personId: "former-0001", meaning: "{}", at } });
    await db.token.create({
      data: { token: "t2", personId: "coordinator", meaning: JSON.stringify({ args: personId }), at },
    });
    const row = { lane: "", class: 0, status: 5, notBefore: at, attempts: 0, mayBeSent: false, createdAt: at };
    await db.outbox.create({ data: { ...row, addressId: "web:web:person-0001", personId, payload: "[]" } });
    await db.outbox.create({
      data: {
        ...row,
        addressId: "web:web:coordinator",
        personId: "coordinator",
        payload: JSON.stringify([{ about: personId }]),
      },
    });
    await db.delivery.create({
      data: { channel: "web", tenant: "web", id: "d", personId, at, journal: new Uint8Array([1]) },
    });
    await db.failedTurn.create({
      data: { personId, channel: "web", tenant: "web", deliveryId: "d", input: "x", reason: "decision", at },
    });
    // Somebody who became this person by a link code: their old buttons still name the old id.
    await db.formerPerson.create({ data: { id: "former-0001", personId } });
    await db.keep.create({ data: { adapter: "chat", key: "place:web:person-0001", value: new Uint8Array([1]) } });
    await db.keep.create({ data: { adapter: "chat", key: "place:web:coordinator", value: new Uint8Array([1]) } });
    await db.linkCode.create({ data: { codeHash: "h", personId, expiresAt: at } });
    await fillForCoordinators(db, personId);
    await db.invite.create({ data: { codeHash: "i", role: "expert", expiresAt: at, createdAt: at, usedBy: personId } });
  }

  /** What coordinators' work leaves about a person, and a row of others each time. */
  async function fillForCoordinators(db: Store["db"], personId: string): Promise<void> {
    const at = BigInt(now);
    const texts = { audience: "{}", content: "{}", timing: "{}" };
    const times = { createdAt: at, changedAt: at };
    await db.organisation.create({
      data: { id: "o", name: "", kind: "centre", country: "", settings: "{}", createdAt: at },
    });
    await db.cohort.create({
      data: {
        id: "c",
        name: "",
        programme: "p",
        version: "1",
        languages: "[]",
        pace: "{}",
        state: "running",
        joining: "code",
        ticks: "{}",
        createdAt: at,
      },
    });
    await db.grant.create({ data: { id: "g", personId, role: "expert", organisationId: "o", createdAt: at } });
    await db.membership.create({
      data: {
        id: "m",
        cohortId: "c",
        personId,
        organisationId: "o",
        state: "active",
        ticks: "{}",
        joinedAt: at,
        changedAt: at,
      },
    });
    await db.consent.create({ data: { personId, purpose: "alumni", version: "1", given: true, at } });
    await db.signIn.create({ data: { tokenHash: "t", personId, path: "/mydata", expiresAt: at } });
    await db.consoleSession.create({ data: { idHash: "s", personId, createdAt: at, seenAt: at, expiresAt: at } });
    await db.topic.create({ data: { personId, topic: "news", at } });
    await db.question.create({ data: { id: "q", personId, caredBy: "coordinator", state: "open", ...times } });
    await db.questionEntry.create({ data: { questionId: "q", author: personId, text: new Uint8Array([1]), at } });
    await db.broadcast.create({
      data: {
        id: "b",
        organisationId: "o",
        author: "coordinator",
        state: "done",
        planned: true,
        cursor: personId,
        ...texts,
        ...times,
      },
    });
    await db.broadcastDelivery.create({ data: { broadcastId: "b", personId, state: "sent" } });
    await db.note.create({ data: { author: "coordinator", personId, text: new Uint8Array([1]), at } });
    await db.audit.create({
      data: { at, actor: "coordinator", action: "person.see", subject: personId, detail: "{}" },
    });
    await db.undo.create({
      data: {
        id: "u",
        action: "merge",
        subject: personId,
        before: new Uint8Array([1]),
        actor: "coordinator",
        createdAt: at,
        expiresAt: at,
      },
    });
    await db.approval.create({
      data: {
        id: "a",
        action: "export",
        organisationId: "o",
        detail: JSON.stringify({ persons: [personId] }),
        askedBy: "coordinator",
        createdAt: at,
        expiresAt: at,
      },
    });
  }

  test("export has everything about a person, by id or by address", async () => {
    await withDatabase((store) => fill(store));
    const byId = kit();
    expect(await run(["person", "export", "person-0001"], byId)).toBe(0);
    const found = JSON.parse(byId.said.join("\n"));
    const tables = [
      "addresses",
      "audit",
      "broadcasts",
      "consents",
      "deliveries",
      "failedTurns",
      "grants",
      "invites",
      "jobs",
      "memberships",
      "messages",
      "notes",
      "person",
      "progress",
      "questions",
      "record",
      "session",
      "signIns",
      "timers",
      "tokens",
      "topics",
    ];
    // What this person never did is there too, and empty.
    const empty = ["calendars", "certificates", "evidence", "programmes", "seats", "signOffs"];
    expect(Object.keys(found).sort()).toEqual([...tables, ...empty].sort());
    for (const table of tables) expect(found[table], table).toHaveLength(1);
    expect(found.person[0]).toMatchObject({
      name: "Name of person-0001",
      createdAt: "2026-03-01T08:00:00.000Z",
      roles: [],
    });
    const byAddress = kit();
    expect(await run(["person", "export", "web:web:person-0001"], byAddress)).toBe(0);
    expect(byAddress.said).toEqual(byId.said);
  });

  test("erase leaves no row that names the person, and a tombstone that does not", async () => {
    await withDatabase((store) => fill(store, true));
    expect(await run(["person", "erase", "person-0001", "--yes"], kit())).toBe(0);
    await withDatabase(async ({ db }) => {
      const rows = await Promise.all([
        db.person.findMany(),
        db.address.findMany(),
        db.session.findMany(),
        db.progress.findMany(),
        db.record.findMany(),
        db.timer.findMany(),
        db.job.findMany(),
        db.token.findMany(),
        db.outbox.findMany(),
        db.delivery.findMany(),
        db.failedTurn.findMany(),
        db.linkCode.findMany(),
        db.invite.findMany(),
        db.keep.findMany(),
        db.formerPerson.findMany(),
        db.meta.findMany(),
        db.grant.findMany(),
        db.membership.findMany(),
        db.consent.findMany(),
        db.signIn.findMany(),
        db.consoleSession.findMany(),
        db.topic.findMany(),
        db.question.findMany(),
        db.questionEntry.findMany(),
        db.broadcast.findMany(),
        db.broadcastDelivery.findMany(),
        db.note.findMany(),
        db.audit.findMany(),
        db.undo.findMany(),
        db.approval.findMany(),
      ]);
      const text = JSON.stringify(rows, (_key, value) => (typeof value === "bigint" ? Number(value) : value));
      expect(text).not.toMatch(/(person|former)-0001/);
      expect(text).toContain("place:web:coordinator");
      expect(text).toContain("Name of coordinator");
      expect(text).toContain("lesson:1.1");
      expect(text).toContain("erased:");
      expect((await db.invite.findMany())[0]?.usedBy).toBe("erased");
      // What was done stays in the trail; to whom does not.
      expect(await db.audit.findMany()).toMatchObject([{ action: "person.see", subject: "erased" }]);
      expect(await db.broadcast.count()).toBe(1);
    });
  });

  test("somebody unknown is a failure", async () => {
    const one = kit();
    expect(await run(["person", "export", "nobody"], one)).toBe(1);
    expect(await run(["person", "erase", "nobody", "--yes"], one)).toBe(1);
    expect(one.complained).toEqual([
      'fadder person: nobody here has the id "nobody"',
      'fadder person: nobody here has the id "nobody"',
    ]);
  });
});
