import type { ComponentChildren } from "preact";
import type { Appointments } from "../appointments/appointments.ts";
import type { EvidenceFor } from "../assessments/types.ts";
import type { PackFiles } from "../authoring/archive.ts";
import type { FindIn } from "../authoring/findings.ts";
import type { Stage } from "../authoring/play.ts";
import type { Certificates } from "../certificates/certificates.ts";
import type { Catalogue } from "../domain/programme.ts";
import type { Adapter, Log, Receive, Words } from "../engine/adapter.ts";
import type { Action } from "../people/access.ts";
import type { WriteAudit } from "../people/audit.ts";
import type { Standing } from "../people/standing.ts";
import type { Store } from "../store/types.ts";

/** What every page of the console works with. */
export interface ConsoleDeps {
  readonly store: Store;
  /** The platforms that are switched on; pages ask their capabilities and previews and never name one. */
  readonly adapters: readonly Adapter[];
  readonly receive: Receive;
  readonly words: Words;
  readonly catalogue: Catalogue;
  /** Epoch milliseconds of the product's clock. Security uses the real clock. */
  readonly now: () => number;
  readonly publicUrl: string | undefined;
  /** The product's secret, for keyed hashes of codes and tokens. */
  readonly secret: string;
  /** Encrypts and opens texts that a person wrote; `context` binds a text to its row. */
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
  /** The same for bytes, such as files. */
  readonly sealBytes: (purpose: string, bytes: Uint8Array, context: string) => Uint8Array;
  readonly openBytes: (purpose: string, sealed: Uint8Array, context: string) => Uint8Array;
  readonly audit: WriteAudit;
  readonly certificates: Certificates;
  readonly appointments: Appointments;
  readonly authoring: Authoring;
  /** The evidence of a person for whoever assesses; without it there is none to see. */
  readonly evidenceFor?: EvidenceFor | undefined;
  readonly log: Log;
}

/** What authors work with. */
export interface Authoring {
  readonly findIn: FindIn;
  readonly stage: Stage;
  /** The files of a version that is taught; undefined where they are not here. */
  source(version: { readonly id: string; readonly version: string }): Promise<PackFiles | undefined>;
  /** Teaches at once what was just published; other instances follow within seconds. */
  refresh(): Promise<void>;
}

/** One request of somebody who is signed in and may do the route's action somewhere. */
export interface Visit {
  readonly standing: Standing;
  readonly person: { readonly id: string; readonly name: string };
  /** An interface language. */
  readonly language: string;
  /** The parts of the path that the route names with a colon. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** What a form sent; empty for a GET. A field that was sent more than once keeps all of its values. */
  readonly form: URLSearchParams;
  /** Files of a form, by field. */
  readonly files: ReadonlyMap<string, { readonly name: string; readonly bytes: Uint8Array }>;
  /** The hidden field that every form must carry. */
  readonly csrf: string;
}

/** What a route answers. */
export type Answer =
  | {
      readonly type: "page";
      readonly title: string;
      readonly body: ComponentChildren;
      readonly status?: number /** Seconds after which the page is asked for again by itself. */;
      readonly refresh?: number;
    }
  /** After a change: to another page, which says `said` (a key of `words/console`) once. */
  | { readonly type: "go"; readonly to: string; readonly said?: string }
  | { readonly type: "file"; readonly name: string; readonly mime: string; readonly body: string | Uint8Array }
  /** Nothing there, or not for this person: both look the same. */
  | { readonly type: "missing" };

/** A page or a form of the console. Without an action a route cannot exist. */
export interface Route {
  readonly method: "get" | "post";
  /** Below `/console`, such as `/people/:id`. */
  readonly path: string;
  /** The right that opens it; the handler asks `visit.standing` for the organisation it concerns. */
  readonly action: Action;
  handle(visit: Visit, deps: ConsoleDeps): Promise<Answer>;
}

/** What the pages of a heading of the navigation are about. */
export type Heading = "people" | "training" | "programmes" | "house";

/** The routes of one part of the console and its place in the navigation. */
export interface Section {
  /** Where the navigation leads, below `/console`; undefined: nowhere in it. */
  readonly path?: string;
  /** The heading that opens onto it; without one it is always in sight. */
  readonly heading?: Heading;
  /** The key of its name in `words/console`. */
  readonly name: string;
  readonly routes: readonly Route[];
}
