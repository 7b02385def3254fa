import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { script } from "../../dialogs/index.ts";
import { createPlanner } from "../../src/broadcasts/planner.ts";
import { createBroadcasts } from "../../src/broadcasts/service.ts";
import { chatOf } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Input, Reply } from "../../src/engine/types.ts";
import { createBroadcastJobs } from "../../src/jobs/broadcast.ts";
import { giveRole } from "../../src/people/grants.ts";
import { ensureRoot } from "../../src/people/organisations.ts";
import { rootId, standingOf } from "../../src/people/standing.ts";
import { createGuard } from "../../src/privacy/guard.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Store } from "../../src/store/types.ts";
import { createChance } from "../../src/turns/chance.ts";
import { createReceive } from "../../src/turns/receive.ts";
import { fakePlatform } from "../outbox/harness.ts";
import { programmes, words } from "../support/chat.ts";
import { databaseKinds, quietLog } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { onePart, thursday } from "./world.ts";

describe.each(databaseKinds)("broadcasts in chat, on %s", (kind) => {
  let store: Store;
  let world: ReturnType<typeof createChats>;
  eachWithStore(kind, async (opened) => {
    store = opened;
    await ensureRoot(store.db, thursday);
    world = createChats(store);
  });

  test("a coordinator chooses, writes, looks, sends, takes back, and sends again", async () => {
    const [anna, lead] = [await world.learner("anna"), await world.learner("lead")];
    await world.promote(lead, "coordinator");
    await lead.type("broadcast");
    expect(await world.work(lead)).toBe("Whom is the message for?");
    await lead.press("Everybody I look after");
    expect(await lead.type("Dear {name}, we meet on Monday.")).toContain("One moment");
    expect(await world.work(lead)).toBe("This is how it looks:\nDear Name, we meet on Monday.\nIt is for 2 persons.");
    await lead.press("Send");
    expect(await world.work(lead)).toContain("It leaves in ten seconds.");
    await lead.press("Take it back");
    expect(await world.work(lead)).toContain("Taken back. Nobody got it.");
    await world.pass(60_000);
    expect(await anna.news()).toBe("");
    await lead.type("broadcast");
    await world.work(lead);
    await lead.press("Everybody I look after");
    await lead.type("Dear {name}, we meet on Tuesday.");
    await world.work(lead);
    await lead.press("Send");
    await world.work(lead);
    await world.pass(10_000);
    expect(await anna.news()).toBe("Dear Name, we meet on Tuesday.");
    await lead.press("Take it back");
    expect(await world.work(lead)).toContain("It cannot be taken back any more");
  });

  test("whoever is no coordinator is told so, and a text with a field that does not exist is refused", async () => {
    const [anna, lead] = [await world.learner("anna"), await world.learner("lead")];
    await anna.type("broadcast");
    expect(await world.work(anna)).toContain("Messages to many are written by coordinators.");
    await world.promote(lead, "coordinator");
    await lead.type("broadcast");
    await world.work(lead);
    await lead.press("Everybody I look after");
    await lead.type("Dear {surname}, hello.");
    expect(await world.work(lead)).toContain("a field that does not exist: {surname}");
    expect(await store.db.broadcast.count()).toBe(0);
  });

  test("a question is answered once: a second press, also from a button far above, changes nothing", async () => {
    const [anna, lead] = [await world.learner("anna"), await world.learner("lead")];
    await world.promote(lead, "coordinator");
    const id = await world.send(lead, {
      texts: { en: "Will you come?" },
      next: false,
      acknowledge: true,
      options: [{ en: "Yes" }, { en: "No" }],
    });
    expect(await anna.news()).toBe("Will you come?");
    const old = anna.button("Yes");
    await anna.type("menu");
    await anna.push(old);
    expect(await world.work(anna)).toContain("Thank you. Your answer: Yes");
    await anna.press("No");
    expect(await world.work(anna)).toContain("You have answered this already. Your answer that counts: Yes");
    await anna.push(old);
    expect(await world.work(anna)).toContain("Your answer: Yes");
    await anna.press("I have read this");
    expect(await world.work(anna)).toContain("It is noted that you have read this.");
    const facts = await store.db.broadcastDelivery.findMany({ where: { broadcastId: id, answer: { not: null } } });
    expect(facts.map((row) => [row.answer, row.actedAt !== null, row.acknowledgedAt !== null])).toEqual([
      ["1", true, true],
    ]);
  });

  test("nobody answers for somebody else by typing the command behind a button", async () => {
    const [anna, lead] = [await world.learner("anna"), await world.learner("lead")];
    await world.promote(lead, "coordinator");
    const id = await world.send(lead, { texts: { en: "Hello." }, next: false, acknowledge: true, options: [] });
    const bo = await world.learner("bo");
    await bo.command("noted", `${id} ack`);
    expect(await world.work(bo)).toContain("Nothing was counted.");
    expect(await store.db.broadcastDelivery.count({ where: { acknowledgedAt: { not: null } } })).toBe(0);
    expect(await anna.news()).toContain("Hello.");
  });

  test("a topic reaches whoever subscribed, until one word leaves it", async () => {
    const [anna, bo, lead] = [await world.learner("anna"), await world.learner("bo"), await world.learner("lead")];
    await world.promote(lead, "coordinator");
    expect(await anna.type("subscribe")).toContain("What would you like to hear about?");
    expect(await anna.press("News of the course")).toContain("From now on you hear about: News of the course.");
    await world.work(anna);
    const content = { texts: { en: "A new lesson." }, next: false, acknowledge: false, options: [] };
    await world.send(lead, content, { topic: "news" });
    expect(await anna.news()).toBe("A new lesson.\nWrite NONEWS to hear no more of this.");
    expect(await bo.news()).toBe("");
    expect(await anna.type("nonews")).toContain("You hear no more about: News of the course.");
    await world.work(anna);
    await expect(world.send(lead, content, { topic: "news" })).rejects.toMatchObject({
      problems: [{ code: "nobody" }],
    });
    expect(anna.stopped(await store.db.person.findMany())).toBe(false);
  });

  test("a topic is left by the button under its message, and nothing else is", async () => {
    const [anna, lead] = [await world.learner("anna"), await world.learner("lead")];
    await world.promote(lead, "coordinator");
    for (const topic of ["News of the course", "Meetings and events"]) {
      await anna.type("subscribe");
      await anna.press(topic);
    }
    await world.work(anna);
    const content = { texts: { en: "We meet on Monday." }, next: false, acknowledge: false, options: [] };
    await world.send(lead, content, { topic: "events" });
    expect(await anna.news()).toContain("Write NOEVENTS to hear no more of this.");
    expect(await anna.press("No more of this")).toContain("You hear no more about: Meetings and events.");
    await world.work(anna);
    expect((await store.db.topic.findMany()).map(({ topic }) => topic)).toEqual(["news"]);
    expect(anna.stopped(await store.db.person.findMany())).toBe(false);
  });

  test.each([
    ["en", "stop news", "stop events"],
    ["da", "stop nyheder", "stop arrangementer"],
    ["sv", "stoppa nyheter", "stoppa evenemang"],
    ["bg", "стоп новини", "спри събития"],
    ["fi", "lopeta uutiset", "lopeta tapahtumat"],
  ])("the word for stop with a topic behind it leaves that topic, in %s", async (language, news, events) => {
    expect([news, events].map((typed) => words.command(typed))).toEqual(["leavenews", "leaveevents"]);
    for (const topic of ["news", "events"] as const) {
      const [, word = ""] = /\*\*(\S+)\*\*/u.exec(toPlainMarkdown(language, topic)) ?? [];
      expect(words.command(word)).toBe(`leave${topic}`);
    }
  });

  test("what a coordinator writes from chat can be replied to", async () => {
    const [anna, lead] = [await world.learner("anna"), await world.learner("lead")];
    await world.promote(lead, "coordinator");
    await lead.type("broadcast");
    await world.work(lead);
    await lead.press("Everybody I look after");
    await lead.type("We meet on Monday.");
    await world.work(lead);
    await lead.press("Send");
    await world.work(lead);
    await world.pass(10_000);
    expect(await anna.news()).toBe("We meet on Monday.");
    expect(await anna.press("Reply")).toContain("What would you like to reply?");
    const { id } = await store.db.broadcast.findFirstOrThrow();
    await anna.type("I cannot come.");
    const asked = await store.db.job.findFirstOrThrow({ where: { name: "ask" } });
    expect(JSON.parse(asked.data)).toMatchObject({ broadcast: id, text: "I cannot come." });
    await world.work(anna);
    expect(await store.db.broadcastDelivery.count({ where: { broadcastId: id, actedAt: { not: null } } })).toBe(1);
  });

  test("a text that is too long for a platform is refused in chat with the number of characters", async () => {
    const lead = await world.learner("lead");
    await world.promote(lead, "coordinator");
    await lead.type("broadcast");
    await world.work(lead);
    await lead.press("Everybody I look after");
    await lead.type("Hello there. ".repeat(60).trim());
    expect(await world.work(lead)).toMatch(/too long for Chat by \d+ characters/u);
    expect(await store.db.broadcast.count()).toBe(0);
    await lead.press("Write it again");
    expect(await world.work(lead)).toBe("Whom is the message for?");
  });
});

