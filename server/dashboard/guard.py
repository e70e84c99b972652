"""The staff blueprint and its guard: who is signed in, whether a form is ours, and what every answer carries."""

import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, current_app, g, make_response, redirect, request, url_for
from sqlalchemy.exc import InternalError, OperationalError
from werkzeug.datastructures import MultiDict

from server import clock
from server.audit import actions as audit
from server.dashboard import keeping, kinds
from server.dashboard.cookies import cookie_name, harden
from server.dashboard.pages import config, landing, page, plain_page
from server.entries.promise import mark_shown
from server.errors import Missing, Refused
from server.extensions import atomic
from server.people import queries as people
from server.people import sign_in

dashboard = Blueprint("dashboard", __name__, url_prefix="/staff", template_folder="templates")

# What can be had without signing in, and what somebody with a one-time password can still do.
OPEN = {"dashboard.show_sign_in", "dashboard.start_session"}
# Asked by a page on its own every few seconds: that is not somebody using it.
BY_ITSELF = {"dashboard.invitation_state"}
BEFORE_OWN_PASSWORD = {"dashboard.show_password", "dashboard.change_password", "dashboard.sign_out"}


@dashboard.before_request
def guard():
    """Let nobody past but a signed-in practitioner, and no form but ours."""
    g.nonce, g.now = secrets.token_urlsafe(16), clock.now()
    g.practitioner = g.staff_session = g.token = g.new_token = g.looked_at = None
    g.typed, g.again = request.form, False
    if request.endpoint == "dashboard.asset":
        return None
    if request.method == "POST" and _from_elsewhere():
        return page("dashboard/stale.html"), 403
    _recognise(request.cookies.get(cookie_name()))
    if request.endpoint in OPEN:
        return None
    return _turn_away() or _refuse_foreign_form() or _ask_for_own_password() or kinds.enter()


def _recognise(token: str | None) -> None:
    found = sign_in.staff_of(token, g.now)
    if found is None:
        return
    g.staff_session, g.practitioner = found
    g.service = people.service_of(g.practitioner)  # held, so that the session reads it once for a page
    g.token = token
    if request.endpoint not in BY_ITSELF and sign_in.needs_touch(g.staff_session, g.now):
        session_id = g.staff_session.id
        with atomic():
            sign_in.touch(session_id, g.now)


def _turn_away():
    """Nobody is signed in: ask who it is. What was typed stays, sealed for its author."""
    if g.practitioner is not None:
        return None
    if request.method != "POST":
        return redirect(url_for("dashboard.show_sign_in", next=request.full_path.rstrip("?")))
    kept = request.form.get("kept") or keeping.seal_typed(request.form)
    if "password" not in request.form or "kept" not in request.form:
        return page("dashboard/sign_in.html", kept=kept, action=request.path, problem=None, name=""), 401
    try:
        g.staff_session, g.practitioner, g.new_token = keeping.sign_in_with(request.form)
    except Refused as no:
        name = request.form.get("sign_in_name", "")
        said = page("dashboard/sign_in.html", kept=kept, action=request.path, problem=no.message, name=name)
        return keeping.refused_sign_in(said, no)
    g.token = g.new_token
    g.typed, g.again = keeping.open_typed(kept, g.practitioner), True
    return None if g.typed is not None else redirect(landing(g.practitioner))


def _refuse_foreign_form():
    """A form needs the token of this staff session. One's own form of an earlier one comes back, to be sent again."""
    if request.method != "POST" or g.again or sign_in.csrf_fits(g.token, request.form.get("csrf")):
        return None
    if keeping.author_of(request.form.get("author", "")) != str(g.practitioner.id):
        return page("dashboard/stale.html"), 403
    g.typed, g.again = MultiDict(request.form), True
    return None


def _ask_for_own_password():
    if g.practitioner.must_change_password and request.endpoint not in BEFORE_OWN_PASSWORD:
        return redirect(url_for("dashboard.show_password"))
    return None


def _from_elsewhere() -> bool:
    """Whether the browser says that another site sent this form."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    try:
        return _origin(origin) not in {_origin(config().base_url), _origin(request.host_url)}
    except ValueError:  # not an address at all, such as http://[
        return True


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc


def only_for(role: str) -> None:
    """`Missing` for somebody without this role: to them the page does not exist."""
    if role not in g.practitioner.roles:
        raise Missing


def looked_at(*clients) -> None:
    """Remember whom this page shows; the look at each is written down once the page is made."""
    g.looked_at = [client.id for client in clients]


def showed(client, entry_ids: Iterable[UUID]) -> None:
    """Remember of which entries the words stand on this page: nobody waits for these to be read any more."""
    g.showed = (client.id, list(entry_ids))


@dashboard.after_request
def record_look(answer):
    """Write down a look at each client shown, in its own commit. A look that cannot be written down is not given."""
    client_ids, g.looked_at = g.get("looked_at"), None
    shown = g.pop("showed", None)
    if not client_ids:
        return answer
    detail = {"page": request.endpoint.partition(".")[2]}
    try:
        with atomic():
            for client_id in client_ids:
                audit.record(
                    "client.seen", by=g.practitioner, about=("client", client_id), client_id=client_id,
                    detail=detail, now=g.now,
                )  # fmt: skip
            if shown and shown[1] and request.method != "HEAD" and answer.status_code < 500:
                mark_shown(*shown, g.now)
    except (OperationalError, InternalError) as wrong:
        return harden(
            make_response(not_written(wrong, look=True))
        )  # the headers were put on the page that is not given
    return answer


def not_written(wrong: OperationalError | InternalError, look: bool = False):
    """The database is busy, full or gone: a page that asks nothing of it, and when to try again."""
    current_app.logger.error("The database refused: %s", type(wrong.orig).__name__)  # its text may hold values
    return come_again("The database is busy", look)


def come_again(why: str, look: bool = False):
    """A page that asks nothing of the database: what is away just now, and when to try again."""
    said = plain_page("dashboard/busy.html", why=why, form=request.method == "POST", look=look)
    return said, 503, {"Retry-After": "60"}
