import { describe, expect, test } from "vitest";
import { script } from "../../dialogs/index.ts";
import type { Store } from "../../src/store/types.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld, everyRow } from "./world.ts";

/** A name that stands nowhere else. */
const sentinel = "Zebulina";

describe.each(databaseKinds)("what was typed about somebody, on %s", (kind) => {
  let store: Store;
  eachWithStore(kind, (opened) => {
    store = opened;
  });

  test("a name is found in no table, wherever it was typed", async () => {
    const world = createWorld(store);
    const chat = world.chat("anna");
    await chat.start();
    expect(await chat.type(`My mentee ${sentinel} is late.`)).toContain("I think I saw a name");
    await chat.type("coordinator");
    expect(await chat.type(`What do I do with ${sentinel}?`)).toContain("I think I saw a name");
    expect(await chat.type(`find ${sentinel} Hansen`)).toContain("I think I saw a name");
    await chat.deliver({ type: "command", name: "nothing", args: `about my ${sentinel}` });
    await chat.deliver({ type: "file", name: `${sentinel}.pdf`, mime: "application/pdf", bytes: 1, handle: {} });
    await world.work(chat);
    const rows = await everyRow(store);
    expect(rows).not.toMatch(new RegExp(sentinel, "iu"));
    // The search finds what is there.
    await chat.type("quite harmless words");
    expect(await everyRow(store)).toContain("quite harmless words");
  });

  test("the question stays open and takes the words that are all right", async () => {
    const world = createWorld(store);
    const chat = world.chat("anna");
    await chat.start();
    await chat.type("coordinator");
    await chat.type(`What do I do with ${sentinel}?`);
    expect(await chat.type("What do I do when my mentee is late?")).toContain("Sent.");
    expect(await everyRow(store)).toContain("when my mentee is late");
  });

  test("a turn that cannot be decided keeps nothing of it either", async () => {
    const broken = {
      ...script,
      withheld: (): never => {
        throw new Error("no answer");
      },
    };
    const chat = createWorld(store, broken).chat("anna");
    await chat.start();
    expect(await chat.type(`My mentee ${sentinel} is late.`)).toContain("something went wrong");
    expect(await store.db.failedTurn.count()).toBe(1);
    expect(await everyRow(store)).not.toMatch(new RegExp(sentinel, "iu"));
  });

  test("danger is not even remembered as danger", async () => {
    const world = createWorld(store);
    const chat = world.chat("anna");
    await chat.start();
    const before = await store.db.job.count();
    const typed = async () => (await store.db.delivery.findMany()).filter((row) => row.journal !== null).length;
    const typedBefore = await typed();
    expect(await chat.type("he wants to kill himself tonight")).toContain("nobody was informed");
    expect(await store.db.job.count()).toBe(before);
    const rows = await everyRow(store);
    expect(rows).not.toContain("kill himself");
    expect(rows).not.toContain('danger\\":true');
    expect(await typed()).toBe(typedBefore);
  });

  test("the adapter is told to delete the message", async () => {
    const chat = createWorld(store).chat("anna");
    await chat.start();
    expect(await chat.deliver({ type: "text", text: `My mentee ${sentinel} is late.` })).toMatchObject({
      withheld: true,
    });
    expect((await chat.deliver({ type: "text", text: "menu" })).withheld).toBeUndefined();
  });
});
