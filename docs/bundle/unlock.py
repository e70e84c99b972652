"""Opens the free text of a study: python unlock.py FILE.locked; it asks for the key. Needs the package cryptography."""

import base64
import getpass
import sys
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BEGINS = b"meantime locked file 1\n"


def unlocked(key: bytes, raw: bytes) -> bytes:
    """What is in it. An error where the key is another, or anything in the file was changed, moved or cut off."""
    if not raw.startswith(BEGINS):
        raise ValueError("This is no locked file of Meantime.")
    box, at = AESGCM(key), len(BEGINS) + 8
    nonce, pieces, last = raw[len(BEGINS) : at], [], False
    while not last:
        size = int.from_bytes(raw[at : at + 4], "big")
        piece, at = raw[at + 4 : at + 4 + size], at + 4 + size
        last = at >= len(raw)
        place = f"{len(pieces)}|{'last' if last else 'more'}".encode()
        pieces.append(box.decrypt(nonce + len(pieces).to_bytes(4, "big"), piece, place))
    return b"".join(pieces)


if __name__ == "__main__":
    locked = Path(sys.argv[1])
    opened = locked.with_name(locked.name.removesuffix(".locked"))
    opened.write_bytes(unlocked(base64.b64decode(getpass.getpass("Key: ")), locked.read_bytes()))
    print(f"Opened as {opened}. Delete it once it is no longer needed.")
