"""How reminders go in the service, for administrators: counts by cause, what needs somebody, and nobody's name."""

from datetime import timedelta

from flask import g

from server.dashboard import dates
from server.dashboard.guard import dashboard, only_for
from server.dashboard.ledger import WHY
from server.dashboard.pages import config, page
from server.dashboard.presenters import counted
from server.dashboard.ways import NAMES
from server.people import queries as people
from server.reminders import alarms, asking, vitals, watching
from server.reminders.watching import Watch

DAY, WEEK = timedelta(days=1), timedelta(days=7)
OURS = {
    "keys-refused": "It refused our keys, or our name and password",
    "not-accepted": "The message service did not accept the message",
    "no-phone": "No phone of theirs took reminders",
    "no-such-address": "The address or number does not exist",
    "not-set-up": "It is not set up here: whoever runs Meantime can turn it on",
}


@dashboard.get("/administration/reminders")
def show_watch():
    """The last day and the last week."""
    only_for("administrator")
    service = people.service_of(g.practitioner)
    day, week = (watching.watch(g.now, back, service.id) for back in (DAY, WEEK))
    moments, chancy = watching.decided(g.now, WEEK, service.id)
    return page(
        "dashboard/watch.html", alarms=_alarms(week) + _unasked(), rows=_rows(day, week), waits=_waits(day),
        resting=[(_service(origin), dates.moment(at, service.zone)) for origin, at in watching.resting(g.now).items()],
        troubled=bool(day.refused or day.held_up),
        signal=bool(config().signal_url), moments=moments, chancy=chancy,
    )  # fmt: skip


def reminder_alarms() -> list[str]:
    """What somebody has to look at, for the first page of administration; empty when all is well."""
    return _alarms(watching.watch(g.now, WEEK, g.practitioner.service_id)) + _unasked()


def _unasked() -> list[str]:
    count = asking.count(g.practitioner.service_id)
    if not count:
        return []
    return [
        f"{counted(count, 'client')} turned reminders on, and no reminder is sent. Nobody asked them yet, alone, how to"
        " reach them safely. Their practitioners see on Today whom to ask."
    ]


def _alarms(week: Watch) -> list[str]:
    """What was refused in this service, then what keeps reminders from going out anywhere."""
    found = alarms.of_refusals(week.refused)
    if found:
        found.append("Nothing was deleted. Tell whoever runs Meantime what is said above.")
    return found + alarms.of_troubles(vitals.troubles(g.now))


def _waits(day: Watch) -> str:
    if not day.waiting:
        return "Nothing is due that was not sent."
    minutes = max(1, day.oldest_seconds // 60)
    waits = f"{counted(day.waiting, 'reminder')} due now and not sent; the oldest for {counted(minutes, 'minute')}."
    held = [f"{NAMES[way]}, {n}: {WHY.get(why, 'it waits for another try')}." for (way, why), n in day.held_up.items()]
    return " ".join([waits, *sorted(held)])


def _service(origin: str) -> str:
    return alarms.NAMES.get(origin, origin)


def _rows(day: Watch, week: Watch) -> list[tuple[str, int, int]]:
    """(what, last day, last week); a cause has a row only where it happened."""
    rows = [
        ("Taken by the message service", day.sent, week.sent),
        ("Of those, more than 2 minutes late", day.late, week.late),
        ("Not sent: too late by then", day.expired, week.expired),
    ]
    for way, why in sorted(week.failed):
        words = OURS.get(why) or _sentence(why)
        rows.append((f"{NAMES[way]}. {words}", day.failed.get((way, why), 0), week.failed[way, why]))
    for why in sorted(week.not_wanted):
        rows.append(
            (f"Held back: {WHY.get(why, 'not wanted any more')}", day.not_wanted.get(why, 0), week.not_wanted[why])
        )
    rows.append(
        ("Begun anew after our program stopped in the middle; the client sees one", day.taken_over, week.taken_over)
    )
    return rows


def _sentence(why: str) -> str:
    words = WHY.get(why, "the cause is not known")
    return words[:1].upper() + words[1:]
