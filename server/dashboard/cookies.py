"""The staff cookie, and the headers every answer carries."""

from flask import g, make_response, request

from server.dashboard.pages import config
from server.people import sign_in


def cookie_name() -> str:
    """`__Host-staff` under https; browsers drop that prefix on http loopback."""
    return "__Host-staff" if config().is_https else "staff"


def give(answer, token: str):
    """Give the browser its staff session."""
    answer = make_response(answer)
    answer.set_cookie(
        cookie_name(), token, max_age=int(sign_in.ABSOLUTE.total_seconds()), path="/",
        secure=config().is_https, httponly=True, samesite="Lax",
    )  # fmt: skip
    return answer


def take(answer):
    """Take the staff session from the browser; the phone's storage on the same address stays."""
    answer = make_response(answer)
    answer.delete_cookie(cookie_name(), path="/", secure=config().is_https, httponly=True, samesite="Lax")
    return answer


def harden(answer):
    """Nothing from elsewhere, nothing in a frame, nothing kept by caches; forms go to us only."""
    if g.get("new_token"):
        answer = give(answer, g.new_token)
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'self' 'nonce-{g.get('nonce', '')}'; style-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # Not no-referrer: with that, browsers send our own forms with "Origin: null".
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if request.endpoint != "dashboard.asset":
        answer.headers["Cache-Control"] = "no-store"
    if config().is_https:
        answer.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return answer
