"""Stand-ins for what is outside: a strict push service on this machine, and the keys of a phone it sends to."""

import base64
import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests.unsealing import NotSealedWell, header_of, unb64, unseal

NEEDED = {
    "content-encoding": "aes128gcm",
    "content-type": "application/octet-stream",
    "urgency": "normal",
    "topic": "[A-Za-z0-9_-]{22}",
    "ttl": "[1-9][0-9]*",
}


class PhoneKeys:
    """What a browser keeps of its own subscription: opens what was encrypted for it."""

    def __init__(self):
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        point = self._private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.p256dh, self.auth = b64(point), b64(self._auth)

    def open(self, body: bytes) -> dict:
        """The payload again."""
        return json.loads(unseal(body, self._private, self._auth))


@dataclass
class Taken:
    """One message the push service took, as it came. Repeats are kept."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """A push service on loopback that checks every header and signature as a real one does.

    Where `phones[path]` is known it opens what came as that phone would, and refuses what it cannot open.

    `answers[path]` is a list of answers to give in turn before it answers 201: a status, or (status, headers),
    or "hang" to never answer.
    """

    public_key: str | None = None
    taken: list[Taken] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    answers: dict[str, list] = field(default_factory=dict)
    phones: dict[str, PhoneKeys] = field(default_factory=dict)
    delay: float = 0
    now: Callable[[], float] = time.time  # where a test moves everybody's clock, this one goes with it

    def __enter__(self):
        handler = type("Handler", (_Handler,), {"push": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.closing = threading.Event()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def host(self) -> str:
        """Host and port, as an operator lists them."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def endpoint(self, name: str = "phone") -> str:
        """Where a subscription of that name is sent to."""
        return f"http://{self.host}/{name}"

    def complaint(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str] | None:
        """What a real push service or the phone would refuse: (status, reason), or None."""
        for name, pattern in NEEDED.items():
            if not re.fullmatch(pattern, headers.get(name, "")):
                return 400, f"{name}: {headers.get(name)!r}"
        if not 0 < len(body) <= 4096:
            return 413, f"{len(body)} bytes"
        if wrong := _unsealed(body) or self._unread(path, body):
            return 400, wrong
        return self._untrusted(headers.get("authorization", ""))

    def _unread(self, path: str, body: bytes) -> str | None:
        try:
            _ = path in self.phones and self.phones[path].open(body)
        except (NotSealedWell, InvalidTag, ValueError) as wrong:
            return f"not for this phone: {wrong!r}"
        return None

    def _untrusted(self, authorization: str) -> tuple[int, str] | None:
        found = re.fullmatch(r"vapid t=([^.]+)\.([^.]+)\.([^,]+), ?k=(\S+)", authorization)
        if not found:
            return 401, "no vapid header"
        head, claims, signature, key = found.groups()
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(key))
        raw = unb64(signature)
        proof = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        public.verify(proof, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))  # raises: the test sees it
        said = json.loads(unb64(claims))
        if self.public_key and key != self.public_key:
            return 403, "other keys than the subscription's"
        if said["aud"] != f"http://{self.host}":
            return 401, f"audience {said['aud']}"
        if not 0 < said["exp"] - self.now() <= 86_400:
            return 401, f"expires {said['exp']}"
        return None if re.match("mailto:|https:", said["sub"]) else (401, f"subject {said['sub']}")


def _unsealed(body: bytes) -> str | None:
    """What is wrong with the outside of a sealed body: its header, a point on the curve, a padded length."""
    try:
        head = header_of(body)
    except NotSealedWell as wrong:
        return str(wrong)
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), head.sender)  # raises: the test sees it
    return None if (len(head.sealed) - 17) % 512 == 0 else f"{len(body)} bytes tell how long the words are"


class _Server(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A sender that hangs up is no error of ours; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    push: PushService
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        time.sleep(self.push.delay)
        complaint = self.push.complaint(self.path, headers, body)
        planned = self.push.answers.get(self.path, [])
        answer = planned.pop(0) if planned else 201
        if complaint:
            self.push.refused.append(complaint[1])
            answer = complaint[0]
        elif answer == "hang":
            self.push.closing.wait(60)
            self.close_connection = True
            return
        elif answer in (200, 201):
            self.push.taken.append(Taken(self.path, headers, body))
        status, more = answer if isinstance(answer, tuple) else (answer, {})
        self.send_response(status)
        for name, value in {**more, "Content-Length": "7"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"private")  # what a push service says is never to reach a log

    def log_message(self, *_):
        pass


def b64(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
