import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createEvidenceRetention } from "../../src/evidence/retention.ts";
import {
  acceptEvidence,
  destroyRecognisable,
  downloadFile,
  listEvidence,
  openEvidence,
  returnEvidence,
} from "../../src/evidence/review.ts";
import { databaseKinds } from "../support/databases.ts";
import { type EvidenceWorld, lines, onceInEvidenceWorld, pdf } from "./world.ts";

type Chat = Awaited<ReturnType<EvidenceWorld["learner"]>>;

describe.each(databaseKinds)("looking at evidence, on %s", (kind) => {
  let world: EvidenceWorld;
  let folder: string;
  let town: string;
  let assessor: Chat;
  let last = 0;
  onceInEvidenceWorld(kind, async (made, database) => {
    world = made;
    folder = database.folder;
    town = await world.organisation("Town");
    assessor = await world.staff("assessor", "assessor", town);
  });
  const learner = async () => {
    const made = await world.learner(`learner-${last++}`);
    await world.member(made, town);
    return made;
  };
  const heard = async (chat: Chat) => {
    await world.work();
    return chat.news();
  };
  const stored = (id: string) => world.db.evidence.findUniqueOrThrow({ where: { id } });
  const entriesOf = async (chat: Chat) =>
    (
      await world.db.record.findMany({
        where: { type: "evidence", personId: await chat.id() },
        orderBy: { id: "asc" },
      })
    ).map(({ key, data }) => [key, JSON.parse(data)]);

  test("what is accepted is accepted for some competences, once, and goes into the learner's record", async () => {
    const anna = await learner();
    const id = await world.handedIn(anna);
    const reviewer = await world.reviewer(assessor);
    const found = await openEvidence(world.deps, reviewer, id);
    expect(found).toMatchObject({ content: { text: lines }, decide: true, item: { organisationId: town } });
    expect(await acceptEvidence(world.deps, reviewer, { id, competences: [] })).toBe("competences");
    expect(await acceptEvidence(world.deps, reviewer, { id, competences: ["b1"] })).toBe("competences");
    const both = await Promise.all([
      acceptEvidence(world.deps, reviewer, { id, competences: ["a1"] }),
      acceptEvidence(world.deps, reviewer, { id, competences: ["a1", "a2"] }),
    ]);
    expect([...both].sort()).toEqual(["state", undefined]);
    const said = await heard(anna);
    expect(said).toContain("Your evidence was accepted (text)");
    expect((await entriesOf(anna)).at(-1)).toEqual([
      `evidence:${id}:accepted:2`,
      expect.objectContaining({ evidence: id, state: "accepted", kind: "text", prior: false }),
    ]);
    expect(await world.ask(anna, "withdraw", id)).toContain("This was accepted and stays");
  });

  test("what comes back says why, can be completed, and every step stays", async () => {
    const anna = await learner();
    const id = await world.handedIn(anna);
    const reviewer = await world.reviewer(assessor);
    const reason = "Please say what came of it.";
    expect(await returnEvidence(world.deps, reviewer, { id, reason: "  " })).toBe("reason");
    expect(await returnEvidence(world.deps, reviewer, { id, reason })).toBeUndefined();
    expect(await heard(anna)).toContain(reason);
    const step = await world.db.evidenceStep.findFirstOrThrow({ where: { evidenceId: id, state: "returned" } });
    expect(Buffer.from(step.reason ?? []).toString()).not.toContain("came of it");
    await world.press(anna, "Change it");
    await world.press(anna, "A few lines I write");
    await world.type(anna, `${lines} In the end we met each week.`);
    await world.press(anna, "Hand in");
    expect(await acceptEvidence(world.deps, reviewer, { id, competences: ["a1", "a2"] })).toBeUndefined();
    await world.work();
    const found = await openEvidence(world.deps, reviewer, id);
    expect(found?.history.map(({ state }) => state)).toEqual(["submitted", "returned", "submitted", "accepted"]);
    expect(found?.history[1]?.reason).toBe(reason);
    expect((await entriesOf(anna)).map(([key]) => key)).toEqual(
      ["submitted:1", "returned:2", "submitted:3", "accepted:4"].map((end) => `evidence:${id}:${end}`),
    );
  });

  test("a file in which somebody can be recognised is gone at once, also from the disk", async () => {
    const anna = await learner();
    const id = await world.fileHandedIn(anna, Buffer.concat([pdf(), Buffer.alloc(60_000, "x")]));
    const before = await world.db.evidenceFile.findFirstOrThrow({ where: { evidenceId: id } });
    // What is sealed is chance: these bytes stand nowhere else.
    const bytes = Buffer.from(before.bytes ?? []);
    const markers = [bytes.subarray(100, 132), bytes.subarray(30_000, 30_032), bytes.subarray(-40, -8)];
    const onDisk = async (): Promise<number> => {
      const path = join(folder, "fadder.db");
      const files = await Promise.all([path, `${path}-wal`].map((one) => readFile(one).catch(() => Buffer.alloc(0))));
      return markers.filter((marker) => files.some((file) => file.includes(marker))).length;
    };
    if (kind === "sqlite") expect(await onDisk()).toBe(markers.length);
    const reviewer = await world.reviewer(assessor);
    expect(await destroyRecognisable(world.deps, reviewer, id)).toBeUndefined();
    if (kind === "sqlite") expect(await onDisk()).toBe(0);
    expect(await world.db.evidenceFile.findFirstOrThrow({ where: { evidenceId: id } })).toMatchObject({
      bytes: null,
      name: null,
      destroyedBy: reviewer.personId,
      destroyedAt: BigInt(world.clock.now),
    });
    expect(await stored(id)).toMatchObject({ state: "destroyed", title: null });
    expect(await downloadFile(world.deps, reviewer, { evidence: id })).toBeUndefined();
    const said = await heard(anna);
    expect(said).toContain("Somebody could be recognised in your evidence (file)");
    const trail = await world.db.audit.findMany({ where: { action: "evidence.destroyed" } });
    expect(trail.at(-1)).toMatchObject({ actor: reviewer.personId, detail: JSON.stringify({ evidence: id }) });
    // Another one takes its place.
    await world.press(anna, "Change it");
    await world.press(anna, "A file");
    expect(await world.type(anna, "the same without faces")).toContain("Hand in your file on this page");
  });

  test("what was accepted can still be destroyed", async () => {
    const anna = await learner();
    const id = await world.fileHandedIn(anna);
    const reviewer = await world.reviewer(assessor);
    expect(await acceptEvidence(world.deps, reviewer, { id, competences: ["a1"] })).toBeUndefined();
    expect(await destroyRecognisable(world.deps, reviewer, id)).toBeUndefined();
    expect(await stored(id)).toMatchObject({ state: "destroyed", accepted: null });
  });

  test("each download stands in the trail", async () => {
    const anna = await learner();
    const id = await world.fileHandedIn(anna, pdf("inside"));
    const reviewer = await world.reviewer(assessor);
    for (let n = 0; n < 2; n += 1) {
      const file = await downloadFile(world.deps, reviewer, { evidence: id });
      expect(file).toMatchObject({ name: "evidence.pdf", mime: "application/pdf" });
      expect(Buffer.from(file?.bytes ?? []).toString()).toContain("inside");
    }
    const where = { action: "evidence.download", subject: await anna.id() };
    expect(await world.db.audit.count({ where })).toBe(2);
  });

  test("nobody decides about their own; others elsewhere do not even know of it", async () => {
    const anna = await learner();
    const id = await world.handedIn(anna);
    const { giveRole } = await import("../../src/people/grants.ts");
    await giveRole(world.db, { personId: await anna.id(), role: "assessor", organisationId: town, createdBy: null }, 0);
    const own = await world.reviewer(anna);
    expect(await acceptEvidence(world.deps, own, { id, competences: ["a1"] })).toBe("own");
    expect(await returnEvidence(world.deps, own, { id, reason: "more" })).toBe("own");
    expect(await destroyRecognisable(world.deps, own, id)).toBe("own");
    const village = await world.organisation("Village");
    const stranger = await world.reviewer(await world.staff(`stranger-${last++}`, "assessor", village));
    expect(await openEvidence(world.deps, stranger, id)).toBeUndefined();
    expect(await acceptEvidence(world.deps, stranger, { id, competences: ["a1"] })).toBe("missing");
    expect(await destroyRecognisable(world.deps, stranger, id)).toBe("missing");
    expect((await listEvidence(world.deps, stranger, ["submitted"])).length).toBe(0);
    expect(await stored(id)).toMatchObject({ state: "submitted" });
  });

  test("coordinators see what became of it, and what it says only where it is shared; a draft nobody sees", async () => {
    const anna = await learner();
    const id = await world.fileHandedIn(anna, pdf());
    const coordinator = await world.reviewer(await world.staff(`coordinator-${last++}`, "coordinator", town));
    expect((await listEvidence(world.deps, coordinator, ["submitted"])).map((one) => one.id)).toContain(id);
    expect(await openEvidence(world.deps, coordinator, id)).toMatchObject({ content: null, decide: "missing" });
    expect(await downloadFile(world.deps, coordinator, { evidence: id })).toBeUndefined();
    expect(await world.ask(anna, "share", id, { shared: true })).toContain("Your coordinators can see now");
    expect(await openEvidence(world.deps, coordinator, id)).toMatchObject({
      content: { title: "a certificate of a course about listening" },
      decide: "missing",
    });
    expect(await downloadFile(world.deps, coordinator, { evidence: id })).toBeDefined();
    expect(await acceptEvidence(world.deps, coordinator, { id, competences: ["a1"] })).toBe("missing");
    await world.ask(anna, "share", id, { shared: false });
    expect(await downloadFile(world.deps, coordinator, { evidence: id })).toBeUndefined();
    await world.db.evidence.update({ where: { id }, data: { state: "draft" } });
    expect(await openEvidence(world.deps, await world.reviewer(assessor), id)).toBeUndefined();
    expect(await downloadFile(world.deps, await world.reviewer(assessor), { evidence: id })).toBeUndefined();
  });

  test("files go as long after the decision as the organisation wants, and the decision stays", async () => {
    const anna = await learner();
    const id = await world.fileHandedIn(anna);
    expect(
      await acceptEvidence(world.deps, await world.reviewer(assessor), { id, competences: ["a1"] }),
    ).toBeUndefined();
    const settings = JSON.stringify({ retention: { evidence: 60 } });
    await world.db.organisation.update({ where: { id: town }, data: { settings } });
    const tick = createEvidenceRetention(world.deps);
    world.clock.now += 59 * 86_400_000;
    await tick();
    expect(await world.db.evidenceFile.count({ where: { evidenceId: id, bytes: { not: null } } })).toBe(1);
    world.clock.now += 2 * 86_400_000;
    await tick();
    expect(await world.db.evidenceFile.findFirstOrThrow({ where: { evidenceId: id } })).toMatchObject({
      bytes: null,
      destroyedBy: "system",
    });
    expect(await stored(id)).toMatchObject({ state: "accepted", accepted: '["a1"]' });
    expect((await world.db.audit.findMany({ where: { action: "retention" } })).at(-1)?.detail).toContain(
      "EvidenceFile",
    );
  });
});
