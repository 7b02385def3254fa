import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { afterEach, describe, expect, test } from "vitest";
import { freePort, startInVain, startProduct } from "../support/product.ts";

const programmes = fileURLToPath(new URL("../../programmes", import.meta.url));
const slow = process.env.FADDER_SLOW !== undefined;

const folders: string[] = [];
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "fadder-bad-"));
  folders.push(made);
  return made;
}

/** One line that says all, and no stack. */
function expectOneLine(output: string, status: number | null): void {
  expect(status).toBe(1);
  expect(output.split("\n").filter((line) => line.startsWith("fadder serve: "))).toHaveLength(1);
  expect(output).not.toMatch(/^\s+at /m);
}

describe.skipIf(!slow)("a start that cannot succeed says why and ends with 1", () => {
  test("a database that is newer than the code", async () => {
    const product = await startProduct({ database: "sqlite" });
    open.push(product);
    await product.ready();
    await product.stop();
    const database = new Sqlite(join(product.folder, "fadder.db"));
    const [first] = database.prepare(`SELECT * FROM "_prisma_migrations"`).all() as Record<string, string>[];
    const later = { ...first, id: "later", migration_name: "29991231235959_later" };
    const columns = Object.keys(later);
    database
      .prepare(
        `INSERT INTO "_prisma_migrations" (${columns.map((name) => `"${name}"`).join(", ")}) VALUES (${columns.map((name) => `@${name}`).join(", ")})`,
      )
      .run(later);
    database.close();
    const { status, output } = await startInVain({ DATA_DIR: product.folder, PORT: "0" });
    expectOneLine(output, status);
    expect(output).toMatch(/newer/);
    expect(output).toContain("29991231235959_later");
  }, 300_000);

  test("a database that nobody answers for", async () => {
    const port = await freePort();
    const { status, output } = await startInVain({
      DATA_DIR: folder(),
      PORT: "0",
      DATABASE_URL: `postgresql://somebody:verysecret@127.0.0.1:${port}/fadder`,
    });
    expectOneLine(output, status);
    expect(output).toContain(`127.0.0.1:${port}`);
    expect(output).not.toContain("verysecret");
  }, 300_000);

  test("a programme file that is broken: path, line and what was expected", async () => {
    const own = folder();
    cpSync(join(programmes, "family-mentor"), join(own, "family-mentor"), { recursive: true });
    const path = join(own, "family-mentor", "programme.yaml");
    const text = readFileSync(path, "utf8").replace("pass: 6", "pass: many");
    writeFileSync(path, text);
    const line = text.split("\n").findIndex((one) => one.includes("pass: many")) + 1;
    const { status, output } = await startInVain({ DATA_DIR: folder(), PORT: "0", PROGRAMMES_DIR: own });
    expectOneLine(output, status);
    expect(output).toMatch(new RegExp(`family-mentor/programme\\.yaml:${line}\\b.*number`));
  }, 300_000);

  test("several wrong variables are named together, without their values", async () => {
    const { status, output } = await startInVain({
      DATA_DIR: folder(),
      PORT: "seventy",
      PUBLIC_URL: "ftp://example.org",
      LOG_LEVEL: "loud",
      SLACK_BOT_TOKEN: "xoxb-a-token-that-is-secret",
      TELEGRAM_BOT_TOKEN: "not-a-token-but-secret",
      TEAMS_ANONYMOUS: "everywhere",
    });
    expect(status).toBe(1);
    for (const name of ["PORT", "PUBLIC_URL", "LOG_LEVEL", "SLACK_APP_TOKEN", "TELEGRAM_BOT_TOKEN", "TEAMS_ANONYMOUS"])
      expect(output).toContain(name);
    expect(output).not.toMatch(/is-secret|but-secret|seventy/);
  }, 300_000);

  test("a port that is taken, and a file that another server has open", async () => {
    const product = await startProduct({ database: "sqlite" });
    open.push(product);
    await product.ready();
    const taken = await startInVain({ DATA_DIR: folder(), PORT: new URL(product.url).port });
    expectOneLine(taken.output, taken.status);
    expect(taken.output).toMatch(/port \d+ on 127\.0\.0\.1 is taken: stop the program that uses it/);
    const second = await startInVain({ DATA_DIR: product.folder, PORT: "0" });
    expectOneLine(second.output, second.status);
    expect(second.output).toMatch(/another Fadder server has .*fadder\.db open\. Stop it first/);
    // The one that runs has noticed nothing.
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200);
  }, 300_000);
});
