import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/**
 * Starts Chromium from `FADDER_CHROMIUM`, `/usr/bin/chromium` or `chromium` in PATH. Undefined, with the reason printed,
 * where there is none: the caller skips its tests.
 */
export async function startBrowser(): Promise<Browser | undefined> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    console.log("skipped: no browser (no FADDER_CHROMIUM, no /usr/bin/chromium, no chromium in PATH)");
    return undefined;
  }
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Where Chromium is, or undefined. A wrong `FADDER_CHROMIUM` is an error, not a reason to skip. */
export function findChromium(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const named = env.FADDER_CHROMIUM;
  if (named !== undefined && named !== "") {
    if (!runnable(named)) throw new Error(`FADDER_CHROMIUM names ${named}, which is not a program that can be run`);
    return named;
  }
  const inPath = (env.PATH ?? "").split(delimiter).map((folder) => join(folder, "chromium"));
  return ["/usr/bin/chromium", ...inPath].find(runnable);
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
