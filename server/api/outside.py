"""What others ask for without signing in: an end to emails, a private calendar, and Notify's delivery receipts."""

import hmac
import json

from flask import Blueprint, Response, abort, current_app, g, render_template_string, request

from server import clock
from server.extensions import atomic
from server.reminders import actions, calendar_feed, receipts, stopping, ways, wording
from server.reminders.channels import EMAIL

outside = Blueprint("outside", __name__, url_prefix="/api")

# No script, no style, nothing from anywhere: a mail program or somebody else may be looking.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
PAGE = """<!doctype html>
<html lang="{{ language }}" dir="{{ 'rtl' if language == 'ur' else 'ltr' }}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Meantime</title>
<h1>Meantime</h1>
{% if done %}<p>{{ done }}</p>{% else %}<form method="post"><button>{{ button }}</button></form>{% endif %}
</html>
"""
LONGEST_RECEIPT = 20_000  # bytes


@outside.before_request
def know_the_hour() -> None:
    """The guard of each is the secret in its address or its header: there is nobody to sign in."""
    g.now = clock.now()


@outside.after_request
def keep_nothing(answer: Response) -> Response:
    """Nobody keeps an answer, and none can load or send anything."""
    answer.headers.update(HEADERS)
    return answer


@outside.get("/stop/<token>")
def show_stop(token: str) -> str:
    """A button: mail programs and those who look for harm in mail follow links by themselves, which ends nothing."""
    client = _client_of(token)
    button = wording.word(client.language, "stop_button")
    return render_template_string(PAGE, language=client.language, button=button)


@outside.post("/stop/<token>")
def stop(token: str) -> str:
    """No more emails to this client, by the button or by the mail program itself (RFC 8058). Twice is once."""
    client = _client_of(token)
    with atomic():
        if ways.end(client=client, channel=EMAIL, why="unsubscribed", by=client, now=g.now):
            actions.use_ways(client=client, by=client, now=g.now)
    return render_template_string(PAGE, language=client.language, done=wording.word(client.language, "stopped"))


@outside.get("/calendar/<secret>.ics")
def show_calendar(secret: str) -> Response:
    """The private calendar behind this address."""
    feed = calendar_feed.opened_by(secret)
    if feed is None:
        abort(404)
    if calendar_feed.is_gone(feed):
        abort(410)  # a calendar program then drops it, and what it held
    with atomic():
        calendar_feed.note_read(feed=feed, now=g.now)
    text = calendar_feed.written(feed, current_app.config["MEANTIME"].base_url, g.now)
    return Response(text, mimetype="text/calendar")


@outside.post("/receipts/sms")
def take_receipt() -> tuple[str, int]:
    """What became of a text. Only Notify knows the token; what is not ours is taken and changes nothing."""
    token = current_app.config["MEANTIME"].notify_token
    said = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(said.encode(), f"Bearer {token}".encode()):
        abort(403)
    try:
        told = json.loads(request.get_data()[:LONGEST_RECEIPT])
        reference, status = str(told["reference"]), str(told["status"])
    except (ValueError, TypeError, KeyError):
        abort(400)
    with atomic():
        receipts.note(reference=reference, status=status, now=g.now)
    return "", 204


def _client_of(token: str):
    client = stopping.client_of(token, g.now)
    if client is None:
        abort(404)
    return client
