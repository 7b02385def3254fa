import { describe, expect, test } from "vitest";
import { submitItem } from "../../src/evidence/own.ts";
import { programmes } from "../support/chat.ts";
import { databaseKinds } from "../support/databases.ts";
import { type EvidenceWorld, lines, onceInEvidenceWorld } from "./world.ts";

describe.each(databaseKinds)("evidence in the chat, on %s", (kind) => {
  let world: EvidenceWorld;
  onceInEvidenceWorld(kind, (made) => {
    world = made;
  });
  let last = 0;
  const learner = () => world.learner(`learner-${last++}`);
  type Chat = Awaited<ReturnType<typeof learner>>;
  const stored = async (chat: Chat) => world.db.evidence.findFirstOrThrow({ where: { personId: await chat.id() } });
  const count = async (chat: Chat) => world.db.evidence.count({ where: { personId: await chat.id() } });

  test("a few lines are written, kept sealed, and handed in", async () => {
    const anna = await learner();
    expect(await world.type(anna, "evidence")).toContain("You have handed in no evidence yet");
    expect(await world.press(anna, "New evidence")).toContain("Choose a part first");
    await world.press(anna, "Meeting people");
    await world.press(anna, "Listening");
    await world.press(anna, "Asking openly");
    expect(await world.press(anna, "Asking openly")).not.toContain("What do you want");
    expect(await world.press(anna, "Done")).toContain("What do you want to show?");
    expect(await world.press(anna, "A few lines I write")).toContain("Please do not write names");
    expect(await world.type(anna, "I listened.")).toContain("That is very short");
    expect(await world.type(anna, lines)).toContain("kept as a draft: A few lines I write");
    const row = await stored(anna);
    expect(row).toMatchObject({ state: "draft", kind: "text", competences: '["a1"]', personId: await anna.id() });
    expect(Buffer.from(row.text ?? []).toString()).not.toContain("every week");
    expect(world.deps.open("evidence", row.text ?? new Uint8Array(), `${row.id}:text`)).toBe(lines);
    const session = await world.db.session.findUniqueOrThrow({ where: { personId: row.personId } });
    expect(session.state).not.toContain("every week");

    const said = await world.press(anna, "Hand in");
    expect(said).toContain("Handed in (text)");
    expect((await stored(anna)).state).toBe("submitted");
    const [entry] = await world.db.record.findMany({ where: { type: "evidence", personId: await anna.id() } });
    expect(entry).toMatchObject({ key: `evidence:${row.id}:submitted:1`, programme: "family-mentor" });
    expect(JSON.parse(entry?.data ?? "")).toEqual({
      evidence: row.id,
      kind: "text",
      prior: false,
      competences: ["a1"],
      state: "submitted",
    });
    expect(await world.type(anna, "my evidence")).toMatch(/1\. Handed in: text, Listening/u);
  });

  test("names and facts of a case are kept nowhere", async () => {
    const anna = await learner();
    await world.command(anna, "new");
    for (const label of ["Meeting people", "Listening", "Done", "A few lines I write"]) await world.press(anna, label);
    const said = await world.type(
      anna,
      "I met Maria Petrova every week, and her boy Ivan has a diagnosis of ADHD now.",
    );
    expect(said).toContain("I have not kept it");
    expect(await count(anna)).toBe(0);
    expect(await world.type(anna, lines)).toContain("kept as a draft");
  });

  test("a draft waits for weeks, and there is one", async () => {
    const anna = await learner();
    await world.command(anna, "new");
    await world.press(anna, "Meeting people");
    world.clock.now += 40 * 86_400_000;
    const said = await world.command(anna, "new");
    expect(said).toContain("Meeting people: choose one or more");
    await world.press(anna, "Listening");
    expect(await world.press(anna, "Done")).toContain("What do you want to show?");
    await world.press(anna, "A few lines I write");
    await world.type(anna, lines);
    expect(await world.press(anna, "Throw away")).toContain("The draft is gone");
    expect(await count(anna)).toBe(0);
  });

  test.each(["http://example.org/talk", "https://localhost/x", "example.org", "javascript:alert(1)"])(
    "the link %s is refused with what to do",
    async (link) => {
      const anna = await learner();
      await world.command(anna, "new");
      for (const label of ["Meeting people", "Listening", "Done", "A link"]) await world.press(anna, label);
      expect(await world.type(anna, link)).toContain("must begin with https://");
      expect(await count(anna)).toBe(0);
    },
  );

  test("a link is kept with a line about it, sealed", async () => {
    const anna = await learner();
    await world.command(anna, "new");
    for (const label of ["Meeting people", "Listening", "Done", "A link"]) await world.press(anna, label);
    expect(await world.type(anna, "https://example.org/a-talk?page=2")).toContain("Say in one line");
    expect(await world.type(anna, "my talk about listening in groups")).toContain("kept as a draft: A link");
    expect(await world.press(anna, "Hand in")).toContain("Handed in (link)");
    const row = await stored(anna);
    expect(Buffer.from(row.link ?? []).toString()).not.toContain("example.org");
    expect(world.deps.open("evidence", row.link ?? new Uint8Array(), `${row.id}:link`)).toBe(
      "https://example.org/a-talk?page=2",
    );
  });

  test("what is not in the record cannot be pointed to; what is, can", async () => {
    const anna = await learner();
    await world.command(anna, "new");
    for (const label of ["Meeting people", "Listening", "Done", "Something done here"]) await world.press(anna, label);
    await world.press(anna, "My training days");
    expect(await world.press(anna, "Hand in")).toContain("Nothing like that stands in your record yet");
    const { id } = await stored(anna);
    const entry = { type: "attended", programme: "family-mentor", version: "1.1.0", at: BigInt(world.clock.now) };
    const day = {
      event: "e1",
      template: null,
      unit: null,
      kind: "day",
      minutes: 300,
      of: 300,
      late: false,
      day: "2026-03-02",
    };
    await world.db.record.create({
      data: { ...entry, personId: await anna.id(), key: "attended:e1:1", data: JSON.stringify(day) },
    });
    expect(await world.ask(anna, "submit", id)).toContain("Handed in (from the record)");
  });

  test("what was learnt before says for which unit, where and when", async () => {
    const anna = await learner();
    await world.command(anna, "");
    await world.press(anna, "Learnt before");
    for (const label of ["Meeting people", "Listening"]) await world.press(anna, label);
    expect(await world.press(anna, "Done")).toContain("Which unit could it stand for?");
    const unit = programmes.find(({ id }) => id === "family-mentor")?.units[0];
    expect(await world.press(anna, unit?.title.en ?? "")).toContain("Where did you learn it?");
    expect(await world.press(anna, "As a volunteer")).toContain("From when to when?");
    expect(await world.type(anna, "long ago")).toContain("did not understand");
    expect(await world.type(anna, "2021-2019")).not.toContain("What do you want");
    expect(await world.type(anna, "3.2019 – 6.2021")).toContain("What do you want to show?");
    await world.press(anna, "A few lines I write");
    await world.type(anna, lines);
    await world.press(anna, "Hand in");
    const row = await stored(anna);
    expect(row.prior).toBe(true);
    expect(JSON.parse(row.earlier ?? "")).toEqual({
      unit: unit?.id,
      where: "volunteer",
      from: "2019-03",
      to: "2021-06",
    });
    expect(await world.ask(anna, "show", row.id)).toContain("Learnt before: As a volunteer, 2019-03 – 2021-06");
  });

  test("taking back destroys what was said, after asking, and is no longer listed", async () => {
    const anna = await learner();
    const id = await world.handedIn(anna);
    await world.command(anna, "");
    expect(await world.press(anna, "1. Handed in")).toContain("Handed in: text, Listening and Asking openly");
    expect(await world.press(anna, "Withdraw")).toContain("cannot be undone");
    expect((await stored(anna)).state).toBe("submitted");
    expect(await world.press(anna, "Yes, withdraw")).toContain("Withdrawn (text)");
    expect(await stored(anna)).toMatchObject({ state: "withdrawn", text: null });
    expect(await world.command(anna, "")).toContain("You have handed in no evidence yet");
    const entries = await world.db.record.findMany({
      where: { type: "evidence", personId: await anna.id() },
      orderBy: { id: "asc" },
    });
    expect(entries.map(({ key }) => key)).toEqual([`evidence:${id}:submitted:1`, `evidence:${id}:withdrawn:2`]);
  });

  test("is not handed in before what was said of it is kept", async () => {
    const anna = await learner();
    const { id } = await (async () => {
      await world.command(anna, "new");
      for (const label of ["Meeting people", "Listening", "Done", "A few lines I write"])
        await world.press(anna, label);
      await world.type(anna, lines);
      return stored(anna);
    })();
    const personId = await anna.id();
    const at = BigInt(world.clock.now);
    const later = { personId, name: "evidence", attempts: 1, notBefore: at + 60_000n, createdAt: at };
    await world.db.job.create({ data: { id: `late-${personId}`, ...later, data: '{"op":"keep","draft":{}}' } });
    const job = { id: "submit", personId, name: "evidence", data: null, attempts: 0 };
    await expect(submitItem(world.deps, job, id)).rejects.toThrow("has not been kept yet");
    await world.db.job.deleteMany({ where: { personId } });
    expect(await submitItem(world.deps, job, id)).toBeUndefined();
    // The same job again changes nothing.
    expect(await submitItem(world.deps, job, id)).toBeUndefined();
    expect(await world.db.evidenceStep.count({ where: { evidenceId: id } })).toBe(1);
  });

  test("somebody else's item cannot be shown, changed or taken back", async () => {
    const [anna, bo] = [await learner(), await learner()];
    const id = await world.handedIn(anna);
    for (const op of ["show", "edit", "submit", "link", "share"]) {
      expect([op, await world.ask(bo, op, id, { shared: true })]).toEqual([
        op,
        expect.stringContaining("not there any more"),
      ]);
    }
    await world.ask(bo, "withdraw", id);
    expect(await stored(anna)).toMatchObject({ state: "submitted", shared: false });
  });

  test("a file sent into the chat is declined with the link where one is waited for", async () => {
    const anna = await learner();
    const file = { type: "file", name: "x.jpg", mime: "image/jpeg", bytes: 100, handle: {} } as const;
    expect(await anna.send(file)).toContain("I cannot use photos");
    const first = await world.fileLink(anna);
    expect(await anna.send(file)).toContain("I cannot take files in the chat");
    await world.work();
    expect(await anna.news()).toContain("Hand in your file on this page");
    expect((await fetch(first)).status).toBe(200);
  });
});
