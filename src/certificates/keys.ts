import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Database } from "../store/client.ts";
import { type DidDocument, didDocument, didKey, didWeb, methodId } from "./did.ts";
import { toMultikey } from "./multibase.ts";

export interface KeyDeps {
  readonly db: Pick<Database, "signingKey" | "$transaction">;
  readonly now: () => number;
  readonly publicUrl: string | undefined;
  readonly seal: (purpose: string, text: string, context: string) => Uint8Array;
  readonly open: (purpose: string, sealed: Uint8Array, context: string) => string;
}

/** Somebody who can sign for an issuer. */
export interface Signer {
  readonly keyId: string;
  /** The DID in whose name it signs. */
  readonly issuer: string;
  /** How a proof names the key. */
  readonly method: string;
  readonly sign: (data: Uint8Array) => Uint8Array;
}

/** A key that signs or signed, without its secret. Epoch milliseconds. */
export interface PublicKey {
  readonly id: string;
  readonly createdAt: number;
  readonly retiredAt: number | null;
}

export interface Keys {
  /** Makes the first key where there is none. */
  ready(): Promise<void>;
  /** Every key there is or was, the present one first. */
  all(): Promise<readonly PublicKey[]>;
  /** Who signs now; with `issuer` who signs for that DID, undefined where it is none of ours. */
  signer(): Promise<Signer>;
  signer(issuer: string): Promise<Signer | undefined>;
  /** The document of a DID of ours; undefined where it is none. */
  document(issuer: string): Promise<DidDocument | undefined>;
  /** The document under `/.well-known/did.json`; undefined without a public https address. */
  webDocument(): Promise<DidDocument | undefined>;
  /** Makes a new key and retires the present one. */
  rotate(): Promise<{ readonly from: string; readonly to: string }>;
}

const purpose = "signing-key";
/** Other instances hear of a new key after this long, milliseconds. */
const knownMs = 15_000;

/** Ed25519 keys in the store, the private part sealed and opened when first needed. */
export function createKeys({ db, now, publicUrl, seal, open }: KeyDeps): Keys {
  const web = didWeb(publicUrl);
  const secrets = new Map<string, KeyObject>();
  let known: { readonly keys: readonly PublicKey[]; readonly at: number } | undefined;

  const row = (at: number) => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const id = toMultikey(publicKey.export({ type: "spki", format: "der" }).subarray(-32));
    const secret = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
    return { id, secret: new Uint8Array(seal(purpose, secret, id)), createdAt: BigInt(at) };
  };

  const read = async (): Promise<readonly PublicKey[]> => {
    const rows = await db.signingKey.findMany({ select: { id: true, createdAt: true, retiredAt: true } });
    const keys = rows.map((one) => ({
      id: one.id,
      createdAt: Number(one.createdAt),
      retiredAt: one.retiredAt === null ? null : Number(one.retiredAt),
    }));
    // Two instances that start at once may both have made one: everybody takes the same.
    return keys.sort(
      (one, other) =>
        Number(one.retiredAt !== null) - Number(other.retiredAt !== null) ||
        one.createdAt - other.createdAt ||
        (one.id < other.id ? -1 : 1),
    );
  };

  const all = async (): Promise<readonly PublicKey[]> => {
    // The real clock: this is about what another process wrote.
    if (known === undefined || Date.now() - known.at > knownMs || known.keys.length === 0)
      known = { keys: await read(), at: Date.now() };
    return known.keys;
  };

  const secretOf = async (id: string): Promise<KeyObject> => {
    const found = secrets.get(id);
    if (found !== undefined) return found;
    const { secret } = await db.signingKey.findUniqueOrThrow({ where: { id } });
    const der = Buffer.from(open(purpose, secret, id), "base64");
    const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    secrets.set(id, key);
    return key;
  };

  const signerOf = async (keyId: string, issuer: string): Promise<Signer> => {
    const secret = await secretOf(keyId);
    return { keyId, issuer, method: methodId(issuer, keyId), sign: (data) => sign(null, data, secret) };
  };

  const ready = async (): Promise<void> => {
    if ((await db.signingKey.count()) === 0) await db.signingKey.create({ data: row(now()) });
  };

  function signer(): Promise<Signer>;
  function signer(issuer: string): Promise<Signer | undefined>;
  async function signer(issuer?: string): Promise<Signer | undefined> {
    let keys = await all();
    if (keys.length === 0) {
      await ready();
      keys = await all();
    }
    const [present] = keys;
    if (present === undefined) throw new Error("there is no key to sign with");
    if (issuer === undefined) return signerOf(present.id, web ?? didKey(present.id));
    if (issuer === web) return signerOf(present.id, web);
    const own = keys.find(({ id }) => didKey(id) === issuer);
    return own && signerOf(own.id, issuer);
  }

  const document = async (issuer: string): Promise<DidDocument | undefined> => {
    const ids = (await all()).map(({ id }) => id);
    if (issuer === web) return didDocument(issuer, ids);
    const own = ids.find((id) => didKey(id) === issuer);
    return own === undefined ? undefined : didDocument(issuer, [own]);
  };

  return {
    ready,
    all,
    signer,
    document,
    webDocument: async () => (web === undefined ? undefined : document(web)),
    async rotate() {
      await ready();
      const [present] = await read();
      const made = row(now());
      await db.$transaction([
        db.signingKey.updateMany({ where: { retiredAt: null }, data: { retiredAt: BigInt(now()) } }),
        db.signingKey.create({ data: made }),
      ]);
      known = undefined;
      return { from: present?.id ?? "", to: made.id };
    },
  };
}
