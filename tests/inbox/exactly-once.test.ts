import { describe, expect, test } from "vitest";
import { answerSoon, takeBack } from "../../src/inbox/answers.ts";
import { keepAnswer, keepQuestion, mayAnswer } from "../../src/inbox/questions.ts";
import { giveRole } from "../../src/people/grants.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld } from "./world.ts";

describe.each(databaseKinds)("questions and answers that are kept twice, on %s", (kind) => {
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  let anna: string;
  let ida: string;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = await createWorld(store);
    anna = await (await world.learner("anna")).id();
    ida = await (await world.staff("ida", "coordinator")).id();
  });

  const ask = (id: string, at: number) => keepQuestion(world, { id, personId: anna, text: `asked at ${at}`, at });
  const answer = (at: number) => keepAnswer(world, { questionId: "q", author: ida, text: `said at ${at}`, at });
  const state = async () => (await world.db.question.findUniqueOrThrow({ where: { id: "q" } })).state;

  test("a question kept late does not open again what was answered since", async () => {
    await ask("q", 1_000);
    await answer(3_000);
    await ask("late", 2_000);
    expect(await state()).toBe("answered");
    expect(await world.db.questionEntry.count()).toBe(3);
    await ask("later", 4_000);
    await ask("later", 4_000);
    expect(await state()).toBe("open");
    expect(await world.db.questionEntry.count()).toBe(4);
  });

  test("an answer kept again or late does not close what was asked since", async () => {
    await ask("q", 1_000);
    await answer(2_000);
    await ask("again", 3_000);
    await answer(2_000);
    expect(await state()).toBe("open");
    expect(await world.db.questionEntry.count()).toBe(3);
    await Promise.all([answer(4_000), answer(4_000)]);
    expect(await state()).toBe("answered");
    expect(await world.db.questionEntry.count()).toBe(4);
  });

  test("an answer that cannot be sent is not kept, and one that cannot be taken back whole stays whole", async () => {
    await ask("q", 1_000);
    // The job's place is taken: writing it fails, and nothing of the answer may stay.
    const at = BigInt(world.clock.now);
    const next = await world.db.questionEntry.create({
      data: { questionId: "q", author: anna, text: new Uint8Array([1]), at },
    });
    const job = { personId: ida, name: "tellAnswer", data: "{}", attempts: 0, notBefore: at, createdAt: at };
    for (const id of [1, 2, 3]) await world.db.job.create({ data: { id: `answer:${next.id + id}`, ...job } });
    const soon = () =>
      answerSoon({ ...world, now: () => world.clock.now }, { questionId: "q", author: ida, text: "Yes" });
    await expect(soon()).rejects.toThrow();
    expect(await state()).toBe("open");
    expect(await world.db.questionEntry.count({ where: { author: ida } })).toBe(0);
    await world.db.job.deleteMany();
    const kept = await soon();
    expect(await state()).toBe("answered");
    expect(await takeBack(world.db, { questionId: "q", entryId: kept?.entryId ?? 0, author: ida })).toBe(true);
    expect(await state()).toBe("open");
    expect(await world.db.job.count()).toBe(0);
  });

  test("whoever has one programme answers its questions and no others", async () => {
    const odense = await world.organisation("Odense");
    const per = await (await world.learner("per")).id();
    const grant = { personId: per, role: "coordinator", organisationId: odense, createdBy: null } as const;
    await giveRole(world.db, { ...grant, programme: "family-mentor" }, world.clock.now);
    const may = (programme: string | null) =>
      mayAnswer(world.db, per, { organisationId: odense, programme }, world.clock.now);
    expect([await may("family-mentor"), await may("pairs"), await may(null)]).toEqual([true, false, false]);
  });
});
