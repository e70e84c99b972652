"""What was typed outlives a staff session: sealed for its author in the sign-in page, and given back to nobody else."""

import base64
import hmac
import json

from flask import g, request
from werkzeug.datastructures import MultiDict

from server.extensions import atomic
from server.people import sign_in
from server.sealing import CannotOpen, open_sealed, ring, seal

FROM_ONE_ADDRESS = 100  # in 15 minutes: a whole service may sign in from behind one address at nine
MACHINERY = ("csrf", "author", "kept", "sign_in_name", "password")


def sign_in_with(form):
    """Sign in with the name and password of a form. Returns (staff session, practitioner, token).

    Refused `sign-in-wrong`, `too-many-tries`. Tries are counted per name and per address, in a commit of their own.
    """
    name, password = form.get("sign_in_name", ""), form.get("password", "")
    with atomic():
        sign_in.allow(f"staff|{sign_in.bare_name(name)}", g.now)
        sign_in.allow(f"staff-address|{request.remote_addr}", g.now, tries=FROM_ONE_ADDRESS)
    with atomic():
        _, token = sign_in.start(sign_in_name=name, password=password, address=request.remote_addr or "", now=g.now)
    session, practitioner = sign_in.staff_of(token, g.now)
    return session, practitioner, token


def author_mark(practitioner) -> str:
    """Says in a form whose it is, in a way that nobody else can write."""
    return f"{practitioner.id}.{ring().keyed('author', str(practitioner.id))}"


def author_of(mark: str) -> str | None:
    """Whose form this is, or None when the mark is not ours."""
    author, _, proof = mark.partition(".")
    return author if hmac.compare_digest(ring().keyed("author", author), proof) else None


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
