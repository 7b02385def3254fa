import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { commands } from "../../src/cli/commands.ts";
import { run } from "../../src/cli/run.ts";
import type { Platform } from "../../src/engine/adapter.ts";
import { fakeKit } from "./kit.ts";

const names = Object.keys(commands);

describe("the overview", () => {
  test("is success when it is asked for and wrong use when nothing was", async () => {
    const asked = fakeKit();
    expect(await run(["--help"], asked)).toBe(0);
    for (const name of names) expect(asked.said.join("\n")).toContain(`  ${name} `);
    const nothing = fakeKit();
    expect(await run([], nothing)).toBe(2);
    expect(nothing.said).toEqual([]);
    expect(nothing.complained[0]).toMatch(/^Usage: fadder <command>/);
  });

  test.each(["sevre", "__proto__", "constructor"])("an unknown command is wrong use: %s", async (name) => {
    const kit = fakeKit();
    expect(await run([name], kit)).toBe(2);
    expect(kit.complained[0]).toBe(`fadder: there is no command "${name}".`);
  });
});

describe.each(names)("%s", (name) => {
  test("--help is success and says how to call it", async () => {
    const kit = fakeKit();
    expect(await run([name, "--help"], kit)).toBe(0);
    expect(kit.said[0]).toMatch(new RegExp(`^Usage: fadder ${name}`));
    expect(kit.said.length).toBeGreaterThan(2);
    expect(kit.complained).toEqual([]);
  });

  test("an unknown option is status 2, with the usage", async () => {
    const kit = fakeKit();
    expect(await run([name, "--no-such-option"], kit)).toBe(2);
    expect(kit.complained.join("\n")).toContain("--no-such-option");
    expect(kit.complained.join("\n")).toContain(`fadder ${name}`);
    expect(kit.said).toEqual([]);
  });

  test("too many words are status 2", async () => {
    const kit = fakeKit();
    expect(await run([name, ...Array.from({ length: 120 }, () => "1")], kit)).toBe(2);
    expect(kit.complained.join("\n")).toContain("Usage: fadder");
  });
});

describe("wrong use is status 2 and names what is wrong", () => {
  test.each<[readonly string[], RegExp]>([
    [["restore"], /something is missing/],
    [["restore", "copy.fadder"], /say --yes/],
    [["person", "erase", "abc"], /cannot be undone; say --yes/],
    [["person", "rename", "abc"], /"rename" is not known here/],
    [["person", "export"], /something is missing/],
    [["invite"], /--role must be one of learner, coordinator, deputy, assessor, trainer, expert, author, admin/],
    [["invite", "--role", "king"], /--role must be one of/],
    [["invite", "--role", "expert", "--days", "0"], /--days must be a number from 1 to 90/],
    [["programmes"], /something is missing/],
    [["programmes", "new"], /give the id/],
    [["programmes", "sell"], /"sell" is not known here/],
    [["framework", "export", "family-mentor"], /--format must be case or csv/],
    [["framework", "import", "file.json"], /say with --out/],
    [["framework", "burn", "file.json"], /"burn" is not known here/],
    [["manifest", "pigeons"], /there is no manifest for "pigeons"/],
    [["replay", "first"], /give the numbers of the list/],
    [["replay", "3", "--all"], /give numbers or --all, not both/],
  ])("%o", async (argv, message) => {
    const kit = fakeKit();
    expect(await run(argv, kit)).toBe(2);
    expect(kit.complained[0]).toMatch(message);
    expect(kit.complained[1]).toMatch(/^Usage: fadder /);
  });
});

describe("a failure is status 1 and named on stderr", () => {
  test.each(["serve", "chat", "migrate", "backup", "release", "rebuild", "replay"])(
    "%s with a wrong setting",
    async (name) => {
      const kit = fakeKit({ env: { PORT: "x", LOG_LEVEL: "loud" } });
      expect(await run([name], kit)).toBe(1);
      expect(kit.complained.join("\n")).toMatch(/2 settings are wrong:\n {2}PORT: .*\n {2}LOG_LEVEL: /);
      expect(kit.said).toEqual([]);
    },
  );

  test("a server that cannot open its database", async () => {
    const kit = fakeKit({ serve: () => Promise.reject(new Error("another Fadder server has the file open")) });
    expect(await run(["serve"], kit)).toBe(1);
    expect(kit.complained).toEqual(["fadder serve: another Fadder server has the file open"]);
  });
});

