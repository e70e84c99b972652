"""By which ways a client is reminded, in their order, and a private calendar: agreed with the client, by themselves."""

from flask import g, redirect, url_for

from server.caseload import queries as caseload
from server.dashboard import dates, presenters
from server.dashboard.forms import Form, Nothing, OneOf, Typed, Words, blank, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import config, page
from server.errors import Refused
from server.extensions import atomic
from server.reminders import actions, calendar_feed, ways
from server.reminders.channels import EMAIL, PUSH, SMS

NAMES = {PUSH: "Notification on their phone", EMAIL: "Email", SMS: "Text message"}
NONE = {"": "Nothing else"}
ENDED = {
    "unreachable": "the address or number does not exist. Check it with them, and set it again",
    "unsubscribed": "they stopped it themselves, by its link",
}
PLACES = ("first", "second", "third")


class WaysForm(Typed):
    """Three places, and the addresses."""

    first = OneOf({*NAMES}, "Choose the way that is tried first.", required=True)
    second = OneOf({*NAMES, ""}, load_default="")
    third = OneOf({*NAMES, ""}, load_default="")
    email = Words(longest=254, load_default="")
    mobile = Words(longest=30, load_default="")


@dashboard.get("/clients/<uuid:client_id>/ways")
def show_ways(client_id):
    """The order as it is now."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    return _page(client, _as_said(client))


@dashboard.post("/clients/<uuid:client_id>/ways")
def change_ways(client_id):
    """Keep the order, and plan the reminders to come by it."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(WaysForm)
    if form.ok:
        order = [form.values[place] for place in PLACES if form.values[place]]
        typed = {name: form.values[name] for name in ("email", "mobile")}
        try:
            with atomic():
                ways.change(client=client, order=order, **typed, by=g.practitioner, now=g.now)
                actions.use_ways(client=client, by=g.practitioner, now=g.now)
            return redirect(url_for(".show_client", client_id=client_id) + "#safe-contact", 303)
        except Refused as no:
            form.refuse(no)
            form.errors = {"first" if name == "order" else name: said for name, said in form.errors.items()}
    looked_at(client)
    return _page(client, form), 422


@dashboard.post("/clients/<uuid:client_id>/calendar")
def start_calendar(client_id):
    """A new private address, shown this once."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    if not read(Nothing).ok:
        return redirect(url_for(".show_ways", client_id=client_id), 303)
    with atomic():
        secret = calendar_feed.start(client=client, by=g.practitioner, now=g.now)
    return _page(client, _as_said(client), address=f"{config().base_url}/api/calendar/{secret}.ics")


@dashboard.post("/clients/<uuid:client_id>/calendar/end")
def end_calendar(client_id):
    """The address leads nowhere from now on."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    if read(Nothing).ok:
        with atomic():
            calendar_feed.end(client=client, by=g.practitioner, now=g.now)
    return redirect(url_for(".show_ways", client_id=client_id) + "#calendar", 303)


def ways_line(client) -> str:
    """In which order this client is reminded, as far as it is safe: for the client's page."""
    stands = ways.standing_of(client)
    open_now = stands.used
    if not open_now.asked:
        return "No reminder is sent until they were asked, alone, how to reach them safely"
    names = [NAMES[channel].lower() for channel in open_now.order]
    lines = ["Reminded by " + ", then ".join(names) if names else "No way to remind them"]
    used = {*open_now.order, *open_now.missing}
    unsafe = [NAMES[channel] for channel in stands.said if channel not in used]
    missing = [NAMES[channel] for channel in open_now.missing]
    if unsafe:
        lines.append(f"Not among the safe ways, so not used: {presenters.listed(unsafe).lower()}")
    if missing:
        lines.append(f"Not set up here, so not used: {presenters.listed(missing).lower()}")
    for channel, why, at in stands.ended:
        day = dates.short_day(dates.local_day(at, client.zone))
        lines.append(f"{NAMES[channel]} ended on {day}: {ENDED.get(why, why)}")
    return ". ".join(lines)


def _as_said(client) -> Form:
    """What they said last, of what can be chosen here."""
    order, addresses = ways.said_of(client)
    places = dict(zip(PLACES, [one for one in order if one in ways.set_up()], strict=False))
    return blank(**places, email=addresses.get(EMAIL), mobile=addresses.get(SMS))


def _page(client, form: Form, address: str | None = None) -> str:
    feed = calendar_feed.feed_of(client)
    choices = {code: name for code, name in NAMES.items() if code in ways.set_up()}
    missing = [name.lower() for code, name in NAMES.items() if code not in choices]
    return page(
        "dashboard/ways.html", client=client, form=form, line=ways_line(client), first=presenters.options(choices),
        others=presenters.options({**NONE, **choices}), missing=presenters.listed(missing), address=address,
        since=dates.day(dates.local_day(feed.created_at, client.zone)) if feed else None,
        read=dates.day(dates.local_day(feed.read_at, client.zone)) if feed and feed.read_at else None,
    )  # fmt: skip
