"""What a task would be like once it is agreed: when it falls due next, and what the client will see."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from flask import g

from server.assignments import queries as assignments
from server.assignments.rules import SURE_ENOUGH, Rhythm, Slot, Span, Window, next_times, plan_specificity, unsaid
from server.caseload import queries as caseload
from server.caseload.rules import intervals
from server.dashboard import dates, presenters
from server.dashboard.agreeing import plan_of, plan_rows, rhythm_of, rhythm_words
from server.dashboard.amount import load_words
from server.dashboard.reminded import hours_of, reach_line, reminder_words
from server.dashboard.reminder_time import apart_words, moved

SHOWN = 5  # times; a day or a week that is begun is shown whole
MOST_AT_ONCE = 7  # times a day or a week, as the form lets them be


# The parts of a plan as a practitioner is told what is still unsaid.
UNSAID = {
    "when": "when", "where": "where", "with_whom": "with whom", "how_long": "how long",
    "reminder": "what will remind them", "obstacle": "what could get in the way", "then": "what they do then",
}  # fmt: skip


def preview_of(client, worksheet, values: dict, without=None, agreed_on: date | None = None) -> dict:
    """All of it in words, from the values of a form that nobody has agreed to yet.

    `without`: the assignment that this one takes the place of; it is no load beside it. `agreed_on`: where the weeks
    of a task that is changed began.
    """
    rhythm, today, plan = rhythm_of(values), dates.local_day(g.now, client.zone), plan_of(values)
    span = Span(1, Rhythm.read(rhythm), values["from_date"], values.get("until_date"), values["size"])
    first = max(today, values["from_date"])
    found = next_times([span], agreed_on or today, first, _intervals_to_come(client), SHOWN * MOST_AT_ONCE)
    held = hours_of(client)
    hours = moved(client, values, held)
    return {
        "times": [_time(days, count, plan, hours) for days, count in _whole(found)],
        "reminders": reach_line(client, held),
        "apart": apart_words(client, plan["at"], bool(values["move_reminder"])),
        "load": load_words(client, rhythm, without),
        "rhythm": rhythm_words(rhythm),
        "plan": plan_rows({**plan, "confidence": None}),  # asked for in the appointment, not shown on the phone
        "title": values.get("title") or (worksheet.title if worksheet else ""),
        "reason": values["reason"],
        "specific": plan_specificity(plan),
        "unsaid": presenters.listed([UNSAID[part] for part in unsaid(plan)]),
        "shrink": plan["confidence"] is not None and plan["confidence"] < SURE_ENOUGH,
    }


def _whole(found: list[Slot]) -> list[tuple[tuple[date, date], int]]:
    """((first day, last day), how many times) until enough times are shown; none is cut in the middle."""
    counted = list(Counter((slot.opens_on, slot.due_on) for slot in found).items())
    shown = 0
    for n, (_, count) in enumerate(counted, start=1):
        shown += count
        if shown >= SHOWN:
            return counted[:n]
    return counted


def _time(days: tuple[date, date], count: int, plan: dict, hours) -> dict:
    return {"words": _words(*days, count, plan), "reminder": reminder_words(days, hours)}


def _words(opens_on: date, due_on: date, count: int, plan: dict) -> str:
    """Monday 23 November 2026 at 18:30 · 3 times from Mon 23 Nov to Sun 29 Nov · once from … to …"""
    times = f"{count} times" if count > 1 else "once"
    if opens_on == due_on:
        at = f" at {plan['at']}" if plan.get("at") else ""
        return dates.day(due_on) + (f", {times}" if count > 1 else at)
    return presenters.capital(f"{times} from {dates.short_day(opens_on)} to {dates.short_day(due_on)}")


def _intervals_to_come(client) -> list[Window]:
    """For a task that is done once before each appointment."""
    episode = caseload.episode_of(g.practitioner, client.id, g.now)
    meetings = caseload.meetings_of([episode.id])[episode.id]
    found = intervals(meetings, g.now, None, g.now)
    return assignments.windows(found, meetings, ZoneInfo(client.zone), g.now)
