"""Where a phone takes reminders, a test of it, and what the code of a notification stands for."""

from datetime import timedelta

from flask import current_app, g

from server.api import schemas
from server.api.guard import blueprint
from server.extensions import atomic
from server.people.sign_in import allow
from server.people.tokens import must_be_in_use
from server.reminders import actions, ledger, preview, queries, trying
from server.sealing import push_public_key, ring

TESTS_AN_HOUR = 10
TOLD_AN_HOUR = 30  # by one phone: each reminder is told of three times at most
AN_HOUR = timedelta(hours=1)
SAID = {
    "accepted": "Sent. It can take a minute to show.",
    "failed": "It could not be sent just now. Try again in a few minutes.",
    "no-subscription": "This phone does not take reminders yet. Turn them on first.",
    "care-ended": "No test was sent. Your course has ended.",
    "not-asked": "No test was sent. Your practitioner asks you first, when you are alone, how to reach you.",
    "not-safe": "No test was sent. You chose other ways than this phone.",
    "quiet-hours": "No test was sent. These are your quiet hours. Try at another time.",
}


@blueprint.route("/push-key")
@blueprint.response(200, schemas.PushKeySchema)
def show_push_key():
    """The public key a browser subscribes with."""
    return {"public_key": push_public_key(ring())}


@blueprint.route("/push-subscription", methods=["PUT"])
@blueprint.arguments(schemas.SubscriptionSchema)
@blueprint.response(200, schemas.ReachingSchema)
@blueprint.alt_response(422, schema=schemas.RefusalSchema, description="push-host-unknown")
def keep_subscription(given):
    """Keep where this phone takes messages. The app says so each time it opens."""
    hosts = current_app.config["MEANTIME"].push_hosts
    with atomic():
        actions.subscribe(
            client=g.client, device=g.device, endpoint=given["endpoint"], hosts=hosts, now=g.now, **given["keys"]
        )
    return {"reaching": True}


@blueprint.route("/push-subscription", methods=["DELETE"])
@blueprint.response(204)
def forget_subscription():
    """The client switched notifications off on this phone."""
    with atomic():
        actions.unsubscribe(device=g.device, now=g.now)


@blueprint.route("/push-subscription/lost", methods=["POST"])
@blueprint.arguments(schemas.LostSchema)
@blueprint.response(204)
def note_lost(told):
    """The phone takes messages no more, by itself: its permission is gone, or its browser cannot any more."""
    with atomic():
        actions.lost(device=g.device, why=told["why"], now=g.now)


@blueprint.route("/reminders/sent")
@blueprint.response(200, schemas.SentSchema)
def show_sent():
    """What became of the client's last reminders, as codes; the phone has the words."""
    return {
        "reminders": [
            {
                "date": line.local_date.isoformat(),
                "at": line.slot,
                "channel": line.channel,
                "became": line.became,
                "why": line.why,
            }
            for line in ledger.ledger_of(g.client, g.now)
        ]
    }


@blueprint.route("/reminders/next")
@blueprint.response(200, schemas.ComingSchema)
def show_next():
    """The client's next few reminders as things stand now: the list that staff see too."""
    coming = preview.next_of(g.client, g.now)
    return {
        "reminders": [
            {"date": one.due.local_date.isoformat(), "at": one.due.slot, "channel": one.channel, "kind": one.kind}
            for one in coming
        ]
    }


@blueprint.route("/push-test", methods=["POST"])
@blueprint.arguments(schemas.NothingSchema)
@blueprint.response(202, schemas.TestedSchema)
def send_test(_):
    """Really send this phone a reminder that stands for nothing, and say what came of it."""
    with atomic():
        allow(f"push-test|{g.device.id}", g.now, TESTS_AN_HOUR)
    subscription = queries.subscription_of(g.device)
    if subscription is None:
        return {"state": "no-subscription", "message": SAID["no-subscription"]}
    if no := trying.why_not(g.client, g.now):
        return {"state": no, "message": SAID[no]}
    outcome = trying.try_out(phone=subscription, client=g.client, config=current_app.config["MEANTIME"], now=g.now)
    with atomic():
        state = actions.tested(subscription=subscription, outcome=outcome, by=g.device, now=g.now)
    return {"state": state, "message": SAID[state]}


@blueprint.route("/reminders/opened", methods=["POST"])
@blueprint.arguments(schemas.OpenedSchema)
@blueprint.response(204)
def note_opened(told):
    """The notification was tapped."""
    delivery = queries.delivery_of(g.client, told["code"])
    with atomic():
        actions.opened(delivery=delivery, now=g.now)


@blueprint.route("/reminders/told", methods=["POST"])
@blueprint.arguments(schemas.ToldSchema)
@blueprint.response(204)
@blueprint.alt_response(401, schema=schemas.RefusalSchema, description="device-revoked, not-signed-in")
@blueprint.alt_response(404, schema=schemas.RefusalSchema, description="not-found")
@blueprint.alt_response(409, schema=schemas.RefusalSchema, description="client-closed, reminder-over")
@blueprint.alt_response(429, schema=schemas.RefusalSchema, description="too-many-tries")
def note_told(told):
    """The worker showed a notification, or it was tapped, or put off; signed by what the message itself carried."""
    delivery, device = queries.proven_delivery(told["code"], told["proof"])
    must_be_in_use(device)
    with atomic():
        allow(f"told|{device.id}", g.now, TOLD_AN_HOUR, AN_HOUR)
    note = {"shown": actions.shown, "opened": actions.opened, "later": actions.later}[told["what"]]
    with atomic():
        note(delivery=delivery, now=g.now)


@blueprint.route("/reminders/<code>")
@blueprint.response(200, schemas.RemindedSchema)
@blueprint.alt_response(404, schema=schemas.RefusalSchema, description="not-found")
def show_reminded(code):
    """What a code stands for. Nothing named: whatever is planned today."""
    delivery = queries.delivery_of(g.client, code)
    return {
        "assignment_id": str(delivery.assignment_id) if delivery.assignment_id else None,
        "slot": delivery.occurrence_slot,
    }
