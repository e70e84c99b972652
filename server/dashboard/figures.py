"""Figures in words: counts, never bare percentages, with what is not known and the last contact beside them."""

from collections import Counter
from dataclasses import dataclass, field

from server.dashboard import dates
from server.dashboard.barriers import barrier
from server.dashboard.presenters import capital, counted, listed
from server.engagement.rules import ATTEMPTED, SILENT, Figures
from server.entries.queries import LastContact

OTHER_WAYS = {  # than a worksheet in the app
    "said": "only ticked",
    "paper": "on paper",
    "phone_call": "told by phone",
    "swap": "with something else instead",
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
    suggestion: str
    flags: list[dict] = field(default_factory=list)


@dataclass(frozen=True)
class Agreed:
    """What a task is called, which worksheet it is (None for a free task), and whether it still goes on."""

    title: str
    worksheet_id: str | None
    is_open: bool


def agreed_as(one) -> Agreed:
    """The same of an assignment with its newest version."""
    return Agreed(one.version.title, one.assignment.worksheet_id, one.assignment.state == "open")


def work(figures: Figures, contact: LastContact, agreed: dict, href: str, now, zone: str, **flags: int) -> Work:
    """All of it in words. `agreed`: assignment id -> `Agreed`. `flags`: waiting, unreadable, as counts."""
    titles = [one.title for one in agreed.values() if one.is_open]
    return Work(
        titles, headline(figures), rest(figures), in_the_way(figures), contact_words(contact, now, zone), href,
        suggestion(figures, agreed), _flags(**flags),
    )  # fmt: skip


def headline(figures: Figures) -> str:
    """4 of 5 tried, 3 of those done · 3 of 5 done · Nothing due yet. The attempt rate comes first (design.md 5)."""
    tried, done = figures.tried, figures.done
    if tried.of == 0:
        return _nothing_due(figures)
    if figures.not_known == tried.of:
        known = any(o.medium for o in figures.work if o.state == "unknown")
        return f"{tried.of} due, not known if any was done" if known else f"{tried.of} due, nothing known yet"
    if tried.count == done.count:
        return f"{done.count} of {done.of} done"
    return f"{tried.count} of {tried.of} tried, {done.count or 'none'} of those done"


def of_task(figures: Figures) -> str:
    """The headline of one task: of a check-in or a measure by itself, which is in no count, 1 of 1 filled in."""
    asks = figures.told and not figures.work
    if not asks or not figures.beside.of:
        return "Nothing due yet" if asks else headline(figures)
    return _filled_in(figures)


def short(figures: Figures) -> str:
    """For a line of a long list: 7 of 21 tried, 3 done, 2 not known, check-in open. The rest is a click away."""
    tried, silent, asks = figures.tried, figures.not_known, open_check_in(figures)
    still_open = f", {asks}" if asks else ""
    if tried.of == 0 or silent == tried.of:
        return headline(figures) + still_open
    unknown = f", {silent} not known" if silent else ""
    return f"{tried.count} of {tried.of} tried, {figures.done.count} done{unknown}{still_open}"


def open_check_in(figures: Figures) -> str:
    """check-in open, where one was due and was not filled in: seen, though in no count."""
    left = sum(not one.practice and one.state in SILENT for one in figures.told)
    return f"{left} check-ins open" if left > 1 else "check-in open" if left else ""


def _filled_in(figures: Figures) -> str:
    asks = figures.beside
    return f"{asks.count or 'none'} of {asks.of} filled in"


def _nothing_due(figures: Figures) -> str:
    """What is still to come, and whether somebody said *not today* to any of it already."""
    if figures.told and not figures.work:
        return "No practice was due"
    if not figures.not_due:
        return "Nothing to count" if _left_out(figures) else "Nothing was due"
    put_off = sum(o.medium is not None for o in figures.work if o.state in ("planned", "moved"))
    if not put_off:
        return f"Nothing due yet, {figures.not_due} to come"
    how_many = f"{put_off} of them " if put_off < figures.not_due else ""
    return f"{figures.not_due} to come, {how_many}after a “not today”"


def rest(figures: Figures) -> str:
    """What the headline leaves open, in up to four short sentences; "" when it says it all.

    3 of the 7 only ticked. Others: 1 said not done, 2 without an answer. Not counted: 4 not due yet. Check-ins and
    measures: 1 of 2 filled in.
    """
    silent = figures.not_known if figures.not_known < figures.tried.of else 0
    others = _parts(
        (figures.count("not_done"), "said not done"), (figures.no_answer, "without an answer"), (silent, "not known")
    )
    left_out = _left_out(figures)
    asked = figures.beside.of and f"Check-ins and measures: {_filled_in(figures)}."
    said = (_told_apart(figures), others and f"Others: {others}.", left_out and f"Not counted: {left_out}.", asked)
    return " ".join(one for one in said if one)


def _told_apart(figures: Figures) -> str:
    """Attempts that came by another way than a worksheet on the phone (design.md 5, M1 with F3.10).

    2 of the 3 on paper, 1 told by phone · Both only ticked · All 3 on paper.
    """
    tried, media = figures.tried.count, Counter(way(o) for o in figures.work if o.state in ATTEMPTED)
    found = [(media[code], words) for code, words in OTHER_WAYS.items() if media[code]]
    if len(found) == 1 and found[0][0] == tried:
        words = found[0][1]
        return {1: f"{capital(words)}.", 2: f"Both {words}."}.get(tried, f"All {tried} {words}.")
    first = f" of the {tried}"
    return ", ".join(f"{n}{'' if at else first} {words}" for at, (n, words) in enumerate(found)) + (
        "." if found else ""
    )


def way(told) -> str | None:
    """By which way an attempt came: its medium, or `swap` where the tick says that something else was tried."""
    return "swap" if told.swapped and told.medium == "said" else told.medium


def _left_out(figures: Figures) -> str:
    return _parts(
        (figures.not_due if figures.tried.of else 0, "not due yet"),
        (figures.count("exempt"), "not well enough"),
        (figures.count("nothing_happened"), "with nothing to write down"),
    )


def _parts(*parts: tuple[int, str]) -> str:
    return ", ".join(f"{number} {words}" for number, words in parts if number)


def sentence(figures: Figures) -> str:
    """Headline and rest, for summaries."""
    return f"{headline(figures)}. {rest(figures)}".strip()


def in_the_way(figures: Figures) -> str:
    """no private place (2) and forgot. Of times that count or are still to come: the rest stand among the left out."""
    named = named_barriers(figures)
    return listed([words + (f" ({count})" if count > 1 else "") for words, count in named])


def named_barriers(figures: Figures) -> list[tuple[str, int]]:
    """(words, how often) of what got in the way, most often first."""
    return [(barrier(code).words.lower(), count) for code, count in _barriers(figures)]


def suggestion(figures: Figures, agreed: dict) -> str:
    """One thing to try about what got in the way most often, in the words of its worksheet where that has its own."""
    named = _barriers(figures)
    if not named:
        return ""
    code = named[0][0]
    ids = {o.assignment_id for o in figures.work if o.barrier == code and o.state != "exempt"}
    sheets = {agreed[one].worksheet_id if one in agreed else None for one in ids}
    return barrier(code, sheets.pop() if len(sheets) == 1 else None).tip


def _barriers(figures: Figures) -> list[tuple[str, int]]:
    held = Figures(tuple(o for o in figures.told if o.state != "exempt"))
    return [(code, count) for code, count in held.barriers if barrier(code).got_in_the_way]


def contact_words(contact: LastContact, now, zone: str) -> str:
    """When a phone was last in contact, so that no data is never read as no work."""
    if contact.at is None:
        return "Phone paired, not in contact yet" if contact.paired else "No phone paired"
    when = f"last in contact {dates.ago(contact.at, now, zone)}"
    unsent = f", {contact.outbox} known to be unsent then" if contact.outbox else ""
    return f"Phone {when}{unsent}" if contact.paired else f"No phone paired now, {when}{unsent}"


def short_contact(contact: LastContact, now, zone: str) -> str:
    """For a line of a long list: today 06:09 · Mon 16 Nov, 21:30 · no phone, last Mon 16 Nov, 21:30."""
    if contact.at is None:
        return contact_words(contact, now, zone)
    when = dates.ago_short(contact.at, now, zone)
    return when if contact.paired else f"no phone now, last {when}"


def _flags(waiting: int = 0, unreadable: int = 0) -> list[dict]:
    found = []
    if unreadable:
        found.append({"text": f"{counted(unreadable, 'thing')} could not be read", "colour": YELLOW})
    if waiting:
        found.append({"text": f"{counted(waiting, 'task')} to look at", "colour": BLUE})
    return found
