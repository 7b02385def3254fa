import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { expect } from "vitest";
import type { Adapter, DeliveryError } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Outgoing } from "../../src/engine/types.ts";
import { createMailboxJobs } from "../../src/jobs/mailbox.ts";
import { mountMailPages } from "../../src/mail/page.tsx";
import type { Database } from "../../src/store/client.ts";
import type { Store } from "../../src/store/types.ts";
import { createWorld } from "../inbox/world.ts";
import { words } from "../support/chat.ts";
import { quietLog } from "../support/databases.ts";

const secret = "a secret for tests only, thirty-two characters";

type World = Awaited<ReturnType<typeof createWorld>>;
type Chat = Awaited<ReturnType<World["learner"]>>;
export type Post = Awaited<ReturnType<typeof createPost>>;

/** Chats, a platform that writes letters, and the pages behind these letters, over a real database. */
export async function createPost(store: Store) {
  const world = await createWorld(store);
  const sent: { readonly to: string; readonly text: string; readonly url: string }[] = [];
  const app = express();
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const letters = {
    channel: "letters",
    mailbox: (to: string, language?: string) => ({
      channel: "letters",
      tenant: "us",
      user: to.toLowerCase().replace("@", "-at-"),
      ref: { to, ...(language === undefined ? {} : { language }) },
    }),
    deliver: async ({ address, reply }: Outgoing) => {
      if (post.failure) throw post.failure;
      const { to } = address.ref as { readonly to: string };
      sent.push({ to, text: toPlain(reply.text), url: reply.actions?.[0]?.url ?? "" });
      return { messageId: "1" };
    },
  } as unknown as Adapter;
  const db = store.db.$extends({
    query: {
      address: {
        async upsert({ args, query }) {
          await post.meet();
          return query(args);
        },
      },
    },
  }) as unknown as Database;
  const { seal, open, receive, clock } = world;
  const common = { db, adapters: [letters], words, secret, origin: url, publicUrl: url, now: () => clock.now };
  const jobs = createMailboxJobs({ ...common, receive, seal });
  const held = async () => {
    const is = await store.upkeep.held();
    post.asked += 1;
    return is;
  };
  mountMailPages(app, { ...common, receive, held, open, log: quietLog });

  const press = (path: string, body = "") =>
    fetch(path, {
      method: "POST",
      redirect: "manual",
      headers: { origin: url, "content-type": "application/x-www-form-urlencoded", "accept-language": "en" },
      body,
    });
  const post = {
    world,
    url,
    sent,
    jobs,
    press,
    /** What every letter fails with. */
    failure: undefined as DeliveryError | undefined,
    /** How often the pages asked whether the database is held. */
    asked: 0,
    /** Goes before an address is written. */
    meet: async (): Promise<void> => undefined,
    /** Types a command and lets its work be done; gives what the chat heard. */
    async types(chat: Chat, text: string): Promise<string> {
      const first = await chat.type(text);
      for (const job of await store.jobs(clock.now, 10)) {
        await jobs[job.name]?.(job);
        await store.jobDone(job.id);
      }
      return `${first}\n${await chat.news()}`;
    },
    /** Asks for a way back; where a letter must come it is awaited, since the page does not wait for it. */
    async returns(email: string, isKnown = true) {
      const before = sent.length;
      const page = await (await press(`${url}/return`, `email=${encodeURIComponent(email)}`)).text();
      if (isKnown) await expect.poll(() => sent.length, { timeout: 10_000 }).toBe(before + 1);
      return { page, letters: sent.slice(before) };
    },
    async confirmed(chat: Chat, email: string): Promise<void> {
      await post.types(chat, `mailbox ${email}`);
      expect((await press(sent.at(-1)?.url ?? "")).status).toBe(200);
    },
    close: () => void server.close(),
  };
  return post;
}
