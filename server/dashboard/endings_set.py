"""Administration: how long clients can read after their course, and where the service sends everybody."""

from flask import g, redirect, request, url_for

from server.dashboard.forms import Form, Typed, Whole, Words, blank, needed, read
from server.dashboard.guard import dashboard, only_for
from server.dashboard.pages import page
from server.endings import actions, queries
from server.endings.rules import FEWEST_DAYS, MOST_DAYS
from server.extensions import atomic
from server.people import queries as people


class EndingsForm(Typed):
    """What holds for every course that ends from now on."""

    reading_days = Whole(FEWEST_DAYS, MOST_DAYS, **needed(f"Enter a number of days from {FEWEST_DAYS} to {MOST_DAYS}."))
    signposting = Words(longest=1000, load_default="")


@dashboard.get("/administration/endings")
def show_endings():
    """The settings as they are."""
    only_for("administrator")
    held = queries.settings_of(g.practitioner.service_id)
    return _page(blank(reading_days=held.reading_days, signposting=held.signposting))


@dashboard.post("/administration/endings")
def set_endings():
    """Set them."""
    only_for("administrator")
    form = read(EndingsForm)
    if not form.ok:
        return _page(form), 422
    with atomic():
        actions.set_endings(service=people.service_of(g.practitioner), by=g.practitioner, now=g.now, **form.values)
    return redirect(url_for(".show_endings", saved=1), 303)


def _page(form: Form) -> str:
    return page("dashboard/endings_set.html", form=form, saved=request.args.get("saved") == "1")
