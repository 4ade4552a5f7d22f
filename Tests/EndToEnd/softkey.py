"""A security key in software, on PyPI's `fido2` and `cryptography`: it can do everything wrong, one thing at a time."""

import hashlib
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from fido2 import cbor
from fido2.cose import CoseKey
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

FLAG = AuthenticatorData.FLAG


class SoftKey:
    def __init__(self, algorithm: str = "ES256", bits: int = 2048, counts: bool = True):
        self.algorithm = algorithm
        self.private = {
            "ES256": lambda: ec.generate_private_key(ec.SECP256R1()), "EdDSA": ed25519.Ed25519PrivateKey.generate,
            "RS256": lambda: rsa.generate_private_key(65537, bits),
            "ES384": lambda: ec.generate_private_key(ec.SECP384R1())}[algorithm]()
        self.cose = CoseKey.for_name(algorithm).from_cryptography_key(self.private.public_key())
        self.id = os.urandom(32)
        self.counter, self.counts = 0, counts

    def signature(self, data: bytes) -> bytes:
        if self.algorithm == "EdDSA":
            return self.private.sign(data)
        if self.algorithm == "RS256":
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.private.sign(data, ec.ECDSA(hashes.SHA384() if self.algorithm == "ES384" else hashes.SHA256()))

    def credential(self) -> AttestedCredentialData:
        return AttestedCredentialData.create(bytes(16), self.id, self.cose)

    def register(self, request: dict, origin: str, *, kind: str = CollectedClientData.TYPE.CREATE, challenge: str | None = None,
                 rp: str | None = None, flags: int = FLAG.UP | FLAG.UV | FLAG.AT, fmt: str = "none", statement: dict | None = None,
                 cross: bool = False, tail: bytes = b"", raw: bytes | None = None, key: bytes | None = None,
                 extensions: bytes = b"") -> dict:
        client = CollectedClientData.create(kind, challenge or request["challenge"], origin, cross)
        data = AuthenticatorData.create(
            hashlib.sha256((rp or request["domain"]).encode()).digest(), flags, self.counter,
            self.credential() if flags & FLAG.AT else b"")
        if fmt == "packed" and statement is None:
            statement = {"alg": self.cose.ALGORITHM, "sig": self.signature(data + client.hash)}
        attestation = raw if raw is not None else bytes(AttestationObject.create(fmt, data, statement or {})) + tail
        if key is not None or extensions:
            # What no library writes: `key` in the place of the public key's CBOR, `extensions` after it.
            head = bytearray(data if key is None else data[:55 + len(self.id)] + key)
            head[32] |= FLAG.ED if extensions else 0
            attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(head) + extensions})
        return {"challenge": request["challenge"], "clientData": websafe_encode(client), "attestation": websafe_encode(attestation)}

    def sign(self, request: dict, origin: str, *, kind: str = CollectedClientData.TYPE.GET, challenge: str | None = None,
             rp: str | None = None, flags: int = FLAG.UP | FLAG.UV, counter: int | None = None, cross: bool = False,
             identifier: bytes | None = None, spoil: str = "", extensions: bytes = b"") -> dict:
        client = CollectedClientData.create(kind, challenge or request["challenge"], origin, cross)
        if counter is None:
            self.counter += 1 if self.counts else 0
            counter = self.counter
        data = AuthenticatorData.create(hashlib.sha256((rp or request["domain"]).encode()).digest(), flags, counter)
        if extensions:
            data = data[:32] + bytes([flags | FLAG.ED]) + data[33:] + extensions
        signature = self.signature(data + client.hash)
        answer = {"challenge": request["challenge"], "id": websafe_encode(identifier or self.id), "clientData": websafe_encode(client),
                  "authenticatorData": websafe_encode(data), "signature": websafe_encode(signature)}
        if spoil:
            turned = bytearray(websafe_decode(answer[spoil]))
            turned[-1] ^= 1
            answer[spoil] = websafe_encode(bytes(turned))
        return answer


def nested(depth: int) -> bytes:
    """CBOR arrays inside each other."""
    return b"\x81" * depth + b"\x00"


def promising(members: int) -> bytes:
    """A CBOR map that promises more than there is."""
    return b"\xbb" + members.to_bytes(8, "big")


# An array of 2^28 elements, of which none follows: libcbor makes room for all of them, 2 GB, before it looks for the first.
BOMB = b"\x9a\x10\x00\x00\x00"


__all__ = ["BOMB", "FLAG", "SoftKey", "cbor", "nested", "promising", "websafe_decode", "websafe_encode"]
