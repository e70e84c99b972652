"""Administration of languages: how complete each is, who checked its words, and whether phones are offered it."""

from flask import g, redirect, request, url_for
from marshmallow import ValidationError, fields, validates_schema

from server.dashboard import dates
from server.dashboard.forms import Day, OneOf, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.dashboard.presenters import counted
from server.errors import Refused
from server.extensions import atomic
from server.languages import actions, queries
from server.languages.built import in_english
from server.people import queries as people
from server.worksheets.in_language import shown_in
from server.worksheets.library import library
from server.worksheets.translations import to_translate

STATES = {
    "off": "Off: phones are not offered it",
    "draft": "On as a draft: phones say on every page that nobody has checked the words",
    "checked": "On: somebody who knows the language has checked the words",
}
STATE_WORDS = {"off": "Off", "draft": "On as a draft, not checked", "checked": "On, checked"}
WHO = ("checked_by", "checked_on")


class LanguageForm(Typed):
    """Whether a language is offered; when it is checked, by whom and when."""

    language = fields.String()
    state = OneOf(STATES, **needed("Choose whether phones are offered this language."))
    checked_by = Words(longest=120, load_default="")
    checked_on = Day(load_default=None)
    help_too = fields.List(OneOf(("yes",)), load_default=list)

    @validates_schema
    def says_who(self, values, **_):
        """A check has somebody who made it, and a day."""
        if values.get("state") == "checked":
            if not values["checked_by"]:
                raise ValidationError("Enter who checked the words.", "checked_by")
            if values["checked_on"] is None:
                raise ValidationError("Enter the day they were checked, like 22/11/2026.", "checked_on")


@dashboard.get("/administration/languages")
def show_languages():
    """Every language the app has words in."""
    only_for("administrator")
    return _page()


@dashboard.post("/administration/languages")
def set_language():
    """Switch a language on or off, or write down who checked it."""
    only_for("administrator")
    language = g.typed.get("language", "")
    if language not in {one.built.code for one in queries.languages_of(g.practitioner.service_id)}:
        return _page(), 422
    form = read(LanguageForm, prefix=f"{language}-")
    if not form.ok:
        return _page(language, form), 422
    try:
        with atomic():
            _record(language, form.values)
    except Refused as no:
        return _page(language, form.refuse(no)), 422
    return redirect(url_for(".show_languages", saved=1) + f"#{language}", 303)


def _record(language, values) -> None:
    who = {"service": people.service_of(g.practitioner), "language": language, "by": g.practitioner, "now": g.now}
    if values["state"] == "off":
        actions.switch_off(**who)
    elif values["state"] == "draft":
        actions.switch_on_draft(**who)
    else:
        checked = {name: values[name] for name in WHO}
        actions.record_check(**who, **checked, help_too=bool(values["help_too"]))


def _page(refused_for: str = "", form=None) -> str:
    zone = people.service_of(g.practitioner).zone
    today = dates.local_day(g.now, zone).isoformat()
    return page(
        "dashboard/languages.html",
        languages=[
            _language(one, form if one.built.code == refused_for else _blank(one, today), zone)
            for one in queries.languages_of(g.practitioner.service_id)
        ],
        refused=form,
        states=[{"value": code, "text": text} for code, text in STATES.items()],
        saved=request.args.get("saved") == "1",
    )


def _blank(one, today: str):
    return blank(f"{one.built.code}-", state=one.state, checked_on=today)


def _language(one, form, zone: str) -> dict:
    worksheets = _worksheets(one.built.code)
    return {
        "code": one.built.code,
        "name": one.built.name,
        "english": in_english(one.built.code),
        "built": one.built,
        "state": STATE_WORDS[one.state],
        "help_checked": one.help_checked,
        "changed_since": one.changed_since,
        "worksheets": worksheets,
        "how_many": counted(len(worksheets), "worksheet"),
        "form": form,
        "checks": [_check(row, zone) for row in queries.checks_of(g.practitioner.service_id, one.built.code)],
    }


def _check(row, zone: str) -> dict:
    return {
        "state": STATE_WORDS[row.state],
        "who": row.checked_by,
        "on": row.checked_on,
        "help": row.help_words is not None,
        "recorded": dates.moment(row.recorded_at, zone),
        "by": people.name_of(str(row.recorded_by)),
    }


def _worksheets(language: str) -> list[dict]:
    shown = (shown_in(worksheet, language) for worksheet in library().all())
    return [
        {"title": one.worksheet.title, "there": len(one.texts), "texts": len(to_translate(one.worksheet))}
        for one in shown
        if one
    ]
