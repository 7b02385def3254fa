import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { acceptEvidence, destroyRecognisable, returnEvidence } from "../../src/evidence/review.ts";
import { loadPerson } from "../../src/people/loaded.ts";
import { mergeTwo } from "../../src/people/merge.ts";
import { everythingAbout } from "../../src/privacy/about.ts";
import { eraseEverything } from "../../src/privacy/erase.ts";
import { pathOf } from "../../src/privacy/file-path.ts";
import { entriesAbout, filesAbout } from "../../src/privacy/files.ts";
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

  test("mydata hands the files out as they are kept, in one archive, for half an hour and to nobody else", async () => {
    const [anna, bo] = [await learner(), await learner()];
    const text = Buffer.from("A course about listening, three days.\n");
    await world.fileHandedIn(anna, pdf());
    const link = await world.fileLink(anna);
    expect((await world.upload(link, text, { name: "listening/course.txt" })).status).toBe(200);
    await world.fileHandedIn(bo, pdf());
    await world.work();
    await anna.news();
    expect(await world.type(anna, "mydata")).toContain("Your 2 files of evidence come with it");

    const own = { method: "POST", headers: { origin: world.url } };
    const page = await fetch(`${world.url}${new URL(anna.link("Open my data") ?? "").pathname}`, own);
    const html = await page.text();
    expect(html).toContain("with your 2 files of evidence");
    const [, path = ""] = /action="(\/mydata\/files\/[\w-]+)"/u.exec(html) ?? [];
    const archive = () => fetch(`${world.url}${path}`, own);
    expect((await fetch(`${world.url}${path}`)).status, "opening an address hands nothing out").not.toBe(200);
    expect(
      (await fetch(`${world.url}${path}`, { method: "POST", headers: { origin: "https://evil.example" } })).status,
    ).toBe(403);

    // A download that broke off is begun again.
    await (await archive()).arrayBuffer();
    const answer = await archive();
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
      ...[200, "application/zip", "no-store"],
    ]);
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    const stored = await world.db.evidenceFile.findMany({ where: { evidence: { personId: await anna.id() } } });
    expect(stored).toHaveLength(2);
    const told = JSON.parse(Buffer.from(files["mydata.json"] ?? []).toString());
    const paths: string[] = told.evidence.flatMap((item: { files: { path: string }[] }) =>
      item.files.map((file) => file.path),
    );
    expect(Object.keys(files).sort()).toEqual(["mydata.json", ...paths].sort());
    expect(paths.every((one) => /^evidence\/[\da-f]{8}-[^/]+\.(?:pdf|txt)$/u.test(one))).toBe(true);
    const bytes = paths.map((one) => Buffer.from(files[one] ?? []).toString("base64"));
    expect(bytes.sort()).toEqual([Buffer.from(pdf()).toString("base64"), text.toString("base64")].sort());
    // The archive is the only place where they stand open.
    expect(html).not.toContain(text.toString("base64").slice(0, 40));

    const bad = `${path.slice(0, -3)}abc`;
    expect((await fetch(`${world.url}${bad}`, own)).status).toBe(410);
    world.clock.now += 31 * 60_000;
    expect((await archive()).status).toBe(410);
  });

  test("an archive has no file that was destroyed, and none is offered where there is none", async () => {
    const [anna, ida] = [await learner(), await assessor()];
    const item = await world.fileHandedIn(anna);
    expect(await filesAbout(world.store, await anna.id())).toEqual({ count: 1, bytes: pdf().length });
    await destroyRecognisable(world.deps, await world.reviewer(ida), item);
    expect(await filesAbout(world.store, await anna.id())).toEqual({ count: 0, bytes: 0 });
    const paths: string[] = [];
    for await (const { path } of entriesAbout(world.store, await anna.id(), world.deps, world.clock.now))
      paths.push(path);
    expect(paths).toEqual(["mydata.json"]);
    expect(await world.type(anna, "mydata")).not.toContain("evidence come");
  });

  test.each([
    ["../../etc/passwd", "evidence/01234567-etcpasswd"],
    ["..\\run.exe", "evidence/01234567-run.exe"],
    ["Kursus i samtale – dag 2.pdf", "evidence/01234567-Kursus i samtale  dag 2.pdf"],
    ["", "evidence/01234567-evidence.pdf"],
    ["///", "evidence/01234567-evidence.pdf"],
  ])("a file called %j lies in the archive and nowhere else", (name, path) => {
    expect(pathOf({ id: "01234567-89ab-4cde-8f01-23456789abcd", name, mime: "application/pdf" })).toBe(path);
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
