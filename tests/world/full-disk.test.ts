import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createFakeSlack } from "../support/fake-slack.ts";
import { slackPlayer } from "../support/players.ts";
import { freePort, startProduct } from "../support/product.ts";
import { count } from "../support/product-records.ts";
import { createLearner } from "./learner.ts";

const slow = process.env.FADDER_SLOW !== undefined;
const signingSecret = "a signing secret of 32 letters..";
const mount = "mount";
const mountable = process.getuid?.() === 0 && spawnSync(mount, ["--version"]).status === 0;
if (slow && !mountable) console.log("skipped: a disk that is full (needs root and mount)");

test.skipIf(!slow || !mountable)(
  "a disk that is full: the platform is asked again, and nothing is lost when there is room",
  async () => {
    const disk = mkdtempSync(join(tmpdir(), "fadder-disk-"));
    const open: { close(): Promise<void> }[] = [];
    execFileSync(mount, ["-t", "tmpfs", "-o", "size=6m", "tmpfs", disk]);
    try {
      const slack = await createFakeSlack({ signingSecret, botToken: "xoxb-full-disk", retryDelaysMs: [] });
      open.push(slack);
      const port = await freePort();
      const product = await startProduct({
        database: { url: `file:${join(disk, "fadder.db")}` },
        port,
        env: {
          PUBLIC_URL: `http://127.0.0.1:${port}`,
          SLACK_BOT_TOKEN: "xoxb-full-disk",
          SLACK_SIGNING_SECRET: signingSecret,
          SLACK_API_URL: slack.url,
        },
      });
      open.push(product);
      slack.deliverTo(product.url);
      await product.ready();
      const learner = createLearner(slackPlayer(slack, "UFULL"));
      await learner.begin(/Which language/);
      spawnSync("dd", ["if=/dev/zero", `of=${join(disk, "filler")}`, "bs=4096"]);
      const statuses: number[] = [];
      for (let n = 0; n < 200 && statuses.at(-1) !== 503; n += 1)
        statuses.push((await slack.say("UFULL", "help", {}, `EvFULL${n}`)).status);
      expect(statuses.at(-1)).toBe(503);
      expect((await fetch(`${product.url}/healthz`)).status).toBe(200);
      rmSync(join(disk, "filler"));
      expect((await slack.say("UFULL", "help", {}, `EvFULL${statuses.length - 1}`)).status).toBe(200);
      expect(await count(product.databaseUrl, "Delivery")).toBe(statuses.length + 1);
      expect(await count(product.databaseUrl, "FailedTurn")).toBe(0);
      expect((await product.stop()).status).toBe(0);
    } finally {
      for (const one of open.reverse()) await one.close();
      execFileSync(`u${mount}`, [disk]);
      rmdirSync(disk);
    }
  },
  300_000,
);
