// A visitor of pages, in a thread of its own so that asking costs the server nothing: certificates at a steady rate, every fourth of
// them for the first time.
import { parentPort, workerData } from "node:worker_threads";

const { origin, tokens, rate, seconds } = workerData;
const times = [];
let failed = 0;
async function ask(token) {
  const started = performance.now();
  const answer = await fetch(`${origin}/certificates/${token}`);
  const text = await answer.text();
  times.push(performance.now() - started);
  if (answer.status !== 200 || !text.includes("This certificate is valid")) failed += 1;
}
// What a server does once, compiling above all, is not what a page takes.
for (let warm = 0; warm < 50; warm += 1) await ask(tokens.at(-1 - warm));
times.length = 0;
const asked = [];
const begin = performance.now();
for (let n = 0; n < rate * seconds; n += 1) {
  const wait = begin + (n * 1000) / rate - performance.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  asked.push(ask(tokens[n % 4 === 0 ? n / 4 : Math.floor((Math.random() * (n + 1)) / 4)]));
}
await Promise.all(asked);
parentPort.postMessage({ times: times.sort((one, other) => one - other), failed });
