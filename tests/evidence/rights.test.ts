import { describe, expect, test } from "vitest";
import { acceptEvidence, destroyRecognisable, returnEvidence } from "../../src/evidence/review.ts";
import { loadPerson } from "../../src/people/loaded.ts";
import { mergeTwo } from "../../src/people/merge.ts";
import { everythingAbout } from "../../src/privacy/about.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import { everyRow } from "../privacy/world.ts";
import { databaseKinds } from "../support/databases.ts";
import { type EvidenceWorld, lines, onceInEvidenceWorld, pdf } from "./world.ts";

describe.each(databaseKinds)("evidence and the rights of persons, on %s", (kind) => {
  let world: EvidenceWorld;
  let last = 0;
  onceInEvidenceWorld(kind, (made) => {
    world = made;
  });
  const learner = () => world.learner(`learner-${last++}`);
  const assessor = async () => world.staff(`assessor-${last++}`, "assessor");

  test("mydata has what was said, what became of it and the files, and nobody who decided", async () => {
    const [anna, ida] = [await learner(), await assessor()];
    const text = await world.handedIn(anna);
    await returnEvidence(world.deps, await world.reviewer(ida), { id: text, reason: "Please say more." });
    await world.fileHandedIn(anna, pdf());
    const found = await everythingAbout(world.store, await anna.id(), world.deps.open);
    expect(found?.evidence).toMatchObject([
      {
        id: text,
        text: lines,
        state: "returned",
        steps: [{ mine: true }, { mine: false, reason: "Please say more." }],
      },
      {
        kind: "file",
        title: "a certificate of a course about listening",
        files: [{ name: "scan.pdf", size: pdf().length }],
      },
    ]);
    expect(JSON.stringify(found?.evidence)).not.toContain(await ida.id());
  });

  test("erasing takes everything of the learner's; of an assessor it takes the name and leaves the decision", async () => {
    const [anna, bo, ida] = [await learner(), await learner(), await assessor()];
    const own = await world.handedIn(anna);
    const link = await world.fileLink(anna);
    expect((await world.upload(link, pdf())).status).toBe(200);
    await world.press(anna, "New link");
    const others = await world.handedIn(bo);
    const seen = await world.fileHandedIn(bo);
    const reviewer = await world.reviewer(ida);
    await acceptEvidence(world.deps, reviewer, { id: others, competences: ["a1"] });
    await destroyRecognisable(world.deps, reviewer, seen);
    await world.work();
    const [annaId, idaId] = [await anna.id(), await ida.id()];
    await eraseEverything(world.store, annaId, world.clock.now);
    expect(await world.db.evidence.count({ where: { personId: annaId } })).toBe(0);
    expect(await world.db.evidenceStep.count({ where: { evidenceId: own } })).toBe(0);
    expect(await world.db.uploadLink.count({ where: { personId: annaId } })).toBe(0);
    expect(await world.db.evidenceFile.count({ where: { evidence: { personId: annaId } } })).toBe(0);
    expect(await everyRow(world.store)).not.toContain(annaId);
    await eraseEverything(world.store, idaId, world.clock.now);
    const step = await world.db.evidenceStep.findFirstOrThrow({ where: { evidenceId: others, state: "accepted" } });
    expect(step.by).toBe("erased");
    expect(await everyRow(world.store)).not.toContain(idaId);
  });

  test("two who become one have the evidence of both, open as before, and nobody decides about what is theirs now", async () => {
    const [anna, other] = [await learner(), await assessor()];
    const id = await world.handedIn(anna);
    const link = await world.fileLink(anna);
    const [from, into] = [await loadPerson(world.db, await anna.id()), await loadPerson(world.db, await other.id())];
    if (from === undefined || into === undefined) throw new Error("nobody is there");
    const undo = { id: `undo-${last++}`, actor: "test" };
    await mergeTwo(world.store, from, into, world.clock.now, { undo });
    const kept = await other.id();
    expect(await world.db.evidence.findUniqueOrThrow({ where: { id } })).toMatchObject({ personId: kept });
    const found = await everythingAbout(world.store, kept, world.deps.open);
    expect(found?.evidence?.[0]).toMatchObject({ text: lines });
    expect(await acceptEvidence(world.deps, await world.reviewer(other), { id, competences: ["a1"] })).toBe("own");
    expect((await world.upload(link, pdf())).status).toBe(200);
    expect(await world.store.undoMerge(undo.id, world.clock.now)).toBeDefined();
    expect(await world.db.evidence.findUniqueOrThrow({ where: { id } })).toMatchObject({ personId: from.person.id });
  });
});
