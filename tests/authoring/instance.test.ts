import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { platform as terminal } from "../../adapters/terminal/platform.ts";
import { platform as web } from "../../adapters/web/platform.ts";
import { script } from "../../dialogs/index.ts";
import { composeServer } from "../../src/compose/product.ts";
import { loadConfig } from "../../src/config.ts";
import { compile, parseCompiled } from "../../src/programmes/compiled.ts";
import { createProgramme } from "../../src/programmes/create.ts";
import { silentLog } from "../http/support.ts";

test("a running server teaches within seconds what another instance published", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fadder-instance-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await createProgramme(join(folder, "programmes"), "sample");
  const env = { DATA_DIR: join(folder, "data"), PROGRAMMES_DIR: join(folder, "programmes"), PORT: "0" };
  const info = vi.fn();
  const log = { ...silentLog, info };
  const config = loadConfig(env, [web]);
  const product = await composeServer(config, { platforms: [web], terminal, script: async () => script, log });
  onTestFinished(() => product.stop());
  await product.start();

  // The rows that the other instance leaves behind.
  const { db } = product.store;
  const [row] = await db.programmeVersion.findMany();
  if (row === undefined) throw new Error("nothing is taught");
  const version = "0.1.1";
  const content = compile({ ...parseCompiled(row.content), version, title: { en: "On time" } });
  await db.programmeVersion.create({ data: { ...row, version, content } });
  await db.programmeSource.create({ data: { id: row.id, version, files: new Uint8Array(), at: 1n } });
  const said = [{ programme: "sample", version }, "a programme that was published is taught from now on"];
  await vi.waitFor(() => expect(info.mock.calls).toContainEqual(said), { timeout: 30_000, interval: 200 });
}, 60_000);
