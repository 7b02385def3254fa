import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Adapter } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Outgoing } from "../../src/engine/types.ts";
import { createInvitationJobs } from "../../src/mail/invitations.ts";
import { createRosterMailJobs } from "../../src/mail/roster.ts";
import type { Job } from "../../src/store/types.ts";
import { type Browser, type ConsoleWorld, startConsole } from "../console/world.ts";
import { words } from "../support/chat.ts";
import { createDatabase, databaseKinds } from "../support/databases.ts";

/** Four messages in a minute over the lane, so two invitations. */
const rate = { scope: "lane", count: 4, perMs: 60_000 } as const;

describe.each(databaseKinds)("a roster that is invited by e-mail, on %s", (kind) => {
  let world: ConsoleWorld;
  let lead: Browser;
  let clock: { now: number };
  let sent: { readonly to: string; readonly at: number; readonly text: string; readonly url: string }[];
  let letters: Adapter;
  beforeEach(async () => {
    clock = { now: Date.now() };
    sent = [];
    letters = {
      channel: "letters",
      capabilities: { lane: true, rates: [rate], concurrency: 1, edits: false, home: false },
      mailbox: (to: string) => ({ channel: "letters", tenant: "us", user: "u", ref: { to } }),
      deliver: async ({ address, reply }: Outgoing) => {
        const { to } = address.ref as { readonly to: string };
        sent.push({ to, at: clock.now, text: toPlain(reply.text), url: reply.actions?.[0]?.url ?? "" });
        return { messageId: "1" };
      },
      preview: () => ({ parts: [] }),
    } as unknown as Adapter;
    world = await startConsole({
      database: await createDatabase(kind),
      publicUrl: "https://fadder.example",
      now: () => clock.now,
    });
    Object.assign(world.deps, { adapters: [letters] });
    await world.member("anna", "root");
    await world.store.db.cohort.update({ where: { id: "cohort-anna" }, data: { languages: '["fi"]' } });
    await world.person("lead");
    await world.grant("lead", "coordinator");
    lead = await world.enter("lead");
  });
  afterEach(() => world.close());

  const roster = "/console/cohorts/cohort-anna/roster";
  const people = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => {
      const n = from + index;
      return `P${n};p${n}@example.org;${["da", "bg", ""][n % 3]}`;
    });

  /** Tries a roster out; gives what the page says. */
  async function tryOut(lines: readonly string[]): Promise<string> {
    const form = new FormData();
    form.set("roster", new Blob([["name;e-mail;language", ...lines].join("\n")]), "people.csv");
    await lead.get(roster);
    return (await lead.upload(roster, form)).text;
  }
  const apply = (page: string, fields: Record<string, string> = { mail: "yes" }) =>
    lead.post(`${roster}/apply`, { run: /name="run" value="([^"]+)"/u.exec(page)?.[1] ?? "", ...fields });

  const jobs = () => {
    const deps = { ...world.deps, db: world.store.db, words, adapters: [letters], now: () => clock.now };
    return { ...createInvitationJobs(deps), ...createRosterMailJobs(deps) };
  };
  const run = async (job: Job): Promise<void> => {
    const all: Readonly<Record<string, (job: Job) => Promise<void>>> = jobs();
    await all[job.name]?.(job);
    await world.store.jobDone(job.id);
  };
  /** Lets time pass in small steps until nothing waits. */
  async function drain(): Promise<void> {
    for (let steps = 0; (await world.store.db.job.count()) > 0; steps += 1) {
      if (steps > 300) throw new Error("the letters do not end");
      for (const job of await world.store.jobs(clock.now, 4)) await run(job);
      clock.now += 5_000;
    }
  }

  test("the dry run says how many and how long; everybody gets one letter, in their language, at the account's pace", async () => {
    const page = await tryOut(people(0, 9));
    expect(page).toContain("Also send 9 e-mails with the link");
    expect(page).toContain("about 5 minutes");
    expect(await world.store.db.job.count()).toBe(0);
    await apply(page);
    await drain();
    expect(sent.map(({ to }) => to).sort()).toEqual(people(0, 9).map((_, n) => `p${n}@example.org`));
    const textOf = (n: number) => sent.find(({ to }) => to === `p${n}@example.org`)?.text ?? "";
    expect(textOf(0)).toContain("Du er inviteret");
    expect(textOf(1)).toMatch(/[а-я]/u);
    // Whose language nobody said reads the cohort's.
    expect(textOf(2)).toMatch(/kutsu/iu);
    for (const { at } of sent) {
      expect(sent.filter((one) => one.at >= at && one.at < at + 60_000).length).toBeLessThanOrEqual(2);
    }
    const links = new Set(sent.map(({ url }) => url));
    expect(links.size).toBe(9);
    for (const url of links) expect(url).toMatch(/^https:\/\/fadder\.example\/join\/[0-9A-Z]{10}$/u);
    // One-time, and gone after thirty days: the same invitation as by any other way.
    expect(await world.store.db.invite.count({ where: { usedBy: null } })).toBe(9);
  });

  test("a second roster writes to nobody a second time, and a tick taken away to nobody at all", async () => {
    await apply(await tryOut(people(0, 3)));
    await drain();
    const again = await tryOut(people(0, 4));
    expect(again).toContain("Also send one e-mail with the link");
    await apply(again);
    await drain();
    expect(sent.map(({ to }) => to).sort()).toEqual(people(0, 4).map((_, n) => `p${n}@example.org`));
    await apply(await tryOut(people(4, 6)), {});
    await drain();
    expect(sent).toHaveLength(4);
  });

  test("a process that dies goes on where it was: a stretch that is run twice writes its letters once", async () => {
    await apply(await tryOut(people(0, 5)));
    const [first] = await world.store.jobs(clock.now, 4);
    if (first === undefined) throw new Error("nothing waits");
    await Promise.all([jobs().rosterMail(first), jobs().rosterMail(first)]);
    await jobs().rosterMail(first);
    await drain();
    expect(sent.map(({ to }) => to).sort()).toEqual(people(0, 5).map((_, n) => `p${n}@example.org`));
  });

  test("whoever came in by the link before the letter's turn gets none", async () => {
    await apply(await tryOut(people(0, 3)));
    await world.store.db.invite.updateMany({ data: { usedBy: "anna", invitee: null } });
    await drain();
    expect(sent).toEqual([]);
  });

  test("what waits holds no readable address", async () => {
    await apply(await tryOut(people(0, 2)));
    for (const job of await world.store.jobs(clock.now, 4)) await run(job);
    const waiting = await world.store.db.job.findMany();
    expect(waiting.map(({ name }) => name).sort()).toEqual(["invitationMail", "invitationMail", "rosterMail"]);
    expect(JSON.stringify(waiting.map(({ data, id }) => [data, id]))).not.toContain("example.org");
  });
});
