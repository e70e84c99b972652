"""What breaks is told by its kind and its place in the program: the text of an error may be what somebody wrote."""

import logging
import resource
import sys
import threading
import traceback
from types import TracebackType

log = logging.getLogger(__name__)
Broken = tuple[type[BaseException], BaseException, TracebackType | None]


class Wordless(logging.Formatter):
    """Log lines whose tracebacks have every file, line and kind of error, and no error's text."""

    def formatException(self, ei) -> str:
        """Of the error, and before it of those that it came from."""
        return "\n".join(_told(one) for one in _chain(ei[1]))


def start() -> None:
    """Log to standard error, ids and kinds only; end there too what nothing catches; leave no core file.

    A core file holds all that was in memory: keys, and words that were just opened.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Wordless("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    sys.excepthook = _crashed
    threading.excepthook = lambda told: _crashed(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: _crashed(told.exc_type, told.exc_value, told.exc_traceback)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _crashed(kind, error, trace) -> None:
    if error is not None and not issubclass(kind, SystemExit):
        log.critical("Nothing caught this.", exc_info=(kind, error, trace))


def _chain(error: BaseException | None) -> list[BaseException]:
    """The first cause first. Each once: an error can be its own cause."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.insert(0, error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _told(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    # The system's own sentence, as "No space left on device", and no name of a file.
    why = f": {error.strerror}" if isinstance(error, OSError) and error.errno else ""
    return "".join(traceback.format_tb(error.__traceback__)) + kind + why
