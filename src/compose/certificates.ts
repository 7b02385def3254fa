import { type Certificates, createCertificates } from "../certificates/certificates.ts";
import type { Config } from "../config.ts";
import { createAudit } from "../people/audit.ts";
import type { Box } from "../store/box.ts";
import type { Store } from "../store/types.ts";
import { originOf } from "./origin.ts";

/** Certificates over a store, as servers and commands use them. */
export function certificatesFor(config: Config, store: Store, box: Box): Certificates {
  const { now } = config.clock;
  return createCertificates({
    db: store.db,
    now,
    origin: originOf(config),
    publicUrl: config.publicUrl,
    seal: (purpose, text, context) => box.seal(purpose, Buffer.from(text), context),
    open: (purpose, sealed, context) => Buffer.from(box.open(purpose, sealed, context)).toString(),
    audit: createAudit(store.db, now),
  });
}
