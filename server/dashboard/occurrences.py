"""The rows behind a figure: each time something was due, what became of it, and where we know it from."""

from dataclasses import dataclass, field
from uuid import UUID

from flask import g, request, url_for

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.dashboard import dates, figures, presenters
from server.dashboard.barriers import barrier
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.how_counted import HowCounted, of_barriers, of_rhythm, of_work
from server.dashboard.pages import page
from server.engagement import queries as engagement
from server.engagement.rules import interval_figures, rhythm_rows, within
from server.entries import queries as entries
from server.errors import Missing
from server.people import queries as people

# States that somebody brought about; the others follow from time and contact alone.
SAID = ("done", "partial", "tried", "not_done", "nothing_happened", "exempt", "moved")
LEFT_OUT = "It need not have happened, so it is left out of the count."
ASKS = "It asks about the practice, so it is in no count."


@dataclass(frozen=True)
class Row:
    """One time, in words."""

    anchor: str
    when: str
    title: str
    mark: presenters.Mark
    barrier: str
    words: str
    origin: str
    how: str
    entry: str | None
    counted: str


@dataclass(frozen=True)
class Scope:
    """Which times a page shows, those that lie further ahead, and how the figure made of them is counted."""

    words: str
    told: list
    later: list = field(default_factory=list)
    how: HowCounted | None = None


