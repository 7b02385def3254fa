import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ownSecret } from "../../src/config/secret.ts";
import { ConfigError, loadConfig } from "../../src/config.ts";
import type { Platform } from "../../src/engine/adapter.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

/** A platform with one secret, as adapters describe theirs. */
const pigeons: Platform<{ key: string }> = {
  channel: "pigeons",
  connection: z.strictObject({ key: z.string().min(4, "must have at least 4 characters.") }),
  fromEnvironment(env) {
    if (env.PIGEON_KEY === undefined && env.PIGEON_LOFT === undefined) return undefined;
    if (env.PIGEON_KEY === undefined) return { problems: ["PIGEON_KEY: is missing. Ask the keeper."] };
    return { connection: { key: env.PIGEON_KEY }, problems: [] };
  },
  create: () => Promise.reject(new Error("not created here")),
};

function problemsOf(env: Record<string, string>, platforms: readonly Platform[] = []): readonly string[] {
  try {
    loadConfig(env, platforms);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

function file(content: string, name = "file"): string {
  const path = join(mkdtempSync(join(tmpdir(), "fadder-config-")), name);
  writeFileSync(path, content);
  return path;
}

describe("defaults", () => {
  test("are those of the contract", () => {
    const config = loadConfig({}, []);
    expect(config).toMatchObject({
      port: 3978,
      host: "127.0.0.1",
      publicUrl: undefined,
      loopback: true,
      databaseUrl: "file:data/fadder.db",
      dataDir: "./data",
      filesDir: "data/files",
      backupDir: "data/backups",
      programmesDir: "./programmes",
      openEnrolment: true,
      metricsToken: undefined,
      logLevel: "info",
    });
    expect(config.clock.move).toBeUndefined();
    expect(config.connections.size).toBe(0);
  });

  test("an empty variable is one that nobody set, and unknown ones are nobody's error", () => {
    expect(loadConfig({ PORT: "", FADDER_SECRET: "", SHELL: "/bin/sh", FADDER_UNKNOWN: "x" }, []).port).toBe(3978);
  });

  test("strangers may start only where nobody outside reaches the server, unless it is said", () => {
    const open = (env: Record<string, string>) => loadConfig({ FADDER_SECRET: SECRET, ...env }, []).openEnrolment;
    expect(open({ PUBLIC_URL: "http://localhost:3978" })).toBe(true);
    expect(open({ PUBLIC_URL: "https://fadder.example.org/" })).toBe(false);
    expect(open({ PUBLIC_URL: "https://fadder.example.org", OPEN_ENROLMENT: "1" })).toBe(true);
    expect(open({ OPEN_ENROLMENT: "0" })).toBe(false);
  });

  test("the public address has no trailing slash", () => {
    const config = loadConfig({ PUBLIC_URL: "https://Fadder.example.org/", FADDER_SECRET: SECRET }, []);
    expect(config.publicUrl).toBe("https://fadder.example.org");
    expect(config.loopback).toBe(false);
  });
});

describe("a wrong variable is named with its repair", () => {
  const PUBLIC = { PUBLIC_URL: "https://fadder.example.org", FADDER_SECRET: SECRET };
  test.each<[string, Record<string, string>, RegExp]>([
    ["PORT", { PORT: "70000" }, /port number from 0 to 65535/],
    ["PORT", { PORT: "eighty" }, /port number/],
    ["PUBLIC_URL", { PUBLIC_URL: "fadder.example.org" }, /is not an address.*https:/],
    ["PUBLIC_URL", { PUBLIC_URL: "http://fadder.example.org" }, /must start with https:/],
    ["PUBLIC_URL", { PUBLIC_URL: "https://fadder.example.org/app", FADDER_SECRET: SECRET }, /without path/],
    ["PUBLIC_URL", { PUBLIC_URL: "ftp://127.0.0.1" }, /must start with https:/],
    ["DATABASE_URL", { DATABASE_URL: "mysql://localhost/fadder" }, /file:.*postgresql:/],
    ["FADDER_SECRET", { FADDER_SECRET: "short" }, /at least 32 characters.*node -e/],
    ["FADDER_SECRET_PREVIOUS", { FADDER_SECRET_PREVIOUS: "short" }, /at least 32/],
    ["FADDER_SECRET", { PUBLIC_URL: "https://fadder.example.org" }, /must be given with a PUBLIC_URL/],
    ["OPEN_ENROLMENT", { OPEN_ENROLMENT: "yes" }, /0 or 1/],
    ["METRICS_TOKEN", { METRICS_TOKEN: "short" }, /at least 16/],
    ["TRUST_PROXY", { TRUST_PROXY: "true" }, /number of proxies/],
    ["HTTPS_PROXY", { HTTPS_PROXY: "proxy:3128" }, /http:\/\/proxy/],
    ["SMTP_URL", { SMTP_URL: "mail.example.org", MAIL_FROM: "a@example.org" }, /smtps:/],
    ["MAIL_FROM", { SMTP_URL: "smtp://mail.example.org", MAIL_FROM: "nobody" }, /sender such as/],
    ["MAIL_FROM", { SMTP_URL: "smtp://mail.example.org" }, /belong together/],
    ["LOG_LEVEL", { LOG_LEVEL: "loud" }, /one of fatal, error/],
    ["FADDER_NOW", { FADDER_NOW: "tomorrow" }, /instant such as.*shift such as \+P3D/],
    ["FADDER_NOW", { ...PUBLIC, FADDER_NOW: "+P3D" }, /refused with a PUBLIC_URL that is not loopback/],
    ["CONNECTIONS_FILE", { CONNECTIONS_FILE: "/no/such/file" }, /cannot be read \(ENOENT\)/],
    ["CONNECTIONS_FILE", { CONNECTIONS_FILE: file("{") }, /is not JSON/],
    ["CONNECTIONS_FILE", { CONNECTIONS_FILE: file('{"owls": []}') }, /no platform "owls". Known are pigeons/],
    ["CONNECTIONS_FILE", { CONNECTIONS_FILE: file('{"pigeons": {}}') }, /must be \{ "<platform>": \[/],
    ["PIGEON_KEY", { PIGEON_LOFT: "north" }, /is missing. Ask the keeper/],
  ])("%s %o", (name, env, repair) => {
    const problems = problemsOf(env, [pigeons]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: `));
    expect(problems[0]).toMatch(repair);
  });

  test("all of them at once, also those that depend on each other", () => {
    const env = {
      PORT: "x",
      LOG_LEVEL: "loud",
      PUBLIC_URL: "https://fadder.example.org",
      FADDER_NOW: "+P1D",
      PIGEON_LOFT: "1",
    };
    const named = problemsOf(env, [pigeons]).map((problem) => problem.split(":")[0]);
    expect(named.sort()).toEqual(["FADDER_NOW", "FADDER_SECRET", "LOG_LEVEL", "PIGEON_KEY", "PORT"]);
  });

  test("the value is never repeated", () => {
    const env = { FADDER_SECRET: "hush", METRICS_TOKEN: "hush", DATABASE_URL: "mysql://u:hush@h/d", PIGEON_KEY: "hsh" };
    expect(problemsOf(env, [pigeons])).toHaveLength(4);
    expect(problemsOf(env, [pigeons]).join("\n")).not.toMatch(/hush|hsh/);
  });
});

describe("NAME_FILE", () => {
  test("gives the secret without one trailing line end", () => {
    expect(loadConfig({ FADDER_SECRET_FILE: file(`${SECRET}\n`) }, []).secret).toBe(SECRET);
    expect(loadConfig({ FADDER_SECRET_FILE: file(`${SECRET}\n\r\n`) }, []).secret).toBe(`${SECRET}\n`);
    expect(loadConfig({ DATABASE_URL_FILE: file("postgresql://u:p@h/d\n") }, []).databaseUrl).toBe(
      "postgresql://u:p@h/d",
    );
  });

  test("works for a platform's variables, without the platform knowing", () => {
    const config = loadConfig({ PIGEON_KEY_FILE: file("coo-coo\n") }, [pigeons]);
    expect(config.connections.get("pigeons")).toEqual([{ key: "coo-coo" }]);
  });

  test("both set is an error, as is a file that cannot be read or is empty", () => {
    expect(problemsOf({ FADDER_SECRET: SECRET, FADDER_SECRET_FILE: file(SECRET) })[0]).toMatch(
      /FADDER_SECRET: given twice.*Remove one/,
    );
    expect(problemsOf({ METRICS_TOKEN_FILE: "/no/such/file" })[0]).toMatch(/METRICS_TOKEN_FILE: .*cannot be read/);
    expect(problemsOf({ METRICS_TOKEN_FILE: file("\n") })[0]).toMatch(/METRICS_TOKEN_FILE: .*is empty/);
  });

  test("other programs' files are not opened", () => {
    expect(problemsOf({ SSL_CERT_FILE: "/no/such/file", XAUTHORITY_FILE: "/nor/this" })).toEqual([]);
  });
});

describe("the connections file", () => {
  const list = (...entries: unknown[]) => ({ CONNECTIONS_FILE: file(JSON.stringify({ pigeons: entries })) });

  test("holds several of one platform, beside the short form", () => {
    const config = loadConfig({ ...list({ key: "north" }, { key: "south" }), PIGEON_KEY: "east" }, [pigeons]);
    expect(config.connections.get("pigeons")).toEqual([{ key: "east" }, { key: "north" }, { key: "south" }]);
  });

  test("takes a secret from a file beside it", () => {
    const path = file("hidden-key\n", "key");
    const connections = join(path, "..", "connections.json");
    writeFileSync(connections, JSON.stringify({ pigeons: [{ key: { file: "key" } }] }));
    const config = loadConfig({ CONNECTIONS_FILE: connections }, [pigeons]);
    expect(config.connections.get("pigeons")).toEqual([{ key: "hidden-key" }]);
  });

  test("names the entry and the field that are wrong", () => {
    expect(problemsOf(list({ key: "north" }, { key: "x" }), [pigeons])).toEqual([
      "CONNECTIONS_FILE: pigeons[1].key: must have at least 4 characters.",
    ]);
    expect(problemsOf(list({ key: { file: "gone" } }), [pigeons])[0]).toMatch(
      /CONNECTIONS_FILE: pigeons\[0\].key: the file gone cannot be read \(ENOENT\)/,
    );
  });

  test("refuses the same identity twice, in the file or beside the short form", () => {
    expect(problemsOf({ ...list({ key: "north" }), PIGEON_KEY: "north" }, [pigeons])[0]).toMatch(
      /pigeons\[0\]: the same connection stands in the environment \(pigeons\)/,
    );
    const byLetter: Platform<{ key: string }> = { ...pigeons, identity: ({ key }) => key.charAt(0) };
    expect(problemsOf(list({ key: "north" }, { key: "nest" }), [byLetter])[0]).toMatch(/the same connection/);
    expect(problemsOf(list({ key: "north" }, { key: "south" }), [byLetter])).toEqual([]);
  });
});

describe("the clock", () => {
  test("runs on from an instant, and moves to instants and by shifts", () => {
    const { clock } = loadConfig({ FADDER_NOW: "2026-03-28T07:00:00Z" }, []);
    const start = Date.parse("2026-03-28T07:00:00Z");
    expect(clock.now() - start).toBeGreaterThanOrEqual(0);
    expect(clock.now() - start).toBeLessThan(5_000);
    clock.move?.("P3D");
    expect(clock.now() - start - 3 * 86_400_000).toBeLessThan(5_000);
    clock.move?.("2027-01-01T00:00:00Z");
    expect(new Date(clock.now()).toISOString()).toMatch(/^2027-01-01T00:00:0/);
    expect(() => clock.move?.("someday")).toThrow(RangeError);
  });

  test("a shift counts from the real time", () => {
    const { clock } = loadConfig({ FADDER_NOW: "-P3D" }, []);
    expect(Math.abs(clock.now() - (Date.now() - 3 * 86_400_000))).toBeLessThan(5_000);
  });
});

describe("the secret of an own installation", () => {
  test("is made once, for its owner's eyes only", () => {
    const folder = join(mkdtempSync(join(tmpdir(), "fadder-secret-")), "data");
    const first = ownSecret(folder);
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(ownSecret(folder)).toBe(first);
    expect(statSync(join(folder, "secret")).mode & 0o777).toBe(0o600);
  });

  test("that was cut is an error, not a new secret", () => {
    const path = file("short", "secret");
    expect(() => ownSecret(join(path, ".."))).toThrow(/shorter than 32 characters: restore the file/);
  });
});