/** The text that says how to leave a topic, as it is written. */
function toPlainMarkdown(language: string, topic: string): string {
  const path = new URL(`../../words/broadcast/${language}.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, "utf8")) as Record<string, string>)[`broadcast.leave.${topic}`] ?? "";
}

function createChats(store: Store) {
  const clock = { now: thursday };
  const catalogue = createCatalogue(programmes, []);
  const now = () => clock.now;
  const { receive } = createReceive({
    store,
    script,
    words,
    content: catalogue,
    guard: createGuard(words),
    now,
    chance: createChance(),
    publicUrl: undefined,
    seal: (_purpose, text) => Buffer.from(text),
    laneFor: () => "",
    log: quietLog,
    observe: { turn() {}, renewed() {} },
  });
  const adapters = [onePart(fakePlatform("chat", { lane: false }).adapter)];
  const secret = "a secret for tests only, thirty-two characters";
  const deps = { store, catalogue, words, adapters, now, secret, log: quietLog, receive };
  const jobs = createBroadcastJobs(deps);
  const broadcasts = createBroadcasts(deps);
  const planner = createPlanner(deps);
  let deliveries = 0;

  function chat(user: string) {
    const address = { channel: "chat", tenant: "bot", user, ref: {} };
    let seen = 0;
    let shown: Reply[] = [];
    const news = async (): Promise<string> => {
      const rows = await store.outbox.stream(chatOf(address), seen, 50);
      seen = rows.at(-1)?.seq ?? seen;
      const replies = rows.flatMap((row) =>
        row.parts.filter((part) => part.edits === undefined).map((part) => part.reply),
      );
      shown = [...shown, ...replies];
      return replies.map((reply) => toPlain(reply.text)).join("\n");
    };
    const send = async (input: Input): Promise<string> => {
      const person = { name: `Name of ${user}` };
      await receive({ id: `d${deliveries++}`, address, person, input, receivedAt: clock.now });
      return news();
    };
    const button = (label: string): { readonly token: string; readonly option: string } => {
      for (const reply of [...shown].reverse()) {
        const found = [...(reply.choices ?? []), ...(reply.actions ?? [])].find((one) => one.label === label);
        if (found && reply.token) return { token: reply.token, option: found.option };
      }
      throw new Error(`nobody showed "${label}"`);
    };
    return {
      address,
      news,
      button,
      type: (text: string) => send({ type: "text", text }),
      command: (name: string, args: string) => send({ type: "command", name, args }),
      press: (label: string) => send({ type: "press", ...button(label) }),
      push: (pressed: { readonly token: string; readonly option: string }) => send({ type: "press", ...pressed }),
      stopped: (people: readonly { readonly addressId: string; readonly stopped: boolean }[]) =>
        people.find((one) => one.addressId === chatOf(address))?.stopped,
    };
  }
  type Chat = ReturnType<typeof chat>;

  async function personOf(one: Chat): Promise<string> {
    const found = await store.db.address.findUniqueOrThrow({ where: { id: chatOf(one.address) } });
    return found.personId;
  }

  return {
    async learner(user: string): Promise<Chat> {
      const made = chat(user);
      await made.type("hello");
      for (const label of ["English", "Only when I ask"]) await made.press(label);
      await this.work(made);
      return made;
    },
    async promote(one: Chat, role: "coordinator"): Promise<void> {
      const personId = await personOf(one);
      await giveRole(store.db, { personId, role, organisationId: rootId, createdBy: null }, clock.now);
    },
    /** Does the jobs of broadcasts that wait; gives what the chat hears of it. */
    async work(listener: Chat): Promise<string> {
      for (const job of await store.jobs(clock.now, 20)) {
        await jobs[job.name]?.(job);
        await store.jobDone(job.id);
      }
      return listener.news();
    },
    async pass(ms: number): Promise<void> {
      clock.now += ms;
      await planner.tick();
    },
    /** Sends from the coordinator's console, and lets the ten seconds pass. */
    async send(lead: Chat, content: Parameters<typeof broadcasts.draft>[1]["content"], audience = {}): Promise<string> {
      const standing = await standingOf(store.db, await personOf(lead), clock.now);
      const id = (await broadcasts.draft(standing, { audience, content, timing: { kind: "now" } })) ?? "";
      await broadcasts.send(standing, id, "Europe/Copenhagen");
      await this.pass(10_000);
      return id;
    },
  };
}
