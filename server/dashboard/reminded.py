"""The reminders a client would get for what is about to be agreed: their own hours, before any rule for it exists."""

from datetime import date, timedelta

from server.dashboard import presenters
from server.dashboard.reach import is_reached
from server.reminders import queries as reminders
from server.reminders.asking import is_asked
from server.reminders.rules import Hours, is_quiet, moment_of

NOT_BEFORE = "No reminder before safe contact was asked, alone."
NONE_YET = "No reminder until they set a time on their phone."


def hours_of(client) -> list[Hours]:
    """The client's own hours for anything planned; those of one task alone say nothing about another.

    None before they were asked, alone, how to reach them safely: no reminder comes.
    """
    if not is_asked(client):
        return []
    found = [reminders.readable_hours(rule) for rule in reminders.rules_of(client) if rule.assignment_id is None]
    return [hours for hours in found if hours]


def reminder_words(slot_days: tuple[date, date], hours: list[Hours]) -> str:
    """Reminder at 18:00 · reminders at 18:00 on Mon and Wed while it is open · nothing where none would come."""
    first, last = slot_days
    told = {f"{one.at:%H:%M}": _days(one, first, last) for one in hours}
    told = {at: days for at, days in told.items() if days}
    if not told:
        return ""
    if first == last:
        return "reminder at " + presenters.listed(sorted(told))
    return "; ".join(f"reminders at {at} {_when(days, first, last)}" for at, days in sorted(told.items()))


def reach_line(client, hours: list[Hours], told: bool = False) -> str:
    """What to say under the times: their own hours and whether a reminder can reach them at all, by any way.

    `told`: the times say their reminders already.
    """
    if not hours:
        return NOT_BEFORE if reminders.rules_of(client) and not is_asked(client) else NONE_YET
    at = presenters.listed(sorted({f"{one.at:%H:%M}" for one in hours}))
    said = [] if told else [f"Their own reminder time is {at}."]
    return " ".join(said + ([] if is_reached(client) else ["Reminders do not reach them at the moment."]))


def _days(hours: Hours, first: date, last: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if hours.on(day) and not is_quiet(hours, moment_of(day, hours.at, hours.zone))]


def _when(days: list[date], first: date, last: date) -> str:
    whole = len(days) == (last - first).days + 1
    names = {day.weekday(): f"{day:%a}" for day in days}
    return "each day while it is open" if whole else "on " + presenters.listed([names[n] for n in sorted(names)])
