import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

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
