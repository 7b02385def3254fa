import type { WriteAudit } from "../people/audit.ts";
import type { Database } from "../store/client.ts";
import { type Beside, createEnter, type Entered } from "./enter.ts";
import { type Awards, createAwards } from "./issue.ts";
import { createKeys, type Keys } from "./keys.ts";
import { createStatus, type Status } from "./status.ts";
import { createVerify, type Verify } from "./verify.ts";

export interface CertificateDeps {
  readonly db: Database;
  readonly now: () => number;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
  readonly publicUrl: string | undefined;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  readonly audit: WriteAudit;
}

/** Keys, awards, states and checks of certificates: what all doors to them share. */
export interface Certificates extends Awards {
  readonly keys: Keys;
  readonly status: Status;
  /** Checks what somebody brings. */
  readonly verify: Verify;
  /** Checks what this house kept sealed. */
  readonly verifyKept: Verify;
  /** Enters a certificate that the register lost, from its file. */
  enter(file: string, beside?: Beside): Promise<Entered>;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
}

/** Puts the parts together. Nothing is read and no library loaded before something is asked of it. */
export function createCertificates(deps: CertificateDeps): Certificates {
  const keys = createKeys(deps);
  const status = createStatus({ ...deps, keys });
  const verify = createVerify({ keys, status, now: deps.now });
  return {
    origin: deps.origin,
    keys,
    status,
    ...createAwards({ ...deps, keys, status }),
    enter: createEnter({ ...deps, verify }),
    verify,
    verifyKept: createVerify({ keys, status, now: deps.now, kept: true }),
  };
}
