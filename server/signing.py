"""Signs with Ed25519 what leaves this installation or comes back to it: heads of the audit, parts of bundles, bundles.

Each kind has a key of its own, made from the look-up key, so that a recovery sheet brings it back.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.sealing import KeyRing

AUDIT_HEAD, PART, BUNDLE = "audit head", "part of a bundle", "bundle"
SIGNATURE = 64  # bytes


def sign(keys: KeyRing, text: bytes, what: str) -> bytes:
    """The signature of `text`, one of a kind of things."""
    return _key(keys, what).sign(text)


def is_signed(keys: KeyRing, text: bytes, signature: bytes, what: str) -> bool:
    """Whether it was these keys that signed just this text."""
    try:
        _key(keys, what).public_key().verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key(keys: KeyRing, what: str) -> str:
    """What anybody can check such signatures with, PEM."""
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return _key(keys, what).public_key().public_bytes(*form).decode()


def _key(keys: KeyRing, what: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(keys.keyed("signing", what)))
