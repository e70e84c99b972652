"""Encrypt and open one field, bound to its row; what the key file holds. The only use of `cryptography`.

AES-256-GCM with the row's identity as associated data (trust.md B8): a ciphertext moved to another row, column or
client does not open. One data key per client and per service, wrapped by a service key that lives in the key file.
"""

import base64
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app

from server import key_file
from server.errors import CannotStart

log = logging.getLogger(__name__)
FORMAT = 1  # first byte of everything sealed: under an owner's first key
NUMBERED = 2  # under a later one, whose number is the next byte
ONE, SETTLED, TURNING = 1, 2, 3  # first byte of a wrapped data key: the first; one with a number; several, for a while
NONCE = 12
LOCKED, PIECE = b"meantime locked file 1\n", 64 * 1024


class CannotOpen(Exception):
    """The sealed bytes do not belong to this row, or their key is gone."""


class KeyDestroyed(CannotOpen):
    """Whose key it was, was erased: nothing of theirs opens again."""


class UnknownKey(CannotOpen):
    """The service key that it was wrapped under is not in the key file, as far as it was read."""


@dataclass(frozen=True)
class DataKey:
    """The keys of one client or service, by number: the newest seals, every one opens. `made`: when the newest was."""

    keys: tuple[tuple[int, bytes], ...]
    made: str = ""

    @property
    def newest(self) -> tuple[int, bytes]:
        """The number and the key under which is sealed."""
        return self.keys[-1]

    def of(self, number: int) -> bytes:
        """The key of that number. `CannotOpen` where it was let go."""
        for known, key in self.keys:
            if known == number:
                return key
        raise CannotOpen(f"data key {number} is gone")

    def followed(self, made: str) -> "DataKey":
        """With a fresh key after the newest; at most the one before is kept besides."""
        number = self.newest[0] % 255 + 1
        return DataKey((self.keys[-1], (number, new_data_key())), made)

    def alone(self) -> "DataKey":
        """The newest, once nothing is sealed under another any more."""
        return DataKey((self.newest,), self.made)


@dataclass(frozen=True)
class KeyRing:
    """The secrets of one installation, read from the key file."""

    current: str
    wrapping: dict[str, bytes]
    lookup: bytes
    research: bytes
    push_private: str  # PEM, P-256
    erased: frozenset[str] = frozenset()  # owners whose keys were destroyed: not opened from any old copy either
    rotated: datetime | None = None  # when the current service key came; empty: it is the first
    seen: key_file.Seen | None = None  # which version of the file this is

    def wrap(self, data_key: "bytes | DataKey", owner: str) -> bytes:
        """Wrap a data key for `owner` under the current service key. Bytes that carry the key's name."""
        name = self.current.encode()
        nonce = secrets.token_bytes(NONCE)
        kind, plain = _packed(data_key)
        box = AESGCM(self.wrapping[self.current]).encrypt(nonce, plain, b"wrap|" + owner.encode())
        return bytes([kind, len(name)]) + name + nonce + box

    def unwrap(self, wrapped: bytes, owner: str) -> DataKey:
        """The data key again. `CannotOpen` when the service key is gone, the owner is another, or theirs was erased."""
        if not wrapped or owner in self.erased:
            raise KeyDestroyed("their key was destroyed")
        name, rest = service_key_of(wrapped), wrapped[2 + wrapped[1] :]
        if name not in self.wrapping:
            raise UnknownKey(f"service key {name} is not in the key file")
        try:
            plain = AESGCM(self.wrapping[name]).decrypt(rest[:NONCE], rest[NONCE:], b"wrap|" + owner.encode())
        except InvalidTag as wrong:
            raise CannotOpen("a data key does not belong to its owner") from wrong
        return DataKey(((0, plain),)) if wrapped[0] == ONE else _unpacked(plain)

    def keyed(self, purpose: str, text: str) -> str:
        """HMAC-SHA-256 of `text` for one purpose, hex: to look up what is sealed."""
        return hmac.new(self.lookup, f"{purpose}|{text}".encode(), hashlib.sha256).hexdigest()


def ring() -> KeyRing:
    """The key ring of the running application."""
    return current_app.extensions["meantime-keys"]


def new_data_key() -> bytes:
    """A fresh 256-bit data key."""
    return AESGCM.generate_key(256)


def service_key_of(wrapped: bytes) -> str:
    """The name of the service key that a data key is wrapped under."""
    return wrapped[2 : 2 + wrapped[1]].decode()


