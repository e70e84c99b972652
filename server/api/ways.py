"""By which ways the client is reminded, as they set it on their own phone, and a private calendar."""

from flask import current_app, g

from server.api import schemas
from server.api.guard import blueprint
from server.extensions import atomic
from server.reminders import actions, calendar_feed, ways
from server.reminders.channels import EMAIL, SMS


@blueprint.route("/ways")
@blueprint.response(200, schemas.WaysSchema)
def show_ways():
    """The order that was said last, what of it is used now, and what this service can send by."""
    return _ways()


@blueprint.route("/ways", methods=["PUT"])
@blueprint.arguments(schemas.WaysWishSchema)
@blueprint.response(200, schemas.WaysSchema)
@blueprint.alt_response(422, schema=schemas.RefusalSchema, description="bad-input, way-not-set-up")
def change_ways(given):
    """Keep the order and the addresses. What was not agreed as safe with the practitioner is kept and not used."""
    with atomic():
        ways.change(client=g.client, **given, by=g.client, now=g.now)
        actions.use_ways(client=g.client, by=g.client, now=g.now)
    return _ways()


@blueprint.route("/calendar", methods=["POST"])
@blueprint.arguments(schemas.NothingSchema)
@blueprint.response(201, schemas.CalendarSchema)
def start_calendar(_):
    """A new private address, told this once; the one before leads nowhere now."""
    with atomic():
        secret = calendar_feed.start(client=g.client, by=g.client, now=g.now)
    return {"address": f"{current_app.config['MEANTIME'].base_url}/api/calendar/{secret}.ics"}


@blueprint.route("/calendar", methods=["DELETE"])
@blueprint.response(204)
def end_calendar():
    """The address leads nowhere from now on."""
    with atomic():
        calendar_feed.end(client=g.client, by=g.client, now=g.now)


def _ways() -> dict:
    order, addresses = ways.said_of(g.client)
    return {
        "order": order,
        "used": list(ways.ways_of([g.client.id])[g.client.id].order),
        "offered": list(ways.set_up()),
        "email": addresses.get(EMAIL, ""),
        "mobile": addresses.get(SMS, ""),
        "calendar": calendar_feed.feed_of(g.client) is not None,
    }
