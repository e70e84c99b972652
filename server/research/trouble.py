"""Errors of a build that tell where it went wrong in the program, and nothing of what stands in a row."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class CannotBuild(Exception):
    """A bundle was not built; the text is a sentence that tells nothing of any row."""


class Unreadable(CannotBuild):
    """A row could not be read: says where in the program, and nothing of the row."""

    def __init__(self, kind: str, where: str):
        super().__init__(f"The bundle was not built: a row could not be read ({kind}, {where}).")
        self._told = kind, where

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        """So that it comes whole out of another process."""
        return type(self), self._told


class ProcessEnded(CannotBuild):
    """One of the processes that write parts is gone, or does not go on. One process alone may do it all the same."""

    def __init__(self, how: str) -> None:
        super().__init__(
            f"The bundle was not built: a process that wrote a part of it {how}. Fewer processes need less."
        )


@contextmanager
def telling_nothing() -> Iterator[None]:
    """Keep what is in the rows out of errors: a value that cannot be read may be anything, and errors are logged."""
    try:
        yield
    except CannotBuild:
        raise
    except Exception as wrong:
        steps = traceback.extract_tb(wrong.__traceback__)
        where = next((step for step in reversed(steps) if "server" in Path(step.filename).parts), steps[-1])
        raise Unreadable(type(wrong).__name__, f"{Path(where.filename).name}:{where.lineno}") from None
