import { z } from "zod";
import { firstName, withName } from "../broadcasts/content.ts";
import { notePress } from "../broadcasts/facts.ts";
import { type BroadcastDeps, fallbackOf } from "../broadcasts/maker.ts";
import { createBroadcasts } from "../broadcasts/service.ts";
import { BroadcastError, type Problem } from "../broadcasts/types.ts";
import { topics } from "../domain/topics.ts";
import type { Receive } from "../engine/adapter.ts";
import type { Json } from "../engine/types.ts";
import { type LoadedPerson, loadPerson } from "../people/loaded.ts";
import { type Standing, standingOf } from "../people/standing.ts";
import type { Job } from "../store/types.ts";

/** What the chat command asks for. */
const asked = z.discriminatedUnion("do", [
  z.object({ do: z.literal("open") }),
  z.object({ do: z.literal("write"), cohort: z.string().nullable(), text: z.string() }),
  z.object({ do: z.literal("send"), id: z.string() }),
  z.object({ do: z.literal("undo"), id: z.string() }),
]);
const pressed = z.object({ broadcast: z.string(), what: z.string() });
const subscribed = z.object({ topic: z.enum(topics), on: z.boolean() });

/** The most cohorts that a chat offers; the console has them all. */
const mostCohorts = 12;

/** Jobs of broadcasts in chat: the coordinator's command, presses under a broadcast, topics. */
export function createBroadcastJobs(
  deps: BroadcastDeps & { readonly receive: Receive },
): Readonly<Record<string, (job: Job) => Promise<void>>> {
  const { db, sql } = deps.store;
  const broadcasts = createBroadcasts(deps);

  async function report(job: Job, to: LoadedPerson, data: Json): Promise<void> {
    const [address] = to.addresses;
    if (address === undefined) return;
    await deps.receive({
      id: `job:${job.id}`,
      address,
      person: { name: "" },
      input: { type: "timer", name: "broadcast", due: deps.now(), data, row: false },
      receivedAt: deps.now(),
    });
  }

  /** `askedAt`: when it was asked for, epoch milliseconds; what a job finds changed since, it or somebody else did after the press. */
  async function carryOut(
    ask: z.infer<typeof asked>,
    person: LoadedPerson,
    standing: Standing,
    askedAt: number,
  ): Promise<Json> {
    switch (ask.do) {
      case "open":
        return { show: "cohorts", cohorts: await cohortsOf(standing) };
      case "write":
        return written(person, standing, ask);
      case "send":
        // Taken back or written anew since the press: it is not sent once more by a job that ran before.
        return (await draftSince(ask.id, askedAt)) ? { show: "undone", done: true } : sent(person, standing, ask.id);
      case "undo": {
        const done = await broadcasts.takeBack(standing, ask.id);
        // This job may have run before: what it took back then is not too late.
        return { show: "undone", done: done || (await draftSince(ask.id, askedAt)) };
      }
    }
  }

  /** Whether a broadcast became a draft after this instant. */
  async function draftSince(id: string, at: number): Promise<boolean> {
    return (await db.broadcast.count({ where: { id, state: "draft", changedAt: { gt: BigInt(at) } } })) > 0;
  }

  async function cohortsOf(standing: Standing): Promise<Json> {
    const reach = [...standing.within("broadcasts.send")];
    const rows = await db.cohort.findMany({
      where: { parts: { some: { organisationId: { in: reach } } }, state: { not: "finished" } },
      orderBy: { createdAt: "desc" },
      take: mostCohorts,
      select: { id: true, name: true },
    });
    return rows.map(({ id, name }) => ({ id, name }));
  }

  async function written(
    { person }: LoadedPerson,
    standing: Standing,
    ask: { readonly cohort: string | null; readonly text: string },
  ): Promise<Json> {
    const language = person.language ?? deps.words.languages[0] ?? "en";
    const fallback = await fallbackOf(deps, ask.cohort ?? undefined);
    // A chat has one text: whoever reads another language gets it as it was written.
    const broadcast = {
      audience: ask.cohort === null ? {} : { cohort: ask.cohort },
      content: {
        texts: { [fallback]: ask.text, [language]: ask.text },
        next: false,
        acknowledge: false,
        options: [],
        reply: true,
      },
      timing: { kind: "now" } as const,
    };
    const { people, skipped, problems } = await broadcasts.review(standing, broadcast);
    if (problems.length > 0) return { show: "problems", problems: problems.map(plain) };
    const id = await broadcasts.draft(standing, broadcast);
    if (id === undefined) return { show: "problems", problems: [{ code: "nobody", args: {} }] };
    const left = skipped.stopped + skipped.paused + skipped.unreachable;
    return { show: "preview", id, people, skipped: left, text: withName(ask.text, firstName(person.name)) };
  }

  async function sent({ person }: LoadedPerson, standing: Standing, id: string): Promise<Json> {
    try {
      const done = await broadcasts.send(standing, id, person.timeZone);
      return done === undefined ? { show: "undone", done: false } : { show: "sent", id };
    } catch (error) {
      if (!(error instanceof BroadcastError)) throw error;
      // This job may have run before: what it sent then is no mistake.
      const state = (await broadcasts.find(standing, id))?.state;
      if (state === "scheduled" || state === "sending") return { show: "sent", id };
      return { show: "problems", problems: error.problems.map(plain) };
    }
  }

  return {
    /** The coordinator's command `broadcast`. Whoever may not send is told so. */
    async broadcast(job) {
      const ask = asked.parse(job.data);
      const person = await loadPerson(db, job.personId);
      if (person === undefined) return;
      const standing = await standingOf(db, job.personId, deps.now());
      if (!standing.may("broadcasts.send")) return report(job, person, { show: "notyours" });
      const row = await db.job.findUnique({ where: { id: job.id }, select: { createdAt: true } });
      await report(job, person, await carryOut(ask, person, standing, Number(row?.createdAt ?? deps.now())));
    },

    /** A press under a broadcast's message. */
    async noted(job) {
      const { broadcast, what } = pressed.parse(job.data);
      const person = await loadPerson(db, job.personId);
      if (person === undefined) return;
      const done = await notePress(sql, { broadcast, person: job.personId, what, now: deps.now() });
      // What follows these two has been said already.
      if (what === "next" || what === "reply") return;
      await report(job, person, {
        show: "pressed",
        result: done.result,
        label: await labelOf(person, broadcast, done.option),
      });
    },

    /** Begins or ends hearing about a topic. */
    async topic(job) {
      const { topic, on } = subscribed.parse(job.data);
      const personId = job.personId;
      if (!on) return void (await db.topic.deleteMany({ where: { personId, topic } }));
      const where = { personId_topic: { personId, topic } };
      await db.topic.upsert({ where, create: { personId, topic, at: BigInt(deps.now()) }, update: {} });
    },
  };

  async function labelOf({ person }: LoadedPerson, id: string, option: string | undefined): Promise<string> {
    const stored = option === undefined ? null : await db.broadcast.findUnique({ where: { id } });
    if (stored === null) return "";
    const { options } = z
      .object({ options: z.array(z.record(z.string(), z.string())) })
      .parse(JSON.parse(stored.content));
    const labels = options[Number(option) - 1] ?? {};
    return labels[person.language ?? ""] ?? labels[person.secondLanguage ?? ""] ?? Object.values(labels)[0] ?? "";
  }
}

function plain({ code, args }: Problem): { code: string; args: Record<string, string | number> } {
  return { code, args: { ...args } };
}
