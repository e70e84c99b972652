"""Encrypt and open one field, bound to its row; make and read the key file. The only use of `cryptography`.

AES-256-GCM with the row's identity as associated data (trust.md B8): a ciphertext moved to another row, column or
client does not open. One data key per client and per service, wrapped by a service key that lives in the key file.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from server.errors import CannotStart

FORMAT = 1  # first byte of everything sealed: the format, so that a second one can come
NONCE = 12


class CannotOpen(Exception):
    """The sealed bytes do not belong to this row, or their key is gone."""


@dataclass(frozen=True)
class KeyRing:
    """The secrets of one installation, read from the key file."""

    current: str
    wrapping: dict[str, bytes]
    lookup: bytes
    research: bytes
    push_private: str  # PEM, P-256

    def wrap(self, data_key: bytes, owner: str) -> bytes:
        """Wrap a data key for `owner` under the current service key. Bytes that carry the key's name."""
        name = self.current.encode()
        nonce = secrets.token_bytes(NONCE)
        box = AESGCM(self.wrapping[self.current]).encrypt(nonce, data_key, b"wrap|" + owner.encode())
        return bytes([FORMAT, len(name)]) + name + nonce + box

    def unwrap(self, wrapped: bytes, owner: str) -> bytes:
        """The data key again. `CannotOpen` when the service key is gone or the owner is another."""
        name = wrapped[2 : 2 + wrapped[1]].decode()
        rest = wrapped[2 + wrapped[1] :]
        if name not in self.wrapping:
            raise CannotOpen(f"service key {name} is not in the key file")
        try:
            return AESGCM(self.wrapping[name]).decrypt(rest[:NONCE], rest[NONCE:], b"wrap|" + owner.encode())
        except InvalidTag as wrong:
            raise CannotOpen("a data key does not belong to its owner") from wrong

    def keyed(self, purpose: str, text: str) -> str:
        """HMAC-SHA-256 of `text` for one purpose, hex: to look up what is sealed."""
        return hmac.new(self.lookup, f"{purpose}|{text}".encode(), hashlib.sha256).hexdigest()

    def signs_with(self) -> ed25519.Ed25519PrivateKey:
        """What signs audit heads. Made from the look-up key, so that a recovery sheet brings it back."""
        return ed25519.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.keyed("signing", "audit head")))


def sign(keys: KeyRing, text: bytes) -> str:
    """The Ed25519 signature of `text`, hex."""
    return keys.signs_with().sign(text).hex()


def is_signed(keys: KeyRing, text: bytes, signature: str) -> bool:
    """Whether it was these keys that signed just this text."""
    try:
        keys.signs_with().public_key().verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True


def ring() -> KeyRing:
    """The key ring of the running application."""
    return current_app.extensions["meantime-keys"]


def new_data_key() -> bytes:
    """A fresh 256-bit data key."""
    return AESGCM.generate_key(256)


def seal(data_key: bytes, plain: bytes, identity: str) -> bytes:
    """Seal bytes under a data key, bound to `identity` (table|row|column|owner)."""
    nonce = secrets.token_bytes(NONCE)
    return bytes([FORMAT]) + nonce + AESGCM(data_key).encrypt(nonce, plain, identity.encode())


def open_sealed(data_key: bytes, sealed: bytes, identity: str) -> bytes:
    """The bytes again. `CannotOpen` when they were sealed for another row or changed."""
    if not sealed or sealed[0] != FORMAT:
        raise CannotOpen("unknown format")
    try:
        return AESGCM(data_key).decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], identity.encode())
    except InvalidTag as wrong:
        raise CannotOpen(f"sealed bytes do not belong to {identity.split('|')[0]}") from wrong


@lru_cache(maxsize=4096)
def unwrapped(keys: "RingRef", wrapped: bytes, owner: str) -> bytes:
    """The data key, remembered while the process lives (a caseload page opens hundreds)."""
    return keys.ring.unwrap(wrapped, owner)


class RingRef:
    """A hashable handle of one key ring, so that two applications in one process never share a cache line."""

    def __init__(self, keys: KeyRing):
        self.ring = keys


def data_key(wrapped: bytes, owner: str) -> bytes:
    """The data key of `owner` from its wrapped form, with the running application's key ring."""
    return unwrapped(current_app.extensions["meantime-keys-ref"], wrapped, owner)


class Sealed:
    """A text (or JSON value) on a model, sealed in the bytes column `<name>_sealed`.

    The model says whose key it is (`sealing_key()`) and which row this is (`identity()`).
    """

    def __init__(self, as_json: bool = False):
        self.as_json = as_json

    def __set_name__(self, owner, name):
        self.name, self.column = name, f"{name}_sealed"

    def __get__(self, row, owner=None):
        if row is None:
            return self
        sealed = getattr(row, self.column)
        if sealed is None:
            return None
        plain = open_sealed(row.sealing_key(), sealed, self._bound_to(row)).decode()
        return json.loads(plain) if self.as_json else plain

    def __set__(self, row, value):
        if value is None:
            setattr(row, self.column, None)
            return
        plain = json.dumps(value, ensure_ascii=False) if self.as_json else str(value)
        setattr(row, self.column, seal(row.sealing_key(), plain.encode(), self._bound_to(row)))

    def _bound_to(self, row) -> str:
        return f"{row.__tablename__}|{row.identity()}|{self.name}|{FORMAT}"


def make_key_file(path: Path) -> KeyRing:
    """Make the key file (0600) with a service key, look-up key, research key and push keys. Refuses to overwrite."""
    push = ec.generate_private_key(ec.SECP256R1())
    pem = push.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    body = {
        "version": 1,
        "current": "k1",
        "wrapping": {"k1": _b64(new_data_key())},
        "lookup": _b64(secrets.token_bytes(32)),
        "research": _b64(secrets.token_bytes(32)),
        "push_private": pem,
    }
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(body, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    return read_key_file(path)


def read_key_file(path: Path) -> KeyRing:
    """The key ring from its file. `CannotStart` with one sentence when it is missing or unreadable."""
    try:
        body = json.loads(path.read_text())
        wrapping = {name: _bytes(key) for name, key in body["wrapping"].items()}
        if body["current"] not in wrapping or any(len(key) != 32 for key in wrapping.values()):
            raise ValueError("service key missing")
        return KeyRing(
            body["current"], wrapping, _bytes(body["lookup"]), _bytes(body["research"]), body["push_private"]
        )
    except FileNotFoundError as wrong:
        raise CannotStart(
            f"The key file {path} is missing. Without it nothing that was written can be read. "
            "Put it back from your recovery sheet, or set MEANTIME_KEY_FILE."
        ) from wrong
    except PermissionError as wrong:
        raise CannotStart(f"The key file {path} cannot be read by this account.") from wrong
    except (ValueError, KeyError, TypeError) as wrong:
        raise CannotStart(f"The key file {path} is not a Meantime key file, or it is damaged.") from wrong


def push_public_key(keys: KeyRing) -> str:
    """The public half of the push keys as browsers want it: base64url of the uncompressed point."""
    private = serialization.load_pem_private_key(keys.push_private.encode(), None)
    point = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
