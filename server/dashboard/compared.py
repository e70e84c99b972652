"""What changed in an entry, drawn, beside the person's own mean so far: nobody is compared with anybody else."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from server.entries.queries import EntryView
from server.worksheets.drawn import Average, Change, Ends, average_in_words, changes, in_words, own_average
from server.worksheets.words import plain

LEFT, RIGHT = 10, 230  # of the drawing, in its own units
ROW, BELOW = 16, 14

# Worksheet id -> (when it happened, entry id, what it changed), of the entries whose text staff may see.
Earlier = dict[str, list[tuple[Any, str, list[Change]]]]


def earlier_of(views: Iterable[EntryView], zone: str) -> Earlier:
    """What each entry changed, by worksheet, to look back from any of them."""
    found: Earlier = defaultdict(list)
    for view in views:
        if view.worksheet and view.answers is not None:
            row = (view.revision.happened_at, str(view.entry.entry_id), changes(view.worksheet, view.answers, zone))
            found[view.worksheet.id].append(row)
    return found


def changes_shown(view: EntryView, zone: str, earlier: Earlier | None) -> list[dict]:
    """Each figure in words, with its bar, and with the person's own mean where three earlier entries have it."""
    if view.worksheet is None or view.answers is None:
        return []
    mine = (view.revision.happened_at, str(view.entry.entry_id))
    before = [told for at, key, told in (earlier or {}).get(view.worksheet.id, []) if (at, key) < mine]
    return [_shown(one, own_average(one.id, before)) for one in changes(view.worksheet, view.answers, zone)]


def _shown(one: Change, own: Average | None) -> dict:
    bars = [_bar("own", own.ends, 1)] if own and own.ends and one.ends else []
    if one.ends:
        bars.insert(0, _bar("now", one.ends, 0))
    return {
        "label": one.label,
        "text": in_words(one),
        "own": average_in_words(one, own) if own else "",
        "bars": bars,
        "height": ROW * len(bars) + BELOW,
        "least": plain(one.ends.least) if one.ends else "",
        "most": plain(one.ends.most) if one.ends else "",
    }


def _bar(name: str, ends: Ends, row: int) -> dict:
    return {"name": name, "start": _across(ends, ends.start), "end": _across(ends, ends.end), "y": ROW * row + 9}


def _across(ends: Ends, value: float) -> float:
    share = (min(max(value, ends.least), ends.most) - ends.least) / (ends.most - ends.least)
    return round(LEFT + (RIGHT - LEFT) * share, 1)
