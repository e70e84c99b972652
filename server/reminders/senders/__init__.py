"""The one interface of every channel's sender: messages in, outcomes out in small windows as they come.

Sync outside, many at a time inside. A sender knows no database: who is to be told, and whether still, is decided
before (`sending.check`), and what came of it is written down after (`sending.record`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

SENT, GONE, LATER, BUG, ALARM = "sent", "gone", "later", "bug", "alarm"
TOO_MANY = 429  # a push service counts by phone, Notify by our key


@dataclass(frozen=True)
class Outcome:
    """What came of a message: `sent` means the channel's own service took it, not that anybody saw it.

    `gone`: this address is dead, and others may live. `later`: try again, not before `retry_after`. `bug`: never try
    this again. `alarm`: our keys were refused. `tried` is false when the service was not asked at all, because it
    rests or the time was up. `perhaps`: it may have been taken, since the line broke before an answer came; false: it
    was not, for sure; None: nothing was learned of that.
    """

    kind: str
    status: int | None = None
    retry_after: timedelta | None = None
    tried: bool = True
    perhaps: bool | None = None


class Sender(Protocol):
    """Whatever sends messages of a channel. It draws each message only when its turn comes, and answers for all.

    A message has a `ref`, the caller's own, and the `channel` that it goes by: push, email or sms.
    """

    def send(
        self, messages: Iterable[Any], now: datetime
    ) -> Iterator[list[tuple[Any, Outcome]]]: ...  # pragma: no cover


class Nowhere:
    """Stands in for the sender of a way that is not set up: the last look before sending lets nothing through to it."""

    def send(self, messages: Iterable[Any], now: datetime) -> Iterator[list[tuple[Any, Outcome]]]:
        """Nothing goes out; what comes all the same, since it was set up a moment ago, waits."""
        for message in messages:
            yield [(message, Outcome(LATER, tried=False))]
