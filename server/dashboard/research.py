"""Research pages: the studies somebody works on, and their bundles. No client is on them, nor the live database."""

import base64

from flask import g, redirect, request, send_file, url_for

from server.dashboard.forms import Form, Nothing, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.dashboard.study_shown import bundles_shown, study_shown, told_shown
from server.errors import Missing, Refused
from server.extensions import atomic
from server.people import queries as people
from server.research import building
from server.research.bundle import hash_of
from server.sealing import new_data_key, ring
from server.signing import BUNDLE, public_key
from server.studies import actions, bundles, queries

SAVED = {
    "protocol": "The new version of the protocol holds from now on.",
    "text": "Clients who are asked from now on are told this.",
    "asked": "Asked for. It is built in the background: you can leave this page.",
}


class ProtocolForm(Typed):
    """Another version of the protocol."""

    protocol = Words(longest=200, **needed("Name the version, like 1.1 of 3 May 2026."))


class TextForm(Typed):
    """What clients are told."""

    words = Words(**needed("Write what clients are told."))


@dashboard.get("/research")
def show_research():
    """The studies I work on."""
    only_for("researcher")
    zone = people.service_of(g.practitioner).zone
    return page(
        "dashboard/research.html", studies=[study_shown(one, zone) for one in queries.of_researcher(g.practitioner)]
    )


@dashboard.get("/research/<uuid:study_id>")
def show_research_study(study_id):
    """One study: what it rests on, what clients are told, and its bundles."""
    return _page(_mine(study_id))


@dashboard.post("/research/<uuid:study_id>/protocol")
def set_study_protocol(study_id):
    """Another version of the protocol."""
    study, form = _mine(study_id), read(ProtocolForm)
    return _done(
        study, form, "protocol", lambda: actions.set_protocol(
            study=study, label=form.values["protocol"], by=g.practitioner, now=g.now
        ),
    )  # fmt: skip


@dashboard.post("/research/<uuid:study_id>/text")
def set_study_text(study_id):
    """Another version of what clients are told."""
    study, form = _mine(study_id), read(TextForm)
    return _done(
        study, form, "text", lambda: actions.set_text(
            study=study, words=form.values["words"], by=g.practitioner, now=g.now
        ),
    )  # fmt: skip


@dashboard.post("/research/<uuid:study_id>/bundles")
def ask_for_bundle(study_id):
    """Ask for a bundle as of now."""
    study, form = _mine(study_id), read(Nothing)
    return _done(study, form, "asked", lambda: bundles.ask(study=study, content="rows", by=g.practitioner, now=g.now))


@dashboard.post("/research/<uuid:study_id>/bundles/<uuid:build_id>/fetch")
def fetch_bundle(study_id, build_id):
    """A released bundle, as it was built; written down with its hash before the first byte goes out."""
    study = _mine(study_id)
    build = queries.build_of(study, build_id)
    file = building.path_of(build.id)
    form = read(Nothing)
    if not form.ok:
        return redirect(url_for(".show_research_study", study_id=study.id), 303)
    if build.state == "released" and build.removed_at is None and not file.is_file():
        raise Refused("not-found", "The file is not on this machine. Tell whoever runs the program.")
    if not file.is_file():
        raise Missing
    opened = file.open("rb")  # what is hashed is what is sent, whatever becomes of its name
    try:
        with atomic():
            bundles.fetched(build=build, sha256=hash_of(opened), by=g.practitioner, now=g.now)
    except Refused as no:
        opened.close()
        return _page(_mine(study_id), {"asked": form.refuse(no)}), 422
    except BaseException:
        opened.close()
        raise
    opened.seek(0)
    name = f"meantime-{build.content.replace('_', '-')}-{build.as_of:%Y-%m-%d}.zip"
    return send_file(opened, "application/zip", as_attachment=True, download_name=name)


@dashboard.post("/research/<uuid:study_id>/free-text")
def ask_for_free_text(study_id):
    """Ask for what clients wrote, locked: its key is shown in this answer and nowhere else."""
    study, form, key = _mine(study_id), read(Nothing), base64.b64encode(new_data_key()).decode()
    done = _done(
        study, form, "asked", lambda: bundles.ask(
            study=study, content="free_text", by=g.practitioner, now=g.now, file_key=key
        ),
    )  # fmt: skip
    if form.errors or form.again:
        return done
    return page("dashboard/file_key.html", key=key, study=_mine(study_id))


def _mine(study_id):
    only_for("researcher")
    return queries.of_researcher_one(g.practitioner, study_id)


def _done(study, form: Form, saved: str, act):
    study_id = study.id
    if form.ok:
        try:
            with atomic():
                act()
            return redirect(url_for(".show_research_study", study_id=study_id, saved=saved), 303)
        except Refused as no:
            form.refuse(no)
    return _page(_mine(study_id), {saved: form}), 422


def _page(study, forms: dict[str, Form] | None = None) -> str:
    service, forms = people.service_of(g.practitioner), forms or {}
    shown = study_shown(study, service.zone)
    newest = shown["texts"][0][1] if shown["texts"] else ""
    builds, said = bundles_shown(study, service, g.practitioner, decides=False), request.args.get("saved", "")
    if said == "asked" and not any(one["waiting"] for one in builds):
        said = ""  # the page was loaded again since
    return page(
        "dashboard/research_study.html",
        study=shown,
        told=told_shown(study, service.zone),
        bundles=builds,
        protocol=forms.get("protocol") or blank(),
        text=forms.get("text") or blank(words=newest),
        asked=forms.get("asked") or blank(),
        saved=SAVED.get(said, ""),
        signed_with=public_key(ring(), BUNDLE),
    )
