"""What stands in a message and proves that whoever shows it had that message: which row, and a keyed hash. No sign-in.

Kept nowhere: it is made again to be compared.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from server.sealing import ring


def made(purpose: str, row_id: UUID, text: str) -> str:
    """43 base64url characters for this row and this text. Nobody without the key file can make another."""
    mac = bytes.fromhex(ring().keyed(purpose, text))[:16]
    return urlsafe_b64encode(row_id.bytes + mac).decode().rstrip("=")


def named_by(proof: str) -> UUID | None:
    """Which row it says it is of, whether that is true or not; None when it cannot be read."""
    try:
        return UUID(bytes=urlsafe_b64decode(f"{proof}=")[:16])
    except ValueError:
        return None


def same(one: str, other: str) -> bool:
    """Whether two are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
