"""The newest links of the audit as a small signed text, to be kept out of reach of whoever holds the database."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785

from server.audit.queries import Head, Kept
from server.errors import CannotStart
from server.sealing import KeyRing
from server.signing import AUDIT_HEAD, is_signed, sign

KIND = "meantime audit head"


def write_heads(heads: Sequence[Head], keys: KeyRing, now: datetime) -> str:
    """The text to keep: place and hash of each newest link, and a signature over its canonical JSON."""
    chains = [{"service": _text(one.service_id), "position": one.position, "hash": one.hash} for one in heads]
    body = {"kind": KIND, "made_at": now.isoformat(timespec="seconds"), "chains": chains}
    return json.dumps({**body, "signature": sign(keys, rfc8785.dumps(body), AUDIT_HEAD).hex()}, indent=1)


def read_heads(texts: Iterable[tuple[str, str]], keys: KeyRing) -> Kept:
    """What was kept, from (name, text) of one or more files. `CannotStart` for one that these keys did not sign."""
    kept: Kept = {}
    for name, text in texts:
        for chain in _signed(name, text, keys)["chains"]:
            service_id = UUID(chain["service"]) if chain["service"] else None
            kept.setdefault(service_id, {})[chain["position"]] = chain["hash"]
    return kept


def _signed(name: str, text: str, keys: KeyRing) -> dict[str, Any]:
    try:
        body = json.loads(text)
        signature = body.pop("signature")
        ours = body["kind"] == KIND and is_signed(keys, rfc8785.dumps(body), _bytes(signature), AUDIT_HEAD)
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise CannotStart(f"{name} is no audit head: meantime audit head writes one.") from wrong
    if not ours:
        raise CannotStart(f"{name} was changed since it was written, or another installation wrote it.")
    return body


def _bytes(signature: str) -> bytes:
    try:
        return bytes.fromhex(signature)
    except ValueError:
        return b""  # which nobody signed


def _text(service_id: UUID | None) -> str | None:
    return str(service_id) if service_id else None
