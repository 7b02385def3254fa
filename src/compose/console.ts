import type { Express } from "express";
import { mountConsole } from "../console/router.tsx";
import { sections } from "../console/sections.ts";
import type { Catalogue } from "../domain/programme.ts";
import type { Adapter, Receive } from "../engine/adapter.ts";
import { createAudit } from "../people/audit.ts";
import type { Foundation } from "./parts.ts";
import type { Shared } from "./shared.ts";

/** Adds the coordinators' pages to the product. */
export function addConsole(
  app: Express,
  foundation: Foundation,
  parts: {
    readonly shared: Shared;
    readonly adapters: readonly Adapter[];
    readonly receive: Receive;
    readonly catalogue: Catalogue;
  },
): void {
  const { config, store, box, secret, log } = foundation;
  const { now } = config.clock;
  const { shared, adapters, receive, catalogue } = parts;
  mountConsole(
    app,
    {
      store,
      adapters,
      receive,
      catalogue,
      words: shared.deps.words,
      now,
      publicUrl: config.publicUrl,
      secret,
      seal: (purpose, text, context) => box.seal(purpose, Buffer.from(text), context),
      open: (purpose, sealed, context) => Buffer.from(box.open(purpose, sealed, context)).toString(),
      audit: createAudit(store.db, now),
      log,
    },
    sections,
  );
}
