"""What a client learned or noticed in an interval, pulled out of their entries, and their side of the check-in."""

from collections.abc import Iterable

from server.dashboard import dates
from server.entries.queries import EntryView
from server.worksheets.rules import reading_form
from server.worksheets.scope import visible

LEARNED = ("learned", "noticed")  # how worksheets call the question, whatever it says
CHECK_IN = "check-ins/practice-check-in"
ASKED = ("amount", "helped", "hard", "clear", "barriers")  # clinical.md A4; what was noticed stands apart


def learned_in(views: Iterable[EntryView]) -> list[dict]:
    """Their words, newest first, each with its day and the worksheet it is from. What is kept for now is not read."""
    found = []
    for view in views:
        if view.worksheet is None or not view.answers:
            continue
        scope = visible(view.worksheet.fields, view.answers, {})
        for name in LEARNED:
            said = scope[name][1] if name in scope and scope[name][0].type == "text" else ""
            if isinstance(said, str) and said.strip():
                day = dates.short_day(dates.local_day(view.revision.happened_at, view.revision.happened_zone))
                found.append({"text": said, "from": view.worksheet.title, "day": day})
    return found


def check_in_of(views: Iterable[EntryView]) -> dict | None:
    """The newest check-in the client filled in, as (question, answer); None where there is none that staff may read."""
    for view in views:
        if view.worksheet is not None and view.worksheet.id == CHECK_IN and view.answers:
            wanted = {field.label for field in view.worksheet.fields if field.id in ASKED}
            rows = [(label, text) for label, text in reading_form(view.worksheet, view.answers) if label in wanted]
            day = dates.local_day(view.revision.happened_at, view.revision.happened_zone)
            return {"rows": rows, "day": dates.short_day(day)}
    return None
