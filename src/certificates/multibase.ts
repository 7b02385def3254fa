const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/** What stands before 32 bytes of an Ed25519 public key. https://www.w3.org/TR/cid-1.0/#Multikey */
const ed25519 = [0xed, 0x01];

/** A public key as a Multikey in base58btc: `z6Mk…`, which is also how a did:key ends. */
export function toMultikey(publicKey: Uint8Array): string {
  return `z${base58(Uint8Array.of(...ed25519, ...publicKey))}`;
}

/** Base58 as in https://datatracker.ietf.org/doc/html/draft-msporny-base58-03 */
function base58(bytes: Uint8Array): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  let text = "";
  for (; number > 0n; number /= 58n) text = `${alphabet[Number(number % 58n)] ?? ""}${text}`;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return "1".repeat(zeros < 0 ? bytes.length : zeros) + text;
}
