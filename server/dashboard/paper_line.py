"""A whole interval's work in one line: so many done, tried, not done, on paper or by phone; and its undo."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g, url_for
from marshmallow import ValidationError, fields, validates_schema

from server.assignments import queries as assignments
from server.assignments.rules import OpenTime, in_order
from server.dashboard import dates, presenters
from server.dashboard.forms import Form, OneOf, Typed, Whole, blank, needed
from server.dashboard.occurrences import when
from server.extensions import new_id

OPEN = ("open", "moved")  # stored states of which nobody has said yet what became of it
STALE = "Open this page again, then enter it once more."
NONE_GIVEN = "Enter how many they did, tried or did not do."


def form_key() -> fields.UUID:
    """The hidden id of a form, made with it."""
    return fields.UUID(required=True, error_messages={"required": STALE, "invalid_uuid": STALE})


class LineForm(Typed):
    """Counts of one task in one interval. `key` makes sending it twice the same as once."""

    key = form_key()
    interval = Whole(1, 10_000, **needed(STALE))
    appointment = fields.UUID(load_default=None)
    done = Whole(0, 99, load_default=0)
    tried = Whole(0, 99, load_default=0)
    not_done = Whole(0, 99, load_default=0)
    medium = OneOf(presenters.RECORDED_BY, **needed("Choose how you know."))
    helped_by = OneOf(presenters.HELPED, load_default="none")

    @validates_schema(skip_on_field_errors=True)
    def fits(self, values, **_):
        """At least one of the counts says something."""
        if not (values["done"] or values["tried"] or values["not_done"]):
            raise ValidationError(NONE_GIVEN, "done")


class UndoForm(Typed):
    """Which writing to take back."""

    last = fields.UUID(required=True)
    appointment = fields.UUID(load_default=None)


@dataclass(frozen=True)
class PaperLine:
    """The line under one task."""

    form: Form
    count: int  # open times it can go on
    interval: int
    appointment: str
    action: str
    full: str
    undo: str
    last: str
    last_id: str
    media: list
    helped: list


def open_times(held, stored: dict, assignment_id: str, today) -> list[OpenTime]:
    """The times of one task in an interval that are still open, of those that can have been done by today."""
    rows = [stored.get((one.assignment_id, one.slot)) for one in held if one.assignment_id == assignment_id]
    return in_order(still_open(row for row in rows if row is not None), today)


def still_open(rows: Iterable) -> list[OpenTime]:
    """Those occurrences of which nobody has said what became of them, and of which something else was said."""
    return [
        OpenTime(row.slot, row.opens_on, row.due_on, row.due_at, row.filled_by is not None)
        for row in rows
        if row.state in OPEN
    ]


def line_of(
    client, assignment_id: UUID, interval, held, stored: dict, last: dict, *, appointment="", prefix="", form=None
) -> PaperLine | None:
    """The line for one task; None before there is an interval. `last`: what `entries.on_paper.last_written` found."""
    if interval is None:
        return None
    place: dict[str, Any] = {"client_id": client.id, "assignment_id": assignment_id}
    written = last.get(assignment_id, [])
    form = form or blank(key=new_id(), medium="paper", helped_by="none")
    form.prefix = f"{prefix}line-"
    return PaperLine(
        form=form,
        count=len(open_times(held, stored, str(assignment_id), dates.local_day(g.now, client.zone))),
        interval=interval.number,
        appointment=str(appointment),
        action=url_for(".write_line", **place),
        full=url_for(".show_paper", **place),
        undo=url_for(".undo_paper", **place),
        last=_last_words(written, client.zone),
        last_id=str(written[0].revision_id) if written else "",
        media=presenters.options(presenters.RECORDED_BY),
        helped=presenters.options(presenters.HELPED),
    )


def counts_for(client, view) -> str:
    """For which agreed time an entry written down by staff counts: in words, for the page that shows it."""
    rows = assignments.occurrences_of(client.id, view.entry.assignment_id)
    filled = next((row for row in rows if row.filled_by == view.revision.revision_id), None)
    return f"It counts for {when(filled)}." if filled else "It counts for none of the agreed times: it is kept as more."


def _last_words(written: list, zone: str) -> str:
    """3 done, 1 tried, on paper, with an interpreter (Wed 18 Nov, 10:42)."""
    if not written:
        return ""
    first = written[0]
    counted = Counter(one.answer for one in written)
    what = [f"{count} {presenters.TOLD.get(answer, '').lower()}" for answer, count in counted.items() if answer]
    helped = [presenters.HELPERS[first.helped_by]] if first.helped_by in presenters.HELPERS else []
    parts = [*(what or ["one worksheet"]), presenters.MEDIA[first.medium], *helped]
    return f"{', '.join(parts)} ({dates.moment(first.received_at, zone)})"
