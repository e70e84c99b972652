"""How a task changed since it was agreed: who changed what and when, as differences in words."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from server.assignments import queries as assignments
from server.assignments.rules import Change, Difference, Wish, changes, left_out
from server.dashboard import dates, presenters
from server.dashboard.agreeing import rhythm_words
from server.entries.plan_wishes import wishes_of
from server.people import queries as people
from server.reminders.said import moves_of
from server.reviews import queries as reviews

LABELS = {
    "title": "Name", "reason": "Why", "rhythm": "How often", "size": "Size", "until_date": "Last day",
    "when": "When", "at": "Time", "weekdays": "Days", "where": "Where", "with_whom": "With whom",
    "how_long": "How long", "reminder": "What will remind them", "obstacle": "What could get in the way",
    "then": "Then they will", "confidence": "How sure they are",
}  # fmt: skip


def history_of(client, agreed) -> list[dict]:
    """`{at, who, by_client, parts, not_taken}` of each change, newest first.

    A part is `{label, was, now}`, "" for nothing. `not_taken`, in an item of its own: what the client wrote on the
    phone while somebody changed the same part.
    """
    assignment_id = agreed.assignment.id
    versions = assignments.versions_of(client, assignment_id)
    moved = _moved(client, agreed, versions)
    if agreed.assignment.version == 1:
        return moved
    left = left_out(versions, wishes_of(client.id, [assignment_id])[assignment_id])
    told = [_changed(client, one) for one in changes(versions)] + [_left(client, *one) for one in left] + moved
    return sorted(told, key=lambda one: one["at"], reverse=True)


def versions_by_id(client, agreed: Iterable) -> dict[UUID, list]:
    """The versions of every task that was changed since it was agreed, for both that follow, in one query."""
    changed = [one.assignment.id for one in agreed if one.version.number > 1]
    return assignments.versions_of_several(client.id, changed) if changed else {}


def last_change(versions: list) -> list[dict]:
    """The parts that the newest version changed, as `history_of` says them; none where it is the first."""
    newest = [one for one in changes(versions) if one.version.number == versions[-1].number]
    return [_part(part) for one in newest for part in one.parts]


def not_taken_of(client, agreed: Iterable, by_id: dict[UUID, list]) -> dict[UUID, list[dict]]:
    """What clients wrote of plans and was not taken up, by assignment, as `history_of` says it; newest first.

    `by_id`: `versions_by_id`. It waits beside the plan until somebody changes the plan after it, or marks the task as
    looked at.
    """
    held = {one.assignment.id: one for one in agreed if one.assignment.state == "open" and one.version.number > 1}
    wishes, looked = wishes_of(client.id, held), reviews.last_of(held)
    found = {}
    for assignment_id, said in wishes.items():
        versions = by_id[assignment_id] if said else []
        settled = [one.recorded_at for one in versions if one.made_by != "client"] + [
            at for at in (looked.get(assignment_id),) if at
        ]
        left = [(wish, parts) for wish, parts in left_out(versions, said) if wish.received_at > max(settled)]
        found[assignment_id] = [_left(client, *one) for one in reversed(left)]
    return found


def _changed(client, one: Change) -> dict:
    by_client = one.version.made_by == "client"
    who = name_of(client, one.version)
    parts = [_part(part) for part in one.parts]
    return {"at": one.version.recorded_at, "who": who, "by_client": by_client, "parts": parts, "not_taken": []}


def _moved(client, agreed, versions: list) -> list[dict]:
    """The reminder that moved to the time of a version of this plan, since it was agreed; newest first."""
    since = agreed.assignment.agreed_on
    times = {(one.plan or {}).get("at") for one in versions}
    return [
        {"at": one.at, "who": _practitioner(one.practitioner_id), "by_client": False, "not_taken": [],
         "parts": [{"label": "Reminder", "was": one.was, "now": one.now}]}
        for one in reversed(moves_of(client.id))
        if one.now in times and dates.local_day(one.at, client.zone) >= since
    ]  # fmt: skip


def _left(client, wish: Wish, parts: dict) -> dict:
    words = [_part(Difference(part, None, value)) for part, value in parts.items()]
    return {"at": wish.said_at, "who": client.preferred_name, "by_client": True, "parts": [], "not_taken": words}


def name_of(client, version) -> str:
    """Who made a version, by the name the other knows."""
    if version.made_by == "client":
        return client.preferred_name
    return _practitioner(version.made_by_id)


def _practitioner(practitioner_id: UUID | None) -> str:
    found = people.practitioner(practitioner_id) if practitioner_id else None
    return found.name if found else "The service"


def _part(one: Difference) -> dict:
    return {"label": LABELS[one.part], "was": _words(one.part, one.was), "now": _words(one.part, one.now)}


def _words(part: str, value) -> str:
    if value is None or value == "" or value == []:
        return ""
    if part == "rhythm":
        return rhythm_words(value)
    if part == "size":
        return presenters.SIZES[value]
    if part == "weekdays":
        return presenters.listed([presenters.WEEKDAYS[day] for day in value])
    if part == "confidence":
        return f"{value} out of 10"
    return dates.day(value) if isinstance(value, date) else str(value)
