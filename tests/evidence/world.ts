import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll } from "vitest";
import type { Category, Competence } from "../../src/domain/framework.ts";
import type { Programme } from "../../src/domain/programme.ts";
import { mountUploadPage } from "../../src/evidence/page.tsx";
import type { ReviewDeps } from "../../src/evidence/review.ts";
import type { UploadDeps } from "../../src/evidence/upload.ts";
import { createEvidenceJobs } from "../../src/jobs/evidence.ts";
import { createAudit } from "../../src/people/audit.ts";
import { standingOf } from "../../src/people/standing.ts";
import { mountDataPage } from "../../src/privacy/page.tsx";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import { createBox } from "../../src/store/box.ts";
import type { Store } from "../../src/store/types.ts";
import { createWorld } from "../inbox/world.ts";
import { programmes, words } from "../support/chat.ts";
import { createDatabase, type TestDatabase } from "../support/databases.ts";

const secret = "a secret for tests only, thirty-two characters";

const title = (en: string) => ({ en, bg: en, da: en, sv: en, fi: en });

/** The programmes with a small framework. */
export const framed: readonly Programme[] = programmes.map((programme) => {
  const { framework } = programme;
  if (framework === undefined) throw new Error("the programme has no framework");
  const competence = (id: string, text: string): Competence => ({
    ...{ id, title: title(text), example: title(""), scale: "doing", lessons: [], statements: [] },
  });
  const categories: readonly Category[] = [
    {
      ...{ id: "a", title: title("Meeting people"), mayLag: 0 },
      competences: [competence("a1", "Listening"), competence("a2", "Asking openly")],
    },
    {
      ...{ id: "b", title: title("Working together"), mayLag: 0 },
      competences: [competence("b1", "Keeping promises")],
    },
  ];
  return { ...programme, framework: { ...framework, categories } };
});

type Chat = Awaited<ReturnType<Awaited<ReturnType<typeof createWorld>>["learner"]>>;

