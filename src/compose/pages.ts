import type { Express } from "express";
import { learntHours } from "../certificates/learnt-hours.ts";
import { mountCertificatePages } from "../certificates/page.tsx";
import { mountRecordPage } from "../certificates/record-page.tsx";
import type { Adapter, Receive } from "../engine/adapter.ts";
import { mountCalendar } from "../events/page.ts";
import { mountUploadPage } from "../evidence/page.tsx";
import { mountCaseService } from "../frameworks/case.ts";
import { mountSelfCheck } from "../frameworks/page.tsx";
import { mountMailPages } from "../mail/page.tsx";
import { mountDataPage } from "../privacy/page.tsx";
import { addConsole } from "./console.ts";
import type { Core } from "./core.ts";
import { originOf } from "./origin.ts";
import type { Foundation } from "./parts.ts";

/** Adds every page that people open in a browser: those of links that a chat sends, the public ones, and the console. */
export function mountPages(
  app: Express,
  foundation: Foundation,
  parts: {
    readonly core: Core;
    readonly adapters: readonly Adapter[];
    readonly receive: Receive;
    /** What people write on. */
    readonly platforms: readonly string[];
  },
): void {
  const { config, store, box, secret, log } = foundation;
  const { core, adapters, receive, platforms } = parts;
  const { catalogue, certificates, shared, seal, open } = core;
  const { db } = store;
  const { words, sign, signed } = shared.deps;
  const { publicUrl } = config;
  const { now } = config.clock;
  const common = { store, db, words, catalogue, secret, publicUrl, origin: originOf(config), now, seal, open };

  app.get("/i/:file", shared.images.route);
  mountDataPage(app, { ...common, openBytes: box.open });
  mountRecordPage(app, { ...common, keys: certificates.keys, hours: learntHours({ db, catalogue, now }) });
  mountCertificatePages(app, { ...common, certificates, sign, signed });
  mountCalendar(app, common);
  mountMailPages(app, { ...common, adapters, receive, held: () => store.upkeep.held(), log });
  mountCaseService(app, common);
  mountSelfCheck(app, { ...common, adapters });
  mountUploadPage(app, { ...common, platforms, sealBytes: box.seal, openBytes: box.open });
  addConsole(app, foundation, { ...core, adapters, receive });
}
