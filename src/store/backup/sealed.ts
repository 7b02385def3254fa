import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";

/**
 * A sealed file: 8 bytes `FADDER01`, 16 bytes salt, then pieces of AES-256-GCM. The key is scrypt(secret, salt, N = 2^15, r = 8, p = 1).
 * Each piece has 65,536 bytes of content and a tag of 16; the last one has fewer or as many. The nonce of a piece is its number
 * (8 bytes, big endian), three zero bytes, and 1 for the last piece or else 0, so that pieces can be neither
 * moved, left out nor cut off. The header is bound to every piece.
 */
const magic = Buffer.from("FADDER01");
const saltBytes = 16;
const pieceBytes = 65_536;
const tagBytes = 16;

/** Encrypts a stream of bytes. */
export async function* seal(content: AsyncIterable<Uint8Array>, secret: string): AsyncGenerator<Uint8Array> {
  const header = Buffer.concat([magic, randomBytes(saltBytes)]);
  const key = await keyOf(secret, header);
  yield header;
  let index = 0;
  const piece = (plain: Uint8Array, last: boolean): Uint8Array => {
    const cipher = createCipheriv("aes-256-gcm", key, nonceOf(index, last)).setAAD(header);
    index += 1;
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  let rest: Uint8Array = new Uint8Array();
  for await (const part of content) {
    rest = rest.length === 0 ? part : Buffer.concat([rest, part]);
    // The last piece is never sealed here: what follows decides whether it is the last.
    while (rest.length > pieceBytes) {
      yield piece(rest.subarray(0, pieceBytes), false);
      rest = rest.subarray(pieceBytes);
    }
  }
  yield piece(rest, true);
}

/**
 * Decrypts what `seal` made under one of the secrets. Throws where the file was made under another secret, was changed or is
 * cut off; everything yielded before has been proved to be genuine.
 */
export async function* unseal(file: AsyncIterable<Uint8Array>, secrets: readonly string[]): AsyncGenerator<Uint8Array> {
  const pieces = inPieces(file);
  const first = await pieces.next();
  if (first.done === true) throw new Error("this is no backup of Fadder: it does not begin with FADDER01");
  const header = first.value;
  let key: Buffer | undefined;
  let index = 0;
  let held: Uint8Array | undefined;
  async function* opened(piece: Uint8Array, last: boolean) {
    key ??= await rightKey(piece, last, header, secrets);
    const plain = openPiece(piece, key, header, index, last);
    if (plain === undefined)
      throw new Error(`the backup is damaged or cut off (piece ${index}); nothing of it was used`);
    index += 1;
    yield plain;
  }
  for await (const piece of pieces) {
    if (held !== undefined) yield* opened(held, false);
    held = piece;
  }
  if (held === undefined) throw new Error("the backup is cut off after its header; nothing of it was used");
  yield* opened(held, true);
}

async function rightKey(
  piece: Uint8Array,
  last: boolean,
  header: Uint8Array,
  secrets: readonly string[],
): Promise<Buffer> {
  for (const secret of secrets) {
    const key = await keyOf(secret, header);
    if (openPiece(piece, key, header, 0, last) !== undefined) return key;
  }
  throw new Error(
    "the backup does not open: it was made under another FADDER_SECRET, or it is damaged. " +
      "Give the secret of its day as FADDER_SECRET_PREVIOUS.",
  );
}

function openPiece(
  piece: Uint8Array,
  key: Buffer,
  header: Uint8Array,
  index: number,
  last: boolean,
): Uint8Array | undefined {
  if (piece.length < tagBytes) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(index, last)).setAAD(header);
  decipher.setAuthTag(piece.subarray(piece.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(piece.subarray(0, piece.length - tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The header, then whole pieces, the last one as long as it is. */
async function* inPieces(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  let wanted = magic.length + saltBytes;
  let header = true;
  for await (const part of file) {
    rest = rest.length === 0 ? Buffer.from(part) : Buffer.concat([rest, part]);
    while (rest.length >= wanted) {
      if (header && !rest.subarray(0, magic.length).equals(magic)) return;
      yield Buffer.from(rest.subarray(0, wanted));
      rest = rest.subarray(wanted);
      wanted = pieceBytes + tagBytes;
      header = false;
    }
  }
  if (!header && rest.length > 0) yield rest;
}

function nonceOf(index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index));
  nonce[11] = last ? 1 : 0;
  return nonce;
}

function keyOf(secret: string, header: Uint8Array): Promise<Buffer> {
  const salt = header.subarray(magic.length);
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
