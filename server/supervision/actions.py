"""Bring a case to supervision, decide about it, say what became of that, and answer a reason to look at a client."""

from datetime import date, datetime
from uuid import UUID

from server.audit import actions as audit
from server.caseload.models import Episode
from server.errors import Missing, Refused
from server.extensions import db
from server.people.models import Client, Practitioner, Service
from server.supervision.models import AttentionAction, Brought, Decision, DecisionState, SupervisionSetting
from server.supervision.queries import brought_now
from server.supervision.rules import DOES_IT, FEWEST_DAYS, MOST_DAYS, STATES, answers_until


def bring(*, client: Client, episode: Episode, question: str, by: Practitioner, now: datetime) -> Brought:
    """Bring a case with a question: from now until it is discussed, its supervisors read what it is about.

    A case is brought once at a time: a second question is refused `bad-input`, an ended course `client-closed`.
    """
    if episode.closed_on is not None:
        raise Refused("client-closed")
    if brought_now([episode.id], now).get(episode.id) is not None:
        raise Refused("bad-input", fields={"question": "This case is brought already. Take it back to ask anew."})
    row = Brought(
        service_id=client.service_id,
        client_id=client.id,
        episode_id=episode.id,
        question=question,
        brought_by=by.id,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("case.brought", about=row, by=by, client_id=client.id, now=now)
    return row


def take_back(*, episode: Episode, by: Practitioner, now: datetime) -> None:
    """Bring it no longer: supervisors see figures only again. Nothing happens where it is not brought."""
    row = brought_now([episode.id], now).get(episode.id)
    if row is not None:
        _end(row, "taken_back", by, now)


def decide(
    *,
    client: Client,
    episode: Episode,
    supervisee: Practitioner,
    words: str,
    who: str,
    by_day: date | None,
    by: Practitioner,
    now: datetime,
) -> Decision:
    """Write down what was decided about a case, who does it, and by when. What was brought counts as discussed."""
    if who not in DOES_IT:
        raise Refused("bad-input")
    brought = brought_now([episode.id], now).get(episode.id)
    row = Decision(
        service_id=client.service_id,
        client_id=client.id,
        episode_id=episode.id,
        brought_id=brought.id if brought else None,
        supervisee_id=supervisee.id,
        words=words,
        who=who,
        by_day=by_day if who != "nobody" else None,
        recorded_by=by.id,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("case.decided", about=row, by=by, client_id=client.id, detail={"who": who}, now=now)
    if brought is not None:
        _end(brought, "discussed", by, now)
    return row


def set_state(*, client: Client, decision_id: UUID, state: str, by: Practitioner, now: datetime) -> DecisionState:
    """Say that a decision was carried out, was not, or is open again. `Missing` where it is not this client's."""
    decision = db.session.get(Decision, decision_id)
    if decision is None or decision.client_id != client.id:
        raise Missing
    if state not in STATES:
        raise Refused("bad-input")
    row = DecisionState(
        service_id=client.service_id, client_id=client.id, decision_id=decision.id, state=state, recorded_by=by.id,
        recorded_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(f"decision.{state}", about=row, by=by, client_id=client.id, now=now)
    return row


def set_days_between(*, service: Service, days: int, by: Practitioner, now: datetime) -> SupervisionSetting:
    """After how many days without a word in supervision a case is due again."""
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise Refused("bad-input")
    row = SupervisionSetting(service_id=service.id, days_between=days, recorded_by=by.id, recorded_at=now)
    db.session.add(row)
    db.session.flush()
    audit.record("supervision.set", about=row, by=by, detail={"days_between": days}, now=now)
    return row


def answer(
    *,
    client: Client,
    episode: Episode,
    reason: str,
    what: str,
    line: str | None,
    next_at: datetime | None,
    by: Practitioner,
    now: datetime,
) -> AttentionAction:
    """Write down what was done about a reason to look at a client. It holds until the next appointment (`next_at`)."""
    row = AttentionAction(
        service_id=client.service_id,
        client_id=client.id,
        episode_id=episode.id,
        reason=reason,
        what=what,
        line=line,
        until_at=answers_until(next_at, now),
        recorded_by=by.id,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    detail = {"reason": reason, "what": what}
    audit.record("reason.answered", about=row, by=by, client_id=client.id, detail=detail, now=now)
    return row


def _end(row: Brought, how: str, by: Practitioner, now: datetime) -> None:
    row.ended_at, row.ended_by, row.ended_how = now, by.id, how
    db.session.flush()
    audit.record(f"case.{how}", about=row, by=by, client_id=row.client_id, now=now)
