import { describe, expect, test } from "vitest";
import { mostFileBytes } from "../../src/evidence/content.ts";
import { databaseKinds } from "../support/databases.ts";
import { jpegWithNotes, place } from "./files.ts";
import { type EvidenceWorld, linkOf, onceInEvidenceWorld, pdf } from "./world.ts";

describe.each(databaseKinds)("the page where a file is handed in, on %s", (kind) => {
  let world: EvidenceWorld;
  let last = 0;
  onceInEvidenceWorld(kind, (made) => {
    world = made;
  });
  const learner = () => world.learner(`learner-${last++}`);
  const filesOf = async (link: string) => {
    const known = await world.db.uploadLink.findMany({ include: { evidence: { include: { files: true } } } });
    expect(JSON.stringify(known.map(({ tokenHash }) => tokenHash))).not.toContain(link.split("/").at(-1));
    return known.at(-1)?.evidence.files ?? [];
  };

  test("says what it is for in the reader's language, needs no script, and opening it changes nothing", async () => {
    const link = await world.fileLink(await learner());
    for (const [language, said] of [
      ["en", "Nobody can be recognised"],
      ["da", "Ingen kan genkendes"],
      ["sv", "Ingen kan kännas igen"],
      ["bg", "никой не може да бъде разпознат"],
      ["fi", "ei voi tunnistaa ketään"],
    ]) {
      const answer = await fetch(link, { headers: { "accept-language": language ?? "" } });
      const html = await answer.text();
      expect(answer.status).toBe(200);
      expect(html).toContain(said);
      expect(html).toContain("Listening");
      expect(html).not.toContain("<script");
      expect(html).toMatch(/<input name="tick" type="checkbox" value="yes" required/u);
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    expect(await (await fetch(`${link}?lang=fi`)).text()).toContain(`action="${new URL(link).pathname}?lang=fi"`);
  });

  test("takes a file once, sealed, and the chat hears of it", async () => {
    const anna = await learner();
    const link = await world.fileLink(anna);
    expect(await world.press(anna, "Hand in")).toContain("The file is not there yet");
    const answer = await world.upload(link, pdf("marker-of-a-file"), { name: "certificate.pdf" });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("Your file is here")]);
    await world.work();
    expect(await anna.news()).toContain("Your file is here: PDF");
    const { id, bytes, size, name } = (await world.db.evidenceFile.findFirst({ orderBy: { tickedAt: "desc" } })) ?? {};
    expect(size).toBe(pdf("marker-of-a-file").length);
    expect(Buffer.from(bytes ?? []).toString("latin1")).not.toContain("marker-of-a-file");
    expect(
      Buffer.from(world.deps.openBytes("evidence-file", bytes ?? new Uint8Array(), id ?? "")).toString(),
    ).toContain("marker-of-a-file");
    expect(world.deps.open("evidence-file", name ?? new Uint8Array(), `${id}:name`)).toBe("certificate.pdf");
    expect((await fetch(link)).status).toBe(410);
    expect((await world.upload(link, pdf())).status).toBe(410);
  });

  test.each([
    ["without the tick", { tick: false }, pdf(), 400, "Please tick that nobody can be recognised"],
    [
      "of another kind under a good name",
      { name: "scan.pdf" },
      Buffer.from("MZ\x90\0\x03", "latin1"),
      415,
      "This kind of file",
    ],
    ["too large", {}, Buffer.concat([pdf(), Buffer.alloc(mostFileBytes)]), 413, "larger than 10 MB"],
    ["too large by far", {}, Buffer.alloc(mostFileBytes + 2 ** 20), 413, "larger than 10 MB"],
    ["empty", {}, new Uint8Array(), 415, "No file came"],
    ["with a name in its text", {}, Buffer.from("I met Maria Petrova on Monday."), 415, "seems to name somebody"],
  ])("a file %s is refused with what to do, and the link stays good", async (_name, form, bytes, status, said) => {
    const link = await world.fileLink(await learner());
    const answer = await world.upload(link, bytes, form);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(said)]);
    expect(await filesOf(link)).toEqual([]);
    expect((await world.upload(link, pdf())).status).toBe(200);
  });

  test("a link is too old after half an hour, unknown when changed, and refused from elsewhere", async () => {
    const link = await world.fileLink(await learner());
    expect((await world.upload(link, pdf(), { origin: "https://elsewhere.example" })).status).toBe(403);
    expect((await fetch(`${link}x`)).status).toBe(410);
    expect((await world.upload(`${link}x`, pdf())).status).toBe(410);
    world.clock.now += 30 * 60_000 + 1;
    expect((await fetch(link)).status).toBe(410);
    const answer = await world.upload(link, pdf());
    expect([answer.status, await answer.text()]).toEqual([410, expect.stringContaining("too old")]);
    expect(await filesOf(link)).toEqual([]);
  });

  test("a link whose item is another person's, handed in or taken back does not work", async () => {
    const [anna, bo] = [await learner(), await learner()];
    const link = await world.fileLink(anna);
    const { evidenceId } = await world.db.uploadLink.findFirstOrThrow({
      where: { personId: await anna.id(), usedAt: null },
    });
    await world.db.evidence.update({ where: { id: evidenceId }, data: { personId: await bo.id() } });
    expect((await world.upload(link, pdf())).status).toBe(410);
    await world.db.evidence.update({
      where: { id: evidenceId },
      data: { personId: await anna.id(), state: "submitted" },
    });
    expect((await world.upload(link, pdf())).status).toBe(410);
    await world.db.evidence.update({ where: { id: evidenceId }, data: { state: "withdrawn" } });
    expect((await fetch(link)).status).toBe(410);
  });

  test("of two at once one is kept; a second file takes the place of the first", async () => {
    const anna = await learner();
    const link = await world.fileLink(anna);
    const answers = await Promise.all([world.upload(link, pdf("one")), world.upload(link, pdf("two"))]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
    await world.press(anna, "New link");
    const next = await linkOf(world.store, world.url);
    expect(next).not.toBe(link);
    expect((await world.upload(next, pdf("three"))).status).toBe(200);
    const { files } = await world.db.evidence.findFirstOrThrow({
      where: { personId: await anna.id() },
      include: { files: { orderBy: { tickedAt: "asc" } } },
    });
    expect(files.filter(({ bytes }) => bytes !== null)).toHaveLength(1);
    expect(files.filter(({ destroyedAt }) => destroyedAt !== null)).toMatchObject([{ name: null, bytes: null }]);
  });

  test("who tries too often waits", async () => {
    const link = await world.fileLink(await learner());
    for (let tries = 0; tries < 12; tries += 1) {
      expect((await world.upload(link, pdf(), { tick: false })).status).toBe(400);
    }
    expect((await world.upload(link, pdf())).status).toBe(429);
  });

  test("a picture loses where it was taken; a name in its file name is not kept", async () => {
    const link = await world.fileLink(await learner());
    expect((await world.upload(link, jpegWithNotes(), { name: "Maria Petrova.jpg" })).status).toBe(200);
    const [file] = await filesOf(link);
    if (file?.bytes == null || file.name === null) throw new Error("no file was kept");
    const { id, mime, bytes, name } = file;
    expect(mime).toBe("image/jpeg");
    const opened = Buffer.from(world.deps.openBytes("evidence-file", bytes, id)).toString("latin1");
    expect(opened.startsWith("\xff\xd8")).toBe(true);
    expect(opened).not.toContain(place);
    expect(world.deps.open("evidence-file", name, `${id}:name`)).toBe("evidence.jpg");
  });
});
