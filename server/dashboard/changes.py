"""How a task changed since it was agreed: who changed what and when, as differences in words."""

from datetime import date

from server.assignments import queries as assignments
from server.assignments.rules import Difference, changes
from server.dashboard import dates, presenters
from server.dashboard.agreeing import rhythm_words
from server.people import queries as people

LABELS = {
    "title": "Name", "reason": "Why", "rhythm": "How often", "size": "Size", "until_date": "Last day",
    "when": "When", "at": "Time", "weekdays": "Days", "where": "Where", "with_whom": "With whom",
    "how_long": "How long", "reminder": "What will remind them", "obstacle": "What could get in the way",
    "then": "Then they will", "confidence": "How sure they are",
}  # fmt: skip


def history_of(client, agreed) -> list[dict]:
    """`{at, who, by_client, parts}` of each change, newest first; a part is `{label, was, now}`, "" for nothing."""
    if agreed.assignment.version == 1:
        return []
    return [
        {
            "at": one.version.recorded_at,
            "who": name_of(client, one.version),
            "by_client": one.version.made_by == "client",
            "parts": [_part(part) for part in one.parts],
        }
        for one in changes(assignments.versions_of(client, agreed.assignment.id))
    ]


def name_of(client, version) -> str:
    """Who made a version, by the name the other knows."""
    if version.made_by == "client":
        return client.preferred_name
    found = people.practitioner(version.made_by_id) if version.made_by_id else None
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
