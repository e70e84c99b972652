"""One sender of web push, so many messages: prints the seconds of processor time and of the clock that it took."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pywebpush import webpush

from server import clock, worker
from server.reminders.push import Message, WebPush
from server.reminders.senders.fast_push import FastPush
from tests.fakes import unb64

CURVE = ec.SECP256R1()


def main(kind: str, file: str) -> None:
    """Send as the file says, with the sender of this kind, and print both. What is sent is laid out before."""
    told = json.loads(Path(file).read_text())
    work = {"naive": naive, "default": ours, "fast": ours, "floor": floor}[kind](told, kind)
    began, worked = time.perf_counter(), time.process_time()
    work()
    print(time.process_time() - worked, time.perf_counter() - began)


def naive(told: dict, _: str) -> Callable[[], None]:
    """The loop that everybody writes first."""

    def work() -> None:
        for phone in phones(told):
            claims = {"sub": told["vapid"]["subject"]}
            webpush(phone, told["payload"], vapid_private_key=told["pem"], vapid_claims=claims, ttl=60)

    return work


def ours(told: dict, kind: str) -> Callable[[], None]:
    """Our own sender, as the worker calls it."""
    make = WebPush if kind == "default" else FastPush
    sender = make(told["private"], told["vapid"]["subject"], tuple(told["hosts"]))
    sender.authorities = os.environ["SSL_CERT_FILE"]
    payload = told["payload"].encode()
    messages = [
        Message(number, phone["endpoint"], phone["keys"]["p256dh"], phone["keys"]["auth"], payload, "t" * 22, 60)
        for number, phone in enumerate(phones(told))
    ]

    worker.quieten()  # as the worker does that calls it

    def work() -> None:
        sent = sum(outcome.kind == "sent" for window in sender.send(messages, clock.now()) for _, outcome in window)
        if sent != told["count"]:
            raise SystemExit(f"only {sent} of {told['count']} were taken")

    return work


def floor(told: dict, _: str) -> Callable[[], None]:
    """The bare cryptography of RFC 8291 for so many messages, and nothing else: written apart from our encoder."""
    payload = told["payload"].encode() + b"\x02"

    def work() -> None:
        for phone in phones(told):
            point, secret = unb64(phone["keys"]["p256dh"]), unb64(phone["keys"]["auth"])
            mine = ec.generate_private_key(CURVE)
            shared = mine.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point))
            own = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            pseudorandom = _mac(os.urandom(16), _mac(_mac(secret, shared), b"WebPush: info\0" + point + own + b"\x01"))
            key = _mac(pseudorandom, b"Content-Encoding: aes128gcm\0\x01")[:16]
            AESGCM(key).encrypt(_mac(pseudorandom, b"Content-Encoding: nonce\0\x01")[:12], payload, None)

    return work


def phones(told: dict) -> Iterator[dict]:
    """As many as there are messages, in turns."""
    return (told["phones"][n % len(told["phones"])] for n in range(told["count"]))


def _mac(key: bytes, data: bytes) -> bytes:
    made = hmac.HMAC(key, hashes.SHA256())
    made.update(data)
    return made.finalize()


if __name__ == "__main__":
    main(*sys.argv[1:])
