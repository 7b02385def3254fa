import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { platform as terminal } from "../../adapters/terminal/platform.ts";
import { platform as web } from "../../adapters/web/platform.ts";
import { script } from "../../dialogs/index.ts";
import type { Product } from "../../src/cli/kit.ts";
import { composeServer } from "../../src/compose/product.ts";
import { loadConfig } from "../../src/config.ts";
import type { Platform, Receive } from "../../src/engine/adapter.ts";
import { toPlain } from "../../src/engine/markup.ts";
import type { Input, Reply } from "../../src/engine/types.ts";
import { type Role, roles, rules } from "../../src/people/access.ts";
import { giveRole } from "../../src/people/grants.ts";
import { rootId } from "../../src/people/standing.ts";
import { silentLog } from "../http/support.ts";
import { familyMentor } from "../support/packs.ts";

const running: Product[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((product) => product.stop()));
});

/** The whole server with a platform that only this test speaks. */
async function start() {
  const heard = new Map<string, Reply[]>();
  let receive: Receive | undefined;
  const pigeons: Platform = {
    channel: "pigeons",
    connection: web.connection,
    fromEnvironment: () => ({ connection: {}, problems: [] }),
    create: async () => ({
      channel: "pigeons",
      capabilities: { lane: true, rates: [], concurrency: 1, edits: false, home: false },
      async mount(_app, given) {
        receive = given;
      },
      setUp: async () => undefined,
      listeners: [],
      async deliver({ address, reply }) {
        heard.set(address.user, [...(heard.get(address.user) ?? []), reply]);
        return { messageId: "1" };
      },
      preview: () => ({ parts: [] }),
      health: async () => ({ ok: true, connections: [{ name: "north", ok: true, detail: "fine" }], hosts: [] }),
      close: async () => undefined,
    }),
  };
  const dir = mkdtempSync(join(tmpdir(), "fadder-console-"));
  const config = loadConfig({ DATA_DIR: dir, PORT: "0", PROGRAMMES_DIR: familyMentor() }, [pigeons]);
  const product = await composeServer(config, {
    platforms: [pigeons],
    terminal,
    script: async () => script,
    log: silentLog,
  });
  running.push(product);
  const url = (await product.start()) ?? "";
  let deliveries = 0;
  const send = async (user: string, input: Input): Promise<void> => {
    deliveries += 1;
    const address = { channel: "pigeons", tenant: "north", user, ref: {} };
    const id = `d${deliveries}`;
    await receive?.({ id, address, person: { name: `Name of ${user}`, locale: "en" }, input, receivedAt: Date.now() });
  };
  /** The first message to somebody that says this. */
  const message = (user: string, text: string): Promise<Reply> =>
    expect
      .poll(() => (heard.get(user) ?? []).find((reply) => toPlain(reply.text).includes(text)), { timeout: 10_000 })
      .toBeDefined()
      .then(() => {
        const found = (heard.get(user) ?? []).find((reply) => toPlain(reply.text).includes(text));
        if (found === undefined) throw new Error(`nobody told ${user} "${text}"`);
        return found;
      });
  return {
    url,
    product,
    type: (user: string, text: string) => send(user, { type: "text", text }),
    message,
    async personOf(user: string): Promise<string> {
      const row = await product.store.db.address.findFirstOrThrow({ where: { user } });
      return row.personId;
    },
  };
}

describe("the command console", () => {
  test("leads whoever holds a role of the console to its pages, and nobody else", async () => {
    const world = await start();
    const people = [...roles, "nobody"];
    for (const one of people) {
      await world.type(one, "hello");
      const personId = await world.personOf(one);
      const role = roles.find((role) => role === one);
      if (role !== undefined)
        await giveRole(world.product.store.db, { personId, role, organisationId: rootId, createdBy: null }, Date.now());
      await world.type(one, "console");
    }
    const allowed: readonly Role[] = rules.console;
    for (const one of people) {
      if (allowed.some((role) => role === one)) {
        const { actions = [] } = await world.message(one, "Your link into the console");
        expect(actions[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in\/[\w-]{43}$/u);
      } else {
        const { actions = [] } = await world.message(one, "The console is for coordinators");
        expect(actions.filter(({ url }) => url !== undefined)).toEqual([]);
      }
    }
    expect(await world.product.store.db.signIn.count()).toBe(rules.console.length);
  }, 60_000);

  test.each([["konsol"], ["конзола"], ["konsoli"]])("is understood as %s", async (word) => {
    const world = await start();
    await world.type("anna", "hello");
    await world.type("anna", word);
    await world.message("anna", "The console is for coordinators");
  });

  test("gives a link whose button opens the page of the one who asked", async () => {
    const world = await start();
    await world.type("anna", "hello");
    const personId = await world.personOf("anna");
    const { db } = world.product.store;
    await giveRole(db, { personId, role: "admin", organisationId: rootId, createdBy: null }, Date.now());
    await world.type("anna", "console");
    const { actions = [] } = await world.message("anna", "Your link into the console");
    const { pathname } = new URL(actions[0]?.url ?? "");
    const address = new URL(pathname, world.url);
    const pressed = await fetch(address, { method: "POST", redirect: "manual", headers: { origin: address.origin } });
    expect(pressed.status).toBe(303);
    const cookie = pressed.headers.getSetCookie().at(-1)?.split(";")[0] ?? "";
    const page = await fetch(new URL("/console/people", world.url), { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("content-security-policy")).not.toContain("unsafe-inline");
    expect(await page.text()).toContain("Name of anna");
  });
});

describe("a role that an administrator gives", () => {
  test("is heard in the chat and known to the dialogs from then on", async () => {
    const world = await start();
    const { db } = world.product.store;
    for (const one of ["anna", "boss"]) await world.type(one, "hello");
    const [anna, boss] = [await world.personOf("anna"), await world.personOf("boss")];
    await giveRole(db, { personId: boss, role: "admin", organisationId: rootId, createdBy: null }, Date.now());
    await world.type("boss", "console");
    const { actions = [] } = await world.message("boss", "Your link into the console");
    const address = new URL(new URL(actions[0]?.url ?? "").pathname, world.url);
    const { origin } = address;
    const pressed = await fetch(address, { method: "POST", redirect: "manual", headers: { origin } });
    const cookie = pressed.headers.getSetCookie().at(-1)?.split(";")[0] ?? "";
    const form = new URL(`/console/roles/give/${anna}`, world.url);
    const csrf = /name="csrf" value="([^"]+)"/u.exec(await (await fetch(form, { headers: { cookie } })).text())?.[1];
    const given = await fetch(form, {
      method: "POST",
      redirect: "manual",
      headers: { cookie, origin },
      body: new URLSearchParams({
        csrf: csrf ?? "",
        role: "coordinator",
        organisation: rootId,
        programme: "",
        deputyFor: "",
        until: "",
      }),
    });
    expect(given.status).toBe(303);
    await world.message("anna", "You are coordinator in");
    expect((await db.person.findUniqueOrThrow({ where: { id: anna } })).roles).toBe('["coordinator"]');
  });
});
