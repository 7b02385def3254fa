#!/usr/bin/env node
// `node scripts/pictures.mjs [name …]`: draws the pictures of the README again, into docs/pictures. Run by hand, when what
// learners see has changed; look at them before they are kept. Needs Chromium (FADDER_CHROMIUM, /usr/bin/chromium).
//
// web.png is a screenshot of the real page. The others are drawn from what each adapter really sends for the first lesson:
// neutral frames around the payloads, not screenshots of those products.
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { learnInPage, startServer } from "./pictures/web.mjs";

const wanted = process.argv.slice(2);
const executablePath = [process.env.FADDER_CHROMIUM, "/usr/bin/chromium"].find((path) => path && existsSync(path));
if (executablePath === undefined) {
  console.error("no browser: install Chromium, or set FADDER_CHROMIUM to its path");
  process.exit(1);
}

// The server comes first: its start builds dist/, which the other pictures are drawn with.
const server = await startServer();
const browser = await chromium.launch({
  executablePath,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  const { answer, createLearner, rightAnswer, toFirstQuestion } = await import("./pictures/lesson.mjs");
  const { fonts } = await import("./pictures/page.mjs");
  const { telegramPage } = await import("./pictures/telegram.mjs");
  const { slackPage } = await import("./pictures/slack.mjs");
  const { drawCards, teamsPage } = await import("./pictures/teams.mjs");
  const { terminalPage } = await import("./pictures/terminal.mjs");

  const learner = createLearner();
  toFirstQuestion(learner);
  answer(learner, true);
  const question = learner.shown();
  answer(learner, true);
  learner.press("Next lesson");
  const nextLesson = learner.shown();
  const other = createLearner();
  toFirstQuestion(other);
  answer(other, false);

  await picture("web", { width: 390, height: 844 }, async (page) => {
    await learnInPage(page, server.url, rightAnswer);
    // The page takes the system's font, and what a machine without a desktop has is no system's.
    await page.addStyleTag({ content: `${fonts} :root body { font-family: "Lesson", sans-serif; }` });
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    await page.mouse.move(1, 1);
  });
  await picture("telegram", {}, (page) => page.setContent(telegramPage(question.slice(-3))));
  await picture("slack", {}, (page) => page.setContent(slackPage(nextLesson.slice(-3))));
  await picture("teams", {}, async (page) => {
    await page.setContent(teamsPage());
    await drawCards(page, other.shown().slice(-2));
  });
  await picture("terminal", {}, (page) => page.setContent(terminalPage(typedLesson(createLearner()), 2)));
} finally {
  await browser.close();
  await server.close();
}

/** Takes one picture: of the frame where there is one, else of the window. */
async function picture(name, viewport, draw) {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const context = await browser.newContext({
    viewport: { width: 760, height: 800, ...viewport },
    deviceScaleFactor: 1.5,
    bypassCSP: true,
    colorScheme: "light",
    reducedMotion: "reduce",
    locale: "en",
  });
  const page = await context.newPage();
  await draw(page);
  await page.evaluate(() => document.fonts.ready);
  const path = fileURLToPath(new URL(`../docs/pictures/${name}.png`, import.meta.url));
  const frame = page.locator("#frame");
  await ((await frame.count()) > 0 ? frame : page).screenshot({ path, omitBackground: true });
  await context.close();
  console.log(`docs/pictures/${name}.png, ${Math.round(statSync(path).size / 1024)} KB`);
}

/** The first lesson as somebody types it in a terminal: numbers for buttons, letters for answers; up to the first practice question. */
function typedLesson(learner) {
  const turns = [];
  const text = (typed) => turns.push([typed, learner.send({ type: "text", text: typed })]);
  text("start");
  for (const typed of ["A", "A", "A"]) text(typed);
  turns.push(["1", learner.press("First lesson")]);
  while (learner.newest().choices === undefined) turns.push(["1", learner.press("Next")]);
  return turns;
}
