"""The work of one interval, task by task, as the appointment page opens on it."""

from collections import Counter
from dataclasses import dataclass, field, replace

from flask import g, url_for

from server.assignments import queries as assignments
from server.dashboard import figures, presenters
from server.dashboard.agreeing import plan_rows, rhythm_words
from server.dashboard.assignments import worksheet_of
from server.dashboard.barriers import barrier
from server.dashboard.compared import earlier_of
from server.dashboard.entries import reading
from server.dashboard.forms import Form, blank
from server.dashboard.noticed import CHECK_IN, check_in_of, learned_in
from server.dashboard.occurrences import SAID, how, interval_words, when, words_of
from server.dashboard.paper_line import PaperLine, line_of
from server.dashboard.presenters import capital, counted, listed
from server.dashboard.put_aside import put_aside_of
from server.dashboard.today import occurrences_href
from server.engagement import queries as engagement
from server.engagement.attention import too_late, waiting_for_review
from server.engagement.rules import Figures, Told, interval_figures
from server.entries import on_paper
from server.entries import queries as entries
from server.reviews import queries as reviews

MOST_ENTRIES = 2  # of a task, on the page without opening anything: one to read, one in a line
ASKED_ABOUT = ("open", "not_done", "moved")  # stored states that staff can still write something down for


@dataclass(frozen=True)
class TaskWork:
    """One task in one interval."""

    id: str
    number: int
    title: str
    href: str
    reason: str
    rhythm: str
    plan: list
    closed: bool
    headline: str
    rest: str
    entries: list
    without_entry: list
    open_slots: list
    reviewed: list
    form: Form
    record: Form
    prompts: list
    waits: bool
    line: PaperLine | None = None
    behind: str = ""
    is_check_in: bool = False

    @property
    def said(self) -> list:
        """Times of which they wrote something in their own words: these are read before the call."""
        return [one for one in self.without_entry if one["words"]]

    @property
    def silent(self) -> list:
        """The other times without an entry."""
        return [one for one in self.without_entry if not one["words"]]

    @property
    def opened(self) -> int:
        """How many entries stand open: what nobody has looked at, from the newest down to the first with words."""
        if not self.waits or self.is_check_in:  # what a check-in says has a place of its own on the page
            return 0
        return next((n for n, one in enumerate(self.entries, start=1) if one["rows"]), len(self.entries))

    @property
    def shown(self) -> int:
        """How many entries have a line of their own; older ones stand behind one line."""
        return max(self.opened, MOST_ENTRIES)

    @property
    def more(self) -> str:
        """What stands behind that line: 4 older entries and the times without an entry; "" for nothing."""
        older = max(0, len(self.entries) - self.shown)
        parts = [counted(older, "older entry", "older entries")] if older else []
        return capital(listed(parts + (["the times without an entry"] if self.silent else [])))

    @property
    def is_idle(self) -> bool:
        """Nothing of it was due and nothing came: one line is enough."""
        return not (self.entries or self.without_entry or self.reviewed or self.rest or self.waits)


@dataclass(frozen=True)
class IntervalWork:
    """All of it, with what could not be read."""

    words: str
    href: str
    headline: str
    rest: str
    contact: str
    tasks: list[TaskWork]
    to_look_at: list[Told]  # what all of it is made of: of this interval, and what came too late for an earlier one
    learned: list = field(default_factory=list)
    check_in: dict | None = None
    unreadable: list = field(default_factory=list)


