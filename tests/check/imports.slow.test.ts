import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const home = fileURLToPath(new URL("../..", import.meta.url));

/** A tree with its own rule and only these files. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "fadder-imports-"));
  for (const name of [
    "scripts/check-modules.mjs",
    "scripts/check-names.mjs",
    ".dependency-cruiser.cjs",
    "tsconfig.json",
    "package.json",
  ]) {
    cpSync(join(home, name), join(root, name));
  }
  symlinkSync(join(home, "node_modules"), join(root, "node_modules"));
  const all = { "src/engine/fine.ts": "export {};", "adapters/web/fine.ts": "", "dialogs/fine.ts": "", ...files };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

function check(root: string, script: string): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts", script)], { encoding: "utf8" });
  return { status, text: `${stdout}${stderr}` };
}

describe("the import rule", () => {
  const wrong: Readonly<Record<string, readonly [path: string, content: string]>> = {
    "engine-imports": ["src/engine/a.ts", 'import express from "express";\nexport default express;'],
    "engine-types": ["src/engine/b.ts", 'import type { Express } from "express";\nexport type E = Express;'],
    "engine-inside": ["src/engine/c.ts", 'import "../domain/fine.ts";'],
    "domain-is-pure": ["src/domain/a.ts", 'import "../store/types.ts";'],
    "domain-does-no-work": ["src/domain/b.ts", 'import "node:fs";'],
    "dialogs-imports": ["dialogs/a.ts", 'import "../src/store/types.ts";'],
    "adapters-imports": ["adapters/web/a.ts", 'import "../terminal/fine.ts";'],
    "outbox-imports": ["src/outbox/a.ts", 'import "../turns/fine.ts";'],
    "http-imports": ["src/http/a.ts", 'import "../store/open.ts";'],
    "only-main-knows-adapters-and-dialogs": ["src/app.ts", 'import "../dialogs/fine.ts";'],
    "only-the-store-imports-the-clients": ["src/turns/a.ts", 'import "../../generated/sqlite/client.ts";'],
    "the-store-stands-below": ["src/store/a.ts", 'import "../turns/fine.ts";'],
    "only-telegram-imports-its-library": ["adapters/web/b.ts", 'import "grammy";'],
    "only-slack-imports-its-library": ["adapters/web/c.ts", 'import "@slack/bolt";'],
    "only-teams-imports-its-library": ["adapters/web/d.ts", 'import "botbuilder";'],
    "no-development-library-at-run-time": ["src/turns/b.ts", 'import "fast-check";'],
    "no-cycles": ["src/turns/c.ts", 'import "./d.ts";'],
    resolvable: ["src/turns/e.ts", 'import "./nowhere.ts";'],
  };
  const targets = {
    "src/domain/fine.ts": "",
    "src/turns/fine.ts": "",
    "src/turns/d.ts": 'import "./c.ts";',
    "src/store/types.ts": "",
    "src/store/open.ts": "",
    "adapters/terminal/fine.ts": "",
    "generated/sqlite/client.ts": "",
  };

  test("names every import that breaks it", () => {
    const { status, text } = check(
      tree({ ...targets, ...Object.fromEntries(Object.values(wrong)) }),
      "check-modules.mjs",
    );
    expect(status).toBe(1);
    for (const [rule, [path]] of Object.entries(wrong)) expect(text).toContain(`${rule}: ${path} → `);
  });

  test("is content with imports that keep it", () => {
    const root = tree({
      ...targets,
      "src/turns/d.ts": "",
      "src/engine/adapter.ts":
        'import type { Express } from "express";\nimport { z } from "zod";\nexport type A = [Express, z.ZodType];',
      "src/turns/a.ts": 'import "../engine/fine.ts";\nimport "../domain/fine.ts";\nimport "../store/types.ts";',
      "src/main.ts": 'import "../dialogs/fine.ts";\nimport "../adapters/web/fine.ts";',
      "src/store/b.ts": 'import "../../generated/sqlite/client.ts";',
    });
    const { status, text } = check(root, "check-modules.mjs");
    expect(text).toMatch(/import rule: \d+ files, \d+ modules seen, nothing wrong/);
    expect(status).toBe(0);
  });

  test("fails where fewer modules were seen than there are files", () => {
    const root = tree({ "src/turns/overlooked.ts": "" });
    const config = join(root, ".dependency-cruiser.cjs");
    writeFileSync(
      config,
      readFileSync(config, "utf8").replace("options: {", 'options: { exclude: { path: "overlooked" },'),
    );
    const { status, text } = check(root, "check-modules.mjs");
    expect(status).toBe(1);
    expect(text).toContain("did not see 1 of 4 files: src/turns/overlooked.ts");
  });
});

describe("platform names", () => {
  test("are found in shared code, with file and line, and allowed where they belong", () => {
    const wrong = tree({
      "src/turns/a.ts": "// fine\n// as Slack does it",
      "src/main.ts": "// Telegram",
      "adapters/web/a.ts": "// Teams",
    });
    const { status, text } = check(wrong, "check-names.mjs");
    expect(status).toBe(1);
    expect(text.trim()).toBe('src/turns/a.ts:2: names "Slack"; shared code asks capabilities instead');
    expect(check(tree({ "src/main.ts": "// Telegram" }), "check-names.mjs").status).toBe(0);
  });
});
