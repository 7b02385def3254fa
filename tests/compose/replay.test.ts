import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { platform as terminal } from "../../adapters/terminal/platform.ts";
import { platform as web } from "../../adapters/web/platform.ts";
import { script } from "../../dialogs/index.ts";
import { openFoundation } from "../../src/compose/parts.ts";
import { replay } from "../../src/compose/replay.ts";
import { loadConfig } from "../../src/config.ts";
import type { Inbound } from "../../src/engine/types.ts";
import { silentLog } from "../http/support.ts";
import { familyMentor } from "../support/packs.ts";

test("a failed turn runs again and leaves the list; one whose input was emptied is missing", async () => {
  const platforms = [web];
  const config = loadConfig(
    { DATA_DIR: mkdtempSync(join(tmpdir(), "fadder-replay-")), PROGRAMMES_DIR: familyMentor() },
    platforms,
  );
  const { store, box } = await openFoundation(config, silentLog, { migrate: true, use: "command" });
  const inbound: Inbound = {
    id: "d1",
    address: { channel: "web", tenant: "web", user: "u1", ref: null },
    person: { name: "" },
    input: { type: "text", text: "hello" },
    receivedAt: 0,
  };
  const row = { personId: "p", channel: "web", tenant: "web", deliveryId: "d1", reason: "decision", at: 0n };
  const input = Buffer.from(box.seal("failed", Buffer.from(JSON.stringify(inbound)))).toString("base64");
  await store.db.failedTurn.createMany({
    data: [
      { ...row, input },
      { ...row, input: "" },
    ],
  });

  const ingredients = { platforms, terminal, script: async () => script, log: silentLog };
  expect(await replay(config, store, [1, 2, 3], ingredients)).toEqual([
    { id: 1, outcome: "taken" },
    { id: 2, outcome: "missing" },
    { id: 3, outcome: "missing" },
  ]);
  expect((await store.db.failedTurn.findMany()).map(({ id }) => id)).toEqual([2]);
  expect((await store.db.address.findMany()).map(({ id }) => id)).toEqual(["web:web:u1"]);
  // Read as a page would: the answer is there, and waits in no lane.
  expect(await store.db.outbox.count({ where: { addressId: "web:web:u1", lane: "" } })).toBeGreaterThan(0);
  await store.close();
});
