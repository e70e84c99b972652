"""Makes pages: the surroundings every template gets, NHS macros, and undefined names that do not stay silent."""

import logging
import sys

from flask import current_app, g, render_template, url_for
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader

from server.dashboard import dates, keeping, presenters, sheet
from server.people import queries as people
from server.people import sign_in
from server.people.who_sees import may_enter
from server.safety.queries import has_response_procedure

log = logging.getLogger(__name__)


class Noticed(ChainableUndefined):
    """Undefined as the NHS macros need it; used in a template of ours it is a mistake, and says so in the log."""

    def __str__(self) -> str:
        self._notice()
        return ""

    def __bool__(self) -> bool:
        self._notice()
        return False

    def __iter__(self):
        self._notice()
        return iter(())

    def _notice(self) -> None:
        frame = sys._getframe(2)
        while frame is not None and not frame.f_code.co_filename.endswith((".html", ".jinja")):
            frame = frame.f_back
        place = frame.f_code.co_filename if frame else ""
        if place.endswith(".html"):
            log.error("undefined %s in %s", self._undefined_name, place.rpartition("/")[2])


def prepare(app) -> None:
    """Teach the application's templates. NHS macros end in .jinja, which Flask would not escape: stored XSS."""
    app.jinja_env.autoescape = True
    app.jinja_env.undefined = Noticed
    app.jinja_env.loader = ChoiceLoader([app.jinja_env.loader, PackageLoader("nhsuk_frontend_jinja")])
    app.jinja_env.filters.update(
        shown=presenters.shown,
        day=dates.day,
        short_day=dates.short_day,
        moment=dates.moment,
        ago=dates.ago,
        birth=dates.birth,
        range_words=sheet.range_words,
    )


def config():
    """The configuration of the running application."""
    return current_app.config["MEANTIME"]


def page(template: str, **values) -> str:
    """One page of staff HTML. `values` are presenters, forms and plain values; templates do no thinking."""
    return render_template(template, **_surroundings(), **values)


def plain_page(template: str, **values) -> str:
    """A page that asks the database for nothing: for when something of ours broke."""
    nobody = {"demo": config().demo, "nonce": g.get("nonce", ""), "service": None, "me": None, "navigation": []}
    nobody |= {"asks_about_risk": False}
    return render_template(template, **nobody, csrf="", author="", again=False, zone="Europe/London", **values)


def _surroundings() -> dict:
    practitioner = g.get("practitioner")
    service = people.service_of(practitioner) if practitioner else None
    return {
        "demo": config().demo or bool(service and service.demo),
        "nonce": g.nonce,
        "service": service,
        "asks_about_risk": bool(service) and has_response_procedure(service.id),
        "me": practitioner,
        "navigation": _navigation(practitioner),
        "csrf": sign_in.csrf(g.token) if practitioner else "",
        "author": keeping.author_mark(practitioner) if practitioner else "",
        "again": g.get("again", False),
        "now": g.now,
        "zone": service.zone if service else "Europe/London",
    }


# The main navigation, in its order: a part of the staff pages (`people/who_sees.py`), its name, and its first page.
NAVIGATION = (
    ("caseload", "Today", "dashboard.today"),
    ("caseload", "Caseload", "dashboard.show_caseload"),
    ("supervision", "Supervision", "dashboard.show_supervision"),
    ("service", "Service", "dashboard.show_service"),
    ("research", "Research", "dashboard.show_research"),
    (None, "Worksheets", "dashboard.show_worksheets"),
    ("administration", "Administration", "dashboard.show_administration"),
    (None, "Your account", "dashboard.show_account"),
)


def landing(practitioner) -> str:
    """Where somebody begins: the first part of the staff pages that exists for their roles, else their account."""
    own = [endpoint for place, _, endpoint in NAVIGATION if place and _is_theirs(practitioner, place, endpoint)]
    return url_for(own[0] if own else "dashboard.show_account")


def _is_theirs(practitioner, place: str | None, endpoint: str) -> bool:
    return (place is None or may_enter(practitioner.roles, place)) and endpoint in current_app.view_functions


def _navigation(practitioner) -> list[dict]:
    if practitioner is None or practitioner.must_change_password:
        return []
    return [
        {"text": text, "href": url_for(endpoint)}
        for place, text, endpoint in NAVIGATION
        if _is_theirs(practitioner, place, endpoint)
    ]
