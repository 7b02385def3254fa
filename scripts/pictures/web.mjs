// The web chat: the real server, its real page, a real browser.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Starts the product with an empty database; builds it first where that is due. */
export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), "fadder-pictures-"));
  // The pictures are of one programme.
  const programmes = join(folder, "programmes");
  mkdirSync(programmes);
  symlinkSync(join(root, "programmes", "family-mentor"), join(programmes, "family-mentor"), "dir");
  const port = await freePort();
  const { PATH } = process.env;
  const child = spawn(process.execPath, [join(root, "bin/fadder.js"), "serve"], {
    cwd: root,
    env: {
      PATH,
      LANG: "en_US.UTF-8",
      TZ: "UTC",
      DATA_DIR: folder,
      PROGRAMMES_DIR: programmes,
      PORT: String(port),
      LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let status;
  void ended.then((code) => {
    status = code;
  });
  const url = `http://127.0.0.1:${port}/`;
  while (
    !(await fetch(`${url}readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (status !== undefined) throw new Error(`the product ended with status ${status} before it was ready`);
    await wait(200);
  }
  return {
    url,
    async close() {
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Learns in the page up to the second practice question; `rightAnswer` picks among labels. */
export async function learnInPage(page, url, rightAnswer) {
  await page.goto(url);
  await page.click("#start:enabled");
  for (const label of ["English", "Monday to Friday", "08:00", "First lesson"]) await press(page, label);
  for (;;) {
    await page.waitForSelector("article.bot:last-of-type button[data-option]");
    const labels = await page.locator("article.bot").last().locator(".choices .label").allTextContents();
    if (labels.length === 0) {
      await press(page, "Next");
      continue;
    }
    await press(page, rightAnswer(labels));
    return;
  }
}

/** Presses the newest button with this label and waits for the message that follows. */
async function press(page, label) {
  const seen = await page.locator("article.bot").count();
  await page.locator("article.bot button[data-option]", { hasText: label }).last().click();
  await page.waitForFunction((count) => document.querySelectorAll("article.bot").length > count, seen);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
