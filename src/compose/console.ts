import type { Express } from "express";
import type { Appointments } from "../appointments/appointments.ts";
import type { EvidenceFor } from "../assessments/types.ts";
import type { Certificates } from "../certificates/certificates.ts";
import { mountConsole } from "../console/router.tsx";
import { sections } from "../console/sections.ts";
import type { Authoring } from "../console/types.ts";
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
    readonly certificates: Certificates;
    readonly appointments: Appointments;
    readonly evidenceFor: EvidenceFor;
    readonly authoring: Authoring;
  },
): void {
  const { config, store, box, secret, log } = foundation;
  const { now } = config.clock;
  const { shared, adapters, receive, catalogue, certificates, appointments, evidenceFor, authoring } = parts;
  mountConsole(
    app,
    {
      store,
      adapters,
      receive,
      catalogue,
      certificates,
      appointments,
      evidenceFor,
      authoring,
      words: shared.deps.words,
      now,
      publicUrl: config.publicUrl,
      secret,
      seal: (purpose, text, context) => box.seal(purpose, Buffer.from(text), context),
      open: (purpose, sealed, context) => Buffer.from(box.open(purpose, sealed, context)).toString(),
      sealBytes: box.seal,
      openBytes: box.open,
      audit: createAudit(store.db, now),
      log,
    },
    sections,
  );
}
