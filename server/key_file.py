"""The key file on the disk: changed by one at a time, whole at every moment, and there after a power cut."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from server.errors import CannotStart

Seen = tuple[int, int, int]


def seen(path: Path) -> Seen | None:
    """By what one version of the file is told from the next: the next is always another file, put in its place.

    None where there is none to be seen.
    """
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def make(path: Path, body: dict[str, Any]) -> None:
    """A new file (0600), and its folder where there is none. `FileExistsError` where there is one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(path.parent) as folder:
        if path.exists():
            raise FileExistsError(f"there is a key file {path}")
        _put(path, body, folder)


def change(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what is in the file; nobody else does meanwhile. It stays whose it was, and on the disk when this returns.

    `CannotStart` where it cannot be written as it was: it is left as it is.
    """
    path = path.resolve()  # of a link, what it leads to
    try:
        with _alone(path.parent) as folder:
            body = json.loads(path.read_text())
            change(body)
            _put(path, body, folder, like=path.stat())
    except OSError as wrong:
        why = (wrong.strerror or str(wrong)).lower()
        raise CannotStart(f"The key file {path} cannot be changed: {why}. It is as it was.") from wrong


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """The folder, opened and locked: unlike the file, it is not replaced."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _put(path: Path, body: dict[str, Any], folder: int, like: os.stat_result | None = None) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)  # of somebody who was killed on the way
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            if like is not None:
                os.fchown(handle, like.st_uid, like.st_gid)
                os.fchmod(handle, like.st_mode & 0o777)
            json.dump(body, file, indent=1)
            file.flush()
            os.fsync(handle)
        fresh.replace(path)  # whoever reads it reads the old one or the new one, never half
        os.fsync(folder)  # else the old one may be back after a power cut, and what is wrapped by then is lost
    finally:
        fresh.unlink(missing_ok=True)
