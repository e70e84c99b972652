"""One bundle of a study, for administrators: read who could be told apart, release or refuse it, stop it later."""

from flask import g, redirect, request, url_for

from server.dashboard import presenters
from server.dashboard.forms import Form, Nothing, OneOf, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.dashboard.study_shown import bundle_shown, released_before, study_shown
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people
from server.research.building import identifiability_of, path_of
from server.studies import bundles, queries
from server.studies.rules import Grounds

DECISIONS = ("release", "refuse")
HAS_READ = {
    "rows": {"yes": "I have read who could be told apart in it."},
    "free_text": {"yes": "I know that it holds what clients wrote, and that names may stand in it."},
}
QUASI = {"arm": "Arm", "service": "Service", "age_band": "Age", "language": "Language"}


class DecisionForm(Typed):
    """Release a bundle and say on what grounds, or refuse it. What has to be said is the domain's to know."""

    decision = OneOf(DECISIONS, **needed("Choose."))
    agreement = Words(longest=200, load_default="")
    considered = Words(load_default="")
    has_read = OneOf(("yes",), load_default="")


@dashboard.get("/administration/studies/<uuid:study_id>/bundles/<uuid:build_id>")
def show_bundle(study_id, build_id):
    """What is to be known of a bundle before it is released, and afterwards on what grounds it was."""
    return _page(*_own(study_id, build_id))


@dashboard.post("/administration/studies/<uuid:study_id>/bundles/<uuid:build_id>")
def decide_bundle(study_id, build_id):
    """Release or refuse a bundle that somebody else asked for."""
    study, build = _own(study_id, build_id)
    form = read(DecisionForm)

    def act() -> None:
        said = form.values
        who = {"build": build, "by": g.practitioner, "now": g.now}
        if said["decision"] == "refuse":
            bundles.refuse(why=said["considered"], **who)
        else:
            grounds = Grounds(said["agreement"], said["considered"], said["has_read"] == "yes")
            bundles.release(grounds=grounds, **who)

    return _done(study, build, form, act)


@dashboard.post("/administration/studies/<uuid:study_id>/bundles/<uuid:build_id>/stop")
def stop_bundle(study_id, build_id):
    """Nobody fetches it any more."""
    study, build = _own(study_id, build_id)
    return _done(study, build, read(Nothing), lambda: bundles.stop(build=build, by=g.practitioner, now=g.now))


def _own(study_id, build_id):
    only_for("administrator")
    study = queries.of_service_one(g.practitioner, study_id)
    return study, queries.build_of(study, build_id)


def _done(study, build, form: Form, act):
    ids = {"study_id": study.id, "build_id": build.id}
    if form.ok:
        try:
            with atomic():
                act()
            return redirect(url_for(".show_bundle", **ids, saved=1), 303)
        except Refused as no:
            form.refuse(no)
    study, build = _own(**ids)
    return _page(study, build, form), 422


def _page(study, build, form: Form | None = None) -> str:
    service = people.service_of(g.practitioner)
    apart = identifiability_of(path_of(build.id)) if build.content == "rows" else {}
    return page(
        "dashboard/study_bundle.html",
        study=study_shown(study, service.zone),
        bundle=bundle_shown(study, build, service, g.practitioner),
        apart=apart,
        hidden=[(QUASI.get(name, name), n) for name, n in apart.get("rows_suppressed", {}).items()],
        is_small=bool(apart) and apart["k"] < apart["k_wanted"],
        may_fetch=[one.name for one in queries.researchers(study)],
        before=released_before(study, build, service.zone),
        has_read=presenters.options(HAS_READ[build.content]),
        form=form or blank(),
        saved=request.args.get("saved") == "1",
    )
