import { describe, expect, test } from "vitest";
import { createHolidays } from "../../src/schedule/holidays.ts";
import { createWorld, programmes } from "../support/chat.ts";
import { welcomed } from "../support/learner.ts";

const hour = 3600_000;
const day = 24 * hour;
const holidays = createHolidays();

/** Anna learns from Monday to Friday at eight, in Denmark. The clock starts on Tuesday, 3 March 2026. */
async function anna(options: Parameters<typeof createWorld>[0] = {}) {
  const world = createWorld({ holidays, ...options });
  const chat = world.chat("anna");
  await welcomed(chat);
  const due = (): string => new Date(chat.timers()[0]?.due ?? 0).toISOString();
  /** Lets the reminder fire at its time. */
  const tick = async () => {
    world.clock.now = chat.timers()[0]?.due ?? world.clock.now;
    return (await chat.fire("reminder")).messages;
  };
  /** A learner of hers has left three reminders unanswered. */
  const silent = async (name: string) => {
    world.clock.now += 1;
    const since = world.clock.now - 9 * day;
    return (await chat.fire("silent", { person: `id-of-${name}`, name, since })).messages;
  };
  return { world, chat, due, tick, silent };
}

const labels = (message: { reply: { actions?: readonly { label: string; primary?: boolean }[] } } | undefined) =>
  (message?.reply.actions ?? []).map(({ label, primary }) => (primary ? `[${label}]` : label));

describe("days on which nothing is sent", () => {
  test("Easter: from Wednesday to the Tuesday after", async () => {
    const { chat, due } = await anna();
    await chat.type("pause 2.4.2026");
    // Maundy Thursday, Good Friday and Easter Monday are holidays in Denmark.
    expect(due()).toBe("2026-04-07T06:00:00.000Z");
  });

  test("a server that comes back on a holiday keeps quiet until the next working day", async () => {
    const { world, chat, due } = await anna();
    await chat.type("pause 1.4.2026");
    expect(due()).toBe("2026-04-01T06:00:00.000Z");
    world.clock.now = Date.parse("2026-04-02T10:00:00Z");
    expect((await chat.fire("reminder")).messages).toEqual([]);
    expect(due()).toBe("2026-04-07T06:00:00.000Z");
  });

  test("holidays are those of the country where the person is", async () => {
    const { chat, due } = await anna();
    await chat.type("timezone Sofia");
    await chat.type("pause 3.3.2027");
    // 3 March is the national day in Bulgaria, and an ordinary Wednesday in Denmark.
    expect(due()).toBe("2027-03-04T06:00:00.000Z");
    await chat.type("timezone Copenhagen");
    expect(due()).toBe("2027-03-03T07:00:00.000Z");
  });

  test("where the clock is only assumed, the organisation says which country it is", async () => {
    const { world, chat, due } = await anna();
    expect(world.store.jobs.filter((job) => job.name === "country")).toHaveLength(1);
    await chat.fire("country", { country: "BG" });
    await chat.type("pause 3.3.2027");
    expect(due()).toBe("2027-03-04T07:00:00.000Z");
    expect(world.store.jobs.filter((job) => job.name === "country")).toHaveLength(1);
  });

  test("an exam week: the programme keeps quiet, and goes on after it", async () => {
    const calendar = [{ from: "2026-03-04", to: "2026-03-13" }];
    const { tick, due } = await anna({ programmes: programmes.map((one) => ({ ...one, calendar })) });
    expect(due()).toBe("2026-03-16T07:00:00.000Z");
    expect((await tick())[0]?.text).toContain("Your next step is ready");
  });
});

