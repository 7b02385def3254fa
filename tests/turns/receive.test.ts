import { describe, expect, test } from "vitest";
import { script } from "../../dialogs/index.ts";
import { StoreError } from "../../src/store/types.ts";
import { createWorld } from "../support/chat.ts";
import { rightLabel, welcomed } from "../support/learner.ts";

describe("exactly once", () => {
  test("a delivery that comes again changes nothing and says nothing", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    const first = await chat.send({ type: "text", text: "next" }, "u1");
    const before = structuredClone(chat.person());
    const second = await chat.send({ type: "text", text: "next" }, "u1");
    expect(first.receipt.outcome).toBe("taken");
    expect(second).toEqual({ receipt: { outcome: "duplicate" }, messages: [] });
    expect(chat.person()).toEqual(before);
  });

  test("twenty times at once it is still one", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    const all = await Promise.all(Array.from({ length: 20 }, () => chat.send({ type: "text", text: "next" }, "u1")));
    expect(all.filter((one) => one.receipt.outcome === "taken")).toHaveLength(1);
    expect(all.filter((one) => one.receipt.outcome === "duplicate")).toHaveLength(19);
  });

  test("one answer resent under twenty new ids counts once", async () => {
    const world = createWorld();
    const chat = world.chat("anna");
    await welcomed(chat);
    await chat.command("next");
    for (let n = 0; n < 10 && !chat.shown().at(-1)?.choices; n += 1) await chat.press("Next");
    const press = { type: "press", ...chat.button(rightLabel(chat)) } as const;
    await Promise.all(Array.from({ length: 20 }, () => chat.send(press)));
    expect(chat.person().records.filter((entry) => entry.type === "practice")).toHaveLength(1);
    expect(world.failures).toEqual([]);
  });

  test("messages of one chat are decided in the order they came", async () => {
    const chat = createWorld().chat("anna");
    await welcomed(chat);
    await chat.command("next");
    await Promise.all([
      chat.send({ type: "text", text: "next" }),
      chat.send({ type: "text", text: "next" }),
      chat.send({ type: "text", text: "back" }),
    ]);
    expect(
      chat
        .shown()
        .map((reply) => JSON.stringify(reply.text))
        .at(-1),
    ).toContain("Card 2 of");
  });

  test("a race with another instance is decided again", async () => {
    const world = createWorld();
    const chat = world.chat("anna");
    await welcomed(chat);
    const { write } = world.store;
    let lost = 2;
    world.store.write = async (turns) => {
      if (lost-- > 0) throw new StoreError("conflict", "another instance was faster");
      return write(turns);
    };
    expect((await chat.send({ type: "text", text: "next" })).receipt.outcome).toBe("taken");
  });

  test("who loses five times in a row is asked to deliver again, and nothing is stored", async () => {
    const world = createWorld();
    const chat = world.chat("anna");
    await welcomed(chat);
    const before = structuredClone(chat.person());
    const { write } = world.store;
    world.store.write = async () => {
      throw new StoreError("conflict", "always");
    };
    await expect(chat.send({ type: "text", text: "next" }, "u9")).rejects.toThrow("always");
    world.store.write = write;
    expect(chat.person()).toEqual(before);
    expect((await chat.send({ type: "text", text: "next" }, "u9")).receipt.outcome).toBe("taken");
  });

  test("a database that goes away in mid-turn: rejected, redelivered, one effect", async () => {
    const world = createWorld();
    const chat = world.chat("anna");
    await welcomed(chat);
    const { write } = world.store;
    world.store.write = async () => {
      throw new StoreError("unavailable", "connection lost");
    };
    await expect(chat.send({ type: "text", text: "next" }, "u9")).rejects.toThrow("connection lost");
    world.store.write = write;
    expect((await chat.send({ type: "text", text: "next" }, "u9")).receipt.outcome).toBe("taken");
    expect((await chat.send({ type: "text", text: "next" }, "u9")).receipt.outcome).toBe("duplicate");
  });
});

describe("poison", () => {
  const broken = {
    ...script,
    commands: {
      ...script.commands,
      progress: {
        run: () => {
          throw new Error("a bug of ours");
        },
      },
    },
  };

  test("a turn that throws is kept for replay, answered, and hurts nobody else in its batch", async () => {
    const world = createWorld({ script: broken });
    const [anna, bo] = [world.chat("anna"), world.chat("bo")];
    await welcomed(anna);
    await welcomed(bo);
    const session = structuredClone(anna.person().session);
    const [hurt, fine] = await Promise.all([
      anna.send({ type: "text", text: "progress" }),
      bo.send({ type: "text", text: "next" }),
    ]);
    expect(hurt.receipt.outcome).toBe("taken");
    expect(hurt.messages[0]?.text).toContain("something went wrong on our side");
    expect(anna.person().session).toEqual(session);
    expect(fine.messages.at(-1)?.text).toContain("Lesson 1 of 6");
    expect(world.store.failed).toHaveLength(1);
    expect(await anna.press("Continue")).toContain("Lesson 1 of 6");
  });

  test("a dialog that records a thing twice hurts nobody but itself", async () => {
    const twice = {
      type: "record",
      entry: { type: "x", key: "always the same", programme: "p", version: "1.0.0", data: null, at: 0 },
    } as const;
    const world = createWorld({
      script: { ...script, commands: { ...script.commands, progress: { run: () => ({ effects: [twice] }) } } },
    });
    const chats = Array.from({ length: 5 }, (_, index) => world.chat(`p${index}`));
    for (const chat of chats) await welcomed(chat);
    await chats[0]?.send({ type: "text", text: "progress" });
    const all = await Promise.all(
      chats.map((chat, index) => chat.send({ type: "text", text: index === 0 ? "progress" : "next" })),
    );
    expect(all.slice(1).every((one) => one.messages.at(-1)?.text.includes("Lesson 1 of 6"))).toBe(true);
    expect(all[0]?.messages[0]?.text).toContain("something went wrong");
    expect(world.store.failed).toHaveLength(1);
  });

  test("data the database refuses: halves find the one, the others are stored", async () => {
    const world = createWorld();
    const chats = Array.from({ length: 8 }, (_, index) => world.chat(`p${index}`));
    for (const chat of chats) await welcomed(chat);
    const { write } = world.store;
    world.store.write = async (turns) => {
      if (turns.some((turn) => turn.delivery.id === "bad" && !turn.failed)) throw new StoreError("poison", "22P05");
      return write(turns);
    };
    const all = await Promise.all(
      chats.map((chat, index) => chat.send({ type: "text", text: "next" }, index === 3 ? "bad" : `ok${index}`)),
    );
    expect(all.filter((one) => one.messages.at(-1)?.text.includes("Lesson 1 of 6"))).toHaveLength(7);
    expect(all[3]?.messages[0]?.text).toContain("something went wrong");
    expect(world.store.failed.map((one) => one.reason)).toEqual(["data"]);
  });
});
