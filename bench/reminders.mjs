// One year of reminders: node bench/reminders.mjs [--people 10000] [--store 200] [--days 365] [--seed 1]
//   First everybody through the pure engine with the real dialogs, then `--store` people through store, group commit, timers and
//   jobs with a simulated clock. Every message is judged by rules of its own (lib/judge.mjs), which know nothing of the product's clock.
//   Prints counts; ends with status 1 where anything broke a rule.
import { parseArgs } from "node:util";
import { createJudge } from "./lib/judge.mjs";
import { simulatePure } from "./lib/reminders-pure.mjs";
import { simulateStore } from "./lib/reminders-store.mjs";

const { values } = parseArgs({
  options: {
    people: { type: "string", default: "10000" },
    store: { type: "string", default: "200" },
    days: { type: "string", default: "365" },
    seed: { type: "string", default: "1" },
  },
});
const from = Date.UTC(2026, 0, 1, 12);
const span = { from, to: from + Number(values.days) * 86_400_000, seed: Number(values.seed) };

let broken = 0;
for (const [name, simulate, people] of [
  ["through the pure engine", simulatePure, Number(values.people)],
  ["through store, timers and jobs", simulateStore, Number(values.store)],
]) {
  const judge = createJudge();
  const started = performance.now();
  await simulate({ ...span, people, judge });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const { counts, faults, examples } = judge.verdict();
  console.log(`${people} people, ${values.days} days, ${name} (${seconds} s)`);
  for (const [what, count] of Object.entries(counts)) console.log(`  ${what}: ${count}`);
  for (const [what, count] of Object.entries(faults))
    console.log(`  ${count === 0 ? "none" : `${count} BROKEN`}: ${what}`);
  for (const example of examples) console.log(`    ${example}`);
  broken += Object.values(faults).reduce((sum, count) => sum + count, 0);
  if (counts.reminders === 0) broken += 1;
}
process.exit(broken === 0 ? 0 : 1);
