// Radar pictures, one after another: node bench/radar.mjs [pictures 200]
//   Each shows other levels of 16 competences, in Cyrillic, with all four lines. Prints how long a picture takes, and how long the thread that
//   answers people was away from its work at most. Ends with status 1 where the median is above 80 ms or the gap above 20 ms. Needs `npm run build`.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { drawRadar, radarData } from "../dist/src/images/radar.js";
import { toPng } from "../dist/src/images/raster.js";

const pictures = Number(process.argv[2] ?? 200);
const [mostMs, mostGapMs] = [80, 20];
const axes = [..."ABCDE"].flatMap((group) => [1, 2, 3].map((n) => `${group}${n}`)).concat("F1");
const groups = [..."ABCDE"].map((code) => ({ code, label: "Отношения, диалог и общност" }));

function picture(n) {
  const series = ["required", "earlier", "self", "assessor"].map((kind, place) => ({
    kind,
    label: "Моята преценка",
    values: axes.map((_, index) => (n * 7 + index * (place + 3)) % 5),
  }));
  return drawRadar(radarData.parse({ title: `Самооценка ${n}`, levels: 4, axes, groups, series }));
}

// The first one loads everything that draws; a server pays that once.
const first = performance.now();
await toPng(picture(pictures));
const firstMs = performance.now() - first;

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const [whole, main] = [[], []];
for (let n = 0; n < pictures; n += 1) {
  const began = performance.now();
  const svg = picture(n);
  main.push(performance.now() - began);
  await toPng(svg);
  whole.push(performance.now() - began);
}
delay.disable();

const at = (values, share) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const gapMs = delay.max / 1e6;
console.log(`${pictures} radar pictures, the first one in ${firstMs.toFixed(0)} ms`);
console.log(
  `  a picture: median ${at(whole, 0.5).toFixed(1)} ms, p99 ${at(whole, 0.99).toFixed(1)} ms (goal: median below ${mostMs})`,
);
console.log(`  of it on the main thread: median ${at(main, 0.5).toFixed(2)} ms, p99 ${at(main, 0.99).toFixed(2)} ms`);
console.log(`  longest gap of the main thread: ${gapMs.toFixed(1)} ms (goal: below ${mostGapMs})`);
process.exit(at(whole, 0.5) < mostMs && gapMs < mostGapMs ? 0 : 1);
