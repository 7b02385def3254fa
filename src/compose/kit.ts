import type { Kit } from "../cli/kit.ts";
import type { Environment } from "../config/files.ts";
import { type Config, loadConfig } from "../config.ts";
import type { Platform } from "../engine/adapter.ts";
import type { Script } from "../engine/dialog.ts";
import { captureConsole } from "../log/console.ts";
import { summary } from "../log/scrub.ts";
import { createLog } from "../log.ts";
import { installProxy } from "../proxy.ts";

/** What the composition root brings to the command line. */
export interface KitParts {
  readonly env: Environment;
  readonly platforms: readonly Platform[];
  readonly terminal: Platform;
  readonly script: () => Promise<Script>;
}

/** The commands' way to everything else. Each part is loaded when a command needs it, so that `--help` loads none. */
export function createKit({ env, platforms, terminal, script }: KitParts): Kit {
  const out = (line: string) => void process.stdout.write(`${line}\n`);
  const err = (line: string) => void process.stderr.write(`${line}\n`);
  /** Commands speak for themselves; of what happens below them only trouble is shown. */
  const quiet = (config: Config) =>
    createLog(config.logLevel === "info" ? "warn" : config.logLevel, {
      write: (line) => void process.stderr.write(line),
    });
  const foundation = async (config: Config, migrate: boolean) => {
    const { openFoundation } = await import("./parts.ts");
    return openFoundation(config, quiet(config), { migrate, use: "command" });
  };

  return {
    env,
    out,
    err,
    platforms,
    config: () => loadConfig(env, platforms),
    explain: summary,
    openStore: async (config, { migrate }) => (await foundation(config, migrate)).store,
    async serve(config) {
      const log = createLog(config.logLevel);
      captureConsole(log);
      watchProcess(log);
      await installProxy(config.proxy);
      const { composeServer } = await import("./product.ts");
      return composeServer(config, { platforms, terminal, script, log });
    },
    async chat(config) {
      const log = quiet(config);
      captureConsole(log);
      await installProxy(config.proxy);
      const { composeChat } = await import("./product.ts");
      return composeChat(config, { platforms, terminal, script, log });
    },
    async demo(config) {
      const { fillDemo } = await import("./demo.ts");
      return fillDemo(config, { platforms, terminal, script, log: quiet(config) });
    },
    async adapters(config, store) {
      await installProxy(config.proxy);
      const { adaptersFor } = await import("./tasks.ts");
      return adaptersFor(config, store, platforms, quiet(config));
    },
    async migrate(config) {
      const { migrate } = await import("./tasks.ts");
      return migrate(config, quiet(config));
    },
    async backup(config, to) {
      const { backup } = await import("./copies.ts");
      return backup(config, to);
    },
    async restore(config, from) {
      const { restore } = await import("./copies.ts");
      return restore(config, from, quiet(config));
    },
    async certificates(config, store) {
      const [{ certificatesFor }, { createBox }, { secretOf }] = await Promise.all([
        import("./certificates.ts"),
        import("../store/box.ts"),
        import("./parts.ts"),
      ]);
      return certificatesFor(config, store, createBox(secretOf(config), config.previousSecret));
    },
    async words() {
      const { loadPackageWords } = await import("./shared.ts");
      return loadPackageWords();
    },
    async catalogue(config, store) {
      const { openCatalogue } = await import("./catalogue.ts");
      return openCatalogue(config.programmesDir, store, config.clock.now, quiet(config));
    },
    async rebuild(store) {
      const { rebuildProgress } = await import("../jobs/rebuild.ts");
      return rebuildProgress(store.db);
    },
    async hashCode(config, code) {
      const [{ codeHash }, { secretOf }] = await Promise.all([import("../people/codes.ts"), import("./parts.ts")]);
      return codeHash(secretOf(config), code);
    },
    async replay(config, store, ids) {
      const { replay } = await import("./replay.ts");
      return replay(config, store, ids, { platforms, terminal, script, log: quiet(config) });
    },
    programmes: {
      async check(folder) {
        const [{ checkFolder }, { showProblem }] = await programmeParts();
        const { loaded, problems } = await checkFolder(folder);
        const programmes = loaded.map(({ programme }) => `${programme.id} ${programme.version}`);
        const { warnProgramme } = await import("../programmes/check.ts");
        const today = new Date().toISOString().slice(0, 10);
        const warnings = loaded.flatMap((one) => warnProgramme(one, today));
        return { programmes, problems: problems.map(showProblem), warnings: warnings.map(showProblem) };
      },
      async lock(folder) {
        const [{ lockFolder }, { showProblem }] = await programmeParts();
        const { added, problems } = await lockFolder(folder);
        return { added, problems: problems.map(showProblem) };
      },
      async create(folder, id) {
        const { createProgramme } = await import("../programmes/create.ts");
        return createProgramme(folder, id);
      },
    },
    frameworks: {
      async export(given) {
        const { exportFramework } = await import("../programmes/framework-exchange.ts");
        return exportFramework(given);
      },
      async import(file, folder) {
        const { importFramework } = await import("../programmes/framework-exchange.ts");
        return importFramework(file, folder);
      },
    },
  };
}

function programmeParts() {
  return Promise.all([import("../programmes/lock.ts"), import("../programmes/problem.ts")]);
}

/**
 * A promise that a library forgot to catch must not end a server whose work is all in the database. What was thrown
 * outside of everything may have left anything behind: log it and end, the next start goes on from the database.
 */
function watchProcess(log: ReturnType<typeof createLog>): void {
  process.on("unhandledRejection", (reason) => {
    log.error({ error: reason instanceof Error ? reason : new Error(String(reason)) }, "a rejection was not handled");
  });
  process.on("uncaughtException", (error) => {
    log.error({ error }, "an error was not caught; the process ends");
    process.exit(1);
  });
}
