"""Checks credentials of this house with libraries that did not sign them: pyld (URDNA2015) and cryptography (Ed25519).

Reads JSON on standard input: {"contexts": {url: context}, "keys": {method: multikey}, "credentials": [...], "lists": {url: credential}, "now": "..."}
Writes one JSON array: for each credential "valid", "revoked", "expired", "early", or "tampered: why".
"""

import base64
import gzip
import hashlib
import json
import sys
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58(text):
    number = 0
    for letter in text:
        number = number * 58 + ALPHABET.index(letter)
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def multikey(text):
    raw = base58(text[1:])
    if text[0] != "z" or raw[:2] != b"\xed\x01" or len(raw) != 34:
        raise ValueError("not an Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(raw[2:])


def canonical_hash(document, loader):
    quads = jsonld.normalize(
        document,
        {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": loader, "processingMode": "json-ld-1.1"},
    )
    if quads == "":
        raise ValueError("nothing is left of it")
    return hashlib.sha256(quads.encode()).digest()


def check_proof(credential, given):
    """https://www.w3.org/TR/vc-di-eddsa/#eddsa-rdfc-2022"""

    def loader(url, _options):
        if url not in given["contexts"]:
            raise ValueError(f"refused: {url}")
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": given["contexts"][url]}

    document = {name: value for name, value in credential.items() if name != "proof"}
    proof = credential["proof"]
    if isinstance(proof, list):
        (proof,) = proof
    if proof["type"] != "DataIntegrityProof" or proof["cryptosuite"] != "eddsa-rdfc-2022":
        raise ValueError("another kind of proof")
    if proof["proofPurpose"] != "assertionMethod":
        raise ValueError("signed for something else")
    issuer = credential["issuer"]
    issuer = issuer if isinstance(issuer, str) else issuer["id"]
    method = proof["verificationMethod"]
    if method.split("#")[0] != issuer or method not in given["keys"]:
        raise ValueError("not a key of the issuer")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    options["@context"] = document["@context"]
    signed = canonical_hash(options, loader) + canonical_hash(document, loader)
    multikey(given["keys"][method]).verify(base58(proof["proofValue"][1:]), signed)


def is_revoked(credential, given):
    """https://www.w3.org/TR/vc-bitstring-status-list/#validate-algorithm"""
    entry = credential.get("credentialStatus")
    if entry is None:
        return False
    found = given["lists"][entry["statusListCredential"]]
    check_proof(found, given)
    subject = found["credentialSubject"]
    if subject["statusPurpose"] != entry["statusPurpose"] or subject["encodedList"][0] != "u":
        raise ValueError("not the list for this")
    text = subject["encodedList"][1:]
    bits = gzip.decompress(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if len(bits) * 8 < 131072:
        raise ValueError("the list is too short")
    index = int(entry["statusListIndex"])
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def verdict(credential, given):
    try:
        check_proof(credential, given)
        if is_revoked(credential, given):
            return "revoked"
    except InvalidSignature:
        return "tampered: the signature does not fit"
    except Exception as error:  # noqa: BLE001
        return f"tampered: {error}"
    now = instant(given["now"])
    if "validFrom" in credential and now < instant(credential["validFrom"]):
        return "early"
    if "validUntil" in credential and now >= instant(credential["validUntil"]):
        return "expired"
    return "valid"


given = json.load(sys.stdin)
json.dump([verdict(one, given) for one in given["credentials"]], sys.stdout)
