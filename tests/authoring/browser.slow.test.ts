import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { platform as terminal } from "../../adapters/terminal/platform.ts";
import { platform as web } from "../../adapters/web/platform.ts";
import { script } from "../../dialogs/index.ts";
import type { Product } from "../../src/cli/kit.ts";
import { composeServer } from "../../src/compose/product.ts";
import { loadConfig } from "../../src/config.ts";
import { giveRole } from "../../src/people/grants.ts";
import { createSignInLinks } from "../../src/people/sign-in.ts";
import { rootId } from "../../src/people/standing.ts";
import { createProgramme } from "../../src/programmes/create.ts";
import { silentLog } from "../http/support.ts";
import { findChromium, startBrowser } from "../support/browser.ts";
import { edited, packed, STRUCTURE, WORDS } from "./world.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const secret = "a secret for tests only, thirty-two characters";
const TITLES = "words/en/programme.yaml";
const shots = process.env.FADDER_SHOTS;

let browser: Browser | undefined;
let folder: string;
let product: Product;
let url: string;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), "fadder-write-"));
  await createProgramme(join(folder, "programmes"), "sample");
  const env = {
    DATA_DIR: join(folder, "data"),
    PROGRAMMES_DIR: join(folder, "programmes"),
    PORT: "0",
    FADDER_SECRET: secret,
  };
  const config = loadConfig(env, [web]);
  product = await composeServer(config, { platforms: [web], terminal, script: async () => script, log: silentLog });
  url = ((await product.start()) ?? "").replace(/\/$/u, "");
  for (const id of ["ann", "bo"]) await author(id);
});
afterAll(async () => {
  await browser?.close();
  await product.stop();
  await rm(folder, { recursive: true, force: true });
});

async function author(id: string): Promise<void> {
  const { db } = product.store;
  const row = { id, name: `Name of ${id}`, language: "en", timeZone: "UTC", timeZoneKnown: true, stopped: false };
  await db.person.create({ data: { ...row, roles: "[]", addressId: "", createdAt: BigInt(Date.now()) } });
  await giveRole(db, { personId: id, role: "author", organisationId: rootId, createdBy: null }, Date.now());
}

/** A page without JavaScript of its own choosing: everything here has to work without. */
async function enter(id: string, width: number): Promise<Page> {
  const context = await browser?.newContext({ viewport: { width, height: 800 } });
  const page = await context?.newPage();
  if (page === undefined) throw new Error("no browser");
  context?.setDefaultTimeout(15_000);
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  const link = createSignInLinks({ db: product.store.db, secret, origin: url });
  await page.goto(await link(id, "/console/programmes"));
  await page.click("main button");
  await page.waitForURL(/\/console\/programmes/u);
  return page;
}

/** Every rule of axe, nothing wider than the window, and a picture for whoever wants to look. */
async function judge(page: Page, name: string): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => ({ id, html })));
  });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect({ name, violations, wide }).toEqual({ name, violations: [], wide: false });
  const width = page.viewportSize()?.width;
  if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}-${width}.png`, fullPage: true });
}

describe.skipIf(findChromium() === undefined)("an author, a second person and a learner in their browsers", () => {
  test("upload, a finding put right, a play, a look at it, a yes, and the learner reads it", async () => {
    const learner = await (await browser?.newContext({ viewport: { width: 390, height: 800 } }))?.newPage();
    if (learner === undefined) throw new Error("no browser");
    const chat = (text: string) => learner.waitForSelector(`#log >> text=${text}`);
    await learner.goto(url);
    await learner.click("#start");
    for (const label of ["English", "Only when I ask"])
      await learner.locator(`#log button:has-text("${label}")`).last().click();
    await chat("My programme");
    await learner.fill("#message", "next");
    await learner.press("#message", "Enter");
    await chat("Read four cards and answer two questions.");

    const ann = await enter("ann", 320);
    await judge(ann, "list");
    const sample = join(folder, "programmes", "sample");
    const texts = Object.fromEntries(
      await Promise.all(
        [STRUCTURE, WORDS, TITLES].map(async (path) => [path, await readFile(join(sample, path), "utf8")]),
      ),
    );
    const broken = edited(
      texts,
      [STRUCTURE, "version: 0.1.0", "version: 0.1.1"],
      [WORDS, "Somebody who waits does not know why.", "Somebody who waits knows nothing [about it](x)."],
    );
    const buffer = Buffer.from(packed(broken));
    await ann.setInputFiles("#pack", { name: "sample.zip", mimeType: "application/zip", buffer });
    await ann.click("text=Upload >> nth=-1");
    await ann.waitForSelector("text=The draft is there.");
    await judge(ann, "findings");
    await ann.click(`ul.findings a >> nth=0`);
    await ann.waitForSelector("textarea.source");
    await judge(ann, "file");
    const text = await ann.inputValue("#text");
    await ann.fill(
      "#text",
      text.replace("Somebody who waits knows nothing [about it](x).", "Whoever waits does not know why."),
    );
    await ann.click("text=Save and look again");
    await ann.waitForSelector("text=Saved.");
    await ann.click("text=Back to the draft");
    await ann.waitForSelector("text=Nothing is wrong in it.");
    await judge(ann, "draft");
    const draft = ann.url();

    await ann.click("text=Play it");
    await judge(ann, "play-start");
    await ann.click("text=Begin to play");
    await ann.waitForSelector("ol.play >> text=Read four cards");
    await ann.locator('ol.play button:has-text("Next")').last().click();
    await ann.waitForSelector("ol.play >> text=Whoever waits does not know why.");
    await ann.fill("#text", "menu");
    await ann.press("#text", "Enter");
    await ann.waitForSelector("ol.play >> text=Being on time");
    await judge(ann, "play");

    await ann.goto(`${draft}/preview?part=lesson%3A1.1&n=1`);
    await ann.waitForSelector(".look >> text=Whoever waits does not know why.");
    await judge(ann, "preview");
    await ann.goto(draft);
    await ann.click("text=Ask for the second look");
    await ann.waitForSelector("text=It waits for somebody else’s yes");

    const bo = await enter("bo", 1280);
    await bo.click("text=sample >> nth=0");
    await bo.waitForSelector("text=You wrote nothing of it");
    await judge(bo, "look");
    await bo.click("text=Yes, publish it");
    await bo.waitForSelector("text=It is taught from now on.");
    await judge(bo, "published");

    // The learner, who stands in the middle of the lesson, presses on.
    await learner.locator('#log button:has-text("Next")').last().click();
    await chat("Whoever waits does not know why.");
    expect(complaints.filter((one) => !one.includes("404"))).toEqual([]);
  }, 180_000);
});
