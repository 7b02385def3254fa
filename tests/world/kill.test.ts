import { describe, expect, test } from "vitest";
import { seeded } from "../../src/domain/random.ts";
import { databaseKinds } from "../support/databases.ts";
import { freePort, type RunningProduct, startProduct } from "../support/product.ts";
import { count, query, recordOf } from "../support/product-records.ts";
import { createCrowd } from "./crowd.ts";

const seeds = [4711, 20260303, 991];
const kills = 15;

describe.skipIf(process.env.FADDER_SLOW === undefined)("kill -9 at any moment", () => {
  describe.each(databaseKinds)("on %s", (database) => {
    test.each(seeds)(
      "60 learners, 15 kills, redeliveries: every record exact, no reply lost, none out of order (seed %i)",
      async (seed) => {
        const startedAt = performance.now();
        const random = seeded(seed);
        const crowd = await createCrowd({ learners: 60, random, again: 0.3 });
        const port = await freePort();
        const product = await startProduct({
          database,
          port,
          env: { PUBLIC_URL: `http://127.0.0.1:${port}`, CONNECTIONS_FILE: crowd.connections },
        });
        try {
          product.never(...crowd.secrets);
          crowd.deliverTo(product.url);
          await product.ready();
          const learning = crowd.learn();
          const killed = await killAgainAndAgain(product, crowd, random, learning);
          await learning;
          await emptied(product);
          const records = new Map(
            await Promise.all(
              crowd.members.map(
                async ({ address }) => [address, await recordOf(product.databaseUrl, address)] as const,
              ),
            ),
          );
          const result = crowd.result(records);
          const seconds = Math.round((performance.now() - startedAt) / 1000);
          console.log(
            `seed ${seed} on ${database}: ${result.exact} of ${result.learners} records exact, ${result.turns} turns, ` +
              `${killed.kills} kills, ${killed.withTurns} of them with turns in flight (${killed.turns} turns), ` +
              `${result.redelivered} acknowledged deliveries sent again, ${result.lost.length} replies lost, ` +
              `${result.disordered.length} out of order, ${result.shownTwice} shown twice, ${seconds} s`,
          );
          expect(result).toMatchObject({ exact: 60, lost: [], disordered: [] });
          expect(killed.kills).toBe(kills);
          expect(killed.withTurns).toBeGreaterThanOrEqual(10);
          expect(result.redelivered).toBeGreaterThanOrEqual(100);
          expect(await count(product.databaseUrl, "FailedTurn")).toBe(0);
          expect(crowd.slack.violations).toEqual([]);
          expect(crowd.telegram.refusals.filter(({ status }) => status === 400).filter(isOurFault)).toEqual([]);
        } finally {
          await product.close();
          await crowd.close();
        }
      },
      10 * 60_000,
    );
  });
});

type Crowd = Awaited<ReturnType<typeof createCrowd>>;

async function killAgainAndAgain(product: RunningProduct, crowd: Crowd, random: () => number, learning: Promise<void>) {
  let failed = false;
  learning.catch(() => {
    failed = true;
  });
  let withTurns = 0;
  let turns = 0;
  let done = 0;
  for (; done < kills && !failed; done += 1) {
    await pause(100 + random() * 1_000);
    // A moment with turns on their way. Then a few milliseconds into them, or, every second time, at the very moment when
    // one is acknowledged: from here on it must not be lost any more.
    for (let waited = 0; crowd.inFlight().size < 2 && waited < 4_000; waited += 2) await pause(2);
    if (done % 2 === 0) await pause(random() * 12);
    else await Promise.race([crowd.acknowledged(), pause(2_000)]);
    const before = crowd.inFlight();
    await product.kill();
    const left = [...crowd.inFlight()].filter((one) => before.has(one));
    if (left.length > 0) withTurns += 1;
    turns += left.length;
    product.restart();
    await product.ready();
  }
  return { kills: done, withTurns, turns };
}

/** Waits until everything that was to be sent has left. */
async function emptied(product: RunningProduct): Promise<void> {
  const until = performance.now() + 60_000;
  for (;;) {
    const rows = await query<{ status: number; n: number }>(
      product.databaseUrl,
      `SELECT status, count(*) AS n FROM "Outbox" GROUP BY status`,
    );
    if (rows.length === 0) return;
    if (performance.now() > until) throw new Error(`the outbox does not empty: ${JSON.stringify(rows)}`);
    await pause(200);
  }
}

/** An edit repeated after a crash meets a message that has changed already; a press repeated later has no time left. */
function isOurFault({ description }: { readonly description: string }): boolean {
  return !/message is not modified|query is too old/.test(description);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
