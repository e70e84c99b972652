"""Administration of measures: every constant with its source, and who of the service looked it up."""

from flask import g, redirect, request, url_for
from marshmallow import fields

from server.dashboard import dates
from server.dashboard.forms import Day, OneOf, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.measure_forms import asked
from server.dashboard.measure_words import agrees
from server.dashboard.pages import page
from server.dashboard.presenters import counted, options
from server.errors import Refused
from server.extensions import atomic
from server.measures import actions
from server.measures import queries as measures
from server.measures.definition import MARKS, constants
from server.measures.library import measures as library
from server.people import queries as people

FOUND = {"agrees": "It agrees with what is shown here", "differs": "It differs from what is shown here"}


class CheckForm(Typed):
    """Which constants were looked up, by whom, where, and what was found."""

    measure = fields.String()
    constants = fields.List(fields.String(), **needed("Choose what was looked up."))
    found = OneOf(FOUND, **needed("Choose what was found."))
    against = Words(longest=160, **needed("Enter where it was looked up, with the edition or date."))
    checked_by = Words(longest=120, **needed("Enter who looked it up."))
    checked_on = Day(**needed("Enter the day, like 22/11/2026."))


@dashboard.get("/administration/measures")
def show_measures():
    """Every measure with its constants, and which are still to be checked."""
    only_for("administrator")
    return _page()


@dashboard.post("/administration/measures")
def record_measure_check():
    """Write down who looked constants up."""
    only_for("administrator")
    measure = library().newest(asked())
    if measure is None:
        return _page(), 422
    form = read(CheckForm, prefix=f"{measure.id}-")
    if not form.ok:
        return _page(measure.id, form), 422
    values = {name: form.values[name] for name in ("found", "against", "checked_by", "checked_on")}
    try:
        with atomic():
            for constant in form.values["constants"]:
                actions.check(
                    service=people.service_of(g.practitioner), measure=measure, constant=constant, by=g.practitioner,
                    now=g.now, **values,
                )  # fmt: skip
    except Refused as no:
        return _page(measure.id, form.refuse(no)), 422
    return redirect(url_for(".show_measures", saved=1) + f"#{measure.id}", 303)


def _page(measure_id: str = "", form=None) -> str:
    checks = measures.checks_of(g.practitioner)
    today = dates.local_day(g.now, people.service_of(g.practitioner).zone).isoformat()
    shown = [
        _measure(one, checks, form if one.id == measure_id else blank(f"{one.id}-", checked_on=today))
        for one in library().all()
    ]
    return page(
        "dashboard/measure_checks.html",
        measures=shown,
        open=measure_id,
        refused=form,
        found=options(FOUND),
        marks=MARKS,
        saved=request.args.get("saved") == "1",
    )


def _measure(measure, checks: dict, form) -> dict:
    rows = [_row(measure, one, checks) for one in constants(measure)]
    waiting = sum(row["waits"] for row in rows)
    return {
        "id": measure.id,
        "name": f"{measure.name}: {measure.about}",
        "version": measure.version,
        "state": f"{counted(waiting, 'number')} to be checked by the service" if waiting else "nothing to check",
        "rows": rows,
        "form": form,
        "choices": [{"value": row["name"], "text": row["label"]} for row in rows if row["may_be_checked"]],
    }


def _row(measure, constant, checks: dict) -> dict:
    newest = checks.get((measure.id, measure.version, constant.name))
    words = "Read in the source named" if not constant.to_be_checked else "To be checked by the service"
    if newest is not None:
        day = dates.short_day(newest.checked_on)
        words = f"{newest.checked_by} looked it up on {day}, and it {newest.found}: {newest.against}"
    return {
        "name": constant.name,
        "label": constant.label,
        "value": constant.value,
        "mark": MARKS[constant.fact.mark],
        "source": constant.fact.source,
        "words": words,
        "waits": constant.to_be_checked and not agrees(measure, constant.name, checks),
        "may_be_checked": constant.to_be_checked,
    }
