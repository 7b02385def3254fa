import { describe, expect, test } from "vitest";
import type { Json } from "../../src/engine/types.ts";
import { createWorld, firstUnits } from "../support/chat.ts";
import { finishLesson, welcomed } from "../support/learner.ts";

async function learner(language = "en") {
  const world = createWorld({ programmes: firstUnits });
  const chat = world.chat("anna");
  await welcomed(chat, { language });
  return { world, chat };
}

/** Something that somebody responsible wrote down, as the job's turn brings it. */
async function credited(
  chat: Awaited<ReturnType<typeof learner>>["chat"],
  data: Record<string, Json>,
): Promise<string> {
  const base = { programme: "family-mentor", version: "1.2.0", by: "coordinator" };
  const { messages } = await chat.fire("credited", { ...base, ...data });
  return messages.map((one) => one.text).join("\n");
}

const booking = { id: "b1", kind: "live", unit: "1", minutes: 150, day: "2026-03-02" };

describe("the path to the certificate", () => {
  test("names the stages, what is missing, and who decides", async () => {
    const { chat } = await learner();
    const said = await chat.command("path");
    expect(said).toContain("Your path to: Family mentor, level 1");
    expect(said).toContain("Open: Quality framework");
    expect(said).toContain("read and agree: Code of conduct");
    expect(said).toContain("Training days: 0 of 18 h");
    expect(said).toContain("finish a self-assessment");
    expect(said).toContain("A person decides about the certificate, not the computer.");
  });

  test("an agreement is read, agreed to, and closes its point of the path", async () => {
    const { chat } = await learner();
    await chat.command("path");
    const text = await chat.press("Read and agree");
    expect(text).toContain("that families do better in body, in mind and in their life with others");
    expect(await chat.press("I agree")).toContain("You agreed to");
    await chat.press("My path");
    expect(await chat.press("Read and agree")).toContain("Code of conduct");
    await chat.press("I agree");
    const path = await chat.press("My path");
    expect(path).toContain("Done: Quality framework");
    expect(path).not.toContain("read and agree: Code of conduct");
    expect(chat.person().records.filter(({ type }) => type === "agreement")).toHaveLength(2);
  });

  test("saying later agrees to nothing, and the text can be read again afterwards", async () => {
    const { chat } = await learner();
    await chat.command("agree", "code-of-conduct");
    expect(await chat.press("Later")).toContain("You have not agreed");
    expect(chat.person().records.some(({ type }) => type === "agreement")).toBe(false);
    await chat.command("agree", "code-of-conduct");
    await chat.press("I agree");
    expect(await chat.command("agree", "code-of-conduct")).toContain("I keep to my role");
  });

  test("what a coordinator confirmed is said at once, once, and stands in the path", async () => {
    const { chat } = await learner();
    const data = { type: "checked", id: "c1", check: "identity", day: "2026-03-03" };
    expect(await credited(chat, data)).toBe("Your coordinator confirmed: You are the person in this record.");
    expect(await credited(chat, { ...data, id: "c2" })).toBe("");
    await chat.command("agree", "certification-guide");
    await chat.press("I agree");
    expect(await chat.command("path")).toContain("Done: Certification guide");
  });

  test("is there in every interface language, without a key or a hole", async () => {
    for (const language of ["en", "da", "sv", "bg", "fi"]) {
      const { chat } = await learner(language);
      const path = await chat.command("path");
      const hours = await chat.command("hours");
      expect(path.split("\n").length).toBeGreaterThan(10);
      for (const said of [path, hours]) expect(said).not.toMatch(/path\.|hours\.|undefined|\{|\}/u);
    }
  });
});

describe("the hours", () => {
  test("count what was learnt, by kind and unit, against what is asked for", async () => {
    const { chat } = await learner();
    await chat.command("next");
    await finishLesson(chat);
    expect(await credited(chat, { type: "hours", why: "elsewhere", ...booking })).toBe(
      "2.5 h were booked for you: Training days.",
    );
    const said = await chat.command("hours");
    // 8 minutes of a lesson are a tenth of an hour: never rounded up.
    expect(said).toContain("Lessons and checks: 0.1 of 6 h");
    expect(said).toContain("Training days: 2.5 of 18 h");
    expect(said).toContain("This year (1 January 2026 to 31 December 2026): 2.6 h");
    expect(said).toContain("Unit 1, Becoming a family mentor: 2.6 h");
  });

  test("a booking that is told twice counts once, and one that is taken back counts no more", async () => {
    const { world, chat } = await learner();
    await credited(chat, { type: "hours", why: "other", ...booking });
    world.clock.now += 1;
    await credited(chat, { type: "hours", why: "other", ...booking });
    expect(await chat.command("hours")).toContain("Training days: 2.5 of 18 h");
    world.clock.now += 1;
    expect(await credited(chat, { type: "hours.undone", ...booking })).toContain("was taken back: 2.5 h");
    world.clock.now += 1;
    await credited(chat, { type: "hours.undone", ...booking });
    expect(await chat.command("hours")).toContain("Training days: 0 of 18 h");
  });

  test("are written as the reader writes them", async () => {
    const { chat } = await learner("bg");
    await credited(chat, { type: "hours", why: "other", ...booking });
    expect(await chat.command("hours")).toContain("Учебни дни: 2,5 от 18 ч");
  });
});
