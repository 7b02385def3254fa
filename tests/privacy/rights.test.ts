import { once } from "node:events";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mountDataPage } from "../../src/privacy/page.tsx";
import type { Store } from "../../src/store/types.ts";
import { words } from "../support/chat.ts";
import { createDatabase, databaseKinds, type TestDatabase } from "../support/databases.ts";
import { createWorld, everyRow, secret } from "./world.ts";

const all = ["en", "da", "sv", "bg", "fi"];

describe.each(databaseKinds)("a person's rights, on %s", (kind) => {
  // The words do not depend on the database.
  const languages = kind === "sqlite" ? all : ["en"];
  let database: TestDatabase;
  let store: Store;
  let world: ReturnType<typeof createWorld>;
  const closing: (() => void)[] = [];
  beforeEach(async () => {
    database = await createDatabase(kind);
    store = await database.open();
    world = createWorld(store);
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) close();
    await database.drop();
  });

  test.each(languages)(
    "permissions in %s: no is the default, yes and its end are as many presses",
    async (language) => {
      const s = (key: string, args = {}) => words.text(language, key, args);
      const chat = world.chat("anna");
      await chat.start(language);
      await chat.type("privacy");
      expect(await world.work(chat)).not.toContain(s("privacy.state", { purpose: s("privacy.alumni"), given: "yes" }));
      const answer = async (label: string): Promise<string> => {
        await chat.type("privacy");
        await world.work(chat);
        await chat.press(s("privacy.alumni"));
        await world.work(chat);
        await chat.press(s(label));
        return world.work(chat);
      };
      expect(await answer("privacy.yes")).toContain(
        s("privacy.state", { purpose: s("privacy.alumni"), given: "yes" }).replaceAll("*", ""),
      );
      world.clock.now += 60_000;
      expect(await answer("privacy.no")).toContain(
        s("privacy.state", { purpose: s("privacy.alumni"), given: "no" }).replaceAll("*", ""),
      );
      const rows = await store.db.consent.findMany({ orderBy: { id: "asc" } });
      expect(rows.map(({ purpose, version, given }) => [purpose, version, given])).toEqual([
        ["alumni", "1", true],
        ["alumni", "1", false],
      ]);
      expect(Number(rows[1]?.at)).toBe(world.clock.now);
    },
  );

  test("a permission for something that is not asked shows the list", async () => {
    const chat = world.chat("anna");
    await chat.start();
    await chat.type("consent everything yes");
    expect(await world.work(chat)).toContain("Your permissions");
    expect(await store.db.consent.count()).toBe(0);
  });

  test("mydata: a button takes the link once, and the page has everything", async () => {
    const [chat, other] = [world.chat("anna"), world.chat("bo")];
    await chat.start();
    await other.start();
    await chat.type("coordinator");
    await chat.type("May I come an hour later?");
    await chat.type("mydata");
    const told = await world.work(chat);
    expect(told).toContain("What is stored about you");
    expect(told).toContain("Name as your app shows it: Learner anna");
    const url =
      chat
        .shown()
        .flatMap((reply) => reply.actions ?? [])
        .find((action) => action.url !== undefined)?.url ?? "";
    const app = express();
    mountDataPage(app, {
      store,
      words,
      secret,
      publicUrl: undefined,
      now: () => world.clock.now,
      open: world.open,
      openBytes: () => new Uint8Array(),
    });
    const server = app.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(url).pathname}`;
    const own = { method: "POST", headers: { origin: new URL(at).origin, "sec-fetch-site": "same-origin" } };
    for (let opened = 0; opened < 3; opened += 1) expect((await fetch(at)).status).toBe(200);
    expect((await fetch(at, { method: "POST", headers: { "sec-fetch-site": "cross-site" } })).status).toBe(403);
    expect((await fetch(at, { method: "POST", headers: { origin: "null" } })).status).toBe(403);
    expect((await fetch(at)).headers.get("referrer-policy")).toBe("same-origin");
    const shown = await fetch(at, own);
    const html = await shown.text();
    expect(shown.headers.get("cache-control")).toBe("no-store");
    expect(html).toContain("Learner anna");
    expect(html).not.toContain("Learner bo");
    const file = /base64,([A-Za-z0-9+/=]+)/u.exec(html)?.[1] ?? "";
    const json = JSON.parse(Buffer.from(file, "base64").toString());
    expect(json.person[0].name).toBe("Learner anna");
    expect(json.questions[0].texts).toMatchObject([{ mine: true, text: "May I come an hour later?" }]);
    expect((await fetch(at, own)).status).toBe(410);
    expect((await fetch(at)).status).toBe(410);
  });

  test("a link for data is no longer good after a day", async () => {
    const chat = world.chat("anna");
    await chat.start();
    await chat.type("mydata");
    await world.work(chat);
    const [row] = await store.db.signIn.findMany();
    expect(Number(row?.expiresAt)).toBe(world.clock.now + 86_400_000);
    expect(row?.path).toBe("/mydata");
  });

  test.each(languages)("deleteme in %s: asked twice, then nothing is left but a tombstone", async (language) => {
    const s = (key: string) => words.text(language, key);
    const [chat, other] = [world.chat("anna"), world.chat("bo")];
    await other.start();
    await chat.start(language);
    const id = await chat.personId();
    await chat.type("coordinator");
    await chat.type("an hour later?");
    expect(await chat.type("deleteme")).toBe(s("privacy.delete.explain"));
    expect(await chat.press(s("privacy.delete.no"))).toBe(s("privacy.delete.kept"));
    expect(await store.db.person.count()).toBe(2);
    await chat.type("deleteme");
    expect(await chat.press(s("privacy.delete.go"))).toBe(s("privacy.delete.sure"));
    await chat.press(s("privacy.delete.yes"));
    await world.work(chat);
    const rows = await everyRow(store);
    expect(rows).not.toContain(id);
    expect(rows).not.toContain("Learner anna");
    expect(rows).toContain("Learner bo");
    expect(rows).toContain("erased:");
    expect(await chat.type("hello")).toContain("Fadder");
  });

  test("the last message is there before everything goes", async () => {
    const chat = world.chat("anna");
    await chat.start();
    const person = await chat.personId();
    let said = "";
    const address = { channel: "chat", tenant: "bot", user: "anna", ref: {} };
    await world.receive({
      id: "last",
      address,
      person: { name: "" },
      input: { type: "timer", name: "erased", due: 0, data: {}, row: false },
      receivedAt: 0,
    });
    said = await chat.news();
    expect(said).toContain("This is my last message");
    expect(await store.db.person.count({ where: { id: person } })).toBe(1);
  });
});
