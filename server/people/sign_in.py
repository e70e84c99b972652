"""Passwords, tokens, codes and their lifetimes. No request object in here."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select, update

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people.models import Attempt, Practitioner, StaffSession
from server.sealing import ring

IDLE = timedelta(minutes=15)  # trust.md B5
ABSOLUTE = timedelta(hours=12)
TRIES, TRIES_WINDOW = 8, timedelta(minutes=15)  # of one name from one address
PART = "\n"  # parts a name from an address in a bucket of tries
TRIES_OF_NAME = 40  # from everywhere: more than one guesser's eight, so that no stranger alone locks the owner out
TRIES_OF_ADDRESS = 100  # a whole service may sign in from behind one address at nine
PAIR_TRIES, PAIR_WINDOW = 20, timedelta(minutes=15)
SEEN_EVERY = timedelta(seconds=30)  # a page look need not write more often than this

_hasher = PasswordHasher()
_nobody = _hasher.hash(secrets.token_hex(16))  # so that an unknown name takes as long as a wrong password


def start(*, sign_in_name: str, password: str, address: str, now: datetime) -> tuple[StaffSession, str]:
    """Begin a staff session. Returns it and its token (shown once). Call `allow` before, in its own commit.

    Refused `sign-in-wrong`: name or password, never which.
    """
    practitioner = db.session.scalar(select(Practitioner).where(Practitioner.sign_in_lookup == lookup(sign_in_name)))
    right = verify_password(practitioner.password_hash if practitioner else _nobody, password)
    if not (practitioner and right and practitioner.disabled_at is None):
        raise Refused("sign-in-wrong")
    token = new_token()
    session = StaffSession(
        service_id=practitioner.service_id,
        practitioner_id=practitioner.id,
        token_hash=hash_token(token),
        created_at=now,
        last_seen_at=now,
    )
    db.session.add(session)
    db.session.flush()
    forget_tries(f"staff|{bare_name(sign_in_name)}")
    audit.record("staff.signed_in", about=session, by=practitioner, now=now)
    return session, token


def allow(bucket: str, now: datetime, tries: int = TRIES, window: timedelta = TRIES_WINDOW) -> None:
    """Count one try, and refuse `too-many-tries` beyond `tries` within `window`. Commit this apart from the try."""
    key = _key(bucket)
    db.session.execute(delete(Attempt).where(Attempt.at < now - timedelta(days=1)))
    seen = db.session.scalar(
        select(func.count()).select_from(Attempt).where(Attempt.bucket == key, Attempt.at > now - window)
    )
    if seen >= tries:
        raise Refused("too-many-tries")
    db.session.add(Attempt(bucket=key, at=now))
    db.session.flush()


def allow_staff(sign_in_name: str, address: str, now: datetime) -> None:
    """Count one try to sign in, per name and address, per name, and per address. Refused `too-many-tries`."""
    name = f"staff|{bare_name(sign_in_name).replace(PART, ' ')}"  # else a name could pass for name and address
    allow(f"{name}{PART}{address}", now)
    allow(name, now, TRIES_OF_NAME)
    allow(f"staff-address|{address}", now, TRIES_OF_ADDRESS)


def forget_tries(bucket: str) -> None:
    """After a success or a new password: the count of tries begins anew, from every address."""
    key = _key(bucket)
    db.session.execute(delete(Attempt).where((Attempt.bucket == key) | Attempt.bucket.startswith(f"{key}/")))


def _key(bucket: str) -> str:
    """Keyed part by part, so that forgetting a name's tries finds those of each address too."""
    return "/".join(ring().keyed("attempt", part) for part in bucket.split(PART))


def staff_of(token: str | None, now: datetime) -> tuple[StaffSession, Practitioner] | None:
    """Who is signed in with this token: not idle over 15 minutes, not over 12 hours, not disabled."""
    if not token:
        return None
    found = db.session.execute(
        select(StaffSession, Practitioner)
        .join(Practitioner, Practitioner.id == StaffSession.practitioner_id)
        .where(StaffSession.token_hash == hash_token(token), StaffSession.ended_at.is_(None))
    ).first()
    if not found or not is_live(found.StaffSession.created_at, found.StaffSession.last_seen_at, now):
        return None
    return None if found.Practitioner.disabled_at else (found.StaffSession, found.Practitioner)


def is_live(created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Whether a staff session still holds: 15 minutes idle, 12 hours in all (trust.md B5)."""
    return now - last_seen_at < IDLE and now - created_at < ABSOLUTE


def needs_touch(session: StaffSession, now: datetime) -> bool:
    """Whether it is time to write down that this staff session is in use."""
    return now - session.last_seen_at > SEEN_EVERY


def touch(session_id, now: datetime) -> None:
    """Write down that a staff session is in use."""
    db.session.execute(
        update(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.last_seen_at < now)
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )


def end(*, session: StaffSession, by, now: datetime) -> None:
    """Sign out this staff session."""
    session.ended_at = now
    db.session.flush()
    audit.record("staff.signed_out", about=session, by=by, now=now)


def sessions_of(practitioner: Practitioner, now: datetime) -> list[StaffSession]:
    """The practitioner's own live staff sessions, newest first."""
    rows = db.session.scalars(
        select(StaffSession)
        .where(StaffSession.practitioner_id == practitioner.id, StaffSession.ended_at.is_(None))
        .order_by(StaffSession.created_at.desc())
    )
    return [row for row in rows if is_live(row.created_at, row.last_seen_at, now)]


def csrf(token: str) -> str:
    """The form token of one signed-in browser."""
    return hmac.new(ring().lookup, b"csrf|" + token.encode(), hashlib.sha256).hexdigest()[:40]


def csrf_fits(token: str, given: str | None) -> bool:
    """Whether a form came from a page of ours."""
    return hmac.compare_digest(csrf(token).encode(), (given or "").encode(errors="replace"))  # bytes: a text may hold é


def hash_password(password: str) -> str:
    """Argon2id."""
    return _hasher.hash(password)


def verify_password(hashed: str, password: str) -> bool:
    """Whether a password or a code's secret fits its hash."""
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def hash_token(token: str) -> str:
    """SHA-256: enough for 256 random bits, and fast on every request."""
    return hashlib.sha256(token.encode()).hexdigest()


def lookup(sign_in_name: str) -> str:
    """How a sealed sign-in name is found again."""
    return ring().keyed("sign-in", bare_name(sign_in_name))


def bare_name(sign_in_name: str) -> str:
    """A sign-in name without case and outer blanks."""
    return sign_in_name.strip().casefold()


def new_token() -> str:
    """256 random bits, base64url."""
    return secrets.token_urlsafe(32)


def nobody() -> str:
    """A password hash that fits nothing."""
    return _nobody
