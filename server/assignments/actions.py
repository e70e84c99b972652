"""Agree, change, withdraw and end assignments; write down what became of their occurrences."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import update

from server.assignments.models import Assignment, AssignmentVersion, Occurrence
from server.assignments.queries import AHEAD, JUST_BEFORE, Ground, grounds, windows
from server.assignments.quick_sql import ADD_OCCURRENCE, CHANGE_OCCURRENCE, OCCURRENCES, PLAIN
from server.assignments.rules import Filled, Rhythm, Slot, end_of_day, plan_specificity, settle, slots
from server.assignments.weeks import count_weeks, monday
from server.audit import actions as audit
from server.caseload.queries import meetings_of, open_episode
from server.caseload.rules import Meeting, intervals
from server.errors import Refused
from server.extensions import db
from server.people import actions as people
from server.people.models import Client
from server.prepared import forget
from server.worksheets.definition import Worksheet
from server.worksheets.own_queries import is_of_service


def assign(
    *,
    client: Client,
    episode,
    worksheet: Worksheet | None,
    reason: str,
    plan: dict,
    rhythm: dict,
    from_date: date,
    by,
    now: datetime,
    title: str | None = None,
    until_date: date | None = None,
    size: str = "usual",
    agreed_in: UUID | None = None,
    from_assignment: UUID | None = None,
    done_rule: dict | None = None,
) -> Assignment:
    """Agree a worksheet (or, with a title alone, a free task) with a client, and say why.

    Refused `client-closed` after discharge, `bad-input` without a reason, `therapist-only` for a worksheet that needs a
    qualified practitioner, `worksheet-unknown` for another service's own task. One that is nothing without its
    questions about risk can be agreed too: staff fill it in with the client, and no phone gets it (design.md 4).
    Lays out its occurrences. What it was repeated from (`from_assignment`, of the same client) comes to its end, so
    nothing is asked for twice; the edge refreshes that one.
    """
    if open_episode(client.id) is None:
        raise Refused("client-closed")
    _refuse_unfit(client, worksheet, by)
    if not reason.strip() or not (worksheet or (title or "").strip()):
        raise Refused("bad-input", fields={"reason": "Say why this task may help."})
    zone = ZoneInfo(client.zone)
    assignment = Assignment(
        service_id=client.service_id,
        client_id=client.id,
        episode_id=episode.id,
        worksheet_id=worksheet.id if worksheet else None,
        worksheet_version=worksheet.version if worksheet else None,
        agreed_on=now.astimezone(zone).date(),
        agreed_at=now,
        agreed_in=agreed_in,
        agreed_by=by.id,
        from_assignment=from_assignment,
    )
    db.session.add(assignment)
    db.session.flush()
    _add_version(
        assignment,
        number=1,
        from_date=from_date,
        until_date=until_date,
        rhythm=rhythm,
        size=size,
        done_rule=done_rule,
        title=title or (worksheet.title if worksheet else ""),
        reason=reason,
        plan=plan,
        by=by,
        now=now,
    )
    _take_the_place_of(assignment, by, now)
    audit.record("assignment.made", about=assignment, by=by, detail={"worksheet": assignment.worksheet_id}, now=now)
    ground = grounds(Assignment.id == assignment.id)[assignment.id]
    lay_out(ground=ground, heads=(), answers=(), zone=zone, now=now)
    return assignment


def _take_the_place_of(assignment: Assignment, by, now: datetime) -> None:
    before = db.session.get(Assignment, assignment.from_assignment) if assignment.from_assignment else None
    if before is not None and before.client_id == assignment.client_id:
        end(assignment=before, by=by, now=now)


def _refuse_unfit(client: Client, worksheet: Worksheet | None, by) -> None:
    if worksheet is not None and not worksheet.may_be_agreed_by(by.roles):
        raise Refused("therapist-only")
    if worksheet is not None and not is_of_service(worksheet.id, client.service_id):
        raise Refused("worksheet-unknown")


def change(
    *, assignment: Assignment, by, now: datetime, made_by: str = "practitioner", revision_id=None, **changes
) -> AssignmentVersion:
    """A new version from today on: any of title, reason, plan, rhythm, size, until_date, done_rule.

    Refused `assignment-closed` once it was withdrawn or has ended. The edge refreshes its occurrences.
    """
    if assignment.state != "open":
        raise Refused("assignment-closed")
    held = db.session.get(AssignmentVersion, (assignment.id, assignment.version))
    client = db.session.get(Client, assignment.client_id)
    today = now.astimezone(ZoneInfo(client.zone)).date()
    kept = {
        name: getattr(held, name) for name in ("until_date", "rhythm", "size", "done_rule", "title", "reason", "plan")
    }
    version = _add_version(
        assignment,
        number=held.number + 1,
        from_date=max(today, held.from_date),
        **{**kept, **changes},
        by=by,
        now=now,
        made_by=made_by,
        revision_id=revision_id,
    )
    assignment.version = version.number
    db.session.flush()
    audit.record("assignment.changed", about=assignment, by=by, detail={"parts": sorted(changes)}, now=now)
    return version


def confirm(*, assignment: Assignment, number: int, at: datetime, by, now: datetime) -> None:
    """The client said at a moment that a version is right: written down once, and only of staff's own versions."""
    version = db.session.get(AssignmentVersion, (assignment.id, number))
    if version is None or version.confirmed_at is not None or version.made_by == "client":
        return
    version.confirmed_at = at
    db.session.flush()
    audit.record("assignment.confirmed", about=assignment, by=by, detail={"version": number}, now=now)


