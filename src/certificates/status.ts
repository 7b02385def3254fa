import { randomInt, randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Database } from "../store/client.ts";
import type { Keys } from "./keys.ts";
import { instant, listContexts } from "./names.ts";

/** Bits of a list: the least that the standard allows, so that a bit says nothing about whose it is. https://www.w3.org/TR/vc-bitstring-status-list/#bitstring-generation-algorithm */
export const listSize = 131_072;
/** A list that is this full gets no more: places are drawn, and the draw must soon find a free one. */
const fullAt = listSize / 2;
/** So many credentials go into a list before it is asked again how full it is. */
const unasked = 100;
/** How long a signed list is given out before it is read again, milliseconds; with what others may keep it (`listSeconds`) below a minute. */
const keptMs = 15_000;
/** How long others may keep a list, seconds. */
export const listSeconds = 30;

export interface StatusDeps {
  readonly db: Pick<Database, "statusList" | "award">;
  readonly keys: Pick<Keys, "signer">;
  readonly now: () => number;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
}

export interface Status {
  /** The list that new credentials of an issuer go into. */
  listFor(issuer: string): Promise<string>;
  /** A random place of a list; whoever takes it finds out whether it is taken already. */
  place(): number;
  /** The address of a list. */
  address(list: string): string;
  /** The signed list as JSON text; undefined where there is none. */
  credential(list: string): Promise<string | undefined>;
  /** What the register says of a place; undefined where nothing stands there. */
  stateAt(list: string, index: number): Promise<PlaceState | undefined>;
}

export interface PlaceState {
  /** The certificate that has the place. */
  readonly award: string;
  /** It does not count any more. */
  readonly revoked: boolean;
  /** Until when it was extended, epoch milliseconds. */
  readonly extendedUntil: number | null;
}

/**
 * Begins a new list for each issuer that has one. After an older copy of the register was put back nobody knows which places of the
 * present lists were given to certificates that the copy does not have.
 */
export async function beginLists(db: Pick<Database, "statusList">, now: number): Promise<void> {
  const last = await db.statusList.groupBy({ by: ["issuer"], _max: { createdAt: true } });
  for (const { issuer, _max } of last) {
    const createdAt = BigInt(Math.max(now, Number(_max.createdAt ?? 0n) + 1));
    await db.statusList.create({ data: { id: randomUUID(), issuer, size: listSize, createdAt } });
  }
}

/** Says which credentials do not count any more. The bits are read from the awards, so that nothing can differ from them. */
export function createStatus({ db, keys, now, origin }: StatusDeps): Status {
  const address = (list: string): string => `${origin}/status/${list}`;
  const kept = new Map<string, { readonly text: string; readonly at: number }>();
  const inUse = new Map<string, { readonly id: string; left: number }>();

  const encoded = async (list: string, size: number): Promise<string> => {
    const bits = Buffer.alloc(size / 8);
    const gone = { statusList: list, state: { not: "valid" } };
    for (const { statusIndex } of await db.award.findMany({ where: gone, select: { statusIndex: true } })) {
      // The first bit is the leftmost one of the first byte.
      const byte = Math.floor(statusIndex / 8);
      bits[byte] = (bits[byte] ?? 0) | (0x80 >> (statusIndex % 8));
    }
    return `u${gzipSync(bits).toString("base64url")}`;
  };

  return {
    address,
    place: () => randomInt(listSize),
    async listFor(issuer) {
      const present = inUse.get(issuer);
      if (present !== undefined && present.left > 0) {
        present.left -= 1;
        return present.id;
      }
      // The newest alone: a place of an older one is not given again, although nobody may be known to have it.
      const newest = await db.statusList.findFirst({
        where: { issuer },
        orderBy: [{ createdAt: "desc" }, { id: "asc" }],
      });
      const hasRoom = newest !== null && (await db.award.count({ where: { statusList: newest.id } })) < fullAt;
      if (hasRoom) inUse.set(issuer, { id: newest.id, left: unasked });
      if (hasRoom) return newest.id;
      const { id } = await db.statusList.create({
        data: { id: randomUUID(), issuer, size: listSize, createdAt: BigInt(now()) },
      });
      return id;
    },
    async credential(list) {
      const found = kept.get(list);
      // The real clock: this is about what another process wrote.
      if (found !== undefined && Date.now() - found.at < keptMs) return found.text;
      const row = await db.statusList.findUnique({ where: { id: list } });
      const signer = row === null ? undefined : await keys.signer(row.issuer);
      if (row === null || signer === undefined) return undefined;
      const credential = {
        "@context": listContexts,
        id: address(list),
        type: ["VerifiableCredential", "BitstringStatusListCredential"],
        issuer: row.issuer,
        validFrom: instant(Number(row.createdAt)),
        credentialSubject: {
          id: `${address(list)}#list`,
          type: "BitstringStatusList",
          statusPurpose: "revocation",
          encodedList: await encoded(list, row.size),
        },
      };
      const { signCredential } = await import("./proof.ts");
      const text = JSON.stringify(await signCredential(credential, signer, now()));
      kept.set(list, { text, at: Date.now() });
      return text;
    },
    async stateAt(list, index) {
      const where = { statusList_statusIndex: { statusList: list, statusIndex: index } };
      const row = await db.award.findUnique({ where, select: { id: true, state: true, extendedUntil: true } });
      if (row === null) return undefined;
      const extendedUntil = row.extendedUntil === null ? null : Number(row.extendedUntil);
      return { award: row.id, revoked: row.state !== "valid", extendedUntil };
    },
  };
}
