"""Lists from another record system: appointments, scores, equity fields. Looked at first, written on a second press."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, request, url_for
from marshmallow import fields

from server.caseload import equity_list, list_actions
from server.caseload.pasted import only_lines
from server.dashboard import imports_shown
from server.dashboard.forms import Form, Typed, Whole, Words, blank, clean, read
from server.dashboard.guard import dashboard
from server.dashboard.pages import page
from server.engagement import actions as engagement
from server.extensions import atomic
from server.measures import list_actions as score_actions

LONGEST = 200_000  # characters of a list: 500 rows of 400
NOT_WRITTEN = ("refused", "left_out")  # what becomes of a row that should have said something
EMPTY = "Paste a list, or choose a file."


class ListForm(Typed):
    """A pasted list, and whether it was looked at."""

    text = Words(longest=LONGEST, load_default="")
    confirmed = Words(longest=3, load_default="")
    new = fields.List(Whole(1, 9999), load_default=list)  # lines that are no appointment that moved


@dataclass(frozen=True)
class Kind:
    """One kind of list: its page, what it would do, and the doing of it, which gives how many rows wrote anything."""

    name: str
    shown: imports_shown.About
    look: Callable[[str], Any]
    take_in: Callable[[str, list[int]], int]
    preview: Callable[[Any], imports_shown.Preview]


@dashboard.get("/lists/appointments")
def show_clinic_list():
    """Paste the clinic list."""
    return _empty(APPOINTMENTS)


@dashboard.post("/lists/appointments")
def take_clinic_list():
    """Look at the clinic list, or do what it says."""
    return _posted(APPOINTMENTS)


@dashboard.get("/lists/scores")
def show_score_list():
    """Paste scores of measures."""
    return _empty(SCORES)


@dashboard.post("/lists/scores")
def take_score_list():
    """Look at a list of scores, or enter them."""
    return _posted(SCORES)


@dashboard.get("/lists/equity")
def show_equity_list():
    """Paste equity fields."""
    return _empty(EQUITY)


@dashboard.post("/lists/equity")
def take_equity_list():
    """Look at a list of equity fields, or write them down."""
    return _posted(EQUITY)


def _empty(kind: Kind) -> str:
    return _shown(kind, blank(), None, _changed())


def _changed() -> int | None:
    said = request.args.get("changed", "")
    return int(said) if said.isdecimal() and len(said) < 5 else None


def _posted(kind: Kind):
    form = read(ListForm)
    if form.ok and not form.text("text").strip():
        form.typed["text"] = _uploaded()
        if not form.text("text").strip():
            form.errors["text"] = EMPTY
    if not form.ok:
        return _shown(kind, form, None), 422
    # As it was pasted: without the blank that it begins with, heads would stand over other columns.
    text = form.text("text")
    looked = kind.look(text)
    if looked.table.trouble:
        form.errors["text"] = looked.table.trouble
        return _shown(kind, form, None), 422
    if form.values["confirmed"] != "yes":
        return _shown(kind, form, kind.preview(looked))
    with atomic():
        changed = kind.take_in(text, form.values["new"])
    missed = [one.row.line for one in looked.outcomes if one.what in NOT_WRITTEN]
    if not missed:
        return redirect(url_for(f".show_{kind.name}", changed=changed), 303)
    form.typed["text"] = only_lines(text, missed)  # what nobody has to look for a second time
    return _shown(kind, form, kind.preview(kind.look(form.text("text"))), changed, len(missed))


def _shown(kind: Kind, form: Form, preview, changed: int | None = None, missed: int | None = None) -> str:
    about, places = kind.shown, _places(kind)
    return page(
        "dashboard/list.html", about=about, form=form, preview=preview, changed=changed, missed=missed, **places
    )  # fmt: skip


def _places(kind: Kind) -> dict:
    return {
        "action": url_for(f".take_{kind.name}"),
        "others": [{"text": one.shown.title, "href": url_for(f".show_{one.name}")} for one in KINDS if one is not kind],
    }


def _uploaded() -> str:
    """The text of a chosen file: UTF-8 or UTF-16 with its mark, else as Excel on Windows writes it."""
    file = request.files.get("file")
    raw = file.read(LONGEST * 2) if file else b""
    coding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(coding)
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    return clean(text[:LONGEST])


def _take_in_appointments(text: str, new: list[int]) -> int:
    done = list_actions.take_in(text=text, by=g.practitioner, now=g.now, new=new)
    for client in done.changed:
        engagement.refresh_all(client=client, now=g.now)
    return sum(one.writes for one in done.outcomes)


def _take_in_with(actions) -> Callable[[str, list[int]], int]:
    """For lists that change nothing about what is agreed: no occurrence has to be laid out afresh."""
    return lambda text, _: sum(one.writes for one in actions.take_in(text=text, by=g.practitioner, now=g.now).outcomes)


APPOINTMENTS = Kind(
    "clinic_list",
    imports_shown.APPOINTMENTS,
    lambda text: list_actions.look(text=text, by=g.practitioner, now=g.now),
    _take_in_appointments,
    imports_shown.appointments,
)
SCORES = Kind(
    "score_list",
    imports_shown.SCORES,
    lambda text: score_actions.look(text=text, by=g.practitioner, now=g.now),
    _take_in_with(score_actions),
    imports_shown.scores,
)
EQUITY = Kind(
    "equity_list",
    imports_shown.EQUITY,
    lambda text: equity_list.look(text=text, by=g.practitioner, now=g.now),
    _take_in_with(equity_list),
    imports_shown.equity,
)
KINDS = (APPOINTMENTS, SCORES, EQUITY)
