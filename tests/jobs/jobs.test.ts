import { describe, expect, test } from "vitest";
import { script } from "../../dialogs/index.ts";
import { chatOf } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Input, Reply } from "../../src/engine/types.ts";
import { createJobs } from "../../src/jobs/index.ts";
import { rebuildProgress } from "../../src/jobs/rebuild.ts";
import { codeHash, isGoodCode } from "../../src/people/codes.ts";
import { createGuard } from "../../src/privacy/guard.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Job, Store } from "../../src/store/types.ts";
import { createChance } from "../../src/turns/chance.ts";
import { createReceive } from "../../src/turns/receive.ts";
import { programmes, words } from "../support/chat.ts";
import { databaseKinds, quietLog } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";

const secret = "a secret for tests only, thirty-two characters";

describe.each(databaseKinds)("what concerns two persons, on %s", (kind) => {
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  eachWithStore(kind, (opened) => {
    store = opened;
    world = createWorld(store);
  });

  test("a question reaches every coordinator, and the answer comes back", async () => {
    const [anna, lead] = [await world.learner("anna"), await world.learner("lead")];
    await lead.type(`join ${await world.invitation("coordinator")}`);
    expect(await world.work(lead)).toContain("registered as: coordinator");
    await anna.type("coordinator");
    await anna.type("May I come an hour later?");
    expect(await world.work(lead)).toContain("Question from Name of anna:\nMay I come an hour later?");
    await lead.press("Answer");
    await lead.type("Yes, that is fine.");
    expect(await world.work(anna)).toContain("Your coordinator answers:\nYes, that is fine.");
  });

  test("where nobody is coordinator, the asker is told so", async () => {
    const anna = await world.learner("anna");
    await anna.type("coordinator");
    await anna.type("Is anybody there?");
    expect(await world.work(anna)).toContain("your question reached no one");
  });

  test("an invitation works once, and only five wrong codes an hour are looked at", async () => {
    const [anna, bo] = [await world.learner("anna"), await world.learner("bo")];
    const code = await world.invitation("assessor");
    expect(await isGoodCode(store.db, secret, code.toLowerCase(), Date.now())).toBe(true);
    await anna.type(`join ${code}`);
    expect(await world.work(anna)).toContain("registered as: assessor");
    expect(await isGoodCode(store.db, secret, code, Date.now())).toBe(false);
    for (let tries = 0; tries < 5; tries += 1) {
      await bo.type(`join ${code}`);
      expect(await world.work(bo)).toContain("Somebody has used this invitation already.");
    }
    await bo.type(`join ${await world.invitation("expert")}`);
    expect(await world.work(bo)).toContain("does not work");
  });

  test("a link code joins two places; what was done on either side is there once", async () => {
    const [phone, desk] = [await world.learner("anna"), await world.learner("anna at work")];
    await phone.type("next");
    await desk.type("next");
    await desk.press("Save card");
    const code = /\*?([A-Z0-9]{4}-[A-Z0-9]{4})/u.exec(await phone.type("link"))?.[1];
    await world.work(phone);
    await desk.type(`link ${code}`);
    expect(await world.work(desk)).toContain("Linked.");
    expect(await store.db.person.count()).toBe(1);
    expect(await phone.type("saved")).toContain("Your saved cards: 1");
    expect(await desk.type("saved")).toContain("Your saved cards: 1");
    expect(await rebuildProgress(store.db)).toEqual({ persons: 1, changed: 0 });
    await desk.type(`link ${code}`);
    expect(await world.work(desk)).toContain("does not work");
  });

  test("a link that is made twice over joins once and says so; it can be undone, and its code is used up with it", async () => {
    const [phone, desk] = [await world.learner("anna"), await world.learner("anna at work")];
    const code = /\*?([A-Z0-9]{4}-[A-Z0-9]{4})/u.exec(await phone.type("link"))?.[1];
    await world.work(phone);
    await desk.type(`link ${code}`);
    const [job] = await store.jobs(Date.now(), 20);
    if (job === undefined) throw new Error("nothing was asked for");
    await world.run(job);
    expect((await store.db.linkCode.findFirst())?.usedAt).not.toBeNull();
    expect(await desk.news()).toContain("Linked.");
    // The process died before it could say that it was done; by now the job belongs to the one person.
    const row = await store.db.job.findUniqueOrThrow({ where: { id: job.id } });
    await world.run({ ...job, personId: row.personId });
    expect(await desk.news()).toBe("");
    expect(await store.db.person.count()).toBe(1);
    expect(await store.undoMerge(`link:${job.id}`, Date.now())).toBeDefined();
    expect(await store.db.person.count()).toBe(2);
    expect(await rebuildProgress(store.db)).toEqual({ persons: 2, changed: 0 });
  });
});

function createWorld(store: Store) {
  const { receive } = createReceive({
    store,
    script,
    words,
    content: createCatalogue(programmes, []),
    now: Date.now,
    chance: createChance(),
    publicUrl: undefined,
    guard: createGuard(words),
    seal: (_purpose, text) => Buffer.from(text),
    laneFor: () => "",
    log: quietLog,
    observe: { turn() {}, renewed() {} },
  });
  const jobs = createJobs({
    store,
    receive,
    now: Date.now,
    secret,
    origin: "http://127.0.0.1:1",
    seal: (_purpose, text) => Buffer.from(text),
    open: (_purpose, sealed) => Buffer.from(sealed).toString(),
  });
  let deliveries = 0;
  let codes = 0;

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
      await receive({
        id: `d${deliveries++}`,
        address,
        person: { name: `Name of ${user}` },
        input,
        receivedAt: Date.now(),
      });
      return news();
    };
    return {
      news,
      type: (text: string) => send({ type: "text", text }),
      press(label: string) {
        for (const reply of [...shown].reverse()) {
          const found = [...(reply.choices ?? []), ...(reply.actions ?? [])].find((one) => one.label === label);
          if (found && reply.token) return send({ type: "press", token: reply.token, option: found.option });
        }
        throw new Error(`nobody showed "${label}"`);
      },
    };
  }

  return {
    async learner(user: string) {
      const made = chat(user);
      await made.type("hello");
      for (const label of ["English", "Only when I ask"]) await made.press(label);
      return made;
    },
    run: (job: Job): Promise<void> => jobs[job.name]?.(job) ?? Promise.resolve(),
    /** Does the jobs that wait, as the scheduler would; gives what the chat hears of it. */
    async work(listener: ReturnType<typeof chat>): Promise<string> {
      for (const job of await store.jobs(Date.now(), 20)) {
        await jobs[job.name]?.(job);
        await store.jobDone(job.id);
      }
      return listener.news();
    },
    async invitation(role: string): Promise<string> {
      codes += 1;
      const code = `CODE${String(codes).padStart(6, "0")}`;
      const at = BigInt(Date.now());
      await store.db.invite.create({
        data: { codeHash: codeHash(secret, code), role, createdAt: at, expiresAt: at + 60_000n },
      });
      return code;
    },
  };
}