describe("one message a day", () => {
  test("what is due is gathered: one list, one first button", async () => {
    const { tick, silent } = await anna();
    expect(await silent("Bo")).toEqual([]);
    expect(await silent("Cy")).toEqual([]);
    const [message, ...more] = await tick();
    expect(more).toEqual([]);
    expect(message?.text.split("\n").filter((line) => line !== "")).toEqual([
      "3 things are due today:",
      expect.stringContaining("Your next step is ready"),
      expect.stringContaining("Bo has not answered since 22 February, after three reminders."),
      expect.stringContaining("Cy has not answered since 22 February, after three reminders."),
    ]);
    expect(labels(message)).toEqual(["[Continue]", "Write to Bo", "Write to Cy", "Pause reminders", "Stop messages"]);
  });

  test("a thing that comes when the day's message is out waits for tomorrow", async () => {
    const { world, tick, silent, chat, due } = await anna();
    await tick();
    expect(await silent("Bo")).toEqual([]);
    world.clock.now += hour;
    await chat.type("rhythm");
    await chat.press("Monday to Friday");
    await chat.press("16:00");
    // Four o'clock today would be the second message of the day.
    expect(due()).toBe("2026-03-05T15:00:00.000Z");
    expect((await tick())[0]?.text).toContain("Bo has not answered");
    // It is said once.
    expect((await tick())[0]?.text).not.toContain("Bo");
  });

  test("who has learned today still hears what waits, but is not reminded", async () => {
    const { world, tick, silent, chat } = await anna();
    await silent("Bo");
    world.clock.now = (chat.timers()[0]?.due ?? 0) - hour;
    await chat.type("menu");
    const [message] = await tick();
    expect(message?.text).toBe("Bo has not answered since 22 February, after three reminders. No more will be sent.");
    expect(labels(message)[0]).toBe("[Write to Bo]");
  });

  test("who wants no reminders hears what waits on the next working morning", async () => {
    const world = createWorld({ holidays });
    const chat = world.chat("lead");
    await welcomed(chat, { rhythm: false });
    expect(chat.timers()).toEqual([]);
    await chat.fire("silent", { person: "id-of-bo", name: "Bo", since: world.clock.now });
    expect(new Date(chat.timers()[0]?.due ?? 0).toISOString()).toBe("2026-03-04T08:00:00.000Z");
    world.clock.now = chat.timers()[0]?.due ?? 0;
    expect((await chat.fire("reminder")).messages[0]?.text).toContain("Bo has not answered since 3 March");
    expect(chat.timers()).toEqual([]);
  });

  test("after stop nothing is said, whatever waits", async () => {
    const { chat, silent, tick } = await anna();
    await silent("Bo");
    await chat.type("stop");
    await silent("Cy");
    expect(await tick()).toEqual([]);
    expect(chat.timers()).toEqual([]);
  });

  test("a human's answer comes at once: on a holiday, and after the day's message", async () => {
    const { world, chat, tick, due } = await anna();
    await tick();
    const text = "Yes, come at ten.";
    expect((await chat.fire("answered", { text })).messages[0]?.text).toContain(text);
    world.clock.now = Date.parse("2026-04-03T10:00:00Z");
    const [answer] = (await chat.fire("answered", { text })).messages;
    expect(answer?.text).toContain(text);
    expect(answer?.kind).toBe("reply");
    // It is no push: the next reminder stands where it stood.
    expect(due()).toBe("2026-03-05T07:00:00.000Z");
  });
});

test("one day that begins a button's label is that one day", async () => {
  const { chat, due } = await anna();
  await chat.type("rhythm");
  await chat.type("tue");
  expect(await chat.press("08:00")).toContain("I will remind you on Tue at 08:00");
  expect(due()).toBe("2026-03-10T07:00:00.000Z");
  await chat.type("rhythm");
  await chat.type("tue thu");
  expect(await chat.press("08:00")).toContain("I will remind you on Tue, Thu at 08:00");
});

describe("three reminders without an answer", () => {
  test("the coordinator is told once, a day later, and not a word more is sent", async () => {
    const { world, chat, tick } = await anna();
    const seenAt = world.clock.now;
    for (let count = 0; count < 3; count += 1) expect(await tick()).toHaveLength(1);
    const told = () => world.store.jobs.filter((job) => job.name === "silent").map((job) => job.data);
    expect(told()).toEqual([]);
    expect(await tick()).toEqual([]);
    expect(told()).toEqual([{ since: seenAt }]);
    expect(chat.timers()).toEqual([]);
    world.clock.now += 60 * day;
    expect(await tick()).toEqual([]);
    expect(told()).toHaveLength(1);
  });

  test("the coordinator hears who and since when with the next push, and writes with one press", async () => {
    const { world, chat, tick } = await anna();
    const lead = world.chat("lead");
    await welcomed(lead, { rhythm: false });
    await lead.fire("joined", { role: "coordinator" });
    for (let count = 0; count < 4; count += 1) await tick();
    const [job] = world.store.jobs.filter((one) => one.name === "silent");
    // What `src/jobs/silent.ts` hands to whoever looks after Anna.
    const news = { ...(job?.data as object), person: job?.personId ?? "", name: "Anna" };
    expect((await lead.fire("silent", news)).messages).toEqual([]);
    world.clock.now = lead.timers()[0]?.due ?? 0;
    const [message] = (await lead.fire("reminder")).messages;
    expect(message?.text).toContain("Anna has not answered since 3 March, after three reminders.");
    expect(await lead.press("Write to Anna")).toContain("Anna");
    await lead.type("How are you? Can I help?");
    const answer = world.store.jobs.find((one) => one.name === "answer");
    expect(answer?.data).toMatchObject({ person: job?.personId, text: "How are you? Can I help?" });
    expect(chat.timers()).toEqual([]);
  });

  test("who answers in time is never named", async () => {
    const { world, chat, tick } = await anna();
    for (let count = 0; count < 3; count += 1) await tick();
    world.clock.now += hour;
    await chat.type("next");
    await tick();
    expect(world.store.jobs.filter((job) => job.name === "silent")).toEqual([]);
  });
});
