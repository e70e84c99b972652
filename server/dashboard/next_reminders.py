"""A client's next five reminders in words, as things stand now, and what they set of them."""

from flask import g

from server.dashboard import dates
from server.dashboard.presenters import listed
from server.reminders import preview
from server.reminders import queries as reminders

WHAT = {"own": "", "later": "asked for once more", "appointment": "the day before an appointment"}
NONE = {
    "not-asked": "Nobody has asked them yet, alone, how to reach them safely.",
    "nothing-to-do": "Nothing that is agreed is open on those days.",
    "no-way": "No way to reach them is open at those hours.",
    "not-now": "They are on a break, or have not opened the app for long.",
}
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def next_words(client) -> list[str]:
    """Mon 23 Nov, 13:30 · each with what it is, where it is not of their own hours."""
    found = preview.next_of(client, g.now)
    lines = [(f"{dates.short_day(one.due.local_date)}, {one.due.slot}", WHAT[one.kind]) for one in found]
    return [f"{when}: {what}" if what else when for when, what in lines]


def none_words(client) -> str:
    """Why none comes, for somebody who set hours; "" where they set none."""
    return NONE[preview.why_none(client, g.now)] if reminders.rules_of(client) else ""


def set_words(client) -> list[str]:
    """What they set, a line for each: the time and days, a break, other hours, how many."""
    today = dates.local_day(g.now, client.zone)
    return [" ".join(_said(rule, today)) for rule in reminders.rules_of(client)]


def _said(rule, today) -> list[str]:
    days = "every day" if len(rule.weekdays) == len(WEEK) else "on " + listed([WEEK[day] for day in rule.weekdays])
    said = [f"{rule.at} {days}{' for one task' if rule.assignment_id else ''}, by the clock of {rule.zone}."]
    if rule.quiet:
        said.append(f"Never between {rule.quiet['from']} and {rule.quiet['until']}.")
    if rule.paused_until and rule.paused_until > today:
        said.append(f"A break: again from {dates.short_day(rule.paused_until)}.")
    if rule.shift and rule.shift["until"] >= today.isoformat():
        said.append(f"At {rule.shift['at']} until {dates.short_day(today.fromisoformat(rule.shift['until']))}.")
    if not rule.steady:
        said.append("Fewer come when they do not open the app for days; none after two weeks, until they next meet.")
    return said
