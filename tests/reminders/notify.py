"""A stand-in for GOV.UK Notify on this machine, as strict as its API: token, key order, fields, template, numbers."""

import hashlib
import hmac
import json
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.fakes import b64, unb64

SERVICE, SECRET, TEMPLATE = (str(uuid.UUID(int=n)) for n in (7, 8, 9))
KEY = f"testing-{SERVICE}-{SECRET}"
MAY = {"phone_number", "template_id", "personalisation", "reference", "sms_sender_id"}


@dataclass
class Notify:
    """`taken` is what it accepted, in order. `answers` are given in turn instead: (status, errors) or "drop"."""

    taken: list[dict] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: list = field(default_factory=list)
    from_number: str = "Meantime"

    def __enter__(self):
        handler = type("Handler", (_Handler,), {"notify": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def refused(self, body: dict) -> tuple[int, str] | None:
        """What the real one says to a body that is not right."""
        if extra := set(body) - MAY:
            return 400, f"Additional properties are not allowed ({', '.join(sorted(extra))} was unexpected)"
        if missing := [name for name in ("phone_number", "template_id") if not body.get(name)]:
            return 400, f"{missing[0]} is a required property"
        if body["template_id"] != TEMPLATE:
            return 400, "Template not found"
        if "message" not in body.get("personalisation", {}):
            return 400, "Missing personalisation: message"
        if not re.fullmatch(r"(\+44|0)7\d{9}", body["phone_number"].replace(" ", "")):
            return 400, "phone_number Not a valid phone number"
        return None


class _Handler(BaseHTTPRequestHandler):
    notify: Notify
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._may() or self._told_to():
            return
        wrong = self.notify.refused(body)
        if self.path != "/v2/notifications/sms" or self.headers["Content-Type"] != "application/json":
            self._errors(404, "NoResultFound", "No result found")
        elif wrong:
            self._errors(wrong[0], "ValidationError", wrong[1])
        else:
            self._take({"id": str(uuid.uuid4()), **body})

    def _take(self, kept: dict) -> None:
        self.notify.taken.append(kept)
        content = {"body": kept["personalisation"]["message"], "from_number": self.notify.from_number}
        self._answer(201, {"id": kept["id"], "reference": kept.get("reference"), "content": content})

    def do_GET(self):
        if not self._may() or self._told_to():
            return
        asked = urlsplit(self.path)
        reference = parse_qs(asked.query).get("reference", [None])[0]
        found = [one for one in self.notify.taken if one.get("reference") == reference]
        self._answer(200, {"notifications": found, "links": {"current": self.path}})

    def _told_to(self) -> bool:
        self.notify.asked.append(f"{self.command} {urlsplit(self.path).path}")
        answer = self.notify.answers.pop(0) if self.notify.answers else None
        if answer == "drop":  # taken, and the line goes dead before we hear of it
            self.close_connection = True
            self.connection.close()
        elif answer:
            self._errors(answer[0], "Error", answer[1])
        return bool(answer)

    def _may(self) -> bool:
        found = re.fullmatch(r"Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)", self.headers.get("Authorization", ""))
        if not found:
            return self._errors(401, "AuthError", "Unauthorized: authentication token must be provided")
        head, claims, proof = found.groups()
        if json.loads(unb64(head)) != {"typ": "JWT", "alg": "HS256"}:
            return self._errors(403, "AuthError", "Invalid token: algorithm used is not HS256")
        right = hmac.digest(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256)
        if b64(right) != proof:
            return self._errors(403, "AuthError", "Invalid token: API key not found")
        said = json.loads(unb64(claims))
        if said.get("iss") != SERVICE:
            return self._errors(403, "AuthError", "Invalid token: service not found")
        if abs(time.time() - said["iat"]) > 30:
            return self._errors(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
        return True

    def _errors(self, status: int, kind: str, message: str) -> bool:
        self._answer(status, {"status_code": status, "errors": [{"error": kind, "message": message}]})
        return False

    def _answer(self, status: int, body: dict) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass
