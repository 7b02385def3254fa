import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const home = fileURLToPath(new URL("../..", import.meta.url));

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
