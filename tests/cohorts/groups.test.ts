import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createGroupJobs } from "../../src/broadcasts/group.ts";
import { createGroups, groupIn, postToGroup } from "../../src/cohorts/groups.ts";
import { type Adapter, DeliveryError } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Outgoing } from "../../src/engine/types.ts";
import { createAudit } from "../../src/people/audit.ts";
import { giveRole } from "../../src/people/grants.ts";
import { rootId } from "../../src/people/standing.ts";
import type { Store } from "../../src/store/types.ts";
import { words } from "../support/chat.ts";
import { databaseKinds } from "../support/databases.ts";
import { eachWithStore } from "../support/each-store.ts";
import { createWorld } from "./world.ts";

const group = { channel: "chat", tenant: "bot", user: "-100", ref: { chat: -100 } };
const dayMs = 86_400_000;

describe.each(databaseKinds)("a cohort's group chat, on %s", (kind) => {
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  let cohort: { readonly id: string; readonly code: string };
  let inGroup: (user: string, text: string | undefined, locale?: string) => Promise<string>;
  let sent: Outgoing[];
  let failure: DeliveryError | undefined;
  eachWithStore(kind, async (opened) => {
    store = opened;
    world = createWorld(store);
    cohort = await world.cohort();
    [sent, failure] = [[], undefined];
    const now = () => world.clock.now;
    const audit = createAudit(store.db, now);
    const groups = createGroups({ db: store.db, keep: store.keep("groups"), words, now, audit });
    inGroup = async (user, text, locale = "en") => {
      const reply = await groups.inGroup({ group, user, text, locale, direct: "https://chat.example/bot" });
      expect(reply?.token).toBeUndefined();
      return reply === undefined ? "" : toPlain(reply.text);
    };
  });

  const lead = async (user: string) => {
    const chat = await world.learner(user);
    const personId = await chat.id();
    await giveRole(store.db, { personId, role: "coordinator", organisationId: rootId, createdBy: null }, 0);
    return personId;
  };
  const linked = async () => groupIn((await store.db.cohort.findUniqueOrThrow({ where: { id: cohort.id } })).group);

  test("its coordinator links it with a command and the cohort's code, in any language", async () => {
    await lead("ida");
    expect(await inGroup("ida", `link group ${cohort.code.toLowerCase()}`)).toContain(
      "This chat is linked with Spring.",
    );
    expect(await linked()).toEqual(group);
    const trail = await store.db.audit.findMany({ where: { action: "cohort.group.link" } });
    expect(trail).toMatchObject([{ subject: cohort.id }]);
    expect(await inGroup("ida", `свържи ${cohort.code}`, "bg")).not.toBe("");
  });

  test("nobody else does, and nobody learns there whether a code exists", async () => {
    await world.learner("anna");
    const answers = [];
    for (const [user, code] of [
      ["anna", cohort.code],
      ["anna", "K7MPQ2"],
      ["stranger", cohort.code],
    ] as const) {
      answers.push(await inGroup(user, `link group ${code}`));
    }
    expect(new Set(answers)).toEqual(
      new Set(["Only a coordinator who has written to me directly before can link this chat."]),
    );
    await lead("ida");
    expect(await inGroup("ida", "link group K7MPQ2")).toContain("No cohort of yours has this code.");
    expect(await linked()).toBeUndefined();
  });

  test("everything else is answered once a day with the way to one's own chat, whatever was asked and by whom", async () => {
    await world.learner("anna");
    expect(await inGroup("anna", "progress")).toBe("Please write to me directly: here everybody would read along.");
    expect(await inGroup("anna", "mydata")).toBe("");
    expect(await inGroup("bo", "menu")).toBe("");
    world.clock.now += dayMs;
    expect(await inGroup("anna", "menu", "da")).toBe("Skriv venligst direkte til mig: her læser alle med.");
    expect(await store.db.session.count()).toBe(1);
  });

  test("a bot that was taken out of the chat links it no more", async () => {
    await lead("ida");
    await inGroup("ida", `link group ${cohort.code}`);
    expect(await inGroup("ida", undefined)).toBe("");
    expect(await linked()).toBeUndefined();
  });

  describe("a notice", () => {
    const adapter = {
      channel: "chat",
      deliver: async (outgoing: Outgoing) => {
        if (failure !== undefined) throw failure;
        sent.push(outgoing);
        return { messageId: "1" };
      },
    } as unknown as Adapter;
    const jobs = () =>
      createGroupJobs({
        db: store.db,
        adapters: [adapter],
        keep: store.keep("groups"),
        now: () => world.clock.now,
      });

    async function notice(state = "scheduled"): Promise<string> {
      const id = randomUUID();
      const at = BigInt(world.clock.now);
      const author = await lead("ida");
      await inGroup("ida", `link group ${cohort.code}`);
      const texts = { en: "Dear {name}, we meet on Monday.", da: "Kære {name}, vi mødes mandag." };
      await store.db.broadcast.create({
        data: {
          id,
          organisationId: rootId,
          author,
          state,
          audience: JSON.stringify({ cohort: cohort.id }),
          content: JSON.stringify({ texts, next: true, acknowledge: true, options: [], group: true }),
          timing: JSON.stringify({ kind: "now" }),
          startsAt: at,
          planned: false,
          createdAt: at,
          changedAt: at,
        },
      });
      const startsAt = world.clock.now;
      await postToGroup(store.db, { broadcast: id, author, startsAt, notBefore: startsAt, now: startsAt });
      return id;
    }
    const work = async () => {
      for (const job of await store.jobs(world.clock.now, 20)) {
        if (job.name === "groupNotice") await jobs().groupNotice(job);
        await store.jobDone(job.id);
      }
    };
    const trail = async () => {
      const rows = await store.db.audit.findMany({ where: { action: { startsWith: "group." } } });
      return rows.map(({ action, detail }) => `${action} ${(JSON.parse(detail) as { code: string }).code}`.trim());
    };

    test("arrives once, in the cohort's language, without a name and without a button of one's own", async () => {
      await notice();
      const job = await store.db.job.findFirstOrThrow({ where: { name: "groupNotice" } });
      await work();
      expect(sent).toMatchObject([{ address: group, kind: "broadcast" }]);
      expect(toPlain(sent[0]?.reply.text ?? [])).toBe("Dear, we meet on Monday.");
      expect(sent[0]?.reply).not.toHaveProperty("actions");
      expect(sent[0]?.reply).not.toHaveProperty("token");
      // A process that died after the message had left runs the job again.
      await jobs().groupNotice({ ...job, data: JSON.parse(job.data), attempts: 1 });
      expect(sent).toHaveLength(1);
      expect(await trail()).toEqual(["group.sent", "group.unsent it may have left before"]);
    });

    test.each(["draft", "cancelled"])("of a broadcast that is %s by then does not arrive", async (state) => {
      await notice(state);
      await work();
      expect(sent).toEqual([]);
    });

    test("that was taken back and sent again arrives once", async () => {
      const id = await notice();
      world.clock.now += 20_000;
      await store.db.broadcast.update({ where: { id }, data: { startsAt: BigInt(world.clock.now) } });
      const startsAt = world.clock.now;
      const { author } = await store.db.broadcast.findUniqueOrThrow({ where: { id } });
      await postToGroup(store.db, { broadcast: id, author, startsAt, notBefore: startsAt, now: startsAt });
      await work();
      expect(sent).toHaveLength(1);
    });

    test("that could not leave is tried again; a chat that is gone is linked no more", async () => {
      await notice();
      failure = new DeliveryError("unreachable", "ECONNREFUSED");
      const [job] = await store.jobs(world.clock.now, 20);
      if (job === undefined) throw new Error("there is no job");
      await expect(jobs().groupNotice(job)).rejects.toThrow("unreachable");
      failure = new DeliveryError("gone", "403", { reason: "left" });
      await jobs().groupNotice(job);
      expect(await linked()).toBeUndefined();
      expect(await trail()).toEqual(["group.unsent gone 403"]);
      expect(sent).toEqual([]);
    });
  });
});
