import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

const require = createRequire(import.meta.url);
const fonts = [
  require.resolve("@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf"),
  require.resolve("@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf"),
];

/** The family every drawing must name: resvg drops text of a family it has no file for, without a word. */
export const fontFamily = "Noto Sans";

/** Turns an SVG into PNG bytes, off the main thread. The same SVG gives the same bytes; no font of the machine is used. */
export async function toPng(svg: string): Promise<Uint8Array> {
  painter ??= createPainter();
  const { worker, waiting } = painter;
  const id = next++;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    // While something is drawn the process stays; an idle painter holds nobody up.
    worker.ref();
    worker.postMessage({ id, svg });
  });
}

interface Painter {
  readonly worker: Worker;
  readonly waiting: Map<number, { resolve(png: Uint8Array): void; reject(reason: unknown): void }>;
}

type Painted = { readonly id: number; readonly png?: Uint8Array; readonly error?: string };

/** Made with the first picture: most processes of a small installation never draw one. */
let painter: Painter | undefined;
let next = 0;

// Packing pixels as PNG takes 10 to 15 ms in which resvg holds the thread that asks for it: too long for the one that answers people.
// Text and not a file, because sources and the build name their files differently.
const code = `
const { parentPort, workerData } = require("node:worker_threads");
const { Resvg } = require(workerData.resvg);
parentPort.on("message", ({ id, svg }) => {
  try {
    const png = new Uint8Array(new Resvg(svg, { font: workerData.font }).render().asPng());
    parentPort.postMessage({ id, png }, [png.buffer]);
  } catch (error) {
    parentPort.postMessage({ id, error: String(error && error.message || error) });
  }
});
`;

function createPainter(): Painter {
  const font = { loadSystemFonts: false, fontFiles: fonts, defaultFontFamily: fontFamily };
  const resvg = require.resolve("@resvg/resvg-js");
  const worker = new Worker(code, { eval: true, workerData: { resvg, font }, env: {} });
  const waiting: Painter["waiting"] = new Map();
  worker.on("message", ({ id, png, error }: Painted) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (png) asked?.resolve(png);
    else asked?.reject(new Error(`this picture cannot be drawn: ${error ?? "nobody said why"}`));
  });
  const over = (reason: Error): void => {
    if (painter?.worker === worker) painter = undefined;
    for (const asked of waiting.values()) asked.reject(reason);
    waiting.clear();
  };
  worker.on("error", over);
  worker.on("exit", (status) => over(new Error(`the thread that draws ended with ${status}`)));
  return { worker, waiting };
}
