"""A push message's body: padded JSON, sealed for one phone as RFC 8291 says, by http_ece or directly."""

import base64
import binascii
import hmac
import json
import os

import http_ece
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PADDED_TO = 512  # every message is as long as every other, whatever it says
RECORD = 4096  # one record holds it all: what push services take at most
LARGEST = 3993  # bytes of plaintext that fit into it (RFC 8291 4)
UNUSABLE = (http_ece.ECEException, InvalidKey, ValueError, TypeError, IndexError, binascii.Error)

_ECDH, _CURVE = ec.ECDH(), ec.SECP256R1()


def padded(payload: dict[str, object]) -> bytes:
    """The payload as JSON, filled up with blanks, so that its length tells nothing."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    return body.ljust(-(-len(body) // PADDED_TO) * PADDED_TO)


def usable(p256dh: str, auth: str) -> bool:
    """Whether a message can be encrypted for these keys: a point on P-256 and 16 bytes."""
    try:
        if len(base64.urlsafe_b64decode(auth + "==")) != 16:
            return False
        by_http_ece(p256dh, auth, b"{}")
    except UNUSABLE:
        return False
    return True


def by_http_ece(p256dh: str, auth: str, payload: bytes) -> bytes:
    """The body, by the encoder inside pywebpush, called as that calls it: its own class copies everything first.

    One of `UNUSABLE` for keys that are none.
    """
    return http_ece.encrypt(
        payload,
        salt=os.urandom(16),
        private_key=ec.generate_private_key(_CURVE),
        dh=_decoded(p256dh),
        auth_secret=_decoded(auth),
        rs=RECORD,
        version="aes128gcm",
    )


def directly(p256dh: str, auth: str, payload: bytes) -> bytes:
    """The same by RFC 8291 3.4 and RFC 8188 2 themselves, a little faster. The key pair is new for each message."""
    theirs, secret = _decoded(p256dh), _decoded(auth)
    if len(secret) != 16 or len(payload) > LARGEST:
        raise ValueError("16 bytes of auth, and at most 3,993 bytes to send")
    mine = ec.generate_private_key(_CURVE)
    shared = mine.exchange(_ECDH, ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, theirs))
    point = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    salt = os.urandom(16)
    input_key = _hmac(_hmac(secret, shared), b"WebPush: info\0" + theirs + point + b"\x01")
    pseudorandom = _hmac(salt, input_key)
    key = _hmac(pseudorandom, b"Content-Encoding: aes128gcm\0\x01")[:16]
    nonce = _hmac(pseudorandom, b"Content-Encoding: nonce\0\x01")[:12]
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(point)]) + point
    return head + AESGCM(key).encrypt(nonce, payload + b"\x02", None)


def _hmac(key: bytes, data: bytes) -> bytes:
    # HKDF (RFC 5869) of one block is two of these.
    return hmac.digest(key, data, "sha256")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")  # more filling than is needed does no harm
