import { script } from "../../dialogs/index.ts";
import { chatOf } from "../../src/engine/adapter.ts";
import type { Script } from "../../src/engine/dialog.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Input, Receipt, Reply } from "../../src/engine/types.ts";
import { createJobs } from "../../src/jobs/index.ts";
import { createGuard } from "../../src/privacy/guard.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Store } from "../../src/store/types.ts";
import { createChance } from "../../src/turns/chance.ts";
import { createReceive } from "../../src/turns/receive.ts";
import { programmes, words } from "../support/chat.ts";
import { quietLog } from "../support/databases.ts";

export const secret = "a secret for tests only, thirty-two characters";
export const origin = "http://127.0.0.1:1";
/** Tuesday, 3 March 2026, 10:00 in Copenhagen. */
export const tuesday = Date.UTC(2026, 2, 3, 9);

/** The real script and jobs over a real database; nothing is sealed, so that what is stored can be searched. */
export function createWorld(store: Store, given: Script = script) {
  const clock = { now: tuesday };
  const now = (): number => clock.now;
  const open = (_purpose: string, sealed: Uint8Array): string => Buffer.from(sealed).toString();
  const { receive } = createReceive({
    store,
    script: given,
    words,
    content: createCatalogue(programmes, []),
    now,
    chance: createChance(),
    publicUrl: undefined,
    guard: createGuard(words),
    seal: (_purpose, text) => Buffer.from(text),
    laneFor: () => "",
    log: quietLog,
    observe: { turn() {}, renewed() {} },
  });
  const jobs = createJobs({ store, receive, now, secret, origin, seal: (_purpose, text) => Buffer.from(text), open });
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
    const deliver = (input: Input): Promise<Receipt> =>
      receive({
        id: `d${deliveries++}`,
        address,
        person: { name: `Learner ${user}` },
        input,
        receivedAt: clock.now,
      });
    const send = async (input: Input): Promise<string> => {
      await deliver(input);
      return news();
    };
    const press = (label: string): Promise<string> => {
      for (const reply of [...shown].reverse()) {
        const found = [...(reply.choices ?? []), ...(reply.actions ?? [])].find((one) => one.label === label);
        if (found && reply.token) return send({ type: "press", token: reply.token, option: found.option });
      }
      throw new Error(`nobody showed "${label}"`);
    };
    return {
      news,
      deliver,
      press,
      type: (text: string) => send({ type: "text", text }),
      shown: () => shown,
      personId: async () => {
        const row = await store.db.address.findUnique({ where: { id: chatOf(address) } });
        if (row === null) throw new Error(`${user} is nobody`);
        return row.personId;
      },
      /** Welcomed in a language, without reminders. */
      async start(language = "en"): Promise<void> {
        await send({ type: "command", name: "start", args: "" });
        await press(words.text(language, `language.${language}`));
        await press(words.text(language, "rhythm.never"));
      },
    };
  }

  return {
    clock,
    chat,
    open,
    receive,
    /** Does the jobs that wait, as the scheduler would; gives what the chat hears of it. */
    async work(listener: ReturnType<typeof chat>): Promise<string> {
      for (const job of await store.jobs(clock.now, 20)) {
        await jobs[job.name]?.(job);
        await store.jobDone(job.id);
      }
      return listener.news();
    },
  };
}

/** Every row of every table, as text. */
export async function everyRow({ db }: Store): Promise<string> {
  const rows = await Promise.all([
    db.person.findMany(),
    db.address.findMany(),
    db.session.findMany(),
    db.progress.findMany(),
    db.record.findMany(),
    db.timer.findMany(),
    db.job.findMany(),
    db.token.findMany(),
    db.outbox.findMany(),
    db.delivery.findMany(),
    db.failedTurn.findMany(),
    db.linkCode.findMany(),
    db.invite.findMany(),
    db.keep.findMany(),
    db.formerPerson.findMany(),
    db.meta.findMany(),
    db.organisation.findMany(),
    db.grant.findMany(),
    db.cohort.findMany(),
    db.membership.findMany(),
    db.audit.findMany(),
    db.signIn.findMany(),
    db.consoleSession.findMany(),
    db.consent.findMany(),
    db.question.findMany(),
    db.questionEntry.findMany(),
    db.note.findMany(),
    db.broadcast.findMany(),
    db.broadcastDelivery.findMany(),
    db.filter.findMany(),
    db.topic.findMany(),
    db.approval.findMany(),
    db.undo.findMany(),
    db.evidence.findMany(),
    db.evidenceStep.findMany(),
    db.evidenceFile.findMany(),
    db.uploadLink.findMany(),
  ]);
  const readable = (_key: string, value: unknown): unknown => {
    if (typeof value === "bigint") return Number(value);
    // Bytes hold what was sealed, and the input of a failed turn is base64 of it.
    return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : value;
  };
  const failed = (await db.failedTurn.findMany()).map((row) => Buffer.from(row.input, "base64").toString("utf8"));
  return rows.map((table) => JSON.stringify(table.map((row) => mapped(row, readable)))).join("\n") + failed.join("\n");
}

function mapped(row: object, change: (key: string, value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, change(key, value)]));
}
