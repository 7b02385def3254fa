import { script } from "../../dialogs/index.ts";
import type { Catalogue, Programme } from "../../src/domain/programme.ts";
import { chatOf, type Receive } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Input, Reply } from "../../src/engine/types.ts";
import { createJobs } from "../../src/jobs/index.ts";
import type { Role } from "../../src/people/access.ts";
import { giveRole } from "../../src/people/grants.ts";
import { createOrganisation, ensureRoot } from "../../src/people/organisations.ts";
import { rootId } from "../../src/people/standing.ts";
import { createGuard } from "../../src/privacy/guard.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { createBox } from "../../src/store/box.ts";
import type { Job, Store } from "../../src/store/types.ts";
import { createChance } from "../../src/turns/chance.ts";
import { createReceive } from "../../src/turns/receive.ts";
import { programmes, tuesday, words } from "../support/chat.ts";
import { quietLog } from "../support/databases.ts";

const secret = "a secret for tests only, thirty-two characters";

/** What a part of the product brings along to be played in such a world. */
export interface Parts {
  readonly programmes?: readonly Programme[];
  /** Jobs beside those of every world. */
  readonly jobs?: (deps: {
    readonly receive: Receive;
    readonly catalogue: Catalogue;
    readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
    readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
    readonly now: () => number;
    readonly secret: string;
    readonly origin: string;
  }) => Readonly<Record<string, (job: Job) => Promise<void>>>;
}

/** Learners and coordinators in chats over a real database, with a clock of their own: Tuesday, 3 March 2026, 10:00 in Copenhagen. */
export async function createWorld(store: Store, parts: Parts = {}) {
  const { db } = store;
  const clock = { now: tuesday };
  const now = () => clock.now;
  const box = createBox(secret);
  const seal = (purpose: string, text: string, context: string) => box.seal(purpose, Buffer.from(text), context);
  const open = (purpose: string, sealed: Uint8Array, context: string) =>
    Buffer.from(box.open(purpose, sealed, context)).toString();
  const catalogue = createCatalogue(parts.programmes ?? programmes, []);
  const { receive } = createReceive({
    store,
    script,
    words,
    content: catalogue,
    now,
    guard: createGuard(words),
    chance: createChance(),
    publicUrl: undefined,
    seal: (purpose, text) => box.seal(purpose, Buffer.from(text)),
    laneFor: () => "",
    log: quietLog,
    observe: { turn() {}, renewed() {} },
  });
  const origin = "http://127.0.0.1:1";
  const jobs: Readonly<Record<string, (job: Job) => Promise<void>>> = {
    ...createJobs({ store, receive, now, secret, origin, seal, open }),
    ...parts.jobs?.({ receive, catalogue, seal, open, now, secret, origin }),
  };
  await ensureRoot(db, now());
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
      const id = `d${deliveries++}`;
      await receive({ id, address, person: { name: `Name of ${user}` }, input, receivedAt: now() });
      return news();
    };
    return {
      address,
      /** What the chat heard since the last look. */
      news,
      send,
      type: (text: string) => send({ type: "text", text }),
      command: (name: string, args = "") => send({ type: "command", name, args }),
      press(label: string) {
        for (const reply of [...shown].reverse()) {
          const found = [...(reply.choices ?? []), ...(reply.actions ?? [])].find((one) => one.label === label);
          if (found && reply.token) return send({ type: "press", token: reply.token, option: found.option });
        }
        throw new Error(`nobody showed "${label}"`);
      },
      /** Where the last button of this label leads. */
      link(label: string): string | undefined {
        const actions = shown.flatMap((reply) => reply.actions ?? []);
        const found = actions.filter((one) => one.label === label).at(-1);
        return found !== undefined && "url" in found ? found.url : undefined;
      },
      id: async (): Promise<string> =>
        (await db.address.findUniqueOrThrow({ where: { id: chatOf(address) } })).personId,
    };
  }
  type Chat = ReturnType<typeof chat>;

  /** Somebody who has been through the welcome. */
  async function learner(user: string): Promise<Chat> {
    const made = chat(user);
    await made.type("hello");
    for (const label of ["English", "Only when I ask"]) await made.press(label);
    return made;
  }

  const world = {
    db,
    clock,
    catalogue,
    receive,
    seal,
    open,
    secret,
    chat,
    learner,
    organisation: (name: string, parentId = rootId) =>
      createOrganisation(db, { name, kind: "municipality", parentId, country: "DK" }, now()),
    /** Somebody with a role, in the grants and, as a turn of the person would leave it, in the settings. */
    async staff(user: string, role: Role, organisationId = rootId): Promise<Chat> {
      const made = await learner(user);
      const personId = await made.id();
      await giveRole(db, { personId, role, organisationId, createdBy: null }, now());
      await db.person.update({ where: { id: personId }, data: { roles: JSON.stringify([role]) } });
      return made;
    },
    async member(who: Chat, organisationId: string, given: { caredBy?: string; state?: string } = {}): Promise<void> {
      const cohort = {
        name: "Spring",
        programme: "family-mentor",
        version: "1",
        languages: "[]",
        pace: '{"kind":"own"}',
      };
      await db.cohort.upsert({
        where: { id: "spring" },
        create: { id: "spring", ...cohort, state: "running", joining: "code", ticks: "{}", createdAt: BigInt(now()) },
        update: {},
      });
      const personId = await who.id();
      const at = BigInt(now());
      await db.membership.create({
        data: {
          id: `member:${personId}`,
          cohortId: "spring",
          personId,
          organisationId,
          state: given.state ?? "active",
          caredBy: given.caredBy ?? null,
          ticks: "{}",
          joinedAt: at,
          changedAt: at,
        },
      });
    },
    /** Fires due timers and does waiting jobs until nothing is left, as the scheduler would. */
    async work(): Promise<void> {
      for (let rounds = 0; rounds < 20; rounds += 1) {
        const timers = await store.dueTimers(now(), 50);
        for (const { name, personId, due, data, address } of timers) {
          if (address === null) throw new Error(`nobody to speak to for ${name}`);
          const id = `timer:${personId}:${name}@${due}`;
          await receive({
            id,
            address,
            person: { name: "" },
            input: { type: "timer", name, due, data },
            receivedAt: now(),
          });
        }
        const waiting = await store.jobs(now(), 50);
        for (const job of waiting) {
          await jobs[job.name]?.(job);
          await store.jobDone(job.id);
        }
        if (timers.length + waiting.length === 0) return;
      }
      throw new Error("the work does not end");
    },
    /** An answer button for a question or a person, as an older message still carries it. */
    async offer(who: Chat, questionOrPerson: string): Promise<void> {
      const data = { question: questionOrPerson, name: "somebody", text: "" };
      const id = `offer:${deliveries++}`;
      const input: Input = { type: "timer", name: "asked", due: now(), data, row: false };
      await receive({ id, address: who.address, person: { name: "" }, input, receivedAt: now() });
      await who.news();
      await who.press("Answer");
    },
    /** Asks a human, as a learner does. */
    async ask(who: Chat, text: string): Promise<void> {
      clock.now += 1_000;
      await who.command("coordinator");
      await who.type(text);
      await world.work();
    },
  };
  return world;
}
