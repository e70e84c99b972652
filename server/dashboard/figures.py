"""Figures in words: counts, never bare percentages, with what is not known and the last contact beside them."""

from dataclasses import dataclass, field
from datetime import timedelta

from server.dashboard import dates
from server.dashboard.barriers import barrier
from server.dashboard.presenters import counted, listed
from server.engagement.rules import Figures, within
from server.entries.queries import LastContact

WHY = {
    "unreadable": "Something they sent could not be read",
    "two_intervals_nothing": "Two intervals with nothing tried",
    "nothing_tried": "Nothing tried since the last appointment",
    "waiting_review": "Work waits to be looked at",
    "out_of_contact": "Phone not in contact for a week",
    "nothing_agreed": "Nothing is agreed",
    "no_phone": "No phone paired",
    "no_appointment": "No appointment booked",
}
YELLOW, BLUE = "nhsuk-tag--yellow", "nhsuk-tag--blue"


@dataclass(frozen=True)
class Work:
    """The work of one interval, as Today, the caseload and the client page show it."""

    agreed: list[str]
    tried: str
    rest: str
    barriers: str
    contact: str
    href: str
    flags: list[dict] = field(default_factory=list)


def of_interval(told, interval, until) -> Figures:
    """The figures of one interval; none before the first. What falls due long after `until` is not its work yet:
    a dated time up to the next day, one for any day of its week up to a week on."""
    if interval is None:
        return Figures(())
    held = within(told, interval.opens_at, interval.closes_at)
    return Figures(tuple(o for o in held if o.state not in ("planned", "moved") or o.due_at <= until + _reach(o.slot)))


def _reach(slot: str) -> timedelta:
    return timedelta(days=1) if slot[:1].isdigit() else timedelta(days=7)


def work(figures: Figures, contact: LastContact, titles: list[str], href: str, now, zone: str, **flags: int) -> Work:
    """All of it in words. `flags`: waiting, unreadable, questions, as counts."""
    return Work(
        titles, headline(figures), rest(figures), in_the_way(figures), contact_words(contact, now, zone), href,
        _flags(**flags),
    )  # fmt: skip


def headline(figures: Figures) -> str:
    """4 of 5 tried, 3 of those done · 3 of 5 done · Nothing due yet. The attempt rate comes first (design.md 5)."""
    tried, done = figures.tried, figures.done
    if tried.of == 0:
        return f"Nothing due yet, {figures.not_due} to come" if figures.not_due else "Nothing was due"
    if figures.not_known == tried.of:
        return f"{tried.of} due, nothing known yet"
    if tried.count == done.count:
        return f"{done.count} of {done.of} done"
    return f"{tried.count} of {tried.of} tried, {done.count or 'none'} of those done"


def rest(figures: Figures) -> str:
    """What the headline leaves open: only ticked, said not done, no answer, not known, not due, left out."""
    parts = [
        (figures.only_said, "of them only ticked"),
        (figures.count("not_done"), "said not done"),
        (figures.no_answer, "without an answer"),
        (figures.not_known if figures.not_known < figures.tried.of else 0, "not known"),
        (figures.not_due if figures.tried.of else 0, "not due yet"),
        (figures.count("exempt"), "not well enough"),
        (figures.count("nothing_happened"), "with nothing to write down"),
    ]
    return ", ".join(f"{number} {words}" for number, words in parts if number)


def sentence(figures: Figures) -> str:
    """Headline and rest in one line, for summaries."""
    more = rest(figures)
    return headline(figures) + (f", {more}" if more else "")


def in_the_way(figures: Figures) -> str:
    """no private place (2) and forgot."""
    return listed(
        [barrier(code).words.lower() + (f" ({count})" if count > 1 else "") for code, count in figures.barriers]
    )


def contact_words(contact: LastContact, now, zone: str) -> str:
    """When a phone was last in contact, so that no data is never read as no work."""
    if contact.at is None:
        return "Phone paired, not in contact yet" if contact.paired else "No phone paired"
    when = f"last in contact {dates.ago(contact.at, now, zone)}"
    unsent = f", {contact.outbox} known to be unsent then" if contact.outbox else ""
    return f"Phone {when}{unsent}" if contact.paired else f"No phone paired now, {when}{unsent}"


def _flags(waiting: int = 0, unreadable: int = 0, questions: int = 0) -> list[dict]:
    found = []
    if unreadable:
        found.append({"text": f"{counted(unreadable, 'thing')} could not be read", "colour": YELLOW})
    if waiting:
        found.append({"text": f"{counted(waiting, 'task')} to look at", "colour": BLUE})
    if questions:
        found.append({"text": counted(questions, "question"), "colour": BLUE})
    return found
