"""Take the key that the service holds for a phone, and give it back after a new sign-in."""

from flask import g

from server.api import schemas
from server.api.guard import blueprint
from server.extensions import atomic
from server.people import phone_keys


@blueprint.route("/device/key", methods=["PUT"])
@blueprint.arguments(schemas.PhoneKeySchema)
@blueprint.response(204)
def hold_phone_key(told):
    """The phone made a key and wrapped its own with it: the service holds it from now on."""
    with atomic():
        phone_keys.hold_key(device=g.device, key=told["key"], now=g.now)


@blueprint.route("/device/key/release", methods=["POST"])
@blueprint.arguments(schemas.OfDeviceSchema)
@blueprint.response(200, schemas.PhoneKeySchema)
@blueprint.alt_response(401, schema=schemas.RefusalSchema, description="not-signed-in: no code was typed just now")
@blueprint.alt_response(404, schema=schemas.RefusalSchema, description="not-yours")
def release_phone_key(told):
    """The key of an earlier phone of this client, so that what lies sealed there opens again."""
    with atomic():
        return {"key": phone_keys.release_key(device=g.device, of=told["device_id"], now=g.now)}
