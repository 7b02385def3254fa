import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Express } from "express";

/** The page's own files under an address that changes with their content, so that browsers may keep them for ever. */
export interface Assets {
  readonly base: string;
  mount(app: Express): void;
}

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Reads `adapters/web/client` of the package, whether the code runs from its sources or from `dist`. */
export function loadAssets(): Assets {
  const folder = join(packageRoot(), "adapters", "web", "client");
  const files = new Map(
    readdirSync(folder)
      .filter((name) => types[extname(name)] !== undefined)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))]),
  );
  const hash = createHash("sha256");
  for (const [name, content] of files) hash.update(name).update(content);
  const version = hash.digest("hex").slice(0, 12);
  return {
    base: `/chat/static/${version}`,
    mount(app) {
      app.get("/chat/static/:version/:file", (req, res) => {
        const content = files.get(req.params.file);
        if (!content) {
          res.status(404).type("text").send("There is no such file.");
          return;
        }
        // A page from before a deployment asks under the old version: it gets today's file, and keeps it no longer.
        const current = req.params.version === version;
        res.set("Cache-Control", current ? "public, max-age=31536000, immutable" : "no-cache");
        res.set("Content-Type", types[extname(req.params.file)]);
        res.send(content);
      });
    },
  };
}

function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("the folder with package.json was not found above adapters/web");
    folder = parent;
  }
  return folder;
}
