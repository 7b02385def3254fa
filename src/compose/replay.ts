import type { Kit, Replayed } from "../cli/kit.ts";
import type { Config } from "../config.ts";
import type { Inbound } from "../engine/types.ts";
import { createBox } from "../store/box.ts";
import type { Store } from "../store/types.ts";
import { createAdapters } from "./adapters.ts";
import { createCore } from "./core.ts";
import { type Ingredients, secretOf } from "./parts.ts";

/** Lets failed turns run again, one after the other. One that fails again is kept under a new number. */
export async function replay(
  config: Config,
  store: Store,
  ids: readonly number[],
  ingredients: Ingredients,
): ReturnType<Kit["replay"]> {
  const { platforms, terminal, log } = ingredients;
  const secret = secretOf(config);
  const box = createBox(secret, config.previousSecret);
  const core = await createCore({ config, store, box, secret, log }, ingredients);
  const connections = new Map([...config.connections, [terminal.channel, [{}]]]);
  const adapters = await createAdapters([...platforms, terminal], connections, core.shared.deps, store);
  let outcome: Replayed["outcome"] = "failed";
  const turns = core.createTurns(adapters, {
    turn: (became) => {
      outcome = became === "refused" ? "failed" : became;
    },
    renewed: () => undefined,
  });

  async function again(id: number): Promise<Replayed> {
    const row = await store.db.failedTurn.findUnique({ where: { id } });
    // The input of an old one has been emptied; only its reason is left.
    if (row === null || row.input === "") return { id, outcome: "missing" };
    const sealed = Buffer.from(row.input, "base64");
    const inbound: Inbound = JSON.parse(Buffer.from(box.open("failed", sealed)).toString("utf8"));
    await turns.receive(asNew(inbound, id, config.clock.now()));
    if (outcome !== "dropped") await store.db.failedTurn.deleteMany({ where: { id } });
    return { id, outcome };
  }

  try {
    const results: Replayed[] = [];
    for (const id of ids) results.push(await again(id));
    return results;
  } finally {
    await Promise.all(adapters.map((adapter) => adapter.close()));
    core.shared.close();
  }
}

/** Its delivery id has been taken by the failure; what was answered is still counted once, by its domain key. */
function asNew(inbound: Inbound, id: number, now: number): Inbound {
  const input = inbound.input.type === "timer" ? { ...inbound.input, row: false as const } : inbound.input;
  return { ...inbound, id: `replay:${id}:${inbound.id}`, input, receivedAt: now };
}
