import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const home = fileURLToPath(new URL("../..", import.meta.url));
const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

// Two installations from the registry: minutes, and root because the user is changed.
const canRun = process.env.FADDER_SLOW !== undefined && process.getuid?.() === 0;

test.skipIf(!canRun)(
  "the image's steps end in a server that runs as user 10001 on read-only code and stops cleanly",
  () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/image-steps.mjs"], {
      cwd: home,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    expect(stderr + stdout).toContain("every step did what it should");
    expect(stdout).toMatch(/healthy after \d+ ms/);
    expect(stdout).toContain("SIGTERM ended it with status 0");
    expect(status).toBe(0);
  },
  30 * 60_000,
);

test("the image runs as nobody special, says how it is, and passes signals on", () => {
  const lines = read("Dockerfile").split("\n");
  expect(lines).toContain("USER 10001:10001");
  expect(lines).toContain('ENTRYPOINT ["node", "bin/fadder.js"]');
  expect(lines.some((line) => /^HEALTHCHECK .* CMD \["node", /.test(line))).toBe(true);
});

test("neither secrets nor data nor history can get into the image", () => {
  const rules = read(".dockerignore")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  expect(rules[0]).toBe("*");
  for (const name of ["data", ".git", "secrets", "node_modules", "tests", "fadder.env"]) {
    expect(rules).not.toContain(`!${name}`);
  }
});