describe("manifest", () => {
  const platform: Platform = {
    channel: "pigeons",
    connection: z.unknown(),
    fromEnvironment: () => undefined,
    create: () => Promise.reject(new Error("not needed")),
    manifest: async (options) => [
      { name: "app.json", content: JSON.stringify({ ...options, words: options.words?.languages }) },
    ],
  };

  test("writes the files with the addresses of the pages", async () => {
    const out = join(mkdtempSync(join(tmpdir(), "fadder-manifest-")), "new", "folder");
    const kit = fakeKit({ platforms: [platform] });
    expect(await run(["manifest", "pigeons", "--url", "https://fadder.example.org/", "--out", out], kit)).toBe(0);
    expect(kit.said).toEqual([`Written: ${join(out, "app.json")}`]);
    expect(JSON.parse(readFileSync(join(out, "app.json"), "utf8"))).toEqual({
      publicUrl: "https://fadder.example.org",
      privacyUrl: "https://fadder.example.org/privacy",
      termsUrl: "https://fadder.example.org/terms",
      words: [],
      connections: [],
    });
  });

  test("takes the address from PUBLIC_URL, and says where none is given or it is wrong", async () => {
    const without = fakeKit({ platforms: [platform] });
    expect(await run(["manifest", "pigeons"], without)).toBe(2);
    expect(without.complained[0]).toMatch(/set PUBLIC_URL or give --url/);
    const wrong = fakeKit({ platforms: [platform], env: { PUBLIC_URL: "http://fadder.example.org" } });
    expect(await run(["manifest", "pigeons"], wrong)).toBe(2);
    expect(wrong.complained[0]).toMatch(/must start with https/);
    expect(await run(["manifest", "owls"], without)).toBe(2);
    expect(without.complained.join("\n")).toContain("there is one for pigeons");
  });
});

describe("programmes", () => {
  const programmes = {
    check: async () => ({
      programmes: ["family-mentor 1.0.0"],
      problems: [],
      warnings: ["programmes/a/quality.yaml:2: over"],
    }),
    lock: async () => ({ added: ["family-mentor 1.0.1"], problems: [] }),
    create: async (folder: string, id: string) => [`${folder}/${id}/programme.yaml`],
  };

  test("check says what was read; problems go to stderr with status 1", async () => {
    const good = fakeKit({ programmes });
    expect(await run(["programmes", "check"], good)).toBe(0);
    expect(good.said).toEqual(["family-mentor 1.0.0: nothing wrong"]);
    expect(good.complained).toEqual(["Note: programmes/a/quality.yaml:2: over"]);
    const problems = async () => ({
      programmes: [],
      problems: ["programmes/a/programme.yaml:3: wrong"],
      warnings: [],
      added: [],
    });
    const bad = fakeKit({ programmes: { ...programmes, check: problems, lock: problems } });
    expect(await run(["programmes", "check"], bad)).toBe(1);
    expect(bad.complained).toEqual(["programmes/a/programme.yaml:3: wrong", "1 problem."]);
    expect(await run(["programmes", "check", "--lock"], bad)).toBe(1);
    expect(bad.said).toEqual([]);
  });

  test("check --lock enters new versions; new writes into PROGRAMMES_DIR", async () => {
    const kit = fakeKit({ programmes, env: { PROGRAMMES_DIR: "/packs" } });
    expect(await run(["programmes", "check", "--lock"], kit)).toBe(0);
    expect(await run(["programmes", "new", "bee-mentor"], kit)).toBe(0);
    expect(kit.said).toEqual(
      expect.arrayContaining(["Locked: family-mentor 1.0.1", "Written: /packs/bee-mentor/programme.yaml"]),
    );
  });
});
