// What is made beside the turns, one bench after the other, while learners' turns run: node bench/beside.mjs [--quick]
//   The last part of `npm run bench`. Each prints its figures; ends with status 1 where one counted wrongly.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const parts = [
  { file: "requirements.mjs", quick: [] },
  { file: "radar.mjs", quick: ["40"] },
  { file: "check-ins.mjs", quick: ["--people", "300", "--seconds", "20"] },
  { file: "certificates.mjs", quick: ["--sign", "600", "--seconds", "5"] },
  { file: "renewals.mjs", quick: ["--holders", "10000", "--due", "200"] },
];
for (const { file, quick } of parts) {
  console.log(`\n${file}`);
  const path = fileURLToPath(new URL(file, import.meta.url));
  const { status } = spawnSync(process.execPath, [path, ...(values.quick ? quick : [])], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
