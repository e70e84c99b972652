"""Who could be asked to a study, in numbers that name nobody, and the arms of those who said yes."""

from flask import g, redirect, request, url_for

from server.dashboard.forms import Form, Typed, Words, blank, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.dashboard.study_shown import study_shown
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people
from server.research.arms import read_arms
from server.research.rules import SMALL_COUNT, SUPPRESSED, rounded
from server.studies import allocating, counting, queries

STEPS = {
    "open": "Clients with an open course, at the services that take part",
    "old_enough": "of them aged 16 or over",
    "came": "of them with at least one attended appointment",
    "alone": "of them seen on their own, not as a couple or group",
    "language": "of them with this language",
    "may_be_asked": "of them who said that they may be asked",
    "not_answered": "of them who have not answered this study yet",
}
LONGEST = 1_000_000


class ArmsForm(Typed):
    """Lines of pid and arm; nothing, to draw."""

    arms = Words(longest=LONGEST, load_default="")


@dashboard.get("/research/<uuid:study_id>/people")
def show_study_people(study_id):
    """Numbers of who could be asked and of who has which arm, small ones hidden."""
    return _page(_mine(study_id))


@dashboard.post("/research/<uuid:study_id>/arms")
def give_arms(study_id):
    """Draw arms for those who said yes since, or take them from the study's own list."""
    study, form = _mine(study_id), read(ArmsForm)
    if form.ok:
        try:
            with atomic():
                _give(study, form.values["arms"])
            return redirect(url_for(".show_study_people", study_id=study_id, given=1), 303)
        except Refused as no:
            form.errors = {"arms" if form.values["arms"] else "": no.message}
    return _page(_mine(study_id), form), 422


def _give(study, text: str) -> None:
    if study.blocks:
        allocating.draw(study=study, by=g.practitioner, now=g.now)
        return
    allocating.keep(study=study, arms=read_arms(study, text), by=g.practitioner, now=g.now)


def _mine(study_id):
    only_for("researcher")
    return queries.of_researcher_one(g.practitioner, study_id)


def _page(study, form: Form | None = None) -> str:
    zone, language = people.service_of(g.practitioner).zone, request.args.get("language", "")
    known = language if language.isalpha() and len(language) == 2 else None
    found = counting.counted(study, known, g.now)
    return page(
        "dashboard/research_people.html",
        study=study_shown(study, zone),
        form=form or blank(),
        language=known or "",
        steps=[(text, _shown(found[step])) for step, text in STEPS.items() if step != "language" or known],
        arms=[(arm, _of_arm(number)) for arm, number in allocating.counts(study).items()],
        waiting=_shown(allocating.waiting(study)),
        given="given" in request.args,
    )


def _of_arm(number: int) -> str:
    """No 0 apart from the few: whoever gives arms one at a time would read the first of each arm from it."""
    return "0 to 7" if number <= SMALL_COUNT else _shown(number)


def _shown(number: int) -> str:
    text = rounded(number)
    return "1 to 7" if text == SUPPRESSED else f"about {text}" if number else "0"
