"""The phone's blueprint: who is calling, the marker that answers are ours, and one body for every refusal."""

from flask import current_app, g, jsonify, request
from flask_smorest import Blueprint
from sqlalchemy.exc import InternalError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from server import clock
from server.errors import CannotStart, Missing, Refused, noted
from server.extensions import atomic
from server.people import sign_in, tokens
from server.people.queries import client_of_device

PROTOCOL = "1"
MARKER = "X-Sync-Protocol"
COOKIE_LASTS = 400 * 24 * 3600  # as long as browsers allow; the server decides when a phone is out
OPEN = {"api.pair", "api.show_service", "api.show_words", "api.note_told"}  # nobody needs to be signed in

# What a refusal is over HTTP. The domain knows codes; only this edge knows numbers.
STATUS = {
    "app-too-old": 426,
    "bad-answer": 422,
    "broken": 500,
    "bad-input": 422,
    "epoch-changed": 409,
    "invite-burned": 410,
    "invite-expired": 410,
    "invite-someone-else": 409,
    "invite-unknown": 404,
    "invite-used": 410,
    "not-found": 404,
    "not-signed-in": 401,
    "not-yours": 404,
    "device-copied": 401,
    "device-revoked": 401,
    "push-host-unknown": 422,
    "too-large": 413,
    "too-many-tries": 429,
    "try-again": 503,
    "way-not-set-up": 422,
    "worksheet-unknown": 404,
}

blueprint = Blueprint("api", __name__, url_prefix="/api/v1", description="What the phone app asks and tells")


def cookie_name() -> str:
    """`__Host-phone` over https; without the prefix on http loopback, where WebKit would drop it (design.md)."""
    return "__Host-phone" if current_app.config["MEANTIME"].is_https else "phone"


def keep_signed_in(answer, token: str):
    """Give the phone's browser its token, which nothing that runs in a page can read."""
    answer.set_cookie(
        cookie_name(), token, max_age=COOKIE_LASTS, secure=current_app.config["MEANTIME"].is_https, httponly=True,
        samesite="Strict", path="/",
    )  # fmt: skip
    return answer


@blueprint.before_request
def know_the_phone():
    """Guard: every route that is not `OPEN` needs a paired phone, and every write needs our own header."""
    g.now = clock.now()
    if request.method not in ("GET", "HEAD") and request.headers.get(MARKER) != PROTOCOL:
        raise Refused("bad-input", "This request did not come from the app.")
    if request.headers.get("Sec-Fetch-Mode") == "navigate":
        # Typed into the address bar of a phone whose app is locked, it would show what the lock hides.
        raise Refused("bad-input", "This is for the app. Open Meantime instead.")
    if request.endpoint in OPEN:
        return
    g.told = tokens.read(request.cookies.get(cookie_name()))
    g.device = tokens.must_be_in_use(g.told and g.told.device)
    if g.told.is_out_of_use(g.now):
        with atomic():
            tokens.end_copied(g.told, g.now)
        tokens.must_be_in_use(g.device)
    g.client = client_of_device(g.device)


@blueprint.after_request
def mark(answer):
    """Every answer says it is ours, and that nobody keeps it."""
    answer.headers[MARKER] = PROTOCOL
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer


@blueprint.errorhandler(Refused)
def refused(error: Refused):
    """One body for every refusal: code, message, fields."""
    body = {"code": error.code, "message": error.message, "fields": error.fields, **error.extra}
    answer = jsonify(body)
    answer.status_code = STATUS.get(error.code, 409)
    answer.headers[MARKER] = PROTOCOL
    answer.headers["Cache-Control"] = "no-store"
    if answer.status_code == 429:
        wait = error.extra.get("retry_after", int(sign_in.TRIES_WINDOW.total_seconds()))
        answer.headers["Retry-After"] = str(wait)
    return answer


@blueprint.errorhandler(Missing)
def _missing(error: Missing):
    return refused(Refused("not-found"))


@blueprint.errorhandler(OperationalError)
@blueprint.errorhandler(InternalError)
def _not_kept(error: OperationalError | InternalError):
    """Disk full, database gone or read-only: nothing was kept and nothing is acknowledged. The phone tries again."""
    current_app.logger.error("The database refused: %s", type(error.orig).__name__)  # its text may hold values
    return refused(Refused("try-again"))


@blueprint.errorhandler(CannotStart)
def _keys_away(error: CannotStart):
    """The key file is away, and a key is needed that was not read yet. The phone tries again."""
    current_app.logger.error("%s", error)
    return refused(Refused("try-again"))


@blueprint.errorhandler(422)
def _bad_input(error):
    messages = getattr(error, "data", {}).get("messages", {})
    fields = {str(name): str(said) for place in messages.values() for name, said in _pairs(place)}
    return refused(Refused("bad-input", "The app sent something we did not understand.", fields=fields))


@blueprint.errorhandler(RecursionError)
def _too_deep(error: RecursionError):
    """A body of brackets within brackets: Python's reader gives up, and nothing of ours is so deep."""
    return refused(Refused("bad-input"))


def _pairs(place):
    return place.items() if isinstance(place, dict) else [("", place)]


@blueprint.errorhandler(InternalServerError)
def _broken(error: InternalServerError):
    """Something of ours broke: the one body, with the reference under which the log has it."""
    return refused(Refused("broken", reference=noted(request.endpoint, error.original_exception)))


@blueprint.errorhandler(HTTPException)
def _other(error: HTTPException):
    codes = {404: "not-found", 413: "too-large", 415: "bad-input", 400: "bad-input", 405: "not-found"}
    answer = refused(Refused(codes.get(error.code or 500, "bad-input")))
    answer.status_code = error.code or 500
    if allowed := dict(error.get_headers()).get("Allow"):
        answer.headers["Allow"] = allowed
    return answer


def anywhere(error: HTTPException):
    """The same body for an address below /api/ that leads nowhere: no blueprint's handler is asked about it."""
    if not request.path.startswith("/api/"):
        return error
    return _broken(error) if isinstance(error, InternalServerError) else _other(error)
