"""What was typed outlives a staff session: sealed for its author in the sign-in page, and given back to nobody else."""

import base64
import hmac
import json

from flask import g, request
from werkzeug.datastructures import MultiDict

from server.errors import Refused
from server.extensions import atomic
from server.people import sign_in
from server.sealing import CannotOpen, open_sealed, ring, seal

MACHINERY = ("csrf", "author", "kept", "sign_in_name", "password")


def sign_in_with(form):
    """Sign in with the name and password of a form. Returns (staff session, practitioner, token).

    Refused `sign-in-wrong`, `too-many-tries`. Tries are counted in a commit of their own.
    """
    name, password, address = form.get("sign_in_name", ""), form.get("password", ""), request.remote_addr or ""
    with atomic():
        sign_in.allow_staff(name, address, g.now)
    with atomic():
        _, token = sign_in.start(sign_in_name=name, password=password, address=address, now=g.now)
    session, practitioner = sign_in.staff_of(token, g.now)
    return session, practitioner, token


def refused_sign_in(said: str, no: Refused):
    """The sign-in page again, as an answer: 429 and how long to wait after too many tries, else 422."""
    if no.code == "too-many-tries":
        return said, 429, {"Retry-After": str(int(sign_in.TRIES_WINDOW.total_seconds()))}
    return said, 422


def author_mark(practitioner) -> str:
    """Says in a form whose it is, in a way that nobody else can write."""
    return f"{practitioner.id}.{ring().keyed('author', str(practitioner.id))}"


def author_of(mark: str) -> str | None:
    """Whose form this is, or None when the mark is not ours."""
    author, _, proof = mark.partition(".")
    wanted = ring().keyed("author", author).encode()
    return author if hmac.compare_digest(wanted, proof.encode(errors="replace")) else None


def seal_typed(form) -> str:
    """The typed fields of a form, readable only after its author has signed in again; empty when it is nobody's."""
    author = author_of(form.get("author", ""))
    if author is None:
        return ""
    typed = [pair for pair in form.items(multi=True) if pair[0] not in MACHINERY]
    plain = json.dumps([author, typed]).encode()
    return base64.urlsafe_b64encode(seal(_key(), plain, f"typed|{author}")).decode()


def open_typed(kept: str, practitioner) -> MultiDict | None:
    """The typed fields again, or None when another person typed them."""
    try:
        plain = open_sealed(_key(), base64.urlsafe_b64decode(kept), f"typed|{practitioner.id}")
    except (CannotOpen, ValueError):
        return None
    return MultiDict(tuple(pair) for pair in json.loads(plain)[1])


def _key() -> bytes:
    return bytes.fromhex(ring().keyed("key", "typed forms"))
