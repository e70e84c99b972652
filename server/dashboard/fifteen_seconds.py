"""One client on Today, in lines with a name each: agreed, tried and done, in the way, last contact, what to look at."""

from collections import Counter
from dataclasses import dataclass

from flask import g, url_for

from server.caseload.rules import Interval
from server.dashboard import dates, figures
from server.dashboard.presenters import capital, counted
from server.engagement.rules import ATTEMPTED, Figures, Told
from server.reviews.first_look import Look

MOST = 2  # titles and barriers that are named; more are counted, and the appointment page names them all
SHORT = {"said": "ticked", "paper": "on paper", "phone_call": "told", "swap": "swapped"}


@dataclass(frozen=True)
class Lines:
    """What the page shows of one visit. `first` is a link with its words, `then` what else waits."""

    interval: Interval | None
    agreed: list[str]
    more: int
    since: str
    became: str
    rest: str
    in_the_way: str
    contact: str
    first: dict | None
    then: str


def in_lines(visit, interval, held: Figures, agreed: dict, contact, waiting: list[Look], zone: str) -> Lines:
    """All of it in words. `agreed`: assignment id -> `figures.Agreed`. `waiting`: what waits, the first one first."""
    titles = [one.title for one in agreed.values() if one.is_open]
    place = url_for(".show_appointment", client_id=visit.client.id, appointment_id=visit.meeting.appointment_id)
    return Lines(
        interval=interval,
        agreed=titles[:MOST],
        more=max(0, len(titles) - MOST),
        since=f"Since {dates.day_of_month(dates.local_day(interval.opens_at, zone))}" if interval else "So far",
        became=became(held),
        rest=rest(held),
        in_the_way=in_the_way(held),
        contact=_contact(contact, interval, zone),
        first=_first(waiting[0], agreed, place) if waiting else None,
        then=_then(waiting[1:]),
    )


def became(held: Figures) -> str:
    """*Tried* and *done* both said: 7 of 21 tried (3 ticked), 3 done · 3 of 5 tried, all 3 done."""
    tried, done = held.tried, held.done
    if tried.of == 0 or held.not_known == tried.of:
        return figures.headline(held)
    if not tried.count:
        return f"None of {tried.of} tried or done"
    every = "all " if tried.count == done.count > 1 else ""
    media = Counter(figures.way(one) for one in held.work if one.state in ATTEMPTED)
    ways = ["swap"] if media["swap"] else list(SHORT)  # no room for both
    told = ", ".join(f"{media[code]} {SHORT[code]}" for code in ways if media[code])
    return f"{tried.count} of {tried.of} tried{f' ({told})' if told else ''}, {every}{done.count or 'none'} done"


def rest(held: Figures) -> str:
    """What it leaves open, beside the tried: Rest: 10 no answer, 4 not known. 7 to come. Check-in open."""
    tried = held.tried
    silent = held.not_known if held.not_known < tried.of else 0
    put_off = 0 if tried.count else sum(_is_put_off(one) for one in held.told)  # beside attempts there is no room
    found = [
        (held.count("not_done"), "not done"),
        (put_off, "put off"),
        (held.no_answer - put_off, "no answer"),
        (silent, "not known"),
    ]
    other = ", ".join(f"{count} {words}" for count, words in found if count)
    others = f"Rest: {other}." if tried.count else f"{capital(other)}."
    to_come = f"{held.not_due} to come." if tried.of and held.not_due else ""
    asks = capital(figures.open_check_in(held))
    return " ".join(one for one in (others if other else "", to_come, f"{asks}." if asks else "") if one)


def _is_put_off(one: Told) -> bool:
    """They said *not today*, moved it or made it smaller, and nothing since: there was an answer."""
    return one.state == "no_answer" and one.is_eligible and one.medium is not None


def in_the_way(held: Figures) -> str:
    """no time (2), forgot, 1 more · nothing named."""
    named = figures.named_barriers(held)
    shown = [words + (f" ({count})" if count > 1 else "") for words, count in named[:MOST]]
    more = f", {len(named) - MOST} more" if len(named) > MOST else ""
    return ", ".join(shown) + more or "nothing named"


def _contact(contact, interval: Interval | None, zone: str) -> str:
    """Today 06:30 · Wed 4 Nov, 09:30 (14 days ago), 2 known to be unsent · no phone paired, last seen Wed 4 Nov."""
    if contact.at is None:
        seen = interval is not None and interval.opening is not None
        last = f", last seen {dates.short_day(dates.local_day(interval.opens_at, zone))}" if seen and interval else ""
        return ("not in contact yet" if contact.paired else "no phone paired") + last
    days = (dates.local_day(g.now, zone) - dates.local_day(contact.at, zone)).days
    when = dates.ago_short(contact.at, g.now, zone) + (f" ({days} days ago)" if days > 1 else "")
    unsent = f", {contact.outbox} known to be unsent then" if contact.outbox else ""
    return f"{when}{unsent}" if contact.paired else f"no phone paired now, last {when}{unsent}"


def _first(one: Look, agreed: dict, place: str) -> dict:
    """Where to begin, as a link to the very place."""
    title = agreed[one.assignment_id].title if one.assignment_id in agreed else ""
    words = {
        "risk": ("", "An answer about risk" if one.count == 1 else f"{one.count} answers about risk", "#risk"),
        "unreadable": ("", "Something unreadable", "#unreadable"),
        "question": ("", "Their question" if one.count == 1 else f"Their {one.count} questions", "#questions"),
        "not_done": (title, "not done", f"#task-{one.assignment_id}"),
        "came": (title, f"{one.count} new", f"#task-{one.assignment_id}"),
    }
    theirs, ours, anchor = words[one.kind]
    return {"theirs": theirs, "ours": ours, "href": place + anchor}


def _then(rest: list[Look]) -> str:
    """What else waits, as counts: +2 tasks, 1 question."""
    tasks = sum(one.kind in ("not_done", "came") for one in rest)
    questions = sum(one.count for one in rest if one.kind == "question")
    unreadable = sum(one.count for one in rest if one.kind == "unreadable")
    found = [
        (unreadable, f"{unreadable} unreadable"),
        (tasks, counted(tasks, "task")),
        (questions, counted(questions, "question")),
    ]
    said = ", ".join(words for count, words in found if count)
    return f"+{said}" if said else ""
