"""What clients say of their course: typed in from paper or a call, and shown to the service lead without names."""

from typing import Any

from flask import g, redirect, url_for
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.forms import Form, OneOf, Typed, blank, clean, needed
from server.dashboard.guard import dashboard, looked_at, only_for
from server.dashboard.keeping import MACHINERY
from server.dashboard.pages import page
from server.dashboard.paper_answers import read_answers
from server.endings import feedback
from server.endings.rules import FEWEST_FEEDBACK
from server.errors import Missing
from server.extensions import atomic
from server.people import queries as people

MEDIA = {"paper": "On paper", "phone_call": "They told me"}


class MediumForm(Typed):
    """How it is known."""

    medium = OneOf(MEDIA, **needed("Choose how you know."))


@dashboard.get("/clients/<uuid:client_id>/feedback")
def show_feedback_form(client_id):
    """The questions, to fill in with the client or from their paper. What was said on a phone is not shown."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    return _form_page(client, blank(medium="paper"))


@dashboard.post("/clients/<uuid:client_id>/feedback")
def write_feedback(client_id):
    """Keep it. The page does not show it again: it is for the service, without a name."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    asked = _asked()
    form = _read(asked)
    if not form.ok:
        return _form_page(client, form), 422
    with atomic():
        feedback.keep(
            client=client, episode_id=episode.id, version=asked.version, answers=form.values["answers"],
            medium=form.values["medium"], effective_at=g.now, by=g.practitioner, now=g.now,
        )  # fmt: skip
    return redirect(url_for(".show_ending", client_id=client_id, saved="feedback"), 303)


@dashboard.get("/service/feedback")
def show_feedback():
    """What clients of the service said, in whole fives, question by question; quotes to copy apart."""
    only_for("service_lead")
    asked = _asked()
    said = feedback.said_in(people.service_of(g.practitioner))
    questions = [_question(field, said) for field in asked.fields if field.type in ("text", "choice")]
    return page(
        "dashboard/feedback.html", title=asked.title, answered=said.answered, ended=said.ended, listed=said.listed,
        waiting=said.answered - said.listed, fewest=FEWEST_FEEDBACK, questions=questions,
        quotes="\n\n".join(f"“{presenters.shown(text)}”" for one in questions for text in one["quotes"]),
    )  # fmt: skip


def feedback_line(episode, zone: str) -> str:
    """For the page of the ending: whether something was said, and by which way; never what."""
    held = feedback.newest_of(episode)
    if held is None:
        return "Not given yet."
    way = {"worksheet": "on the phone", "paper": "on paper", "phone_call": "in words"}[held.medium]
    return f"Given {way}, {dates.short_day(dates.local_day(held.effective_at, zone))}."


def _asked():
    found = feedback.worksheet()
    if found is None:
        raise Missing
    return found


def _read(asked) -> Form:
    typed = MultiDict((name, clean(text)) for name, text in g.typed.items(multi=True) if name not in MACHINERY)
    form = Form(typed=typed, again=g.again)
    if g.again:
        return form
    try:
        form.values = MediumForm().load(MultiDict({"medium": typed.get("medium", "")}))
    except ValidationError as wrong:
        form.errors = {name: str(said[0]) for name, said in wrong.normalized_messages().items()}
    form.values["answers"], off = read_answers(asked, typed)
    form.errors |= off
    return form


def _form_page(client, form: Form) -> str:
    looked_at(client)
    return page(
        "dashboard/feedback_entry.html", client=client, form=form, worksheet=_asked(), media=presenters.options(MEDIA)
    )


def _question(field, said: feedback.Said) -> dict[str, Any]:
    texts = said.texts.get(field.id, [])
    counts = said.counts.get(field.id, {})
    return {
        "label": field.label,
        "kind": field.type,
        "texts": [{"words": words, "quote": quote} for words, quote in texts],
        "quotes": [words for words, quote in texts if quote],
        "counts": [(option.label, counts.get(option.code, 0)) for option in field.options],
    }
