import { randomBytes, randomUUID } from "node:crypto";
import { keyedHash } from "../people/sign-in.ts";
import { type CleanFile, fileTypes } from "./content.ts";
import { destroyFiles } from "./destroy.ts";
import { addJob } from "./news.ts";
import { filePurpose, itemOf } from "./read.ts";
import { type EvidenceDeps, type EvidenceItem, openStates } from "./types.ts";

/** How long an upload link works, minutes. It works once. */
export const uploadMinutes = 30;
/** Links that still work, for one item. */
const mostLinks = 10;

/** What upload links are made of. */
export interface UploadDeps extends EvidenceDeps {
  /** The product's secret: only a keyed hash of a token is stored. */
  readonly secret: string;
  /** Where people reach the pages, without a trailing slash. */
  readonly origin: string;
}

const hashOf = (secret: string, token: string): string => keyedHash(secret, "upload", token);

/** Makes a link to the page where the file of an item is handed in; undefined where the item is not theirs to change, `often` after too many. */
export async function uploadLink(
  deps: UploadDeps,
  personId: string,
  evidenceId: string,
): Promise<string | "often" | undefined> {
  const { db } = deps.store;
  const where = { id: evidenceId, personId, kind: "file", state: { in: [...openStates] } };
  if ((await db.evidence.count({ where })) === 0) return undefined;
  const good = { evidenceId, usedAt: null, expiresAt: { gt: BigInt(deps.now()) } };
  if ((await db.uploadLink.count({ where: good })) >= mostLinks) return "often";
  const token = randomBytes(32).toString("base64url");
  const expiresAt = BigInt(deps.now() + uploadMinutes * 60_000);
  await db.uploadLink.create({ data: { tokenHash: hashOf(deps.secret, token), personId, evidenceId, expiresAt } });
  return `${deps.origin}/upload/${token}`;
}

/** The item that a link is for, and when the link ends; undefined where it does not work (any more). */
export async function uploadFor(
  deps: Pick<UploadDeps, "store" | "now" | "secret">,
  token: string,
): Promise<{ readonly item: EvidenceItem; readonly until: number } | undefined> {
  const row = await deps.store.db.uploadLink.findUnique({
    where: { tokenHash: hashOf(deps.secret, token) },
    include: { evidence: true },
  });
  if (row === null || row.usedAt !== null || Number(row.expiresAt) <= deps.now()) return undefined;
  const item = itemOf(row.evidence);
  if (item.personId !== row.personId || item.kind !== "file" || !openStates.includes(item.state)) return undefined;
  return { item, until: Number(row.expiresAt) };
}

/**
 * Keeps a file, sealed, in place of an earlier one, uses the link up with every other link of the item, and has the chat told. False
 * where the link has stopped working meanwhile: of two files at once one is kept.
 */
export async function keepFile(
  deps: UploadDeps,
  token: string,
  given: { readonly file: CleanFile; readonly name: string },
): Promise<boolean> {
  const { db } = deps.store;
  const found = await uploadFor(deps, token);
  if (found === undefined) return false;
  const { id: evidenceId, personId } = found.item;
  const { mime, bytes } = given.file;
  const id = randomUUID();
  const name = given.name === "" ? `evidence.${fileTypes[mime]}` : given.name;
  const sealed = {
    name: new Uint8Array(deps.seal(filePurpose, name, `${id}:name`)),
    bytes: new Uint8Array(deps.sealBytes(filePurpose, bytes, id)),
  };
  const at = deps.now();
  const old = await db.evidenceFile.findMany({ where: { evidenceId, destroyedAt: null }, select: { id: true } });
  const kept = await db.$transaction(async (tx) => {
    const where = { evidenceId, usedAt: null, expiresAt: { gt: BigInt(at) } };
    const tokenHash = hashOf(deps.secret, token);
    const taken = await tx.uploadLink.updateMany({ where: { ...where, tokenHash }, data: { usedAt: BigInt(at) } });
    const open = { id: evidenceId, state: { in: [...openStates] } };
    const still = await tx.evidence.updateMany({ where: open, data: { changedAt: BigInt(at) } });
    if (taken.count === 0 || still.count === 0) return false;
    await tx.uploadLink.updateMany({ where, data: { usedAt: BigInt(at) } });
    await tx.evidenceFile.create({
      data: { id, evidenceId, mime, size: bytes.length, ...sealed, tickedAt: BigInt(at) },
    });
    await addJob(tx, { id: `evidence-file:${id}`, personId, name: "evidenceArrived", data: { file: id }, at });
    return true;
  });
  if (!kept) return false;
  await destroyFiles(deps, { evidence: [evidenceId], by: personId, only: old.map((one) => one.id) });
  deps.store.tell({ lanes: [], chats: [], jobs: true });
  return true;
}
