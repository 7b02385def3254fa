import type { Kit } from "../../src/cli/kit.ts";
import { loadConfig } from "../../src/config.ts";
import { createWords } from "../../src/words.ts";

/** A kit that collects what is said; whatever a test does not bring along must not be used by it. */
export function fakeKit(parts: Partial<Kit> = {}): Kit & { readonly said: string[]; readonly complained: string[] } {
  const said: string[] = [];
  const complained: string[] = [];
  const absent = (): never => {
    throw new Error("this test has not brought this part along");
  };
  const env = parts.env ?? {};
  const platforms = parts.platforms ?? [];
  return {
    env,
    platforms,
    out: (line) => void said.push(line),
    err: (line) => void complained.push(line),
    config: () => loadConfig(env, platforms),
    explain: (error) => (error instanceof Error ? error.message : String(error)),
    openStore: absent,
    serve: absent,
    chat: absent,
    demo: absent,
    adapters: absent,
    migrate: absent,
    backup: absent,
    restore: absent,
    certificates: absent,
    words: async () => createWords(new Map()),
    catalogue: absent,
    rebuild: absent,
    hashCode: async (_config, code) => `hash of ${code.length} characters`,
    replay: absent,
    programmes: { check: absent, lock: absent, create: absent },
    frameworks: { export: absent, import: absent },
    ...parts,
    said,
    complained,
  };
}
