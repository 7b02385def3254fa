import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, expect, test } from "vitest";

let root = "";

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** The door alone, with a builder that only writes what says which build it was. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "fadder-bin-"));
  cpSync(new URL("../../bin/fadder.js", import.meta.url), join(root, "bin/fadder.js"), { recursive: true });
  put("package.json", '{ "type": "module" }');
  put("src/main.ts", "");
  put("node_modules/typescript/package.json", "{}");
  put("node_modules/prisma/package.json", "{}");
  put(
    "scripts/build.mjs",
    `import { mkdirSync, writeFileSync } from "node:fs";
    mkdirSync("dist/src", { recursive: true });
    writeFileSync("dist/src/main.js", "export const main = (argv) => console.log('ran', ...argv)");
    writeFileSync("dist/built", "");`,
  );
});

function fadder(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "bin/fadder.js"), ...argv], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("builds at the first start, says so, and then runs what it was asked for", () => {
  const first = fadder("serve", "--now");
  expect(first.stderr).toMatch(/^First start: building Fadder.*\nBuilt in \d+ s\.\n$/);
  expect(first.stdout).toBe("ran serve --now\n");
  expect(fadder("serve")).toEqual({ status: 0, stdout: "ran serve\n", stderr: "" });
});

test("builds again where a source is newer, also deep in a folder", () => {
  fadder();
  put("adapters/deep/er/file.ts", "");
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(root, "adapters/deep/er/file.ts"), later, later);
  expect(fadder().stderr).toMatch(/^The sources have changed: building/);
});

test("without the tools that build it runs what is there, however old", () => {
  fadder();
  rmSync(join(root, "node_modules"), { recursive: true });
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(root, "src/main.ts"), later, later);
  expect(fadder("x")).toEqual({ status: 0, stdout: "ran x\n", stderr: "" });
});

test("without the sources, as in an image, it runs what is there and writes nothing", () => {
  fadder();
  rmSync(join(root, "src"), { recursive: true });
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(root, "package.json"), later, later);
  expect(fadder("x")).toEqual({ status: 0, stdout: "ran x\n", stderr: "" });
});

test("without the tools and without a build it says what to do", () => {
  rmSync(join(root, "node_modules"), { recursive: true });
  const { status, stderr } = fadder();
  expect(status).toBe(1);
  expect(stderr).toMatch(/is not built.*Run: npm ci && npm run build/);
});

test("a build that fails starts nothing", () => {
  put("scripts/build.mjs", "console.error('src/x.ts(1,1): error'); process.exit(2)");
  const { status, stdout, stderr } = fadder();
  expect(status).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/src\/x\.ts\(1,1\): error\nThe build failed/);
});

test("several starts at once build once", async () => {
  const starts = Array.from({ length: 4 }, async () => {
    const child = spawn(process.execPath, [join(root, "bin/fadder.js"), "x"], { stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += String(chunk)));
    await new Promise((resolve) => child.once("close", resolve));
    return text;
  });
  const texts = await Promise.all(starts);
  for (const text of texts) expect(text).toContain("ran x");
  expect(texts.filter((text) => text.includes("building"))).toHaveLength(1);
});

test("the lock of a build that died holds nobody up", () => {
  put("node_modules/.cache/fadder-build.lock", "999999999");
  expect(fadder("x").stdout).toBe("ran x\n");
});
