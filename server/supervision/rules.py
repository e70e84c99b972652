"""When a case is due in supervision, what stands on the agenda and why, and when an answer to a reason holds. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

DOES_IT = ("supervisee", "supervisor", "nobody")
STATES = ("open", "done", "not_done")
DAYS_BETWEEN = 28  # a case is due when nobody spoke of it for this long, where a service sets nothing else
FEWEST_DAYS, MOST_DAYS = 7, 91
HOLDS_WITHOUT_APPOINTMENT = timedelta(days=28)
WHY = ("open_actions", "brought", "due", "attention")  # the order of the agenda


@dataclass(frozen=True)
class Answered:
    """What was done about a reason: which reason, what, when, and until when it answers the reason."""

    reason: str
    what: str
    at: datetime
    until_at: datetime


def answers_until(next_at: datetime | None, now: datetime) -> datetime:
    """Until when what was done about a reason holds: the next appointment, else four weeks."""
    return next_at if next_at is not None and next_at > now else now + HOLDS_WITHOUT_APPOINTMENT


def still_answered(reason: str, arose_at: datetime | None, done: Iterable[Answered], now: datetime) -> Answered | None:
    """The newest answer to a reason that holds: not run out, and not older than the reason. None otherwise.

    `arose_at`: when the reason began this time; None where nothing says when, and then only the time limits it.
    """
    found = [
        one for one in done if one.reason == reason and one.until_at > now and (arose_at is None or one.at >= arose_at)
    ]
    return max(found, key=lambda one: one.at, default=None)


def due_on(discussed_on: date | None, known_since: date, days_between: int) -> date:
    """The day on which a case is to be spoken of: so many days after the last time, else after it became known."""
    return (discussed_on or known_since) + timedelta(days=days_between)


def why_on_agenda(*, open_actions: int, brought: bool, due: date, reasons: Iterable[str], today: date) -> list[str]:
    """Why a case stands on the agenda, in its order; empty when it need not be spoken of today."""
    found = {
        "open_actions": open_actions > 0,
        "brought": brought,
        "due": due <= today,
        "attention": bool(list(reasons)),
    }
    return [code for code in WHY if found[code]]
