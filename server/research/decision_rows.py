"""The rows of one client in the file of moments at which a reminder could be sent."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from server.engagement.rules.prompts import follows
from server.research.facts import Facts
from server.research.names import NOT_YET, Names, given, yes_no

BANDS = (60, "hour"), (360, "quarter"), (1440, "day"), (4320, "days"), (10_080, "week")  # minutes since an entry
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)  # the two windows of M17 (clinical.md F2)


def decisions(names: Names, as_of: datetime) -> Iterator[dict[str, Any]]:
    """The decisions, oldest first. What a phone has not sent yet follows nothing."""
    entries = saved_at(names.facts)
    for row in names.facts.decisions:
        yield {
            "pid": names.pid,
            "delivery": names.name("delivery", row.delivery_id),
            "kind": row.kind,
            "day": names.day(row.at),
            "band": names.band(row.at),
            "since_entry": since(row.minutes_since_entry),
            "to_do": yes_no(row.to_do),
            "paused": yes_no(row.paused),
            "sent_that_day": row.sent_that_day,
            "phones": row.phones,
            "policy": row.policy,
            "chance": row.chance,
            "sent": yes_no(row.sent),
            "why": given(row.why),
            "entry_within_1_hour": _followed(row.at, entries, HOUR, as_of),
            "entry_within_24_hours": _followed(row.at, entries, DAY, as_of),
        }


def since(minutes: int | None) -> str:
    """The band of `codes.SINCE_ENTRY`: to the minute it would give away the time of each entry (trust.md E4)."""
    if minutes is None:
        return given(None)
    return next((band for under, band in BANDS if minutes < under), "longer")


def saved_at(facts: Facts) -> list[datetime]:
    """When each entry was first saved, by the corrected clock: a change of one is no new entry."""
    first: dict[Any, datetime] = {}
    for row in facts.revisions:
        if row.subject_kind == "entry":
            first[row.entry_id] = min(row.effective_at, first.get(row.entry_id, row.effective_at))
    return list(first.values())


def _followed(at: datetime, entries: list[datetime], window: timedelta, as_of: datetime) -> str:
    if follows(at, entries, window):
        return "yes"
    return NOT_YET if as_of < at + window else "no"
