"""Studies, for administrators: set one up, say who works on it and which service takes part."""

from flask import g, redirect, request, url_for
from marshmallow import fields

from server.dashboard import presenters
from server.dashboard.forms import Day, Form, Nothing, OneOf, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.dashboard.study_shown import BASES, bundles_shown, study_shown, told_shown
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people
from server.studies import actions, queries

PARTS = {"take": "Take part", "leave": "Leave"}
YES = {"yes": "Allow free text to be asked for. A second person has to allow it too."}


class StudyForm(Typed):
    """What a study is set up with."""

    name = Words(longest=200, **needed("Enter the name of the study."))
    basis = OneOf(BASES, **needed("Choose what the study rests on."))
    reference = Words(longest=200, **needed("Enter the reference of the approval."))
    protocol = Words(longest=200, **needed("Name the version of the protocol, like 1.0 of 3 May 2026."))
    retain_until = Day(**needed("Enter the day until which bundles are kept."))
    arms = Words(longest=200, load_default="")
    blocks = Words(longest=20, load_default="")
    free_text = OneOf(YES, load_default="")


class SiteForm(Typed):
    """What the button said: a page may be older than what holds now."""

    part = OneOf(PARTS, **needed("Choose."))


class ResearcherForm(Typed):
    """Who works on it."""

    researcher = fields.UUID(**needed("Choose a researcher."))


class KeyForm(Typed):
    """The name again, so that no key is destroyed by a slip."""

    again = Words(longest=200, **needed("Type the name of the study."))


@dashboard.get("/administration/studies")
def show_studies():
    """The studies of this service, and those of others that it can take part in."""
    only_for("administrator")
    return _list(blank(basis="consent"))


@dashboard.post("/administration/studies")
def make_study():
    """Set up a study."""
    only_for("administrator")
    form = read(StudyForm)
    if not form.ok:
        return _list(form), 422
    values = form.values
    arms, blocks = _parts(values.pop("arms")), _parts(values.pop("blocks"))
    try:
        with atomic():
            study = actions.make(
                service=people.service_of(g.practitioner), arms=arms,
                blocks=[int(one) if one.isdecimal() and len(one) < 3 else 0 for one in blocks],
                free_text=bool(values.pop("free_text")), by=g.practitioner, now=g.now, **values,
            )  # fmt: skip
            study_id = study.id
    except Refused as no:
        return _list(form.refuse(no)), 422
    return redirect(url_for(".show_study", study_id=study_id, saved=1), 303)


@dashboard.get("/administration/studies/<uuid:study_id>")
def show_study(study_id):
    """One study of this service: its people, sites, and bundles that wait to be released."""
    return _page(_own(study_id))


@dashboard.post("/administration/studies/<uuid:study_id>/researchers")
def add_study_researcher(study_id):
    """Somebody works on it from now on."""
    study, form = _own(study_id), read(ResearcherForm)
    return _done(
        study, form, lambda: actions.add_researcher(
            study=study, researcher=people.account_of(g.practitioner, form.values["researcher"]),
            by=g.practitioner, now=g.now,
        ),
    )  # fmt: skip


@dashboard.post("/administration/studies/<uuid:study_id>/researchers/<uuid:practitioner_id>/end")
def end_study_researcher(study_id, practitioner_id):
    """Somebody works on it no more."""
    study, form = _own(study_id), read(Nothing)
    gone = people.account_of(g.practitioner, practitioner_id)
    return _done(
        study, form, lambda: actions.end_researcher(study=study, researcher=gone, by=g.practitioner, now=g.now)
    )


@dashboard.post("/administration/studies/<uuid:study_id>/free-text")
def allow_study_free_text(study_id):
    """The second person allows it."""
    study, form = _own(study_id), read(Nothing)
    return _done(study, form, lambda: actions.approve_free_text(study=study, by=g.practitioner, now=g.now))


@dashboard.post("/administration/studies/<uuid:study_id>/end")
def end_study(study_id):
    """Nobody is asked any more and nothing is built."""
    study, form = _own(study_id), read(Nothing)
    return _done(study, form, lambda: actions.end(study=study, by=g.practitioner, now=g.now))


@dashboard.post("/administration/studies/<uuid:study_id>/key")
def destroy_study_key(study_id):
    """Destroy the key of its pseudonyms, for good."""
    study, form = _own(study_id), read(KeyForm, prefix="key-")
    if form.ok and form.values["again"] != study.name:
        form.errors["again"] = "This is not the name of the study."
    return _done(study, form, lambda: actions.destroy_key(study=study, by=g.practitioner, now=g.now))


@dashboard.post("/administration/studies/<uuid:study_id>/site")
def change_study_site(study_id):
    """This service takes part in a study of another service, or does no more."""
    only_for("administrator")
    study, form = queries.of_others_one(g.practitioner, study_id), read(SiteForm)
    if not form.ok:
        return _list(form), 422
    act = actions.take_part if form.values["part"] == "take" else actions.leave
    with atomic():
        act(study=study, service=people.service_of(g.practitioner), by=g.practitioner, now=g.now)
    return redirect(url_for(".show_studies", saved=1), 303)


def _own(study_id):
    only_for("administrator")
    return queries.of_service_one(g.practitioner, study_id)


def _done(study, form: Form, act):
    study_id = study.id
    if form.ok:
        try:
            with atomic():
                act()
            return redirect(url_for(".show_study", study_id=study_id, saved=1), 303)
        except Refused as no:
            form.refuse(no)
    return _page(_own(study_id), form), 422


def _parts(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _list(form: Form) -> str:
    service = people.service_of(g.practitioner)
    return page(
        "dashboard/studies.html",
        form=form,
        studies=[_line(one, service) for one in queries.of_service(g.practitioner)],
        others=[_line(one, service) for one in queries.of_others(g.practitioner)],
        bases=presenters.options(BASES),
        allowed=presenters.options(YES),
        saved=request.args.get("saved") == "1",
    )


def _line(study, service) -> dict:
    here = {one.id for one in queries.sites(study)}
    waits = sum(build.state == "built" for build in queries.builds(study))
    return {**study_shown(study, service.zone), "here": service.id in here, "waits": waits}


def _page(study, form: Form | None = None) -> str:
    service, form = people.service_of(g.practitioner), form or blank()
    working = queries.researchers(study)
    others = [
        one
        for one in people.practitioners_of(g.practitioner)
        if "researcher" in one.roles and one.disabled_at is None and one.id not in {each.id for each in working}
    ]
    return page(
        "dashboard/study.html",
        study=study_shown(study, service.zone),
        told=told_shown(study, service.zone),
        bundles=bundles_shown(study, service, g.practitioner, decides=True),
        form=form,
        working=[{"id": one.id, "name": one.name} for one in working],
        researchers=presenters.accounts(others),
        may_allow=study.free_text_asked_by not in (None, g.practitioner.id) and not study.free_text_approved_at,
        saved=request.args.get("saved") == "1",
    )
