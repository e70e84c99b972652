"""Push services that have trouble: which is left alone until when, known to every worker on every machine.

A breaker per origin. Closed: everything goes. Open, after three stalls in a row or when the push service asked for
it: nothing goes until `rest_until`. Then a few messages try it, and what comes of them closes it or opens it longer.
One phone that gets too many (429) waits alone; only where several do, and none is taken, it is the push service.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select

from server.extensions import db, inserting
from server.reminders import rules
from server.reminders.models import PushOrigin
from server.reminders.senders import LATER, SENT, TOO_MANY, Outcome

PROBES = 3  # so many messages try a push service that rested, whoever sends them


class Gate:
    """What one batch may send where: read once, and written when a push service is tried again."""

    def __init__(self, origins: Iterable[str], now: datetime) -> None:
        rows = select(PushOrigin).where(PushOrigin.origin.in_(set(origins)))
        self._rows = {row.origin: row for row in db.session.scalars(rows.execution_options(populate_existing=True))}
        self._now, self._left = now, dict[str, int]()

    def shut_until(self, origin: str) -> datetime | None:
        """Until when this push service is left alone; None lets one message through."""
        row = self._rows.get(origin)
        if row is None:
            return None
        if self._left.get(origin, 0) > 0:
            self._left[origin] -= 1
            return None
        if row.rest_until is not None and row.rest_until > self._now:
            return row.rest_until
        if row.stalls >= rules.STALLS:
            # Half open: the others wait for what comes of these.
            row.rest_until, self._left[origin] = self._now + rules.PROBING, PROBES - 1
        return None


def note(outcomes: Sequence[tuple[str, Outcome]], now: datetime) -> None:
    """Learn from what came of messages, as (origin, outcome). Nothing is written while all is well."""
    tried = [(origin, outcome) for origin, outcome in outcomes if origin and outcome.tried]
    origins = sorted({origin for origin, _ in tried})
    known = {row.origin: row for row in db.session.execute(_states(origins))} if origins else {}
    for origin in origins:
        of_it = _but_for_single_phones(origin, [outcome for other, outcome in tried if other == origin])
        row = known.get(origin)
        before = (row.stalls, row.rest_until) if row else (0, None)
        after = rules.after_outcomes(
            before[0],
            before[1],
            answered=any(outcome.kind != LATER for outcome in of_it),
            stalled=sum(outcome.kind == LATER and outcome.retry_after is None for outcome in of_it),
            asked=max((outcome.retry_after for outcome in of_it if outcome.retry_after), default=None),
            now=now,
        )
        if after != before:
            _keep(origin, {"stalls": after[0], "rest_until": after[1], "changed_at": now})


def _but_for_single_phones(origin: str, outcomes: list[Outcome]) -> list[Outcome]:
    limited = [outcome for outcome in outcomes if outcome.status == TOO_MANY]
    by_phone = "://" in origin  # the others are asked for by our key, whoever it is for
    if by_phone and (len(limited) < rules.STALLS or any(outcome.kind == SENT for outcome in outcomes)):
        return [outcome for outcome in outcomes if outcome.status != TOO_MANY]
    return outcomes


def _states(origins: Sequence[str]):
    columns = select(PushOrigin.origin, PushOrigin.stalls, PushOrigin.rest_until)
    return columns.where(PushOrigin.origin.in_(origins)).order_by(PushOrigin.origin).with_for_update()


def _keep(origin: str, values: dict) -> None:
    # Two workers at once may be the first to learn of it.
    statement = inserting(PushOrigin).values(origin=origin, **values)
    statement = statement.on_conflict_do_update(index_elements=[PushOrigin.origin], set_=values)
    db.session.execute(statement.execution_options(synchronize_session=False))
