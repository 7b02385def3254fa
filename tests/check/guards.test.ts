import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { guards } from "../prove/guards.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

test.each(guards)("a guard stands once where it can be taken away: $promise", ({ file, take }) => {
  expect(readFileSync(`${root}/${file}`, "utf8").split(take)).toHaveLength(2);
});