def withdraw(*, assignment: Assignment, by, now: datetime) -> None:
    """Take back what was agreed: what was not yet due is withdrawn, what was due stays. The edge refreshes."""
    _close(assignment, "withdrawn", by, now)


def end(*, assignment: Assignment, by, now: datetime) -> None:
    """An assignment comes to its end today. The edge refreshes its occurrences."""
    _close(assignment, "ended", by, now)


def _close(assignment: Assignment, state: str, by, now: datetime) -> None:
    if assignment.state != "open":
        return
    client = db.session.get(Client, assignment.client_id)
    assignment.state = state
    assignment.ended_at = now
    assignment.ended_on = now.astimezone(ZoneInfo(client.zone)).date()
    tell_phone(assignment)
    db.session.flush()
    audit.record(f"assignment.{state}", about=assignment, by=by, now=now)


def tell_phone(assignment: Assignment) -> None:
    """Let the assignment pass the client's feed again."""
    db.session.execute(
        update(AssignmentVersion)
        .where(AssignmentVersion.assignment_id == assignment.id, AssignmentVersion.number == assignment.version)
        .values(feed_seq=people.next_feed(assignment.client_id))
    )


def lay_out(*, ground: Ground, heads: Sequence, answers: Sequence, zone: ZoneInfo, now: datetime) -> None:
    """Lay out an assignment's slots, settle what came for them, store what changed, and count the weeks it touched."""
    laid, filled = outcome_of(ground, heads, answers, zone, now)
    days = _store(ground, laid, filled, zone, now)
    weeks = {monday(day) for day in days}
    count_weeks(client_id=ground.client_id, service_id=ground.service_id, weeks=weeks, now=now)


def outcome_of(
    ground: Ground,
    heads: Sequence,
    answers: Sequence,
    zone: ZoneInfo,
    now: datetime,
    meetings: Sequence[Meeting] | None = None,
) -> tuple[list[Slot], Mapping[str, Filled]]:
    """The slots of an assignment and what became of each, from facts alone; nothing is stored.

    `meetings`: the episode's appointments as they stood at another moment; by default as they stand.
    """
    today = now.astimezone(zone).date()
    laid = slots(ground.spans, ground.agreed_on, today + AHEAD, _windows(ground, zone, now, meetings), spares=True)
    if ground.ended_on is not None:
        laid = [slot for slot in laid if slot.opens_on <= ground.ended_on]
    filled = settle(laid, heads, answers, zone)
    if ground.ended_on is not None:
        ended_at = ground.ended_at or end_of_day(ground.ended_on, zone) - JUST_BEFORE
        for slot in laid:
            held = filled[slot.key]
            if held.state in ("open", "moved") and falls_due_at(slot, held, zone) > ended_at:
                filled[slot.key] = Filled(state="withdrawn", size=slot.size)
    # What a change of rhythm took back stays only if something came for it: past slots stay (design.md 5).
    laid = [slot for slot in laid if not slot.spare or filled[slot.key].state not in ("open", "moved", "withdrawn")]
    return laid, {slot.key: filled[slot.key] for slot in laid}


