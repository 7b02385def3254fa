import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createCertificates } from "../../src/certificates/certificates.ts";
import { mountCertificatePages } from "../../src/certificates/page.tsx";
import { credentialIn } from "../../src/certificates/read-file.ts";
import { mountRecordPage } from "../../src/certificates/record-page.tsx";
import { createSigning } from "../../src/compose/signing.ts";
import { chatOf } from "../../src/engine/adapter.ts";
import type { Reply } from "../../src/engine/types.ts";
import { createCertificateJobs } from "../../src/jobs/certificates.ts";
import { createAudit } from "../../src/people/audit.ts";
import { createCatalogue } from "../../src/programmes/catalogue.ts";
import type { Store } from "../../src/store/types.ts";
import { createWorld } from "../inbox/world.ts";
import { programmes, words } from "../support/chat.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { factsFor } from "./world.ts";

const dayMs = 86_400_000;

describe.each(databaseKinds)("certificates in chat, on %s", (kind) => {
  let database: TestDatabase;
  let store: Store;
  let world: Awaited<ReturnType<typeof createWorld>>;
  let certificates: ReturnType<typeof createCertificates>;
  let jobs: ReturnType<typeof createCertificateJobs>;
  let server: Server;
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    world = await createWorld(store);
    const app = express();
    server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const signing = createSigning("a secret for tests only, thirty-two characters", undefined);
    const { seal, open, receive, db } = world;
    const now = () => world.clock.now;
    certificates = createCertificates({
      db,
      now,
      origin,
      publicUrl: undefined,
      seal,
      open,
      audit: createAudit(db, now),
    });
    jobs = createCertificateJobs({ db, receive, now, origin, sign: signing.sign, seal });
    const common = { db, now, origin, words, seal, open };
    const hours = async () => [{ kind: "live", name: "Live days", minutes: 90 }];
    mountRecordPage(app, { ...common, keys: certificates.keys, catalogue: createCatalogue(programmes, []), hours });
    mountCertificatePages(app, { ...common, ...signing, certificates });
  });
  afterEach(async () => {
    server.close();
    await database.drop();
  });

  type Chat = Awaited<ReturnType<typeof world.learner>>;
  const work = async () => {
    for (const job of await store.jobs(world.clock.now, 10)) {
      await jobs[job.name]?.(job);
      await store.jobDone(job.id);
    }
  };
  const types = async (chat: Chat, text: string): Promise<string> => {
    const first = await chat.type(text);
    await work();
    return `${first}\n${await chat.news()}`;
  };
  const award = async (chat: Chat, given = {}) => {
    const validUntil = world.clock.now + 365 * dayMs;
    const issued = await certificates.issue(factsFor(await chat.id(), { validUntil, ...given }), "assessor");
    if ("refused" in issued) throw new Error(issued.refused);
    return issued.award;
  };
  /** The address behind a button that was shown, the newest first. */
  const linkOf = async (chat: Chat, label: string): Promise<string> => {
    const rows = await store.outbox.stream(chatOf(chat.address), 0, 200);
    const replies: Reply[] = rows.flatMap((row) => row.parts.map((part) => part.reply));
    const url = replies.flatMap((reply) => reply.actions ?? []).findLast((one) => one.label === label)?.url;
    if (url === undefined) throw new Error(`no button "${label}"`);
    return url;
  };

  test("are listed with links to share, and the page shows the name from one press to the next", async () => {
    const anna = await world.learner("anna");
    const { token } = await award(anna);
    const said = await types(anna, "my certificate");
    expect(said).toMatch(/Certified family mentor, Level 2[\s\S]*Valid until 3 March 2027/u);
    expect(said).toMatch(/name – hidden; programme – hidden/u);
    const page = await linkOf(anna, "Link to share");
    expect(page).toContain(token);
    expect(await (await fetch(page)).text()).not.toContain("Ødegård");
    for (const label of ["Show my name", "Show the programme"]) {
      await anna.press(label);
      await work();
    }
    expect(await anna.news()).toContain("name – shown; programme – shown");
    expect(await (await fetch(page)).text()).toMatch(/Ødegård[\s\S]*Certified family mentor/u);
    await anna.press("Hide my name");
    await work();
    expect(await (await fetch(page)).text()).not.toContain("Ødegård");
    const picture = await fetch(await linkOf(anna, "Picture"));
    expect(credentialIn(Buffer.from(await picture.arrayBuffer()))).toContain("Ødegård");
  });

  test("the page of somebody else's is not changed by whoever knows its number", async () => {
    const [anna, bo] = [await world.learner("anna"), await world.learner("bo")];
    const { id } = await award(anna);
    await bo.command("certificate", `show name ${id}`);
    await work();
    expect(await store.db.award.findUnique({ where: { id } })).toMatchObject({ showName: false });
    expect(await bo.news()).not.toContain("Certified");
  });

  test("a standing yes to the name in checks counts for a new certificate", async () => {
    const anna = await world.learner("anna");
    const about = { personId: await anna.id(), purpose: "certificate", version: "1", at: 1n };
    await store.db.consent.create({ data: { ...about, given: false } });
    await store.db.consent.create({ data: { ...about, given: true } });
    expect(await award(anna)).toMatchObject({ showName: true, showProgramme: false });
  });

  test("what was learnt goes along at any time, signed, also without a certificate", async () => {
    const anna = await world.learner("anna");
    const said = await types(anna, "certificate");
    expect(said).toContain("You have no certificate yet.");
    const link = await linkOf(anna, "What I have learnt");
    const pdf = await fetch(link);
    expect([pdf.status, pdf.headers.get("content-type")]).toEqual([200, "application/pdf"]);
    const inside = credentialIn(Buffer.from(await pdf.arrayBuffer())) ?? "";
    expect(await certificates.verify(inside)).toMatchObject({ kind: "valid", said: { name: "Name of anna" } });
    expect(JSON.parse(inside).credentialSubject.result.at(-1).value).toBe("1.5 h");
    const { now } = Date;
    const at = now();
    Date.now = () => at + 3_600_001;
    try {
      expect((await fetch(link)).status).toBe(410);
    } finally {
      Date.now = now;
    }
    expect((await fetch(link.replace(/\/records\/../u, "/records/xx"))).status).toBe(410);
  });
});
