"""Entries of measures: all of them, one read back, corrected or withdrawn."""

from flask import g, redirect, request, url_for

from server.dashboard import dates, measure_words, presenters
from server.dashboard.forms import Form, blank, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.measure_forms import WithdrawForm, filled, read_one
from server.dashboard.measures import items_page, refused, theirs
from server.dashboard.measures_shown import reading
from server.dashboard.pages import page
from server.entries import queries as entries
from server.errors import Missing, Refused
from server.extensions import atomic
from server.measures import actions
from server.measures import queries as measures
from server.people import queries as people

CHANGED = "The client changed these answers."
ANOTHERS = "Withdrawn: it was another client’s."
TAKEN_BACK = "The client removed this entry, or keeps it for now."


@dashboard.get("/clients/<uuid:client_id>/measures")
def list_scores(client_id):
    """Every entry, with those that were corrected or withdrawn."""
    client, episode = theirs(client_id)
    looked_at(client)
    standing, gone = measures.of_client(client, episode), measures.history_of(client, episode)
    twice = measures.twice(standing)
    return page(
        "dashboard/measures.html",
        client=client,
        rows=[
            {**_line(client, one, []), "twice": (one.row.measure_id, one.row.taken_on) in twice}
            for one in reversed(standing)
        ],
        gone=[_line(client, one, measures.later_than(one)) for one in gone if one.row.what != "withdrawn"],
    )


@dashboard.get("/clients/<uuid:client_id>/measures/<uuid:score_id>")
def show_score(client_id, score_id):
    """One entry read back, with each item."""
    return _score_page(*_one(client_id, score_id))


@dashboard.get("/clients/<uuid:client_id>/measures/<uuid:score_id>/correct")
def show_correction(client_id, score_id):
    """The form of one entry, as it stands. `Missing` for one that does not stand."""
    client, one, later = _one(client_id, score_id)
    if one.row.what == "withdrawn" or later:
        raise Missing
    return items_page(client, _measure(one), filled(_measure(one), one.row), one)


@dashboard.post("/clients/<uuid:client_id>/measures/<uuid:score_id>/correct")
def correct_score(client_id, score_id):
    """Put a corrected entry in the place of this one."""
    client, one, _ = _one(client_id, score_id)
    form, entered = read_one(_measure(one), correcting=True)
    if not form.ok:
        return items_page(client, _measure(one), form, one), 422
    try:
        with atomic():
            row = actions.correct(
                earlier=one.row, client=client, entered=entered, taken_on=form.values["taken_on"],
                reason=form.values["reason"], note=form.values["note"], by=g.practitioner, now=g.now,
            )  # fmt: skip
            row_id = row.id
    except Refused as no:
        return items_page(client, _measure(one), refused(form, no), one), 422
    return redirect(url_for(".show_score", client_id=client_id, score_id=row_id, saved=1), 303)


@dashboard.post("/clients/<uuid:client_id>/measures/<uuid:score_id>/withdraw")
def withdraw_score(client_id, score_id):
    """Take one entry out of every count."""
    client, one, later = _one(client_id, score_id)
    form = read(WithdrawForm)
    if not form.ok:
        return _score_page(client, one, later, form), 422
    try:
        with atomic():
            actions.withdraw(
                earlier=one.row, reason=form.values["reason"], note=form.values["note"], by=g.practitioner, now=g.now
            )
    except Refused as no:
        return _score_page(client, one, measures.later_than(one), form.refuse(no)), 422
    return redirect(url_for(".list_scores", client_id=client_id), 303)


def _one(client_id, score_id):
    """Client, entry and what took its place since. `Missing` for one that turned out to be somebody else's."""
    client, _ = theirs(client_id)
    one = measures.one_of(client, score_id)
    withdrawn, later = [one.row] if one.row.what == "withdrawn" else [], measures.later_than(one)
    if _is_of_another([*withdrawn, *later]):
        raise Missing
    return client, one, later


def _measure(one):
    if one.measure is None:
        raise Missing
    return one.measure