def interval_work(client, episode, interval, meeting, meetings, refused: dict | None = None) -> IntervalWork:
    """Gather it. `refused`: a form that was just refused, by ("review" or "record", assignment id)."""
    contact = entries.last_contacts([client.id])[client.id]
    told = engagement.told_in(client, episode, g.now, contact)
    held = interval_figures(told, interval, meetings, g.now).told
    agreed = assignments.of_client(client)
    seen = reviews.of_client(client)
    since = {one.assignment.id: one.assignment.agreed_at for one in agreed}
    stored = {(str(o.assignment_id), o.slot): o for o in assignments.occurrences_of(client.id)}
    late = too_late(told, interval)
    came = {stored[o.assignment_id, o.slot].filled_by for o in late}
    every = entries.entries_of(client)
    earlier = earlier_of(every, client.zone)
    views = [
        v
        for v in every
        if interval is None or v.revision.revision_id in came or interval.holds(_counts_at(v, since, stored))
    ]
    words = words_of(client, stored.values())
    last: dict = {}
    for one in seen:
        last.setdefault(str(one.assignment_id), one.recorded_at)
    looked_at = [*held, *late]
    waiting = waiting_for_review(looked_at, last)
    chosen = [one for one in agreed if _belongs(one, looked_at, interval)]
    chosen.sort(key=lambda one: (one.assignment.worksheet_id == CHECK_IN, str(one.assignment.id) not in waiting))
    work = IntervalWork(
        words=interval_words(interval, client.zone) if interval else "Before the first appointment",
        href=occurrences_href(client.id, interval),
        headline=figures.headline(Figures(tuple(held))),
        rest=_rest(figures.rest(Figures(tuple(held))), late),
        contact=figures.contact_words(contact, g.now, client.zone),
        tasks=[
            _task(client, one, n, held, late, views, earlier, stored, words, seen, meeting, waiting, refused or {})
            for n, one in enumerate(chosen, start=1)
        ],
        to_look_at=looked_at,
        learned=learned_in(views),
        check_in=check_in_of(views),
        unreadable=put_aside_of(client, client.zone),
    )
    return _with_lines(work, client, chosen, interval, meeting, held, stored)


def _with_lines(work: IntervalWork, client, agreed, interval, meeting, held, stored) -> IntervalWork:
    """Each task with the line in which paper and phone work is written down, and the way to its rows."""
    written = on_paper.last_written(client)
    place = {"appointment": meeting.appointment_id}
    lines = [
        line_of(client, one.assignment.id, interval, held, stored, written, prefix=f"{n}-", **place)
        for n, one in enumerate(agreed, start=1)
    ]
    tasks = [
        replace(task, line=line, behind=occurrences_href(client.id, interval, task.id))
        for task, line in zip(work.tasks, lines, strict=True)
    ]
    # What was agreed in this very call has nothing to look at yet: it stands under what comes next, and only there.
    new = {str(one.assignment.id) for one in agreed if str(one.assignment.agreed_in) == meeting.appointment_id}
    shown = [task for task in tasks if not (task.is_idle and task.id in new)]
    return replace(work, tasks=sorted(shown, key=lambda task: task.is_idle))


def _counts_at(view, since: dict, stored: dict):
    """As its occurrence counts: from when it was agreed if it was done before, by when it fell due if done after."""
    happened = view.revision.happened_at
    counts = max(happened, since.get(view.entry.assignment_id, happened))
    occurrence = stored.get((str(view.entry.assignment_id), view.entry.slot))
    return min(counts, occurrence.due_at) if occurrence else counts


def _belongs(one, held, interval) -> bool:
    """A task is on this page when something of it counts here, or when it is open and was agreed by then."""
    if any(o.assignment_id == str(one.assignment.id) and o.state != "withdrawn" for o in held):
        return True
    ended = interval is not None and interval.closes_at is not None and one.assignment.agreed_at >= interval.closes_at
    return one.assignment.state == "open" and not ended