/** Learners and assessors over a real database, with the upload page behind a real server. */
export async function createEvidenceWorld(store: Store, given: { readonly programmes?: readonly Programme[] } = {}) {
  const box = createBox(secret);
  const sealing = {
    seal: (purpose: string, text: string, context: string) => box.seal(purpose, Buffer.from(text), context),
    open: (purpose: string, sealed: Uint8Array, context: string) =>
      Buffer.from(box.open(purpose, sealed, context)).toString(),
    sealBytes: box.seal,
    openBytes: box.open,
  };
  const own = given.programmes ?? framed;
  const app = express();
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const world = await createWorld(store, {
    programmes: own,
    jobs: ({ receive, now }) => createEvidenceJobs({ store, receive, now, secret, origin: url, ...sealing }),
  });
  const now = () => world.clock.now;
  const uploads: UploadDeps = { store, now, secret, origin: url, ...sealing };
  mountUploadPage(app, {
    ...uploads,
    words,
    catalogue: createCatalogue(own, []),
    publicUrl: undefined,
    platforms: [],
  });
  mountDataPage(app, { ...uploads, words, publicUrl: undefined });
  const deps: ReviewDeps = { ...uploads, audit: createAudit(store.db, now) };

  /** Types or presses, lets the work behind it be done, and gives what the chat heard of it. */
  const after = async (chat: Chat, said: Promise<string>): Promise<string> => {
    const first = await said;
    await world.work();
    return `${first}\n${await chat.news()}`;
  };

  const self = {
    ...world,
    store,
    url,
    deps,
    uploads,
    type: (chat: Chat, text: string) => after(chat, chat.type(text)),
    command: (chat: Chat, args: string) => after(chat, chat.command("evidence", args)),
    press: (chat: Chat, label: string) => after(chat, chat.press(label)),
    reviewer: async (chat: Chat) => standingOf(store.db, await chat.id(), now()),
    /** What a button of an item asks for. An id is chance: typed, it may look like a name. */
    async ask(chat: Chat, op: string, id: string, more: object = {}): Promise<string> {
      const at = BigInt(now());
      const data = JSON.stringify({ op, id, ...more });
      const personId = await chat.id();
      const job = { id: randomUUID(), personId, name: "evidence", data, attempts: 0 };
      await store.db.job.create({ data: { ...job, notBefore: at, createdAt: at } });
      await world.work();
      return chat.news();
    },
    /** An item of a few lines that waits to be looked at; its id. */
    async handedIn(chat: Chat): Promise<string> {
      await self.command(chat, "new");
      for (const label of ["Meeting people", "Listening", "Asking openly", "Done", "A few lines I write"])
        await self.press(chat, label);
      await self.type(chat, lines);
      await self.press(chat, "Hand in");
      const row = await store.db.evidence.findFirstOrThrow({
        where: { personId: await chat.id(), kind: "text" },
        orderBy: { createdAt: "desc" },
      });
      return row.id;
    },
    /** Goes as far as the link to the upload page; gives the link. */
    async fileLink(chat: Chat): Promise<string> {
      await self.command(chat, "new");
      for (const label of ["Meeting people", "Listening", "Done", "A file"]) await self.press(chat, label);
      await self.type(chat, "a certificate of a course about listening");
      return linkOf(store, url);
    },
    /** Hands a file in as a browser would. */
    async upload(link: string, bytes: Uint8Array, form: { name?: string; tick?: boolean; origin?: string } = {}) {
      const data = new FormData();
      data.set("file", new File([new Uint8Array(bytes)], form.name ?? "scan.pdf"));
      if (form.tick !== false) data.set("tick", "yes");
      return fetch(link, { method: "POST", body: data, headers: { origin: form.origin ?? url } });
    },
    /** An item with a file that waits to be looked at; its id. */
    async fileHandedIn(chat: Chat, bytes: Uint8Array = pdf()): Promise<string> {
      const link = await self.fileLink(chat);
      const answer = await self.upload(link, bytes);
      if (answer.status !== 200) throw new Error(`the page said ${answer.status}: ${await answer.text()}`);
      await world.work();
      await chat.news();
      await self.press(chat, "Hand in");
      const row = await store.db.evidence.findFirstOrThrow({
        where: { personId: await chat.id(), kind: "file" },
        orderBy: { createdAt: "desc" },
      });
      return row.id;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return self;
}

/** The latest link to the upload page that went out. */
export async function linkOf({ db }: Pick<Store, "db">, url: string): Promise<string> {
  const rows = await db.outbox.findMany({ orderBy: { seq: "asc" } });
  const found = rows.flatMap(({ payload }) => payload?.match(new RegExp(`${url}/upload/[\\w-]+`, "gu")) ?? []);
  const last = found.at(-1);
  if (last === undefined) throw new Error("no link went out");
  return last;
}

/** A few lines as somebody writes them. */
export const lines = "We had planned to meet every week. I asked what would make it easier and waited for an answer.";

/** A small file that begins as a PDF does. */
export function pdf(marker = "nothing"): Uint8Array {
  return Buffer.from(`%PDF-1.7\n1 0 obj << /Note (${marker}) >> endobj\n%%EOF\n`);
}

export type EvidenceWorld = Awaited<ReturnType<typeof createEvidenceWorld>>;

/** Gives all tests of a `describe` one world over a database of its own, which is dropped after them. */
export function onceInEvidenceWorld(
  kind: TestDatabase["kind"],
  prepare: (world: EvidenceWorld, database: TestDatabase) => void | Promise<void>,
): void {
  let database: TestDatabase;
  let world: EvidenceWorld;
  beforeAll(async () => {
    database = await createDatabase(kind);
    world = await createEvidenceWorld(await database.open());
    await prepare(world, database);
  });
  afterAll(async () => {
    await world.close();
    await database.drop();
  });
}
