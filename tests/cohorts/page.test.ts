import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { platform as terminal } from "../../adapters/terminal/platform.ts";
import { platform as web } from "../../adapters/web/platform.ts";
import { script } from "../../dialogs/index.ts";
import type { Product } from "../../src/cli/kit.ts";
import { createCohort, setCode } from "../../src/cohorts/cohorts.ts";
import { setCohortState } from "../../src/cohorts/members.ts";
import { composeServer } from "../../src/compose/product.ts";
import { loadConfig } from "../../src/config.ts";
import type { Platform } from "../../src/engine/adapter.ts";
import { rootId } from "../../src/people/standing.ts";
import { newcomer, submit } from "../adapters/web/client.ts";
import { silentLog } from "../http/support.ts";
import { familyMentor } from "../support/packs.ts";
import { pigeons as adapter } from "../support/pigeons.ts";
import { facts } from "./world.ts";

/** A platform beside the web chat that knows its links. */
const pigeons: Platform = {
  channel: "pigeons",
  connection: web.connection,
  fromEnvironment: () => ({ connection: {}, problems: [] }),
  create: async () => adapter(false),
};

describe("the page of a code", () => {
  let product: Product;
  let url: string;
  beforeEach(async () => {
    const platforms = [web, pigeons];
    const folder = mkdtempSync(join(tmpdir(), "fadder-product-"));
    const config = loadConfig(
      { DATA_DIR: folder, PORT: "0", OPEN_ENROLMENT: "0", PROGRAMMES_DIR: familyMentor() },
      platforms,
    );
    product = await composeServer(config, { platforms, terminal, script: async () => script, log: silentLog });
    url = ((await product.start()) ?? "").replace(/\/$/u, "");
  });
  afterEach(() => product.stop());

  const visit = "0123456789abcdef0123456789abcdef";
  async function cohort(changes: Parameters<typeof facts>[0]): Promise<{ id: string; code: string }> {
    const { db } = product.store;
    const id = await createCohort(db, facts(changes), rootId, Date.now());
    return { id, code: (await setCode(db, id, true)) ?? "" };
  }

  test("says the name, the languages and the ways in; opening changes nothing, the button joins", async () => {
    const { id, code } = await cohort({ name: "Spring", languages: ["en", "da"] });
    const html = await (await fetch(`${url}/join/${code}`)).text();
    expect(html).toContain("<strong>Spring</strong> (English, Dansk)");
    expect(html).toContain(`<a href="https://pigeons.example/${code}?join">Pigeons</a> – Then write: join ${code}`);
    expect(await product.store.db.person.count()).toBe(0);
    const pressed = await submit(url, "/join", { code, visit });
    expect(pressed.status).toBe(303);
    const [person] = await product.store.db.person.findMany();
    expect(person).toBeDefined();
    expect(await product.store.db.membership.count({ where: { cohortId: id } })).toBe(0);
  });

  test("says nothing about a code that opens nothing, or nothing any more", async () => {
    const { id, code } = await cohort({ name: "Spring" });
    expect(await (await fetch(`${url}/join/ABCDEF`)).text()).not.toContain("Spring");
    await setCohortState(product.store.db, id, "finished", Date.now());
    expect(await (await fetch(`${url}/join/${code}`)).text()).not.toContain("Spring");
    expect((await submit(url, "/join", { code, visit })).status).toBe(422);
  });

  test("where strangers are not let in, the start page offers what is open to everybody and nothing else", async () => {
    await cohort({ name: "For members" });
    const { code } = await cohort({ name: "For all", joining: "open" });
    const html = await (await fetch(url)).text();
    expect(html).toContain(`<a href="/join/${code}">For all</a>`);
    expect(html).not.toContain("For members");
    expect(await newcomer(url)).toBe("");
    expect((await fetch(`${url}/chat/stream`)).status).toBe(401);
    expect((await submit(url, "/join", { code, visit })).status).toBe(303);
  });
});
