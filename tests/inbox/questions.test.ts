import { describe, expect, test } from "vitest";
import { answerSoon, takeBack } from "../../src/inbox/answers.ts";
import { escalationDue } from "../../src/inbox/escalation.ts";
import { readThread } from "../../src/inbox/questions.ts";
import { giveRole } from "../../src/people/grants.ts";
import { rootId } from "../../src/people/standing.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld } from "./world.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

describe.each(databaseKinds)("a question to a human, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createWorld(store);
  });

  test("reaches the coordinator of the asker's own place and nobody else, is kept sealed, and is answered", async () => {
    const [odense, aarhus] = [await world.organisation("Odense"), await world.organisation("Aarhus")];
    const ida = await world.staff("ida", "coordinator", odense);
    const per = await world.staff("per", "coordinator", aarhus);
    const anna = await world.learner("anna");
    await world.member(anna, odense);
    await world.ask(anna, "May I come an hour later?");
    expect(await ida.news()).toContain("Question from Name of anna:\nMay I come an hour later?");
    expect(await per.news()).toBe("");

    const [question] = await world.db.question.findMany({ include: { entries: true } });
    expect(question).toMatchObject({ state: "open", organisationId: odense, cohortId: "spring" });
    expect(Buffer.from(question?.entries[0]?.text ?? []).toString()).not.toContain("later");

    await ida.press("Answer");
    await ida.type("Yes, that is fine.");
    await world.work();
    expect(await anna.news()).toContain("Your coordinator answers:\nYes, that is fine.");
    expect(await world.db.question.findMany()).toMatchObject([{ state: "answered", caredBy: await ida.id() }]);
    expect((await readThread(world, question?.id ?? "")).map((entry) => entry.text)).toEqual([
      "May I come an hour later?",
      "Yes, that is fine.",
    ]);

    await world.ask(anna, "And on Friday?");
    expect(await world.db.question.findMany()).toMatchObject([{ id: question?.id, state: "open" }]);
  });

  test("an answer comes at once also where the asker has stopped all messages", async () => {
    const ida = await world.staff("ida", "coordinator");
    const anna = await world.learner("anna");
    await world.ask(anna, "Is it over?");
    await anna.command("stop");
    await ida.news();
    await ida.press("Answer");
    await ida.type("Come back whenever you like.");
    await world.work();
    expect(await anna.news()).toContain("Come back whenever you like.");
  });

  test("two coordinators who answer are both heard, and the second sees the first", async () => {
    const [ida, per] = [await world.staff("ida", "coordinator"), await world.staff("per", "coordinator")];
    const anna = await world.learner("anna");
    await world.ask(anna, "Which room?");
    for (const one of [ida, per]) {
      await one.news();
      await one.press("Answer");
    }
    await ida.type("Room 4.");
    world.clock.now += 1_000;
    await per.type("Room 5, it moved.");
    await world.work();
    const heard = await anna.news();
    expect(heard).toContain("Room 4.");
    expect(heard).toContain("Room 5, it moved.");
    expect(await ida.news()).not.toContain("already answered");
    expect(await per.news()).toContain("Name of ida had already answered:\nRoom 4.");
  });

  test("the one who looks after a person gets it alone, and a deputy instead of somebody who is away, until the deputy's time is over", async () => {
    const [ida, per] = [await world.staff("ida", "coordinator"), await world.staff("per", "coordinator")];
    const anna = await world.learner("anna");
    await world.member(anna, rootId, { caredBy: await ida.id() });
    await world.ask(anna, "First?");
    expect([await ida.news(), await per.news()].map((heard) => heard.includes("First?"))).toEqual([true, false]);

    const eva = await world.learner("eva");
    const until = world.clock.now + 7 * dayMs;
    await giveRole(
      world.db,
      {
        personId: await eva.id(),
        role: "deputy",
        organisationId: rootId,
        deputyFor: await ida.id(),
        until,
        createdBy: null,
      },
      world.clock.now,
    );
    await world.ask(anna, "Second?");
    expect([await ida.news(), await per.news()].map((heard) => heard.includes("Second?"))).toEqual([false, false]);
    expect(await eva.news()).toContain("Second?");

    world.clock.now = until + 1;
    await world.ask(anna, "Third?");
    expect(await ida.news()).toContain("Third?");
    expect(await eva.news()).not.toContain("Third?");
  });

  test("what nobody answers in a day goes once to those above", async () => {
    const odense = await world.organisation("Odense");
    const ida = await world.staff("ida", "coordinator", odense);
    const boss = await world.staff("boss", "admin");
    const anna = await world.learner("anna");
    await world.member(anna, odense);
    await world.ask(anna, "Is anybody there?");
    world.clock.now += dayMs - 1;
    await world.work();
    expect(await boss.news()).toBe("");
    world.clock.now += 2;
    await world.work();
    expect(await boss.news()).toContain("Nobody has answered Name of anna yet.");
    world.clock.now += 3 * dayMs;
    await world.work();
    expect(await boss.news()).toBe("");
    await boss.press("Answer");
    await boss.type("I am.");
    await world.work();
    expect(await anna.news()).toContain("I am.");
    expect(await ida.news()).toContain("Is anybody there?");
  });

  test("an answered question goes to nobody else", async () => {
    const ida = await world.staff("ida", "coordinator");
    const boss = await world.staff("boss", "admin");
    const anna = await world.learner("anna");
    await world.ask(anna, "Is it today?");
    await ida.news();
    await ida.press("Answer");
    await ida.type("Yes.");
    world.clock.now += 2 * dayMs;
    await world.work();
    expect(await boss.news()).toBe("");
  });

  test("somebody who lost the right or never had it answers nobody", async () => {
    const [odense, aarhus] = [await world.organisation("Odense"), await world.organisation("Aarhus")];
    await world.staff("ida", "coordinator", odense);
    const per = await world.staff("per", "coordinator", aarhus);
    const anna = await world.learner("anna");
    await world.member(anna, odense);
    await world.ask(anna, "Which room?");
    const [question] = await world.db.question.findMany();
    await anna.news();
    await world.offer(per, question?.id ?? "");
    await per.type("None of my business.");
    await world.work();
    expect(await per.news()).toContain("Your answer was not sent");
    expect(await anna.news()).toBe("");
    expect(await world.db.question.findMany()).toMatchObject([{ state: "open" }]);
  });

  test("a coordinator writes first to somebody of their own place, and what comes back is in the same thread", async () => {
    const [odense, aarhus] = [await world.organisation("Odense"), await world.organisation("Aarhus")];
    const [ida, per] = [
      await world.staff("ida", "coordinator", odense),
      await world.staff("per", "coordinator", aarhus),
    ];
    const anna = await world.learner("anna");
    await world.member(anna, odense);
    for (const one of [per, ida]) {
      await world.offer(one, await anna.id());
      await one.type(one === ida ? "How are you getting on?" : "Hello there.");
      await world.work();
    }
    const heard = await anna.news();
    expect(heard).toContain("Your coordinator writes:\nHow are you getting on?");
    expect(heard).not.toContain("Hello there.");
    await world.ask(anna, "Slowly, but well.");
    const [question, ...others] = await world.db.question.findMany();
    expect(others).toEqual([]);
    expect((await readThread(world, question?.id ?? "")).map((entry) => entry.text)).toEqual([
      "How are you getting on?",
      "Slowly, but well.",
    ]);
  });

  test("an answer from a page can be taken back for ten seconds, and then it leaves", async () => {
    const ida = await world.staff("ida", "coordinator");
    const anna = await world.learner("anna");
    await world.ask(anna, "Which room?");
    const [question] = await world.db.question.findMany();
    const given = { questionId: question?.id ?? "", author: await ida.id() };
    const deps = { ...world, now: () => world.clock.now };
    await anna.news();

    const slip = await answerSoon(deps, { ...given, text: "Room 44." });
    world.clock.now += 5_000;
    await world.work();
    expect(await takeBack(world.db, { ...given, entryId: slip?.entryId ?? 0 })).toBe(true);
    expect(await world.db.question.findMany()).toMatchObject([{ state: "open" }]);

    const right = await answerSoon(deps, { ...given, text: "Room 4." });
    world.clock.now += 10_000;
    await world.work();
    expect(await takeBack(world.db, { ...given, entryId: right?.entryId ?? 0 })).toBe(false);
    const heard = await anna.news();
    expect(heard).toContain("Room 4.");
    expect(heard).not.toContain("Room 44.");
  });
});

describe("the time to answer", () => {
  const hours = { days: [1, 2, 3, 4, 5], from: "09:00", to: "15:00" };
  const at = (text: string) => Date.parse(text);
  test.each([
    ["inside the hours: the same time on the next day", "2026-03-03T10:00+01:00", "2026-03-04T10:00+01:00"],
    ["in the evening: from the next morning", "2026-03-03T20:00+01:00", "2026-03-05T09:00+01:00"],
    ["on a Friday: the day goes on on Monday", "2026-03-06T14:00+01:00", "2026-03-09T09:00+01:00"],
    ["on a Saturday: from Monday", "2026-03-07T12:00+01:00", "2026-03-10T09:00+01:00"],
    ["over the change of clocks", "2026-03-27T16:00+01:00", "2026-03-31T09:00+02:00"],
  ])("asked %s", (_name, asked, due) => {
    expect(escalationDue(at(asked), hours, "Europe/Copenhagen")).toBe(at(due));
  });

  test("without hours it is a day", () => {
    expect(escalationDue(5, undefined, "UTC")).toBe(5 + dayMs);
  });
});
