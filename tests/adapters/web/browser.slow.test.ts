import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { plainText } from "../../../src/engine/markup.ts";
import { findChromium, startBrowser } from "../../support/browser.ts";
import { startWeb, type WebWorld } from "./chat.ts";
import { judge, visibleFocus } from "./judge.ts";

let browser: Browser;
let world: WebWorld;
let context: BrowserContext;
let page: Page;
/** Everything the browser complained about: script errors and refused content. */
let complaints: string[];

beforeAll(async () => {
  const started = await startBrowser();
  if (started) browser = started;
});
afterAll(() => browser?.close());

describe.skipIf(findChromium() === undefined)("in a browser", () => {
  beforeEach(async () => {
    complaints = [];
    world = await startWeb();
    await open({});
  });
  afterEach(async () => {
    await context.close();
    await world.close();
    expect(complaints).toEqual([]);
  });

  test("a lesson goes by mouse: messages change in place, the answer counts once", async () => {
    await page.click("#start");
    await page.click("[data-token=card1token1] >> text=Next");
    await page.click("[data-token=quiz1token1] [data-option=b]");
    await page.waitForSelector("[data-token=card2token1]");
    expect(await page.locator("article.bot").count()).toBe(4);
    expect(await page.locator("article.bot").nth(2).textContent()).toContain("You answered B: right.");
    expect(await page.locator("[data-token=quiz1token1]").count()).toBe(0);
    expect(world.counted.map((entry) => entry.split(" ")[1])).toEqual(["q1=b"]);
    expect(world.inbounds[0]?.person).toEqual({ name: "", locale: "en", timeZone: "Europe/Sofia" });
  });

  test("a lesson goes by keyboard alone, and the keyboard follows the conversation", async () => {
    const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? "");
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the conversation");
    await page.focus("#start");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.matches("[data-token=card1token1]"));
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Next");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.matches("[data-token=quiz1token1]"));
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await focused()).toMatch(/^B Write a short/);
    // The second half of a double press falls on nothing; the keyboard is not held back.
    await page.waitForFunction(() => !document.querySelector(".fresh"));
    expect(await page.evaluate(visibleFocus)).toBe(true);
    await page.keyboard.press("Space");
    await page.waitForFunction(() => document.activeElement?.matches("[data-token=card2token1]"));
    await page.focus("#message");
    await page.keyboard.type("Thank you");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=You wrote: Thank you");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("message");
    expect(world.counted.map((entry) => entry.split(" ")[1])).toEqual(["q1=b", "text=9"]);
  });

  test("a press shows at once, and pressing again meanwhile is the same press", async () => {
    await page.click("#start");
    await page.waitForSelector("[data-token=card1token1]");
    let answer = (): void => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route("**/chat/message", (route) => held.then(() => route.continue()));
    const next = page.locator("[data-token=card1token1] [data-option=a]");
    await next.click();
    expect(await next.getAttribute("aria-busy")).toBe("true");
    const other = page.locator("[data-token=card1token1] [data-option=b]");
    expect(await other.getAttribute("aria-disabled")).toBe("true");
    for (const button of [next, next, other]) await button.dispatchEvent("click");
    answer();
    await page.waitForSelector("[data-token=quiz1token1]");
    expect(world.inbounds.filter(({ input }) => input.type === "press")).toHaveLength(1);
  });

  test("buttons that work for ever can be pressed again after their answer", async () => {
    await page.click("#start");
    const save = page.locator("[data-token=card1token1] [data-option=b]");
    await save.click();
    await page.waitForSelector("text=Saved.");
    await page.waitForFunction(() => !document.querySelector("[aria-disabled=true]"));
    await save.click();
    await page.waitForFunction(() => document.querySelectorAll("article.bot").length === 4);
    expect(new Set(world.inbounds.map(({ id }) => id)).size).toBe(3);
  });

  test("a reload resumes: history, own words in their place, draft, open question", async () => {
    await page.click("#start");
    await page.fill("#message", "First");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=You wrote: First");
    await page.click("[data-token=card1token1] >> text=Next");
    await page.waitForSelector("[data-token=quiz1token1]");
    const before = await transcript();
    await page.fill("#message", "half a thought");
    await page.reload();
    await page.waitForSelector("[data-token=quiz1token1]");
    expect(await transcript()).toEqual(before);
    expect(await page.inputValue("#message")).toBe("half a thought");
    await page.click("[data-token=quiz1token1] [data-option=a]");
    await page.waitForSelector("text=You answered A");
  });

  test("offline, a message waits, survives a reload, and counts once when its answer was lost", async () => {
    await page.click("#start");
    await page.waitForSelector("[data-token=card1token1]");
    await context.setOffline(true);
    await page.fill("#message", "Kept");
    await page.click("#composer button");
    await page.waitForSelector("text=You are offline.");
    expect(await page.locator("article.own .state").textContent()).toBe("Waiting to be sent");
    await context.setOffline(false);
    await page.waitForSelector("text=You wrote: Kept");
    expect(await page.locator("#status").textContent()).toBe("");

    world.loseAnswers = true;
    await page.fill("#message", "Twice");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=Waiting to be sent");
    await page.reload();
    await page.waitForSelector("text=Waiting to be sent");
    world.loseAnswers = false;
    await page.waitForFunction(() => !document.body.textContent?.includes("Waiting to be sent"));
    const twice = world.inbounds.filter(({ input }) => input.type === "text" && input.text === "Twice");
    expect(twice.length).toBeGreaterThan(1);
    expect(new Set(twice.map(({ id }) => id)).size).toBe(1);
    expect(world.counted.filter((entry) => entry.endsWith("text=5"))).toHaveLength(1);
    complaints = complaints.filter((complaint) => !/ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE/.test(complaint));
  });

  test("a product that stops and starts again is met by the same page", async () => {
    await page.click("#start");
    await page.waitForSelector("[data-token=card1token1]");
    world.down = true;
    await page.click("[data-token=card1token1] >> text=Next");
    await page.waitForSelector("text=Connecting again…");
    world.down = false;
    await page.waitForSelector("[data-token=quiz1token1]");
    expect(world.inbounds.filter(({ input }) => input.type === "press")).toHaveLength(1);
    complaints = complaints.filter((complaint) => !complaint.includes("503"));
  });

  test("what is new is in the live region, and the history is not read out", async () => {
    await page.click("#start");
    await page.waitForSelector("[data-token=card1token1]");
    await page.waitForFunction(() => document.querySelector("#log")?.getAttribute("aria-live") === "polite");
    await page.reload();
    const live = await page.waitForFunction(() => {
      const log = document.querySelector("#log");
      return log?.children.length ? log.getAttribute("aria-live") : undefined;
    });
    expect(["off", "polite"]).toContain(await live.jsonValue());
    await page.waitForFunction(() => document.querySelector("#log")?.getAttribute("aria-live") === "polite");
    const [inbound] = world.inbounds;
    if (!inbound) throw new Error("nothing arrived");
    world.push(inbound.address, { text: plainText("A reminder") });
    await page.waitForSelector("#log[role=log][aria-live=polite] >> text=A reminder");
  });

  test("somebody who reads further up is told, not moved", async () => {
    await page.click("#start");
    await page.waitForSelector("[data-token=card1token1]");
    const [inbound] = world.inbounds;
    if (!inbound) throw new Error("nothing arrived");
    for (let n = 0; n < 12; n += 1) world.push(inbound.address, { text: plainText(`Line ${n}`) });
    await page.waitForSelector("text=Line 11");
    await page.waitForFunction(() => window.pageYOffset > 0);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.evaluate(() => window.scrollTo(0, 0));
    world.push(inbound.address, { text: plainText("Far below") });
    await page.waitForSelector("#newer:not([hidden])");
    expect(await page.evaluate(() => window.pageYOffset)).toBe(0);
    await page.click("#newer");
    await page.waitForFunction(() => document.activeElement?.textContent === "Far below");
    expect(await page.locator("#newer").isHidden()).toBe(true);
  });

  test("without event streams the page asks for what is new", async () => {
    await open({ init: "delete window.EventSource" });
    await page.click("#start");
    await page.click("[data-token=card1token1] >> text=Next");
    await page.waitForSelector("[data-token=quiz1token1]");
  });

  test("who comes back to an emptied history finds the way on", async () => {
    await page.click("#start");
    await page.waitForSelector("[data-token=card1token1]");
    await page.route("**/chat/stream", (route) =>
      route.fulfill({ contentType: "text/event-stream", body: "event: ready\ndata: 1\n\n" }),
    );
    await page.reload();
    await page.click("text=Continue");
    await page.waitForFunction(() => !document.querySelector(".card"));
    await expect.poll(() => world.inbounds.at(-1)?.input).toEqual({ type: "command", name: "menu", args: "" });
  });

  test.each([
    [320, "light"],
    [320, "dark"],
    [1280, "light"],
    [1280, "dark"],
  ] as const)(
    "at %i px, %s: no barrier that axe can find, no sideways scrolling, buttons for thumbs",
    async (width, colorScheme) => {
      for (const locale of width === 320 ? ["bg-BG", "fi-FI"] : ["en-GB"]) {
        await open({ width, colorScheme, locale });
        await judge(page, width);
        await page.goto(`${world.url}/link/ABC-1`);
        await judge(page, width);
        await page.goto(world.url);
        await page.click("#start");
        await page.click("[data-token=card1token1] [data-option=a]");
        await page.waitForSelector("[data-token=quiz1token1]");
        await page.fill("#message", "a".repeat(200));
        await page.keyboard.press("Enter");
        await page.waitForSelector("article.own");
        await judge(page, width);
      }
      const closed = await startWeb({ openEnrolment: false, admit: async () => false });
      await open({ width, colorScheme, url: closed.url });
      await page.fill("#code", "WRONG");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#code-error");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("code");
      await judge(page, width);
      await closed.close();
      complaints = complaints.filter((complaint) => !complaint.includes("422"));
    },
    60_000,
  );

  test("a short notice is shown where no message says the same", async () => {
    await page.click("#start");
    const save = page.locator("[data-token=card1token1] [data-option=b]");
    await save.waitFor();
    await page.route("**/chat/message", (route) =>
      route.fulfill({ json: { outcome: "taken", notice: "Saved already" } }),
    );
    await save.click();
    await page.waitForSelector("#status >> text=Saved already");
    await page.unroute("**/chat/message");
    await save.click();
    await page.waitForSelector("article >> text=Saved.");
    expect(await page.locator("#status").textContent()).toBe("");
  });

  test("without scripts the page says so and a code can still be used", async () => {
    await open({ javaScriptEnabled: false });
    expect(await page.textContent("main")).toContain("The chat needs JavaScript.");
    await page.goto(`${world.url}/link/ABC-1`);
    expect(await page.locator("form[action='/link'] button").textContent()).toBe("Connect");
  });
});

async function open(how: {
  width?: number;
  colorScheme?: "light" | "dark";
  locale?: string;
  init?: string;
  url?: string;
  javaScriptEnabled?: boolean;
}): Promise<void> {
  await context?.close();
  context = await browser.newContext({
    viewport: { width: how.width ?? 1280, height: 720 },
    colorScheme: how.colorScheme ?? "light",
    locale: how.locale ?? "en-GB",
    timezoneId: "Europe/Sofia",
    reducedMotion: "reduce",
    javaScriptEnabled: how.javaScriptEnabled ?? true,
  });
  if (how.init !== undefined) await context.addInitScript(how.init);
  context.setDefaultTimeout(8_000);
  page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(how.url ?? world.url);
}

async function transcript(): Promise<string[]> {
  return page.locator("#log > article").allInnerTexts();
}
