"""Reminders by text message through GOV.UK Notify: looked up by our own reference before anything is sent again.

Its Python client is not used: it follows redirects, logs what Notify says of a number, and brings three packages.
"""

import base64
import hashlib
import hmac
import json
import logging
import ssl
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import local
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from server import clock
from server.reminders.push import outcome_of
from server.reminders.senders import ALARM, BUG, GONE, LATER, SENT, Outcome
from server.reminders.senders.by_threads import ByThreads

log = logging.getLogger(__name__)

PATIENCE = 20  # seconds for one answer
LARGEST = 100_000  # bytes of an answer that are read


@dataclass(frozen=True)
class Text:
    """One text message. `again`: it may have been sent before, so it is looked up first."""

    ref: Any
    to: str
    text: str
    reference: str  # ours, opaque, one for each reminder and way
    again: bool = False
    channel: ClassVar[str] = "sms"


class ByNotify(ByThreads):
    """Asks GOV.UK Notify to send, with a template that holds nothing but ((message))."""

    def __init__(self, address: str, key: str, template: str, **more: Any) -> None:
        super().__init__(**more)
        self._at, self._template = urlsplit(address), template
        # As Notify makes them: a name, then the service's id and the secret, each a UUID.
        self._service, self._secret = key[-73:-37], key[-36:]

    def one(self, message: Text, held: local) -> Outcome:
        """Taken by Notify, once however often it is asked: `sent` too if it had been taken before."""
        if message.again:
            found = self._ask(held, "GET", f"/v2/notifications?{urlencode({'reference': message.reference})}")
            if isinstance(found, Outcome):
                return replace(found, perhaps=None)  # a look that failed tells nothing of what was sent before
            if found.get("notifications"):
                return Outcome(SENT, 200)
        body = {"phone_number": message.to, "template_id": self._template, "reference": message.reference}
        body |= {"personalisation": {"message": message.text}}
        sent = self._ask(held, "POST", "/v2/notifications/sms", body)
        if isinstance(sent, Outcome):
            return sent if sent.perhaps else replace(sent, perhaps=False)
        if str(sent.get("content", {}).get("from_number", "")).lstrip("+").isdigit():
            log.error("ALARM: text messages come from a number that can be answered, and nobody reads answers.")
        return Outcome(SENT, 201)

    def _ask(self, held: local, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any] | Outcome:
        connection = getattr(held, "connection", None)
        if connection is None:
            connection = held.connection = self._connect()
        asked = False
        try:
            if connection.sock is None:
                connection.connect()
            asked = True
            connection.request(method, path, json.dumps(body) if body else None, self._headers())
            answer = connection.getresponse()
            raw = answer.read(LARGEST)
            if answer.status not in (200, 201):
                return _refused(answer.status, _said(raw), answer.getheader("Retry-After"))
            return json.loads(raw)
        except (OSError, HTTPException):
            connection.close()
            held.connection = None
            return Outcome(LATER, perhaps=asked and method == "POST")
        except ValueError:
            return Outcome(LATER, answer.status, perhaps=method == "POST")

    def _connect(self) -> HTTPConnection:
        host, port = self._at.hostname or "", self._at.port
        if self._at.scheme == "https":
            return HTTPSConnection(host, port, timeout=PATIENCE, context=ssl.create_default_context())
        return HTTPConnection(host, port, timeout=PATIENCE)

    def _headers(self) -> dict[str, str]:
        # A JSON Web Token of thirty seconds, by the real clock (Notify, "Authorisation header").
        claims = {"iss": self._service, "iat": int(clock.now().timestamp())}
        signed = f"{_part({'typ': 'JWT', 'alg': 'HS256'})}.{_part(claims)}"
        proof = _base64url(hmac.digest(self._secret.encode(), signed.encode(), hashlib.sha256))
        return {"Authorization": f"Bearer {signed}.{proof}", "Content-Type": "application/json"}


def _refused(status: int, said: str, retry_after: str | None) -> Outcome:
    """What Notify's refusals mean. A number that cannot be one ends that number; a full day's limit waits."""
    if status == 400 and "phone_number" in said:
        return Outcome(GONE, status)
    if status in (401, 403):
        return Outcome(ALARM, status)
    outcome = outcome_of(status, retry_after, clock.now())
    return Outcome(BUG, status) if outcome.kind in (GONE, SENT) else outcome


def _said(raw: bytes) -> str:
    # Read, looked at, and never logged: it may quote the number.
    try:
        listed = json.loads(raw).get("errors", [])
        return " ".join(str(one.get("message", "")) for one in listed if isinstance(one, dict))
    except (ValueError, AttributeError):
        return ""


def _part(value: dict[str, Any]) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
