import { script } from "../../dialogs/index.ts";
import { type CohortFacts, createCohort, findCohort } from "../../src/cohorts/cohorts.ts";
import type { Programme } from "../../src/domain/programme.ts";
import { chatOf } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Input, Reply } from "../../src/engine/types.ts";
import { createJobs } from "../../src/jobs/index.ts";
import { codeHash } from "../../src/people/codes.ts";
import { ensureRoot } from "../../src/people/organisations.ts";
import { rootId } from "../../src/people/standing.ts";
import { createGuard } from "../../src/privacy/guard.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { createBox } from "../../src/store/box.ts";
import type { Store } from "../../src/store/types.ts";
import { createChance } from "../../src/turns/chance.ts";
import { createReceive } from "../../src/turns/receive.ts";
import { programmes, words } from "../support/chat.ts";
import { quietLog } from "../support/databases.ts";

export const secret = "a secret for tests only, thirty-two characters";
const box = createBox(secret);
/** Seals and opens as the product does. */
export const sealing = {
  seal: (purpose: string, text: string, context: string) => box.seal(purpose, Buffer.from(text), context),
  open: (purpose: string, sealed: Uint8Array, context: string) =>
    Buffer.from(box.open(purpose, sealed, context)).toString("utf8"),
};
const dayMs = 86_400_000;
const programme = programmes[0];
if (programme === undefined) throw new Error("there is no programme to make cohorts of");

/** Tuesday, 3 March 2026, 10:00 in Copenhagen. */
export const tuesday = Date.UTC(2026, 2, 3, 9);

/** A cohort as a coordinator would write it down. */
export function facts(changes: Partial<CohortFacts> = {}): CohortFacts {
  return {
    name: "Spring",
    programme: programme?.id ?? "",
    version: programme?.version ?? "",
    languages: ["en"],
    pace: { kind: "own" },
    startsOn: null,
    endsOn: null,
    places: null,
    joining: "code",
    ticks: {},
    ...changes,
  };
}

/** The real conversation, jobs and database, with chats that people type into. */
export function createWorld(store: Store, taught: readonly Programme[] = programmes) {
  const clock = { now: tuesday };
  const { receive } = createReceive({
    store,
    script,
    words,
    content: createCatalogue(taught, []),
    now: () => clock.now,
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
    now: () => clock.now,
    secret,
    origin: "http://127.0.0.1",
    ...sealing,
  });
  let deliveries = 0;

  function chat(user: string, name = `Name of ${user}`) {
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
    const send = async (input: Input, id = `d${deliveries++}`): Promise<string> => {
      await receive({ id, address, person: { name }, input, receivedAt: clock.now });
      return news();
    };
    return {
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
      /** Lets the reminder fire at the instant it is set for; gives what it says. */
      async reminded(): Promise<string> {
        const timer = await store.db.timer.findFirstOrThrow({ where: { name: "reminder", personId: await this.id() } });
        const due = Number(timer.due);
        clock.now = due;
        return send({ type: "timer", name: "reminder", due, data: {} }, `timer:reminder@${due}`);
      },
      async id(): Promise<string> {
        const row = await store.db.address.findUniqueOrThrow({ where: { id: chatOf(address) } });
        return row.personId;
      },
    };
  }
  type Chat = ReturnType<typeof chat>;

  return {
    clock,
    receive,
    chat,
    async learner(user: string, rhythm = "Only when I ask"): Promise<Chat> {
      const made = chat(user);
      await made.type("hello");
      for (const label of ["English", rhythm]) await made.press(label);
      return made;
    },
    /** Does the jobs that wait, as the scheduler would; gives what the chat hears of it. */
    async work(listener: Chat): Promise<string> {
      for (const job of await store.jobs(clock.now, 50)) {
        await jobs[job.name]?.(job);
        await store.jobDone(job.id);
      }
      return listener.news();
    },
    async cohort(changes: Partial<CohortFacts> = {}) {
      await ensureRoot(store.db, clock.now);
      const id = await createCohort(store.db, facts(changes), rootId, clock.now);
      const made = await findCohort(store.db, id);
      if (made === undefined || made.code === null) throw new Error("the cohort is not there");
      return { id, code: made.code };
    },
    async invitation(code: string, cohort: string | null, role = "learner"): Promise<string> {
      const at = BigInt(clock.now);
      await store.db.invite.create({
        data: {
          codeHash: codeHash(secret, code),
          role,
          cohort,
          createdAt: at,
          expiresAt: at + BigInt(7 * dayMs),
        },
      });
      return code;
    },
  };
}