def seal(data_key: bytes | DataKey, plain: bytes, identity: str) -> bytes:
    """Seal bytes under the newest of an owner's keys, bound to `identity` (table|row|column|owner) and that key."""
    number, key = (0, data_key) if isinstance(data_key, bytes) else data_key.newest
    nonce = secrets.token_bytes(NONCE)
    begins = bytes([NUMBERED, number]) if number else bytes([FORMAT])
    return begins + nonce + AESGCM(key).encrypt(nonce, plain, _bound(identity, number))


def open_sealed(data_key: bytes | DataKey, sealed: bytes, identity: str) -> bytes:
    """The bytes again. `CannotOpen` when they were sealed for another row or changed."""
    number = _number(sealed)
    key = data_key if isinstance(data_key, bytes) else data_key.of(number)
    rest = sealed[2:] if number else sealed[1:]
    try:
        return AESGCM(key).decrypt(rest[:NONCE], rest[NONCE:], _bound(identity, number))
    except (InvalidTag, ValueError) as wrong:
        raise CannotOpen(f"sealed bytes do not belong to {identity.split('|')[0]}") from wrong


def _number(sealed: bytes) -> int:
    if not sealed or sealed[0] not in (FORMAT, NUMBERED):
        raise CannotOpen("unknown format")
    return sealed[1] if sealed[0] == NUMBERED else 0


def _bound(identity: str, number: int) -> bytes:
    return (f"{identity}|k{number}" if number else identity).encode()


def _packed(data_key: bytes | DataKey) -> tuple[int, bytes]:
    if isinstance(data_key, bytes):
        return ONE, data_key
    if data_key.keys[0][0] == 0 and len(data_key.keys) == 1:
        return ONE, data_key.keys[0][1]
    kind = SETTLED if len(data_key.keys) == 1 else TURNING
    return kind, json.dumps({"keys": [[n, _b64(key)] for n, key in data_key.keys], "made": data_key.made}).encode()


def _unpacked(plain: bytes) -> DataKey:
    body = json.loads(plain)
    return DataKey(tuple((number, _bytes(key)) for number, key in body["keys"]), body["made"])


@lru_cache(maxsize=4096)
def unwrapped(keys: "RingRef", wrapped: bytes, owner: str) -> DataKey:
    """The data key, remembered while the process lives (a caseload page opens hundreds)."""
    return keys.ring.unwrap(wrapped, owner)


class RingRef:
    """A hashable handle of one key ring, so that two applications in one process never share a cache line."""

    def __init__(self, keys: KeyRing):
        self.ring = keys


def hold(app: Flask, keys: KeyRing) -> None:
    """Give an application its keys, at its start and when the key file has another one."""
    app.extensions["meantime-keys"] = keys
    app.extensions["meantime-keys-ref"] = RingRef(keys)


def wrapped(data_key: bytes | DataKey, owner: str) -> bytes:
    """A data key of `owner`, wrapped under the service key in the key file now. `CannotStart` where that is away.

    What was read when we started may be out of date: a key wrapped under one that is retired by then would be lost.
    """
    path = current_app.config["MEANTIME"].key_file
    if (found := key_file.seen(path)) is None or found != ring().seen:
        hold(current_app, read_key_file(path))
    return ring().wrap(data_key, owner)


def data_key(wrapped: bytes, owner: str) -> DataKey:
    """The data key of `owner` from its wrapped form, with the running application's key ring.

    One that is wrapped under a service key we have not read yet: the keys were rotated while we serve.
    """
    try:
        return unwrapped(current_app.extensions["meantime-keys-ref"], wrapped, owner)
    except UnknownKey:
        hold(current_app, read_key_file(current_app.config["MEANTIME"].key_file))
        return unwrapped(current_app.extensions["meantime-keys-ref"], wrapped, owner)


def lock_file(key: bytes, source: BinaryIO, target: BinaryIO) -> None:
    """Lock a file under a key of its own: pieces of 64 KiB, each bound to its place and to whether it is the last.

    So none can be taken out, moved or cut off. `docs/bundle/unlock.py` opens it with nothing but `cryptography`.
    """
    box, begins, number = AESGCM(key), secrets.token_bytes(8), 0
    target.write(LOCKED + begins)
    piece = source.read(PIECE)
    while True:
        following = source.read(PIECE)
        place = f"{number}|{'more' if following else 'last'}".encode()
        sealed = box.encrypt(begins + number.to_bytes(4, "big"), piece, place)
        target.write(len(sealed).to_bytes(4, "big") + sealed)
        if not following:
            return
        piece, number = following, number + 1


