"""About me: what a client says of themself to whoever works with them, first on the page; staff may write it down."""

from flask import g, redirect, url_for

from server.caseload import queries as caseload
from server.dashboard import dates
from server.dashboard.forms import Form, OneOf, Typed, Words, blank, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.entries import personal
from server.entries.said import ABOUT_ME, LONG, LONGEST, PARTS
from server.extensions import atomic

LABELS = {
    "name": "Call me",
    "pronouns": "Pronouns",
    "helps": "What helps",
    "avoid": "What to avoid",
    "speak": "Language",
    "interpreter": "Interpreter",
    "access": "Access needs",
}
LONG_LINE = 160  # characters: more is folded to one line


class AboutMeForm(Typed):
    """Each part is optional; an empty one takes back what stood there."""

    name = Words(longest=LONGEST["name"], load_default="")
    pronouns = Words(longest=LONGEST["pronouns"], load_default="")
    helps = Words(longest=LONG, load_default="")
    avoid = Words(longest=LONG, load_default="")
    speak = Words(longest=LONGEST["speak"], load_default="")
    access = Words(longest=LONG, load_default="")
    interpreter = OneOf({"yes"})


@dashboard.get("/clients/<uuid:client_id>/about-me")
def show_about_me(client_id):
    """The form, filled in with what is known."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    held = personal.about_me_of(client)
    return _page(client, blank(**held.words, interpreter="yes" if held.interpreter else None))


@dashboard.post("/clients/<uuid:client_id>/about-me")
def write_about_me(client_id):
    """Write down what the client said: only the parts that changed, so that nothing else is said again by staff."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(AboutMeForm)
    if not form.ok:
        looked_at(client)
        return _page(client, form), 422
    held = personal.about_me_of(client)
    changed = {part: form.values[part] for part in PARTS if form.values[part] != held.words.get(part, "")}
    interpreter = form.values.get("interpreter") == "yes"
    if interpreter != held.interpreter:
        changed["interpreter"] = "yes" if interpreter else "no"
    if changed:
        with atomic():
            personal.write_down(client=client, name=ABOUT_ME, value=changed, by=g.practitioner, now=g.now)
    return redirect(url_for(".show_client", client_id=client_id) + "#about-me", 303)


def about_me_shown(client, zone: str) -> dict:
    """The parts that are there, each with who said it; folded to one line when it is long."""
    held = personal.about_me_of(client)
    parts = {**held.words, **({"interpreter": "Yes"} if held.interpreter else {})}
    rows = [
        {"label": label, "text": parts[part], "staff": part in held.by_staff}
        for part, label in LABELS.items()
        if part in parts
    ]
    return {
        "rows": rows,
        "called": other_name(client, held.words.get("name", "")),
        "long": len("".join(f"{row['label']} {row['text']}" for row in rows)) > LONG_LINE,
        "by": _by(rows),
        "at": dates.short_day(dates.local_day(held.at, zone)) if held.at else "",
        "href": url_for(".show_about_me", client_id=client.id),
    }


def other_name(client, wanted: str) -> str:
    """What they want to be called, where that is not the name on record: it belongs into the first word of a call."""
    return "" if wanted.strip().casefold() == client.preferred_name.strip().casefold() else wanted.strip()


def _by(rows: list[dict]) -> str:
    by_staff = [row["staff"] for row in rows]
    if all(by_staff):
        return "written down by staff"
    return "written by the client" + (", parts of it by staff" if any(by_staff) else "")


def _page(client, form: Form) -> str:
    return page("dashboard/about_me.html", client=client, form=form, labels=LABELS)
