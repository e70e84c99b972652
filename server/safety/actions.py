"""Record a response procedure; raise flags, and acknowledge them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import update

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db, new_id
from server.people import actions as people
from server.people.models import Client, Practitioner, Service
from server.safety.models import ResponseProcedure, RiskFlag
from server.safety.queries import ADDED, mark_of, of_entry, procedure_of, raised_by, thresholds, thresholds_hash
from server.safety.rules import (
    NOT_SAFE,
    Raised,
    State,
    flagged,
    is_unanswered,
    is_worse,
    risk_answers,
    together,
    without_text,
)
from server.worksheets.library import library


@dataclass(frozen=True)
class Procedure:
    """What a service records of its response to answers about risk."""

    person: str
    role: str
    text: str
    inbox: str
    confirmed_by: str
    working_days: tuple[int, ...]
    works_from: time
    works_until: time
    reviewed_on: date


@dataclass(frozen=True)
class Answered:
    """One state of one entry, from a phone or typed in by staff. `is_new`: it arrived just now."""

    entry_id: UUID
    revision_id: UUID
    assignment_id: UUID | None
    worksheet_id: str
    worksheet_version: int
    answers: Any
    safe_now: Any
    saved_at: datetime
    received_at: datetime
    parents: tuple[UUID, ...] = ()
    is_new: bool = True


def switch_on(*, service: Service, procedure: Procedure, mail_tried_at: datetime, by: Practitioner, now: datetime):
    """Record a version of the response procedure that is in force. `mail_tried_at`: when its inbox took a message."""
    words = {
        "person": procedure.person,
        "role": procedure.role,
        "text": procedure.text,
        "inbox": procedure.inbox,
        "confirmed_by": procedure.confirmed_by,
    }
    if not all(words.values()):
        raise Refused("bad-input")
    return _add_version(
        service, by, now, state="on", words=words, working_days=sorted(set(procedure.working_days)),
        works_from=procedure.works_from.strftime("%H:%M"), works_until=procedure.works_until.strftime("%H:%M"),
        reviewed_on=procedure.reviewed_on, thresholds=thresholds_hash(thresholds(service)), mail_tried_at=mail_tried_at,
    )  # fmt: skip


def switch_off(*, service: Service, by: Practitioner, now: datetime) -> None:
    """From now on phones get worksheets without their questions about risk. Flags that wait stay, and so do inboxes."""
    held = procedure_of(service.id)
    if held is None or held.state == "off":
        return
    same = ("working_days", "works_from", "works_until", "reviewed_on", "thresholds", "mail_tried_at")
    _add_version(service, by, now, state="off", words=held.words, **{name: getattr(held, name) for name in same})


def flag(*, client: Client, answered: Iterable[Answered], now: datetime) -> list[RiskFlag]:
    """Keep what the new ones of these states raise, in the caller's transaction, which holds the client's lock.

    `answered`: every state of each entry that is touched, oldest first (`entries.risk_states`). One flag waits for
    each entry: more is folded into it. After an acknowledgement the same answers raise it again only where they say
    not to feel safe. Whether the service has a procedure at the moment does not matter: nothing is ever dropped.
    """
    every = [(one, state) for one in answered if (state := _state_of(one))]
    touched = []
    for one, state in every:
        if one.is_new:
            others = [(other, found) for other, found in every if _beside(other, one)]
            touched.append(_flag_one(client, one, state, others, now))
    return [row for row in touched if row is not None]


def _beside(other: Answered, one: Answered) -> bool:
    return other.entry_id == one.entry_id and other.revision_id != one.revision_id


def _state_of(one: Answered) -> State | None:
    worksheet = library().get(one.worksheet_id, one.worksheet_version)
    closed = without_text(worksheet, one.answers) if worksheet and worksheet.risk_flags else {}
    found = flagged(worksheet, closed, one.safe_now)
    if found is None:
        return None
    return State(found, risk_answers(worksheet, closed), one.saved_at, one.revision_id, one.parents)


def _flag_one(
    client: Client, one: Answered, state: State, others: list[tuple[Answered, State]], now: datetime
) -> RiskFlag | None:
    flags = of_entry(client, one.entry_id)
    seen_at = max((row.ack_at for row in flags if row.ack_at), default=None)
    fresh, acknowledged = [], set()
    for other, found in others:
        if seen_at is None or other.is_new or other.received_at > seen_at:
            fresh.append(found)
        else:
            acknowledged.add(found.answers)
    if flags and flags[0].ack_at is None:
        return _fold(flags[0], state, fresh, client, now)
    if seen_at is not None and not is_worse(state.raised, [raised_by(row) for row in flags]):
        says_so_now = state.raised.follow_up in NOT_SAFE and one.saved_at > seen_at
        if state.answers in acknowledged and not says_so_now:
            return None
    return _add(client, one, state.raised, now)


def _add(client: Client, one: Answered, found: Raised, now: datetime) -> RiskFlag:
    row = RiskFlag(
        id=new_id(), service_id=client.service_id, client_id=client.id, assignment_id=one.assignment_id,
        entry_id=one.entry_id, revision_id=one.revision_id, worksheet_id=one.worksheet_id,
        worksheet_version=one.worksheet_version, fields=list(found.fields), level=found.level, card=found.card,
        follow_up=found.follow_up, created_at=one.saved_at, received_at=now, escalation_tries=0,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _record("risk_flag.raised", row, client, now)
    return row


def _fold(row: RiskFlag, state: State, others: list[State], client: Client, now: datetime) -> RiskFlag:
    found = together(raised_by(row), state.raised)
    if found.follow_up == "yes" and is_unanswered([state, *others]):
        found = replace(found, follow_up=None)
    if raised_by(row) == found and state.answers in {other.answers for other in others}:
        return row
    row.fields, row.level, row.card, row.follow_up = list(found.fields), found.level, found.card, found.follow_up
    db.session.flush()
    _record(ADDED, row, client, now)
    return row


def _record(verb: str, row: RiskFlag, by, now: datetime) -> None:
    detail = {"level": row.level, "follow_up": row.follow_up or "none", "red": raised_by(row).is_red}
    audit.record(verb, about=row, by=by, client_id=row.client_id, detail=detail, now=now)


def acknowledge(*, flag: RiskFlag, seen: str, outcome: str, by: Practitioner, now: datetime) -> None:
    """Somebody with access saw it, and says in a line what they did.

    `seen`: `mark_of` the flag as it was shown to them. Refused `risk-changed` when more has been added to it since,
    and `risk-acknowledged` when another was first.
    """
    if not outcome.strip():
        raise Refused("bad-input", fields={"outcome": "Say in a line what you did."})
    people.lock(flag.client_id)  # what arrives meanwhile is folded in before, or raises another
    db.session.refresh(flag)
    if flag.ack_at is None and mark_of(flag) != seen:
        raise Refused("risk-changed")
    won = db.session.execute(
        update(RiskFlag)
        .where(RiskFlag.id == flag.id, RiskFlag.ack_at.is_(None))
        .values(ack_at=now, ack_by=by.id)
        .execution_options(synchronize_session=False)
    )
    if not won.rowcount:
        raise Refused("risk-acknowledged")
    db.session.refresh(flag)
    flag.outcome = outcome.strip()
    db.session.flush()
    minutes = int((now - flag.received_at).total_seconds() // 60)
    detail = {"level": flag.level, "minutes": minutes}
    audit.record("risk_flag.acknowledged", about=flag, by=by, client_id=flag.client_id, detail=detail, now=now)


def _add_version(service: Service, by: Practitioner, now: datetime, **values) -> ResponseProcedure:
    held = procedure_of(service.id)
    row = ResponseProcedure(
        id=new_id(), service_id=service.id, number=(held.number if held else 0) + 1, recorded_by=by.id,
        recorded_at=now, **values,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    detail = {"state": row.state, "number": row.number}
    audit.record("response_procedure.recorded", about=row, by=by, service_id=service.id, detail=detail, now=now)
    return row


def forget_answers(client_id: UUID) -> None:
    """Of who is erased: the questions that raised a flag, and whether they said they were safe. That it was stays."""
    db.session.execute(update(RiskFlag).where(RiskFlag.client_id == client_id).values(fields=[], follow_up=None))
