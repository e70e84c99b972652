"""Plan and dispatch, on either database: two functions with no timer inside, for whoever looks after them.

`meantime serve` calls them by its own timetable, `meantime worker` as jobs of Procrastinate, and tests by hand.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from time import monotonic

from flask import current_app

from server.extensions import atomic
from server.reminders import alarms, claiming, planning, queries, sending, watching
from server.reminders.claiming import Claim
from server.reminders.push import Message
from server.reminders.rules import LIVE_FOR
from server.reminders.senders import ALARM, BUG, Sender

Clock = Callable[[], datetime]
log = logging.getLogger(__name__)

RULES_AT_ONCE = 500
CLAIMED_AT_ONCE = 500
CHECKED_AT_ONCE = 250


def plan(now: datetime) -> int:
    """Lay out the reminders of the next 48 hours, in steps that hold no lock for long. Returns how many are new."""
    new, after = 0, None
    while rule_ids := queries.rules_to_plan(now.date(), after, RULES_AT_ONCE):
        with atomic():
            new += planning.plan(now, rule_ids)
        after = rule_ids[-1]
    return new


def dispatch(
    now: datetime,
    sender: Sender,
    *,
    most: int | None = None,
    channel: str | None = None,
    told_to_stop: Callable[[], bool] = lambda: False,
) -> Counter[str]:
    """Send what is due, at most `most` of it. Returns how many came to what.

    Claimed 500 at a time under a lease and committed, checked once more, sent, and written down in small windows; a
    repeat after a crash is made invisible by Topic and tag. What is due is claimed while the slow ones are still on
    their way: a push service that hangs delays nobody. One row that breaks the program is put off and never stops
    the rest. Once told to stop nothing more goes out, and what was claimed is given back.
    """
    run = _Run(clock_from(now), most, channel, told_to_stop)
    run.expire()
    while run.goes_on():
        for window in sender.send(run.messages(), run.at()):
            with atomic():
                sending.record_all(outcomes=[(message.ref, outcome) for message, outcome in window], now=run.at())
            run.counts.update(outcome.kind for _, outcome in window)
    _sound(run.counts, run.at())
    return +run.counts


class _Run:
    """One dispatch: what it may still take, and what came of it so far."""

    def __init__(self, at: Clock, most: int | None, channel: str | None, told_to_stop: Callable[[], bool]) -> None:
        self.at, self.counts = at, Counter[str]()
        self._most, self._channel, self._told_to_stop = most, channel, told_to_stop
        self._found = True

    def expire(self) -> None:
        while not self._told_to_stop():
            with atomic():
                expired = claiming.expire(now=self.at())
            self.counts["expired"] += expired
            if expired < claiming.EXPIRED_AT_ONCE:
                return

    def goes_on(self) -> bool:
        """Whether the last round claimed something: what came of that may be due again, by another phone."""
        found, self._found = self._found, False
        return found

    def messages(self) -> Iterator[Message]:
        """Drawn one by one by the sender, so that each is checked only shortly before it goes out."""
        while claims := self._claim():
            for start in range(0, len(claims), CHECKED_AT_ONCE):
                if self._told_to_stop():
                    self._give_back(claims[start:])
                    return
                yield from self._checked(claims[start : start + CHECKED_AT_ONCE])

    def _claim(self) -> list[Claim]:
        limit = CLAIMED_AT_ONCE if self._most is None else min(CLAIMED_AT_ONCE, self._most)
        if limit <= 0 or self._told_to_stop():
            return []
        with atomic():
            claims = claiming.claim(now=self.at(), limit=limit, channel=self._channel)
        self._found = self._found or bool(claims)
        if self._most is not None:
            self._most -= len(claims)
        return claims

    def _give_back(self, claims: Sequence[Claim]) -> None:
        with atomic():
            self.counts["released"] += claiming.release(claims=claims, now=self.at())

    def _checked(self, claims: Sequence[Claim]) -> list[Message]:
        try:
            messages = _check(claims, self.at())
        except Exception:
            log.exception("A batch of %d reminders could not be checked; each is tried alone.", len(claims))
            messages = [message for claim in claims for message in self._check_alone(claim)]
        self.counts["dropped"] += len(claims) - len(messages)
        return messages

    def _check_alone(self, claim: Claim) -> list[Message]:
        try:
            return _check([claim], self.at())
        except Exception:
            log.exception("Reminder %s broke its check; it is put off.", claim.delivery_id)
            self.counts["trouble"] += 1
            with atomic():
                claiming.put_off(claims=[claim], now=self.at())
            return []


def _check(claims: Sequence[Claim], now: datetime) -> list[Message]:
    with atomic():
        return sending.check(claims=claims, base_url=current_app.config["MEANTIME"].base_url, now=now)


def _sound(counts: Counter[str], now: datetime) -> None:
    """Say aloud what somebody has to look at."""
    if counts[ALARM]:
        log.error(
            "ALARM: %d messages were refused because of what we sign in with. Nothing was deleted.", counts[ALARM]
        )
        _name_refusals(now)
    if counts[BUG]:
        log.error("ALARM: %d messages were not accepted as they were.", counts[BUG])
    if counts["expired"]:
        log.warning("%d reminders were too late to be sent.", counts["expired"])
    if stuck := queries.stuck_since(now):
        log.error("ALARM: a reminder due at %s has not been claimed.", stuck.isoformat(timespec="seconds"))


def _name_refusals(now: datetime) -> None:
    for sentence in alarms.of_refusals(watching.refusals(now, LIVE_FOR)):
        log.error("ALARM: %s", sentence)


def clock_from(now: datetime) -> Clock:
    """The moment handed in, plus what has really passed since: a pretended hour stays pretended."""
    started = monotonic()
    return lambda: now + timedelta(seconds=monotonic() - started)
