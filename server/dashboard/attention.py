"""Why to look at each client of a list, what was done about it, and the figures beside it: for caseload and agenda."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import g, url_for

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.caseload.rules import Meeting
from server.dashboard import dates
from server.dashboard.reason_words import ANSWERED, WHY
from server.engagement import queries as engagement
from server.engagement.attention import Facts, newest_waiting, next_meeting, reason, reasons, waiting_for_review
from server.engagement.queries import Line
from server.engagement.rules import Figures, interval_figures
from server.entries import promise
from server.entries import queries as entries
from server.people import queries as people
from server.reviews import queries as reviews
from server.safety import queries as safety
from server.supervision import queries as supervision
from server.supervision.rules import Answered, still_answered
from server.worksheets.practice import is_practice


@dataclass(frozen=True)
class Standing:
    """One client of a list: figures of the open interval, reasons nobody has answered, and those somebody has."""

    line: Line
    shown: Figures
    agreed: bool
    next: Meeting | None
    open: list[str]
    answered: list[Answered]


def standings(cases: Iterable[caseload.CaseloadLine], now: datetime) -> list[Standing]:
    """Of each client the caller was given, in their order; a handful of queries however many clients."""
    lines = engagement.lines(cases, now)
    ids, episodes = [line.client.id for line in lines], [line.episode.id for line in lines]
    agreed = assignments.how_it_stands(ids)
    shown = map(UUID, {one.assignment_id for line in lines for one in line.to_look_at})
    reviewed = {str(key): at for key, at in reviews.last_of(shown).items()}
    flags = safety.waiting_counts(ids)
    unreadable, late = entries.unread_counts(ids), promise.unread_past(people.service_of(g.practitioner), ids, now)
    done = supervision.answered(episodes, now)
    found = []
    for line in lines:
        held, key = line.meetings, line.client.id
        coming = next_meeting(held, now)
        facts = Facts(
            figures=line.figures, before=line.before, now=now, **_agreed(agreed[key]), flags=flags.get(key, 0),
            unreadable=unreadable.get(key, 0), late=late[key].count if key in late else 0,
            waiting=len(waiting_for_review(line.to_look_at, reviewed)), paired=line.contact.paired,
            last_contact=line.contact.at, next_at=coming.starts_at if coming else None,
            interval_opened_at=line.interval.opens_at if line.interval else None,
            newest_waiting_at=newest_waiting(line.to_look_at, reviewed),
        )  # fmt: skip
        numbers = interval_figures(line.figures.told, line.interval, held, now)
        goes_on = any(one.state == "open" for one in agreed[key])
        found.append(Standing(line, numbers, goes_on, coming, *_answers(facts, done[line.episode.id])))
    return found


def reason_lines(one: Standing, zone: str, **place) -> dict:
    """The reasons of one client in words: open ones as links to what can be done, answered ones with what was."""
    href = url_for("dashboard.show_reasons", client_id=one.line.client.id, **place)
    return {
        "open": [{"text": WHY[code], "href": f"{href}#{code}"} for code in one.open],
        "answered": [answered_words(each, zone) for each in one.answered],
        "href": href,
    }


def answered_words(each: Answered, zone: str) -> str:
    """No phone paired: looked at, nothing needed, Mon 16 Nov."""
    return f"{WHY[each.reason]}: {ANSWERED[each.what]}, {dates.short_day(dates.local_day(each.at, zone))}"


def _agreed(agreed: list) -> dict:
    tasks = [one for one in agreed if is_practice(one.worksheet_id)]
    ended = [one.ended_at for one in tasks if one.ended_at]
    return {"agreed": sum(one.state == "open" for one in tasks), "stopped_at": max(ended, default=None)}


def _answers(facts: Facts, done: list[Answered]) -> tuple[list[str], list[Answered]]:
    unanswered, answered = [], []
    for code in reasons(facts):
        held = still_answered(code, reason(code).since(facts), done, facts.now)
        if held is None:
            unanswered.append(code)
        else:
            answered.append(held)
    return unanswered, answered
