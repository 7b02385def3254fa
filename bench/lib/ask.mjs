// A visitor of pages, in a thread of its own so that asking costs the server nothing: certificates at a steady rate, every fourth of
// them for the first time. Over connections that are kept, as the proxy in front of a server keeps them.
import { Agent, get } from "node:http";
import { text } from "node:stream/consumers";
import { parentPort, workerData } from "node:worker_threads";

const { origin, tokens, rate, seconds } = workerData;
const times = [];
let failed = 0;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });
async function ask(token) {
  const started = performance.now();
  const answer = await new Promise((resolve, reject) => {
    get(`${origin}/certificates/${token}`, { agent, headers: { "accept-language": "en" } }, resolve).on(
      "error",
      reject,
    );
  });
  const page = await text(answer);
  times.push(performance.now() - started);
  if (answer.statusCode !== 200 || !page.includes("This certificate is valid")) failed += 1;
}
// What a server does once, compiling above all, is not what a page takes.
for (let warm = 0; warm < 64; warm += 32)
  await Promise.all(Array.from({ length: 32 }, (_, at) => ask(tokens.at(-1 - warm - at))));
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