class Sealed:
    """A text (or JSON value) on a model, sealed in the bytes column `<name>_sealed`.

    The model says whose key it is (`sealing_key()`) and which row this is (`identity()`). `gone`: what is read
    instead once that key was destroyed; `damaged`: where the bytes were changed or came from another row, instead of
    `CannotOpen`.
    """

    def __init__(self, as_json: bool = False, gone: str | None = None, damaged: Any = None):
        self.as_json, self.gone, self.damaged = as_json, gone, damaged

    def __set_name__(self, owner, name):
        self.name, self.column = name, f"{name}_sealed"

    def __get__(self, row, owner=None):
        if row is None:
            return self
        sealed = getattr(row, self.column)
        if sealed is None:
            return None
        try:
            key = row.sealing_key()
        except KeyDestroyed:
            return self.gone
        try:
            plain = open_sealed(key, sealed, self._bound_to(row)).decode()
        except CannotOpen:
            if self.damaged is None:
                raise
            log.error("Does not open: %s %s %s", row.__tablename__, row.identity(), self.name)
            return self.damaged
        return json.loads(plain) if self.as_json else plain

    def __set__(self, row, value):
        if value is None:
            setattr(row, self.column, None)
            return
        plain = json.dumps(value, ensure_ascii=False) if self.as_json else str(value)
        setattr(row, self.column, seal(row.sealing_key(), plain.encode(), self._bound_to(row)))

    def opens(self, row) -> bool:
        """Whether what is sealed here belongs here: False where its bytes were changed or came from elsewhere."""
        sealed = getattr(row, self.column)
        try:
            if sealed is not None:
                open_sealed(row.sealing_key(), sealed, self._bound_to(row))
        except CannotOpen as wrong:
            return isinstance(wrong, KeyDestroyed)  # of whom was erased nobody can tell any more
        return True

    def again(self, row) -> bool:
        """Seal it under its owner's newest key, the same bytes in it. False where it is, is empty or damaged."""
        sealed, key = getattr(row, self.column), row.sealing_key()
        try:
            if sealed is None or _number(sealed) == key.newest[0]:
                return False
            plain = open_sealed(key, sealed, self._bound_to(row))
        except CannotOpen:  # damaged: it stays so, and holds up nobody
            return False
        setattr(row, self.column, seal(key, plain, self._bound_to(row)))
        return True

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
    key_file.make(path, body)
    return read_key_file(path)


def read_key_file(path: Path) -> KeyRing:
    """The key ring from its file. `CannotStart` with one sentence when it is missing or unreadable."""
    try:
        seen = key_file.seen(path)  # first: who changes it from here on has changed it since
        body = json.loads(path.read_text())
        wrapping = {name: _bytes(key) for name, key in body["wrapping"].items()}
        if body["current"] not in wrapping or any(len(key) != 32 for key in wrapping.values()):
            raise ValueError("service key missing")
        lookup, research = _bytes(body["lookup"]), _bytes(body["research"])
        erased = frozenset(body.get("erased", ()))
        rotated = datetime.fromisoformat(body["rotated"]) if "rotated" in body else None
        return KeyRing(body["current"], wrapping, lookup, research, body["push_private"], erased, rotated, seen)
    except FileNotFoundError as wrong:
        raise CannotStart(
            f"The key file {path} is missing. Without it nothing that was written can be read. "
            "Put it back from your recovery sheet, or set MEANTIME_KEY_FILE."
        ) from wrong
    except PermissionError as wrong:
        raise CannotStart(f"The key file {path} cannot be read by this account.") from wrong
    except (ValueError, KeyError, TypeError) as wrong:
        raise CannotStart(f"The key file {path} is not a Meantime key file, or it is damaged.") from wrong


def add_service_key(path: Path, now: datetime) -> KeyRing:
    """Add another service key to the file and wrap under it from now on. Those before stay, to unwrap with."""

    def add(body: dict) -> None:
        number = max(int(name.removeprefix("k")) for name in body["wrapping"]) + 1
        body["current"] = f"k{number}"
        body["wrapping"][body["current"]] = _b64(new_data_key())
        body["rotated"] = now.isoformat()

    return _changed(path, add)


def drop_service_key(path: Path, name: str) -> KeyRing:
    """Take a service key out of the file, for good: what only it unwraps opens never again."""
    return _changed(path, lambda body: body["wrapping"].pop(name))


def note_erased(path: Path, owner: str) -> KeyRing:
    """Write down that an owner's key was destroyed, so that no older copy of the database brings it back."""
    return _changed(path, lambda body: body.update(erased=sorted({*body.get("erased", ()), owner})))


def _changed(path: Path, change: Callable[[dict], object]) -> KeyRing:
    read_key_file(path)  # says what is wrong with it
    key_file.change(path, change)
    return read_key_file(path)


def push_public_key(keys: KeyRing) -> str:
    """The public half of the push keys as browsers want it: base64url of the uncompressed point."""
    private = serialization.load_pem_private_key(keys.push_private.encode(), None)
    point = private.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
