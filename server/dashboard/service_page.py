"""The service page: how the whole service is doing, in totals. No client is named, no practitioner compared."""

import csv
import io
from datetime import date, datetime, timedelta

from flask import g, make_response, redirect, url_for

from server.dashboard import dates, presenters, service_words
from server.dashboard.forms import Nothing, Typed, Whole, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.opened import opened_by_administrators
from server.dashboard.pages import page
from server.dashboard.service_tables import (
    copied,
    copied_measures,
    drawn,
    equity_tables,
    exact_tables,
    measure_rows,
    never_recorded,
    outcome_rows,
)
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people
from server.research.rules import safe_cell
from server.totals import actions, queries
from server.totals.rules import HIDE_UP_TO

FRESH = timedelta(hours=2)  # the tick counts each hour; without one, whoever opens the page does


class HideForm(Typed):
    """Up to how many people are hidden."""

    hide_up_to = Whole(HIDE_UP_TO, actions.MOST, **needed(f"Enter a number from {HIDE_UP_TO} to {actions.MOST}."))


@dashboard.get("/service")
def show_service():
    """Weekly counts, worksheets, use of the app, measures, and breakdowns with small numbers hidden."""
    only_for("service_lead")
    return _page()


@dashboard.post("/service/count")
def count_service():
    """Count again now."""
    only_for("service_lead")
    if read(Nothing).ok:
        _count()
    return redirect(url_for(".show_service"), 303)


@dashboard.post("/service/hide")
def set_hide_up_to():
    """Hide more than seven."""
    only_for("service_lead")
    form = read(HideForm)
    if form.ok:
        try:
            with atomic():
                actions.set_hide_up_to(number=form.values["hide_up_to"], by=g.practitioner, now=g.now)
        except Refused as no:
            form.refuse(no)
    return (_page(form), 422) if form.errors else redirect(url_for(".show_service") + "#hidden", 303)


@dashboard.get("/service/figures.csv")
def download_service():
    """What may leave: every table with small numbers hidden and the rest rounded."""
    only_for("service_lead")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(_lines(_held(), _hide()))
    answer = make_response(text.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="service-figures.csv"'
    return answer


def _hide() -> int:
    return queries.hide_up_to(g.practitioner.service_id)


def _held():
    held = queries.held(g.practitioner.service_id)
    return held if held is not None and g.now - held.counted_at < FRESH else _count()


def _count():
    service = people.service_of(g.practitioner)
    body = queries.count(service, g.now)
    with atomic():
        actions.keep(service_id=g.practitioner.service_id, body=body, now=g.now)
    return queries.held(g.practitioner.service_id)


def _page(form=None) -> str:
    held, zone = _held(), people.service_of(g.practitioner).zone
    body, hide = held.body, _hide()
    # Beside breakdowns of it, the table of people has its small numbers hidden too.
    tables = {one.id: copied(one, hide) if one.id == "people" else drawn(one) for one in exact_tables(body)}
    first = date.fromisoformat(body["first"])
    return page(
        "dashboard/service.html",
        counted=dates.moment(held.counted_at, zone),
        weeks=f"{dates.short_day(first)} to {dates.short_day(first + timedelta(days=83))}",
        contact=_contact(body["last_contact"], zone),
        after_end=presenters.counted(body["after_end"], "time") if body.get("after_end") else "",
        tables=tables,
        app=f"{_short(body['app']['first'])} to {_short(body['app']['last'])}",
        measures=measure_rows(body["measures"]),
        outcomes=outcome_rows(body["outcomes"]),
        ended=body["outcomes"],
        equity=equity_tables(body["equity"], hide),
        never=presenters.listed(never_recorded(body["equity"])),
        hide=hide,
        people_counted=dates.moment(_people_at(held), zone),
        form=form or blank(hide_up_to=hide),
        how=[(f"how-{code}", head, said) for code, (head, said) in service_words.HOW.items()],
        opened=opened_by_administrators(),
        copy="\n".join("\t".join(line) for line in _lines(held, hide)),
    )


def _lines(held, hide: int) -> list[list[str]]:
    """The copy, line by line: each table with its heading, small numbers hidden."""
    tables = [copied(one, hide) for one in exact_tables(held.body)]
    tables += [copied_measures(held.body["measures"], hide), *equity_tables(held.body["equity"], hide)]
    said = f"Counted {held.counted_at.date().isoformat()}. 1 to {hide} is hidden, the rest is rounded to 5."
    lines = [[said]]
    for table in tables:
        lines += [[], [table["title"]], [table["first"], *(head["text"] for head in table["heads"])]]
        lines += [[safe_cell(row["name"]), *row["cells"]] for row in table["rows"]]
        lines += [["All that is shown", *table["total"]]] if table["total"] else []
    return lines


def _contact(at: str | None, zone: str) -> str:
    if at is None:
        return "No phone was ever in contact."
    return f"A phone was last in contact {dates.moment(datetime.fromisoformat(at), zone)}."


def _people_at(held) -> datetime:
    """When people were counted: once a week."""
    at = held.body.get(actions.ONCE)
    return datetime.fromisoformat(at) if at else held.counted_at


def _short(day: str) -> str:
    return dates.short_day(date.fromisoformat(day))