def _score_page(client, one, later: list, form: Form | None = None) -> str:
    looked_at(client)
    measure = _measure(one)
    newer, hidden = later[0] if later else None, _is_not_shown(later)
    items = [] if hidden else one.row.items or []
    return page(
        "dashboard/measure_score.html",
        client=client,
        name=measure.name,
        day=dates.day(one.row.taken_on),
        rows=[] if hidden else reading(one),
        items=[
            {"number": number, "answer": {None: "–", "na": "n/a"}.get(answer, answer)}
            for number, answer in enumerate(items, 1)
        ],
        risk=[] if newer else measure_words.risk_words(measure, one.row.items, one.row.source),
        licence=measure.licence,
        entered=_entered(client, one.row),
        note=one.row.note,
        standing=newer is None and one.row.what != "withdrawn",
        newer=_newer(client, newer),
        form=form or blank(),
        reasons=presenters.options(measure_words.REASONS),
        score_id=one.row.id,
        saved=request.args.get("saved") == "1",
    )


def _newer(client, newer) -> dict | None:
    if newer is None:
        return None
    if newer.source == "client":
        return {
            "words": TAKEN_BACK if newer.what == "withdrawn" else CHANGED,
            "href": _newer_href(client, newer),
            "note": "",
        }
    words = "was withdrawn" if newer.what == "withdrawn" else "was corrected"
    why = presenters.inside(measure_words.REASONS[newer.reason])
    return {"words": f"This entry {words}: {why}.", "href": _newer_href(client, newer), "note": newer.note}


def _newer_href(client, newer) -> str:
    return "" if newer.what == "withdrawn" else url_for(".show_score", client_id=client.id, score_id=newer.id)


def _is_of_another(rows) -> bool:
    """Whether it was found to belong to somebody else: then neither it nor what stood before it is shown again."""
    return any(row.reason == "wrong_client" for row in rows)


def _is_not_shown(later) -> bool:
    """Nor is what an entry said before the client removed it, or kept it for now."""
    return _is_of_another(later) or any(row.source == "client" and row.what == "withdrawn" for row in later)


def _other_day(client, row) -> str:
    """Said where the phone gave a day that cannot be: before it was agreed, or still to come."""
    said = entries.lived_on(client, row.revision_id) if row.revision_id and row.what != "withdrawn" else None
    return "" if said in (None, row.taken_on) else f" The phone gave another day, {dates.day(said)}, which cannot be."


def _entered(client, row) -> str:
    zone = people.service_of(g.practitioner).zone
    if row.source == "client":
        return f"Filled in by the client, arrived {dates.moment(row.recorded_at, zone)}.{_other_day(client, row)}"
    who = people.name_of(str(row.entered_by)) if row.entered_by else "somebody"
    what = "Corrected" if row.what == "corrected" else "Entered"
    why = f": {presenters.inside(measure_words.REASONS[row.reason])}" if row.reason else ""
    return f"{what} by {who}, {dates.moment(row.recorded_at, zone)}{why}."


def _short(each: dict, one) -> str:
    name = f"{each['name']}: " if len(one.measure.scales) > 1 else ""
    return name + each["value"] + (f", {each['band']}" if each["band"] else "")


def _line(client, one, later: list) -> dict:
    """One entry in a list, and what took its place. Scores that belong to somebody else are not repeated."""
    newer, hidden = later[0] if later else None, _is_not_shown(later)
    said = [_short(each, one) for each in reading(one)] if one.measure and not hidden else []
    return {
        "day": dates.short_day(one.row.taken_on),
        "name": one.measure.name if one.measure else one.row.measure_id,
        "said": ("; ".join(said) or "not shown") + (", by the client" if one.row.source == "client" else ""),
        "href": url_for(".show_score", client_id=client.id, score_id=one.row.id) if one.measure and not hidden else "",
        "became": ANOTHERS if _is_of_another(later) else _newer(client, newer)["words"] if newer else "",
    }
