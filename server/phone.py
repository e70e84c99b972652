"""Serves the built phone app: its page, hashed files for ever, the worker never cached, under one strict policy."""

from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request, send_from_directory
from werkzeug.exceptions import NotFound

phone = Blueprint("phone", __name__)

# Nothing from anywhere else, nothing inline; Trusted Types lets through the worker's address and nothing more.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types meantime",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
OTHERS = ("/staff/", "/api/")  # whose addresses answer for themselves
NOWHERE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>This page is not here – Meantime</title>
<h1>This page is not here</h1>
<p>Check the address, or open the app.</p>
<p><a href="/">Open the app</a></p>
<p><a href="/#/help">Help now</a></p>
</html>
"""


def register(app: Flask) -> None:
    """Put the phone app at `/`."""
    app.register_blueprint(phone)
    app.after_request(lead_back)


@phone.before_request
def only_reading() -> None:
    """The guard: these are public files, the same for everybody, so nothing here is written or looked up by person."""
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        abort(405)


@phone.errorhandler(NotFound)
def show_nowhere(_: NotFound) -> Response:
    """A plain page with the way back: for a mistyped address, or a file that is gone."""
    return Response(NOWHERE, 404, {**HEADERS, "Cache-Control": "no-store"}, mimetype="text/html")


def lead_back(answer: Response) -> Response:
    """The same page for an address that leads nowhere at all: no blueprint is asked about it."""
    ours = not request.path.startswith(OTHERS)
    return show_nowhere(NotFound()) if ours and isinstance(request.routing_exception, NotFound) else answer


@phone.get("/")
def show_app() -> Response:
    """The one page of the app."""
    return _file("index.html", ASK_FIRST)


@phone.get("/assets/<name>")
def show_asset(name: str) -> Response:
    """A script or style whose name holds its hash."""
    return _file(f"assets/{name}", FOR_EVER)


@phone.get(
    "/<any('sw.js', 'version.json', 'start.js', 'manifest.webmanifest', 'icon.svg', 'icon-180.png', "
    "'icon-192.png', 'icon-512.png', 'icon-maskable-512.png'):name>"
)
def show_file(name: str) -> Response:
    """The worker, and the few files whose names other programs know."""
    return _file(name, "no-store" if name == "version.json" else ASK_FIRST)


def _file(name: str, keep: str) -> Response:
    folder: Path = current_app.config["MEANTIME"].phone_app
    if not (folder / name).resolve().is_relative_to(folder.resolve()) or not (folder / name).is_file():
        abort(404)
    packed = request.accept_encodings["br"] > 0 and (folder / f"{name}.br").is_file()
    answer = send_from_directory(
        folder, f"{name}.br" if packed else name, mimetype=TYPES.get(Path(name).suffix), conditional=True
    )
    if packed:
        answer.headers["Content-Encoding"] = "br"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = keep
    answer.headers.update(HEADERS)
    return answer
