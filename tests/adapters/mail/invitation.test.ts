import { describe, expect, test } from "vitest";
import { type Adapter, DeliveryError, type Failure } from "../../../src/engine/adapter.ts";
import { toPlain } from "../../../src/engine/markup.ts";
import type { Outgoing } from "../../../src/engine/types.ts";
import { createInvitationJobs, sendInvitationMail } from "../../../src/mail/invitations.ts";
import type { Store } from "../../../src/store/types.ts";
import { createWorld } from "../../inbox/world.ts";
import { words } from "../../support/chat.ts";
import { databaseKinds } from "../../support/databases.ts";
import { eachWithStore } from "../../support/each-store.ts";

describe.each(databaseKinds)("an invitation by e-mail, on %s", (kind) => {
  let store: Store;
  let sent: Outgoing[];
  let failure: Failure | undefined;
  eachWithStore(kind, (opened) => {
    store = opened;
    sent = [];
    failure = undefined;
  });

  const letters = {
    mailbox: (email: string) => ({
      channel: "letters",
      tenant: "us",
      user: email.length.toString(),
      ref: { to: email },
    }),
    deliver: async (outgoing: Outgoing) => {
      if (failure !== undefined) throw new DeliveryError(failure, "550");
      sent.push(outgoing);
      return { messageId: "1" };
    },
  } as unknown as Adapter;
  const invitation = {
    to: "new@example.org",
    language: "da",
    code: "ABCD-EFGH",
    link: "https://fadder.example.org/j/x",
  };

  test("waits sealed, leaves once in the invitee's language, and makes nobody a person", async () => {
    const world = await createWorld(store);
    const ida = await world.staff("ida", "coordinator");
    const deps = { ...world, adapters: [letters], words, now: () => world.clock.now };
    expect(await sendInvitationMail({ ...deps, adapters: [] }, await ida.id(), invitation)).toBe(false);
    expect(await sendInvitationMail(deps, await ida.id(), invitation)).toBe(true);
    expect(JSON.stringify((await world.db.job.findMany()).map((job) => job.data))).not.toMatch(/new@|ABCD/u);
    await run(deps);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.address.ref).toEqual({ to: "new@example.org" });
    expect(toPlain(sent[0]?.reply.text ?? [])).toMatch(/Du er inviteret .* ABCD-EFGH/u);
    expect(sent[0]?.reply.actions).toMatchObject([{ label: "Begynd", url: invitation.link }]);
    expect(await world.db.person.count()).toBe(1);
    expect(await world.db.job.count()).toBe(0);
  });

  test("what did not leave is tried again; what may have left is not, and the trail says so", async () => {
    const world = await createWorld(store);
    const ida = await world.staff("ida", "coordinator");
    const deps = { ...world, adapters: [letters], words, now: () => world.clock.now };
    await sendInvitationMail(deps, await ida.id(), invitation);
    failure = "unreachable";
    await expect(run(deps)).rejects.toThrow("unreachable");
    failure = "unknown";
    world.clock.now += 120_000;
    await run(deps);
    expect(await world.db.job.count()).toBe(0);
    const trail = await world.db.audit.findMany({ where: { actor: await ida.id() } });
    expect(trail).toMatchObject([{ action: "invitation.unsent", detail: '{"code":"unknown 550"}' }]);
  });

  /** Does the jobs that wait, as the scheduler would. */
  async function run(deps: Parameters<typeof createInvitationJobs>[0]): Promise<void> {
    const jobs = createInvitationJobs(deps);
    for (const job of await store.jobs(deps.now(), 10)) {
      await jobs.invitationMail(job);
      await store.jobDone(job.id);
    }
  }
});