def _task(client, one, number, held, late, views, earlier, stored, words, seen, meeting, waiting, refused) -> TaskWork:
    key = str(one.assignment.id)
    mine = [o for o in held if o.assignment_id == key]
    told = [*(o for o in late if o.assignment_id == key), *mine]  # what came too late is shown, not counted
    figure, worksheet = Figures(tuple(mine)), worksheet_of(one.assignment)
    shown = [v for v in views if v.entry.assignment_id == one.assignment.id]
    revisions = {v.revision.revision_id for v in shown}
    return TaskWork(
        id=key,
        number=number,
        title=one.version.title,
        href=url_for(".show_assignment", client_id=client.id, assignment_id=one.assignment.id),
        reason=one.version.reason,
        rhythm=rhythm_words(one.version.rhythm),
        plan=plan_rows(one.version.plan or {}),
        closed=one.assignment.state != "open",
        headline=f"{figures.of_task(figure)}.",
        rest=_rest(figures.rest(figure) if figure.work else "", [o for o in late if o.assignment_id == key]),
        entries=[reading(client, view, earlier) for view in shown],
        without_entry=_grouped([_plain(client, o, stored, words) for o in told if _has_no_entry(o, stored, revisions)]),
        open_slots=[_slot(o, stored) for o in mine if _can_be_told(o, stored)],
        reviewed=[_review(r) for r in seen if str(r.assignment_id) == key and _of(r, meeting)],
        form=_form("review", key, number, refused),
        record=_form("record", key, number, refused),
        prompts=list(worksheet.review) if worksheet else [],
        waits=key in waiting,
        is_check_in=one.assignment.worksheet_id == CHECK_IN,
    )


def _rest(said: str, late: list[Told]) -> str:
    return " ".join(one for one in (said, figures.for_before(late)) if one)


def _form(kind: str, key: str, number: int, refused: dict) -> Form:
    form = refused.get((kind, key)) or blank(medium="phone_call", helped_by="none")
    form.prefix = f"{kind}-{number}-"
    return form


def _has_no_entry(one, stored: dict, revisions: set) -> bool:
    row = stored.get((one.assignment_id, one.slot))
    nothing_yet = one.state == "withdrawn" or (one.state == "planned" and one.medium is None)
    return row is not None and not nothing_yet and row.filled_by not in revisions


def _plain(client, one, stored: dict, words: dict) -> dict:
    row, mark = stored[one.assignment_id, one.slot], presenters.mark_of(one)
    return {
        "when": when(row),
        "mark": mark,
        # what silence means stands behind the figure
        "how": how(row, client.zone, one.swapped) if one.state in SAID else "",
        # an exempt one says already that they were not well enough
        "barrier": barrier(one.barrier) if one.barrier and one.state != "exempt" else None,
        "words": words.get(row.filled_by, ""),
    }


def _grouped(rows: list[dict]) -> list[dict]:
    """Times of which the same is known stand on one line: Mon 16 Nov, Tue 17 Nov · Sun 15 to Sat 21 (4 times).

    What somebody said comes before what nobody did.
    """
    groups: list[tuple[dict, list[str]]] = []
    for row in sorted(rows, key=lambda row: not (row["how"] or row["words"] or row["barrier"])):
        same = next((times for one, times in groups if all(one[key] == row[key] for key in row if key != "when")), None)
        if same is None:
            groups.append((row, [row["when"]]))
        else:
            same.append(row["when"])
    return [{**row, "when": _times(Counter(times))} for row, times in groups]


def _times(counted: Counter[str]) -> str:
    return ", ".join(f"{words} ({count} times)" if count > 1 else words for words, count in counted.items())


def _can_be_told(one, stored: dict) -> bool:
    row = stored.get((one.assignment_id, one.slot))
    return row is not None and row.state in ASKED_ABOUT


def _slot(one, stored: dict) -> dict:
    row = stored[one.assignment_id, one.slot]
    return {"value": row.slot, "text": f"{when(row)}: {presenters.mark_of(one).text.lower()}"}


def _of(review, meeting) -> bool:
    return str(review.appointment_id or "") == meeting.appointment_id


def _review(review) -> dict:
    return {"mark": presenters.REVIEW_MARKS[review.mark], "line": review.line or "", "note": review.note or ""}