@dashboard.get("/clients/<uuid:client_id>/occurrences")
def show_occurrences(client_id):
    """The rows of one interval, of one task, of the last four weeks, of what got in the way, or of everything."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    zone = people.service_of(g.practitioner).zone
    contact = entries.last_contacts([client.id])[client.id]
    told = engagement.told_of([client.id], g.now, {client.id: contact})[client.id]
    scope = _scope(client, told, contact, zone)
    rows = rows_of(client, scope.told)
    return page(
        "dashboard/occurrences.html",
        client=client,
        scope=scope.words,
        how=scope.how,
        rows=[row for row in rows if row.mark.code != "withdrawn"],
        withdrawn=[row for row in rows if row.mark.code == "withdrawn"],
        later=rows_of(client, scope.later),
        as_of=dates.moment(g.now, zone),
        contact=figures.contact_words(contact, g.now, zone) + ".",
    )


def rows_of(client, told) -> list[Row]:
    """Told occurrences as rows, oldest first."""
    stored = {(str(o.assignment_id), o.slot): o for o in assignments.occurrences_of(client.id)}
    titles = {str(one.assignment.id): one.version.title for one in assignments.of_client(client)}
    words = words_of(client, stored.values())
    by_revision = {view.revision.revision_id: view.entry.entry_id for view in entries.entries_of(client)}
    return [
        _row(client, one, stored[one.assignment_id, one.slot], titles, words, by_revision)
        for one in told
        if (one.assignment_id, one.slot) in stored
    ]


def words_of(client, rows) -> dict[UUID, str]:
    """Revision that filled a time -> what was written beside it, and what the client had said before staff wrote it."""
    filled = [row for row in rows if row.filled_by]
    words = entries.words_of_answers(client, [row.filled_by for row in filled])
    swapped = entries.swapped_for(client, words)
    titles = {str(one.assignment.id): one.version.title for one in assignments.of_client(client)} if swapped else {}
    words |= {at: f"{titles.get(other, '')} {words[at]}".strip() for at, other in swapped.items()}
    by_staff = [row for row in filled if row.entered_by == "practitioner"]
    said = entries.said_before(client, {row.assignment_id for row in by_staff}) if by_staff else {}
    for row in by_staff:
        before = _said(said.get((row.assignment_id, row.slot)))
        if before:
            words[row.filled_by] = f"{words.get(row.filled_by, '')} The client had said: {before}".strip()
    return words


def _said(answer) -> str:
    """Forgot. “My own words”"""
    if answer is None:
        return ""
    reason = f"{barrier(answer.barrier).words}." if answer.barrier else ""
    own = str(answer.body["payload"].get("words") or "")
    return f"{reason} {f'“{own}”' if own else ''}".strip()


def anchor(assignment_id: str, slot: str) -> str:
    """Where a row stands on the page, for links from dots."""
    return f"o-{assignment_id}-{slot.replace('#', '-').replace(':', '-')}"


def when(occurrence) -> str:
    """Mon 23 Nov · Mon 23 Nov to Sun 29 Nov."""
    due = dates.short_day(occurrence.due_on)
    return due if occurrence.opens_on == occurrence.due_on else f"{dates.short_day(occurrence.opens_on)} to {due}"


def _row(client, one, stored, titles: dict, words: dict, by_revision: dict) -> Row:
    mark = presenters.mark_of(one)
    entry_id = by_revision.get(stored.filled_by)
    moved = f"Moved to {dates.short_day(stored.moved_to)}. " if stored.moved_to else ""
    return Row(
        anchor=anchor(one.assignment_id, one.slot),
        when=when(stored),
        title=titles.get(one.assignment_id, ""),
        mark=mark,
        barrier=barrier_words(one),
        words=words.get(stored.filled_by, ""),
        origin=moved + presenters.origin_of(one),
        how=how(stored, client.zone, one.swapped) if one.state in SAID else "",
        entry=url_for(".show_entry", client_id=client.id, entry_id=entry_id) if entry_id else None,
        counted=_counted(one, stored),
    )


def how(stored, zone: str, swapped: bool = False) -> str:
    """By which way it came, who wrote it down, who helped, when it happened."""
    if not stored.medium:
        return ""
    parts = [presenters.came_by(stored.medium, stored.state, swapped).capitalize()]
    if stored.entered_by == "practitioner":
        parts.append("written down by staff")
    if stored.helped_by in presenters.HELPERS:
        parts.append(presenters.HELPERS[stored.helped_by])
    if stored.done_at:
        # What staff wrote down has a day; a time of day was often not said.
        by_staff = stored.entered_by == "practitioner"
        day = dates.short_day(dates.local_day(stored.done_at, zone))
        parts.append(day if by_staff else dates.moment(stored.done_at, zone))
    return ", ".join(parts)


def barrier_words(one) -> str:
    """In the way: forgot; "" where the state says it already, or nothing did get in the way."""
    if not one.barrier or one.state == "exempt" or not barrier(one.barrier).got_in_the_way:
        return ""
    return f"In the way: {barrier(one.barrier).words.lower()}"


def _counted(one, stored) -> str:
    extra = (
        f"{presenters.counted(stored.extra, 'further entry', 'further entries')} for this time. "
        if stored.extra
        else ""
    )
    left_out = one.practice and not one.is_eligible and one.state in ("no_answer", "unknown")
    return (extra + (LEFT_OUT if left_out else "" if one.practice else ASKS)).strip()


def _scope(client, told, contact, zone: str) -> Scope:
    if "assignment" in request.args:
        wanted = assignments.of_assignment(client, _id(request.args["assignment"])).assignment
        told = [o for o in told if o.assignment_id == str(wanted.id)]
    if "interval" in request.args:
        return _of_interval(client, told, request.args["interval"], contact, zone)
    if "assignment" in request.args:
        return Scope("All times of one task", told)
    every, told = told, _of_course(client, told)
    if "rhythm" in request.args:
        today = dates.local_day(g.now, client.zone)
        how = of_rhythm(told, contact, today, zone)
        return Scope("Planned times of the last four weeks", rhythm_rows(told, today), how=how)
    if "barriers" in request.args:
        named = [o for o in told if o.barrier]
        return Scope("Every time something was named", named, how=of_barriers(named, contact, zone))
    return Scope("Every time so far, and those to come", every)


def _of_course(client, told) -> list:
    """Figures count within one course of treatment, never across."""
    episode = caseload.episode_of(g.practitioner, client.id, g.now)
    return engagement.of_course(told, episode)


def _of_interval(client, told, number: str, contact, zone: str) -> Scope:
    """The very times that the figure on the other pages is made of; what is further ahead stands apart."""
    episode = caseload.episode_of(g.practitioner, client.id, g.now)
    chosen = [i for i in assignments.intervals_of([episode], g.now)[episode.id] if str(i.number) == number]
    if not chosen:
        raise Missing
    meetings = caseload.meetings_of([episode.id])[episode.id]
    told = engagement.of_course(told, episode)
    counted = interval_figures(told, chosen[0], meetings, g.now)
    held = within(told, chosen[0].opens_at, chosen[0].closes_at)
    later = [o for o in held if o not in counted.told]
    return Scope(interval_words(chosen[0], client.zone), list(counted.told), later, of_work(counted, contact, zone))


def interval_words(interval, zone: str) -> str:
    """Mon 9 Nov to Mon 16 Nov · since Mon 16 Nov."""
    opens = dates.short_day(dates.local_day(interval.opens_at, zone))
    if interval.closes_at is None:
        return f"Since {opens}"
    return f"{opens} to {dates.short_day(dates.local_day(interval.closes_at, zone))}"


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise Missing from None
