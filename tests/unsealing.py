"""Opens a push message as RFC 8291 and RFC 8188 say, written from them alone: no code in common with our senders."""

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT, SIZE, TAG = 16, 4, 16  # bytes (RFC 8188 2.1, AES-128-GCM)
LARGEST = 4096  # bytes that a push service has to take (RFC 8291 4)


class NotSealedWell(Exception):
    """What is wrong with a message, by the paragraph that says so."""


@dataclass(frozen=True)
class Header:
    """What comes before the record: its salt, the size of records, and the sender's key (RFC 8188 2.1)."""

    salt: bytes
    record_size: int
    sender: bytes
    sealed: bytes


def unseal(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """What was sealed for this key pair and secret. `NotSealedWell`, or an error of cryptography's own."""
    head = header_of(body)
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), head.sender)
    mine = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = private.exchange(ec.ECDH(), sender)
    key_material = derived(shared, auth, b"WebPush: info\x00" + mine + head.sender, 32)  # RFC 8291 3.4
    key = derived(key_material, head.salt, b"Content-Encoding: aes128gcm\x00", 16)  # RFC 8188 2.2
    nonce = derived(key_material, head.salt, b"Content-Encoding: nonce\x00", 12)  # RFC 8188 2.3, of record 0
    return without_padding(AESGCM(key).decrypt(nonce, head.sealed, None))


def header_of(body: bytes) -> Header:
    """The header of a message, checked as a strict receiver does."""
    salt, rest = body[:SALT], body[SALT:]
    record_size, length = int.from_bytes(rest[:SIZE], "big"), rest[SIZE] if len(rest) > SIZE else 0
    sender, sealed = rest[SIZE + 1 : SIZE + 1 + length], rest[SIZE + 1 + length :]
    if len(body) > LARGEST:
        raise NotSealedWell("RFC 8291 4: longer than 4096 bytes")
    if length != 65 or len(sender) != 65 or sender[0] != 4:
        raise NotSealedWell("RFC 8291 4: the key id is not an uncompressed point")
    if record_size < 18 or len(sealed) > record_size or len(sealed) <= TAG:
        raise NotSealedWell("RFC 8291 4: not one single record")
    return Header(salt, record_size, sender, sealed)


def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF with SHA-256 (RFC 5869)."""
    return HKDF(SHA256(), length, salt, info).derive(secret)


def without_padding(plain: bytes) -> bytes:
    """What comes before the delimiter of the last record, which is 2 and then zeros (RFC 8188 2)."""
    kept = plain.rstrip(b"\x00")
    if not kept.endswith(b"\x02"):
        raise NotSealedWell("RFC 8188 2: not the delimiter of a last record")
    return kept[:-1]


def unb64(text: str) -> bytes:
    """The bytes of base64url with or without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
