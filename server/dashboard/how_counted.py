"""How a figure is counted: its definition, what was counted, what was left out and why, as of when."""

from dataclasses import dataclass

from flask import g, url_for

from server.dashboard import dates, figures
from server.dashboard.guard import dashboard
from server.dashboard.pages import page
from server.dashboard.presenters import STATES, counted
from server.engagement.definitions import BY_CODE, DEFINITIONS, LINES, TRIED_AND_DONE
from server.engagement.rules import (
    Figures,
    Share,
    attempts,
    completion,
    eligible,
    planned_by,
    practice_rhythm,
    rhythm_rows,
)
from server.people import queries as people
from server.people.who_sees import may_enter

LEFT_OUT = {
    "planned": "not due yet",
    "moved": "moved to a day to come",
    "exempt": "not well enough",
    "nothing_happened": "with nothing to write down",
}


@dataclass(frozen=True)
class HowCounted:
    """One figure with everything that stands behind it, in words."""

    sentence: str
    says: str
    counted: str
    left_out: str
    other_way: str
    as_of: str
    contact: str
    more: str


@dashboard.get("/figures")
def show_figures():
    """What each figure is, where it is shown, and where not and why."""
    own_work = url_for(".show_own_work") if may_enter(g.practitioner.roles, "caseload") else ""
    return page("dashboard/figures.html", definitions=DEFINITIONS, lines=LINES, own_work=own_work)


def of_work(held: Figures, contact, zone: str) -> HowCounted:
    """The figure of the time between two appointments: M2 first, then M1."""
    left_out = [(held.count(state), words) for state, words in LEFT_OUT.items()]
    left_out.append((held.need_not_have_happened, "for when it happens, where nothing was said"))
    left_out.append((held.beside.of, "about the practice: check-ins and measures"))
    return HowCounted(
        figures.sentence(held), TRIED_AND_DONE, _counted(held.told),
        _parts(left_out), _other_ways(held), *_as_of(contact, zone), _more("m2"),
    )  # fmt: skip


def of_rhythm(told, contact, today, zone: str) -> HowCounted:
    """M13: the last four weeks."""
    rows, share = rhythm_rows(told, today), practice_rhythm(told, today)
    by = planned_by(told, today)
    on_days = f", on {_planned(share.of, by)}" if share.of != len(rows) else ""
    return HowCounted(
        f"{rhythm_words(share, by)}.", BY_CODE["M13"].says, _counted(rows) + on_days,
        "what is not due yet, exempt, withdrawn, or need not have happened", "", *_as_of(contact, zone), _more("m13"),
    )  # fmt: skip


def of_barriers(told, contact, zone: str) -> HowCounted:
    """M14: every time at which something was named."""
    named, work = figures.in_the_way(Figures(tuple(told))), sum(o.practice for o in told)
    return HowCounted(
        f"{named[:1].upper()}{named[1:]}." if named else "Nothing was named.", BY_CODE["M14"].says,
        counted(work, "time at which something was named", "times at which something was named"),
        "times at which nothing was named, check-ins and measures", "", *_as_of(contact, zone), _more("m14"),
    )  # fmt: skip


def rhythm_line(client, told, contact) -> dict:
    """M13 for the client page, with the way to its rows; a nought never without the last contact."""
    zone = people.service_of(g.practitioner).zone
    today = dates.local_day(g.now, client.zone)
    share = practice_rhythm(told, today)
    return {
        "words": rhythm_words(share, planned_by(told, today)),
        "contact": f"{figures.contact_words(contact, g.now, zone)}." if share.count == 0 else "",
        "href": url_for(".show_occurrences", client_id=client.id, rhythm=1),
        "barriers": url_for(".show_occurrences", client_id=client.id, barriers=1),
    }


def rhythm_words(share: Share, by: set[str]) -> str:
    """Something tried on 12 of 20 planned days in the last four weeks · 8 of 28 planned times."""
    if not share.of:
        return "No planned day of the last four weeks has passed"
    some = share.count or "none"
    tried = f"Something tried on {some}" if by == {"day"} else f"Tried {some}"
    return f"{tried} of {_planned(share.of, by)} in the last four weeks"


def _planned(of: int, by: set[str]) -> str:
    """A time for any day of its week is no day."""
    if by == {"day", "time"}:
        return f"{of} planned days and times"
    return counted(of, "planned time" if by == {"time"} else "planned day")


def _counted(told) -> str:
    """7 times: 1 done, 1 tried, 1 not done, 4 no answer."""
    below = eligible(told)
    by_state = [(sum(o.state == code for o in below), mark.text.lower()) for code, mark in STATES.items()]
    parts = _parts(by_state)
    return f"{counted(len(below), 'time')}{': ' if parts else ''}{parts}"


def _other_ways(held: Figures) -> str:
    """The same share with what is not known left out, and with exemptions let in (clinical.md F3.3, F3.11)."""
    said = []
    if 0 < held.not_known < held.tried.of:
        known = attempts(held.told, leave_out_unknown=True), completion(held.told, leave_out_unknown=True)
        said.append(f"Without what is not known: {_both(*known)}.")
    if held.count("exempt"):
        every = attempts(held.told, exempt_too=True), completion(held.told, exempt_too=True)
        said.append(f"With “not well enough” counted too: {_both(*every)}.")
    return " ".join(said)


def _both(tried: Share, done: Share) -> str:
    return f"{tried.count} of {tried.of} tried, {done.count} of {done.of} done"


def _as_of(contact, zone: str) -> tuple[str, str]:
    return dates.moment(g.now, zone), figures.contact_words(contact, g.now, zone)


def _more(code: str) -> str:
    return url_for(".show_figures", _anchor=code)


def _parts(parts) -> str:
    return ", ".join(f"{number} {words}" for number, words in parts if number)
