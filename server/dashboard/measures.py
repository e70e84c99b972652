"""Scores of measures: enter totals or items, read one back, correct or withdraw it."""

from flask import g, redirect, request, url_for

from server.caseload import queries as caseload
from server.dashboard import measure_words, presenters
from server.dashboard.forms import Form
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.measure_forms import (
    asked,
    blank_scores,
    place_of,
    read_one,
    read_totals,
)
from server.dashboard.pages import page
from server.errors import Refused
from server.extensions import atomic
from server.measures import actions
from server.measures import queries as measures
from server.measures.imported import text_of
from server.measures.library import measures as library

USUAL = ("phq-9", "gad-7", "wsas")


@dashboard.get("/clients/<uuid:client_id>/measures/new")
def show_scores(client_id):
    """A form for the totals of one day."""
    client, episode = theirs(client_id)
    return _totals_page(client, episode, blank_scores(client))


@dashboard.post("/clients/<uuid:client_id>/measures")
def enter_scores(client_id):
    """Keep the totals of one day."""
    client, episode = theirs(client_id)
    form, entered = read_totals(library().all())
    if not form.ok:
        return _totals_page(client, episode, form), 422
    try:
        with atomic():
            actions.enter(
                client=client, episode=episode, taken_on=form.values["taken_on"], entered=entered,
                by=g.practitioner, now=g.now,
            )  # fmt: skip
    except Refused as no:
        return _totals_page(client, episode, refused(form, no, library().all())), 422
    return redirect(url_for(".show_client", client_id=client_id) + "#measures", 303)


@dashboard.get("/clients/<uuid:client_id>/measures/items")
def show_items(client_id):
    """A form for the items of one measure; where the address names none, the totals of all."""
    client, episode = theirs(client_id)
    measure = library().newest(request.args.get("measure", ""))
    if measure is None:
        return _totals_page(client, episode, blank_scores(client))
    return items_page(client, measure, blank_scores(client, measure=measure.id))


@dashboard.post("/clients/<uuid:client_id>/measures/items")
def enter_items(client_id):
    """Keep one measure, item by item."""
    client, episode = theirs(client_id)
    measure = library().newest(asked())
    if measure is None:
        return _totals_page(client, episode, blank_scores(client)), 422
    form, entered = read_one(measure)
    if not form.ok:
        return items_page(client, measure, form), 422
    try:
        with atomic():
            [row] = actions.enter(
                client=client, episode=episode, taken_on=form.values["taken_on"], entered=[entered],
                by=g.practitioner, now=g.now,
            )  # fmt: skip
            row_id = row.id
    except Refused as no:
        return items_page(client, measure, refused(form, no)), 422
    return redirect(url_for(".show_score", client_id=client_id, score_id=row_id, saved=1), 303)


def theirs(client_id):
    """Client and episode, of one's own caseload. `Missing` otherwise."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    return client, caseload.episode_of(g.practitioner, client_id, g.now)


def refused(form: Form, no: Refused, several=()) -> Form:
    """A refusal that names a measure stands beside that measure's first total; where there is only one, above all."""
    first = {one.id: place_of(one, one.main.id) for one in several}
    known = {"taken_on": "taken_on", **first}
    form.errors = {known.get(name, ""): sentence for name, sentence in no.fields.items()} or {"": no.message}
    return form


def _totals_page(client, episode, form: Form) -> str:
    looked_at(client)
    used = {one.row.measure_id for one in measures.of_client(client, episode)}
    wanted = {one.id for one in library().all() if one.id in used | {*USUAL} or episode.problem in one.problems}
    known = sorted(library().all(), key=lambda one: (one.id not in USUAL, one.id in USUAL and USUAL.index(one.id)))
    shown = [_fields(client, one) for one in known]
    typed = {name.rpartition("-")[0] for name in (*form.typed, *form.errors)}
    return page(
        "dashboard/enter_scores.html",
        client=client,
        form=form,
        near=[one for one in shown if one["id"] in wanted | typed],
        far=[one for one in shown if one["id"] not in wanted | typed],
    )


def _fields(client, measure) -> dict:
    return {
        "id": measure.id,
        "name": measure.name,
        "about": measure.about,
        "scales": [
            {
                "name": place_of(measure, scale.id),
                "label": measure.name + (f": {presenters.inside(scale.name)}" if len(measure.scales) > 1 else ""),
                "range": f"{scale.least} to {scale.most}",
                "about": measure.about,
            }
            for scale in measure.scales
        ],
        "items": url_for(".show_items", client_id=client.id, measure=measure.id) if measure.count else "",
    }


def items_page(client, measure, form: Form, one=None) -> str:
    """The form of one measure; `one` is the entry that is corrected."""
    looked_at(client)
    wrong = [(name, text) for name, text in form.errors.items() if name.startswith("item-")]
    return page(
        "dashboard/enter_items.html",
        client=client,
        measure=measure,
        text=text_of(measure),
        form=form,
        wrong=[text for _, text in wrong],
        wrong_items={name for name, _ in wrong},
        fields=_fields(client, measure),
        reversed=presenters.listed([str(number) for number in sorted(measure.reversed)]),
        may_not_apply=presenters.listed([str(number) for number in sorted(measure.not_applicable)]),
        reasons=presenters.options(measure_words.REASONS),
        totals_open=bool(one and not one.row.items) or any(name.startswith(f"{measure.id}-") for name in form.errors),
        every=url_for(".list_scores", client_id=client.id),
        correcting=one and url_for(".correct_score", client_id=client.id, score_id=one.row.id),
    )