def _windows(ground: Ground, zone: ZoneInfo, now: datetime, meetings: Sequence[Meeting] | None):
    if all(span.rhythm.kind != "per_appointment" for span in ground.spans):
        return ()
    if meetings is None:
        meetings = meetings_of([ground.episode_id])[ground.episode_id]
    # Work agreed in an appointment belongs to the interval that it opens: what closed before asks for nothing.
    found = intervals(meetings, ground.agreed_at, None, now)
    still = [one for one in found if one.closes_at is None or one.closes_at > ground.agreed_at]
    return windows(still, meetings, zone, ground.agreed_at)


def _store(
    ground: Ground, laid: Sequence[Slot], filled: Mapping[str, Filled], zone: ZoneInfo, now: datetime
) -> set[date]:
    known = {row.slot: row for row in OCCURRENCES.rows(assignment=ground.assignment_id)}
    wanted = {slot.key: values_of(slot, filled[slot.key], zone) for slot in laid}
    for key, held in known.items():
        if key not in wanted:  # no longer asked for: told to the phone, counted nowhere
            gone = {name: getattr(held, name) for name in PLAIN}
            wanted[key] = {**gone, **_values_of(Filled(state="withdrawn", size=held.size))}
    stays = {(row.slot, *row[1:]) for row in known.values()}
    changed = {key: values for key, values in wanted.items() if (key, *map(values.get, PLAIN)) not in stays}
    if not changed:
        return set()
    _write(ground, changed, set(known), now)
    return {values["due_on"] for values in changed.values()} | {known[key].due_on for key in changed if key in known}


def _write(ground: Ground, changed: Mapping[str, dict], known: set[str], now: datetime) -> None:
    """Write occurrences in the order of their slots, each with a number of the client's feed."""
    owner = {"service_id": ground.service_id, "client_id": ground.client_id, "episode_id": ground.episode_id}
    first = people.next_feed(ground.client_id, len(changed))
    told = {key: {"recorded_at": now, "feed_seq": number} for number, key in enumerate(sorted(changed), start=first)}
    place = {"of_assignment": ground.assignment_id}
    CHANGE_OCCURRENCE.run([{**place, "of_slot": key, **changed[key], **told[key]} for key in told if key in known])
    place = {"assignment_id": ground.assignment_id, **owner}
    ADD_OCCURRENCE.run([{**place, "slot": key, **changed[key], **told[key]} for key in told if key not in known])
    forget(Occurrence)


def values_of(slot: Slot, filled: Filled, zone: ZoneInfo) -> dict:
    """The columns of an occurrence that say when it falls due and what became of it."""
    return {
        "version": slot.version,
        "opens_on": slot.opens_on,
        "due_on": slot.due_on,
        "due_at": falls_due_at(slot, filled, zone),
        **_values_of(filled),
    }


def falls_due_at(slot: Slot, filled: Filled, zone: ZoneInfo) -> datetime:
    """The moment its window is over: the end of a local day, or the appointment it was for."""
    if filled.moved_to is not None and filled.moved_to > slot.due_on:
        return end_of_day(filled.moved_to, zone)
    return slot.due_at or end_of_day(slot.due_on, zone)


def _values_of(filled: Filled) -> dict:
    return {
        "state": filled.state,
        "size": filled.size,
        "barrier": filled.barrier,
        "moved_to": filled.moved_to,
        "medium": filled.medium,
        "entered_by": filled.entered_by,
        "helped_by": filled.helped_by,
        "done_at": filled.done_at,
        "filled_by": UUID(filled.filled_by) if filled.filled_by else None,
        "extra": filled.extra,
    }


def _add_version(assignment: Assignment, *, number: int, by, now: datetime, plan: dict, rhythm: dict, **values):
    Rhythm.read(rhythm)  # an unreadable rhythm stops here, not in a sync
    version = AssignmentVersion(
        assignment_id=assignment.id,
        number=number,
        service_id=assignment.service_id,
        client_id=assignment.client_id,
        rhythm=rhythm,
        plan=plan,
        specificity=plan_specificity(plan),
        made_by_id=getattr(by, "id", None),
        recorded_at=now,
        feed_seq=people.next_feed(assignment.client_id),
        **values,
    )
    db.session.add(version)
    db.session.flush()
    return version
