"""Make and change the service, its practitioners, its clients and their devices."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import among, db, new_id
from server.people import queries, sign_in
from server.people.models import (
    Client,
    Device,
    Epoch,
    Invitation,
    Practitioner,
    ResearchChoice,
    Service,
    StaffSession,
)
from server.people.passwords import check_strength
from server.people.settling import unsettle, who_acts_must_be_known
from server.prepared import Prepared
from server.sealing import new_data_key, ring, wrapped

TAKE_FEED = Prepared(
    update(Client.__table__)
    .where(Client.__table__.c.id == bindparam("client"))
    .values(feed_seq=Client.__table__.c.feed_seq + bindparam("count"))
    .returning(Client.__table__.c.feed_seq)
)
LOCK = Prepared(select(Client.feed_seq).where(Client.id == bindparam("client")).with_for_update())
TOO_MANY_APART = "Too many second phones of this one were set up today. It is tried again by itself."
MOST_APART, A_DAY = 2, timedelta(days=1)  # second phones out of one, and out of those, in any 24 hours
SERVICE_SETTINGS = (
    *("name", "nation", "zone", "crisis_name", "crisis_number", "crisis_hours", "reading_promise"),
    *("weekly_cap", "reading_days", "closed_days"),
)


def add_service(*, name: str, by, now: datetime, demo: bool = False, id: UUID | None = None, **settings) -> Service:
    """A new organisation, with a key of its own. `id`: of one that is made up, the same each time."""
    service_id = id or new_id()
    key = wrapped(new_data_key(), f"service|{service_id}")
    service = Service(id=service_id, name=name, data_key=key, demo=demo, created_at=now, **settings)
    db.session.add(service)
    db.session.flush()
    audit.record("service.added", about=service, by=by, service_id=service.id, now=now)
    return service


def set_up_service(*, service: Service, by, now: datetime, **settings) -> Service:
    """Change what the service tells its clients: name, nation, crisis number, reading promise."""
    for name in SERVICE_SETTINGS:
        if name in settings:
            setattr(service, name, settings[name])
    db.session.flush()
    audit.record("service.changed", about=service, by=by, service_id=service.id, now=now)
    return service


def add_practitioner(
    *,
    service: Service,
    name: str,
    sign_in_name: str,
    roles: list[str],
    by,
    now: datetime,
    password: str | None = None,
    id: UUID | None = None,
) -> tuple[Practitioner, str]:
    """A new account. Returns it and its password: random, shown once, to be changed at first sign-in.

    A `password` given (the demonstration's) need not be changed; `id`: as in `add_service`. Refused `address-taken`,
    and `bad-input` to who is not known yet.
    """
    who_acts_must_be_known(by, "sign_in_name", now)
    lookup = sign_in.lookup(sign_in_name)
    if db.session.scalar(select(Practitioner.id).where(Practitioner.sign_in_lookup == lookup)):
        raise Refused("address-taken", fields={"sign_in_name": "Someone already signs in with that name."})
    secret = password or _one_time()
    practitioner = Practitioner(
        id=id or new_id(),
        service_id=service.id,
        name=name,
        sign_in_name=sign_in.bare_name(sign_in_name),
        sign_in_lookup=lookup,
        roles=roles,
        password_hash=sign_in.hash_password(secret),
        must_change_password=password is None,
        created_at=now,
    )
    db.session.add(practitioner)
    unsettle(practitioner, by=by, now=now)
    db.session.flush()
    audit.record("practitioner.added", about=practitioner, by=by, detail={"roles": roles}, now=now)
    return practitioner, secret


def reset_password(*, practitioner: Practitioner, by, now: datetime) -> str:
    """A new one-time password for an account, returned to be shown once. Every staff session of it ends.

    Refused `bad-input` for one's own account, for one that was disabled, and to who is not known yet.
    """
    if practitioner.id == by.id:
        raise Refused("bad-input", "Change your own password on the page Your account.")
    if practitioner.disabled_at is not None:
        raise Refused("bad-input", "This account is disabled. Add a new one instead.")
    who_acts_must_be_known(by, "password", now)
    secret = _one_time()
    practitioner.password_hash = sign_in.hash_password(secret)
    practitioner.must_change_password = True
    unsettle(practitioner, by=by, now=now)
    _end_sessions(practitioner, now)
    db.session.flush()
    sign_in.forget_tries(f"staff|{practitioner.sign_in_name}")
    audit.record("practitioner.password_reset", about=practitioner, by=by, now=now)
    return secret


def _one_time() -> str:
    return "-".join(secrets.token_hex(3) for _ in range(4))


def _end_sessions(practitioner: Practitioner, now: datetime) -> None:
    db.session.execute(
        update(StaffSession)
        .where(StaffSession.practitioner_id == practitioner.id, StaffSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def disable_practitioner(*, practitioner: Practitioner, by, now: datetime) -> None:
    """A leaver: the account and every staff session of it end now. Refused to an account that is not known yet."""
    who_acts_must_be_known(by, "account", now)
    practitioner.disabled_at = now
    _end_sessions(practitioner, now)
    db.session.flush()
    audit.record("practitioner.disabled", about=practitioner, by=by, now=now)


def change_password(*, practitioner: Practitioner, password: str, by, now: datetime, keep_session=None) -> None:
    """A new password; every other staff session of the account ends. Refused `password-weak`."""
    check_strength(password)
    practitioner.password_hash = sign_in.hash_password(password)
    practitioner.must_change_password = False
    others = StaffSession.practitioner_id == practitioner.id, StaffSession.ended_at.is_(None)
    db.session.execute(
        update(StaffSession).where(*others, StaffSession.id != keep_session).values(ended_at=now)
        if keep_session
        else update(StaffSession).where(*others).values(ended_at=now)
    )
    db.session.flush()
    audit.record("practitioner.password_changed", about=practitioner, by=by, now=now)


def add_client(
    *,
    service: Service,
    preferred_name: str,
    by,
    now: datetime,
    date_of_birth: date | None = None,
    local_number: str | None = None,
    zone: str = "Europe/London",
    language: str = "en",
    safe_contact: dict | None = None,
) -> Client:
    """A new client with a key of their own. Refused `number-taken`: one client per local number and service."""
    client_id = new_id()
    found = number_lookup(service.id, local_number) if local_number else None
    if found and db.session.scalar(select(Client.id).where(Client.local_number_lookup == found)):
        raise Refused("number-taken", fields={"local_number": "Another client of your service has this number."})
    client = Client(
        id=client_id,
        service_id=service.id,
        data_key=wrapped(new_data_key(), f"client|{client_id}"),
        preferred_name=preferred_name,
        date_of_birth=date_of_birth.isoformat() if date_of_birth else None,
        local_number=local_number or None,
        local_number_lookup=found,
        zone=zone,
        language=language,
        safe_contact=safe_contact or {},
        created_at=now,
    )
    db.session.add(client)
    db.session.flush()
    audit.record("client.added", about=client, by=by, client_id=client.id, now=now)
    return client


def number_lookup(service_id: UUID, local_number: str) -> str:
    """How a sealed local number is found again, within one service. The database keeps it unique per service."""
    return ring().keyed(f"local-number|{service_id}", "".join(local_number.split()).upper())


def change_safe_contact(*, client: Client, safe_contact: dict, by, now: datetime) -> None:
    """How a client can be reached safely, as they say now. The audit has which parts changed, not to what."""
    held = client.safe_contact or {}
    changed = sorted(name for name in {*held, *safe_contact} if held.get(name) != safe_contact.get(name))
    client.safe_contact = safe_contact
    db.session.flush()
    audit.record(
        "client.safe_contact_changed", about=client, by=by, client_id=client.id, detail={"parts": changed}, now=now
    )


def choose_research(*, client: Client, choice: str, revision_id: UUID | None, by, now: datetime) -> None:
    """The client's yes or no to research: appended, and the newest on the client."""
    db.session.add(
        ResearchChoice(
            service_id=client.service_id, client_id=client.id, choice=choice, revision_id=revision_id, recorded_at=now
        )
    )
    client.research = choice
    db.session.flush()
    audit.record("research.chosen", about=client, by=by, client_id=client.id, detail={"choice": choice}, now=now)


def revoke_device(*, device: Device, by, now: datetime) -> None:
    """A practitioner ends a phone: at its next contact it tells how much was unsent, and wipes.

    Those that began as one with it are locked: one of them may be whoever copied its sign-in.
    """
    lock(device.client_id)
    device.revoked_at = device.revoked_at or now
    end_install_codes(device, now)
    db.session.flush()
    audit.record("device.revoked", about=device, by=by, client_id=device.client_id, now=now)
    end_others(device=device, by=by, now=now)


def end_device(*, device: Device, unsent: int, by, now: datetime) -> None:
    """The client removes their phone, after being told what is unsent."""
    device.ended_at = now
    end_install_codes(device, now)
    db.session.flush()
    audit.record("device.removed", about=device, by=by, client_id=device.client_id, detail={"unsent": unsent}, now=now)


def set_apart(*, device: Device, now: datetime) -> Device:
    """A second phone, set up from a backup of this one, gets a device of its own, and a later token (tokens.py).

    Under the client's lock. Refused `too-many-tries`: nobody restores a backup so often, and a stolen sign-in would
    make phones without end.
    """
    of_today = sorted(one.paired_at for one in queries.family(device) if one.copy_of and now - one.paired_at < A_DAY)
    if len(of_today) >= MOST_APART:
        wait = of_today[-MOST_APART] + A_DAY - now
        raise Refused("too-many-tries", TOO_MANY_APART, retry_after=ceil(wait.total_seconds()))
    apart = Device(
        service_id=device.service_id, client_id=device.client_id, token_hash=sign_in.hash_token(sign_in.new_token()),
        platform=device.platform, display=device.display, shared_phone=device.shared_phone,
        app_version=device.app_version, paired_at=now, copy_of=device.id, generation=1, generation_at=now,
    )  # fmt: skip
    db.session.add(apart)
    db.session.flush()
    apart.phone_key = device.phone_key
    db.session.flush()
    audit.record("device.set_apart", about=apart, by=device, client_id=device.client_id, now=now)
    return apart


def end_others(*, device: Device, by, now: datetime) -> None:
    """End what began as one with this phone, as copied: nobody can tell which is the person's, so none is wiped."""
    for one in queries.locked_along(device):
        one.ended_at = one.copied_at = now
        end_install_codes(one, now)
        db.session.flush()
        detail = {"with": str(device.id)}
        audit.record("device.ended_along", about=one, by=by, client_id=one.client_id, detail=detail, now=now)


def end_install_codes(device: Device, now: datetime) -> None:
    """A phone that is out lets no other in: the codes it made for an installed app end with it."""
    open_ones = Invitation.used_at.is_(None), Invitation.ended_at.is_(None)
    db.session.execute(
        update(Invitation)
        .where(Invitation.created_by == device.id, Invitation.purpose == "install", *open_ones)
        .values(ended_at=now)
    )


def new_epoch(*, why: str, now: datetime) -> Epoch:
    """A new life of the database: at install, and after a restore from a copy."""
    epoch = Epoch(started_at=now, why=why)
    db.session.add(epoch)
    db.session.flush()
    audit.record("epoch.started", about=epoch, by="operator", detail={"why": why}, now=now)
    return epoch


def end_staff_sessions(*, now: datetime) -> None:
    """Sign everybody of every service's staff out."""
    db.session.execute(update(StaffSession).where(StaffSession.ended_at.is_(None)).values(ended_at=now))


def next_feed(client_id: UUID, count: int = 1) -> int:
    """Take `count` numbers of the client's feed, under the client's row lock. Returns the first of them.

    A plain sequence would let a lower number become visible after a higher one was read (trust.md A2).
    """
    [(last,)] = TAKE_FEED.rows(client=client_id, count=count)
    return last - count + 1


def next_feeds(counts: Mapping[UUID, int]) -> dict[UUID, int]:
    """The same for many clients, so many numbers each, in a few statements. Their rows are locked in one order."""
    held = select(Client.id).where(among(Client.id, counts)).order_by(Client.id).with_for_update()
    db.session.execute(held).all()
    first = {}
    for count in sorted(set(counts.values())):
        taken = (
            update(Client)
            .where(among(Client.id, [one for one, wanted in counts.items() if wanted == count]))
            .values(feed_seq=Client.feed_seq + count)
            .returning(Client.id, Client.feed_seq)
            .execution_options(synchronize_session=False)
        )
        first.update({row.id: row.feed_seq - count + 1 for row in db.session.execute(taken)})
    return first


def lock(client_id: UUID) -> None:
    """Take the client's row lock for the rest of this transaction."""
    LOCK.rows(client=client_id)


def how_many_services() -> int:
    """How many organisations this installation serves."""
    return db.session.scalar(select(func.count()).select_from(Service)) or 0
