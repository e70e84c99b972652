"""Pair a phone, say who it is, make a code for its installed app, and let it go."""

from flask import current_app, g, request

from server.api import schemas
from server.api.guard import blueprint, cookie_name, keep_signed_in
from server.api.settings import set_language, set_zone
from server.api.wire import moment, service_of_wire
from server.entries.actions import highest_seq
from server.errors import Refused
from server.extensions import atomic
from server.people import pairing, sign_in
from server.people.actions import end_device
from server.people.queries import epoch_id, only_service, service_of
from server.reminders.queries import reach_of
from server.sealing import push_public_key, ring
from server.studies import consents
from server.studies import queries as studies


@blueprint.route("/service", endpoint="show_service")
@blueprint.response(200, schemas.ServiceSchema)
def show_service():
    """What *Help now* shows before anybody is signed in."""
    service = only_service()
    return service_of_wire(service, g.now) if service else {"name": "", "nation": "england", "demo": False}


@blueprint.route("/pair", methods=["POST"], endpoint="pair")
@blueprint.arguments(schemas.PairSchema)
@blueprint.response(201, schemas.DeviceSchema)
@blueprint.alt_response(404, schema=schemas.RefusalSchema, description="invite-unknown")
@blueprint.alt_response(410, schema=schemas.RefusalSchema, description="invite-expired, -used or -burned")
def pair(details):
    """Let a phone in with a code."""
    with atomic():
        sign_in.allow(f"pair|{request.remote_addr}", g.now, sign_in.PAIR_TRIES, sign_in.PAIR_WINDOW)
    zone, language = details.pop("zone"), details.pop("language")
    with atomic():
        outcome = pairing.pair(code=details.pop("code"), details=details, now=g.now)
        if isinstance(outcome, pairing.Paired):
            set_zone(outcome.client, zone, outcome.device, g.now)
            set_language(outcome.client, language)
    if isinstance(outcome, Refused):
        raise outcome
    answer = current_app.make_response(current_app.json.dumps(_device(outcome.device, outcome.client)))
    answer.status_code, answer.mimetype = 201, "application/json"
    return keep_signed_in(answer, outcome.token)


@blueprint.route("/device")
@blueprint.response(200, schemas.DeviceSchema)
def show_device():
    """Who this phone is, for a start of the app."""
    return _device(g.device, g.client)


@blueprint.route("/device/install-code", methods=["POST"])
@blueprint.response(201, schemas.CodeSchema)
def make_install_code():
    """A code of 15 minutes for the installed app of the same client: a tab's storage does not follow it."""
    with atomic():
        invitation, code = pairing.invite(client=g.client, by=g.device, now=g.now, purpose="install")
    return {"code": code, "expires_at": moment(invitation.expires_at)}


@blueprint.route("/device/forget", methods=["POST"])
@blueprint.arguments(schemas.ForgetSchema)
@blueprint.response(204)
def forget_device(told):
    """The client removes this phone. The app has told them what is unsent."""
    with atomic():
        end_device(device=g.device, unsent=told["unsent"], by=g.client, now=g.now)
    answer = current_app.make_response("")
    answer.status_code = 204
    answer.delete_cookie(cookie_name(), path="/", secure=_secure(), httponly=True, samesite="Strict")
    return answer


def _device(device, client) -> dict:
    contact = studies.newest_contact(client.id)
    return {
        "device_id": str(device.id),
        "client_id": str(client.id),
        "epoch": epoch_id(),
        "paired_at": moment(device.paired_at),
        "display": device.display,
        "service": service_of_wire(service_of(client), g.now),
        "me": {
            "preferred_name": client.preferred_name,
            "research": _chosen(client),
            "research_contact": contact.choice if contact else None,
            "studies": consents.on_the_phone(client),
            "language": client.language,
        },
        "device_seq": max(device.highest_seq, highest_seq(device.id)),  # where a phone that keeps nothing goes on
        "push_public_key": push_public_key(ring()),
        "reaching": reach_of(client.id, g.now).reaching,
    }


def _chosen(client) -> str | None:
    """What the client said about research, on whichever phone or to whom; nothing where nobody asked yet."""
    return client.research if client.research in ("yes", "no") else None


def _secure() -> bool:
    return current_app.config["MEANTIME"].is_https
