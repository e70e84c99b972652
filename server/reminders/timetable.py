"""Which of a client's reminders come, all of their hours taken together: the plan and every preview. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from server.reminders.rules import LIVE_FOR, MOST_A_DAY, Due, Hours, cap, is_quiet, moment_of, moments

OWN, LATER, BEFORE = "own", "later", "appointment"  # their own hours, once more, the day before an appointment
# Prompts bring people back for some days, then hardly (clinical.md E1): less for those who do not answer.
AS_SET = timedelta(days=3)  # so long after the last sign of somebody they come as they were set
APART = timedelta(days=2)  # then every other day, until …
FIRST, SECOND = timedelta(days=7), timedelta(days=14)  # … one at seven days and one at fourteen, and then none
DAYS = timedelta(days=2)  # the longest a local day can lie around a moment, and more
LONGEST = timedelta(days=29)  # after so long without a sign both have come, whichever weekdays somebody has


@dataclass(frozen=True)
class Rule:
    """One rule as a value. `key` is whatever tells it from the others."""

    key: Any
    hours: Hours
    kind: str = OWN
    about: Any = None  # one agreed thing, or (None) anything
    steady: bool = False  # as often as set, whether anybody answers or not
    most: int | None = None
    taken: frozenset[date] = frozenset()  # days on which an earlier rule about the same thing reminded


@dataclass(frozen=True)
class Known:
    """What else the timetable follows, in days of the client's own calendar."""

    signs: frozenset[date] = frozenset()  # they were there: opened the app or a reminder, set their hours, began, met
    meetings: frozenset[date] = frozenset()  # appointments that are booked; each day is a sign as well, when it comes
    sent: Mapping[date, int] = field(default_factory=dict)  # of their own hours, gone out already


def coming(rules: Sequence[Rule], known: Known, start: datetime, end: datetime) -> list[tuple[Rule, Due]]:
    """All that comes from `start` (included) to `end` (not included), in order.

    Never two at one time of one day; so many of the own hours a day as the client wants; fewer when nobody answers.
    """
    asked = [(rule, due) for rule in rules if rule.kind == LATER for due in moments(rule.hours, start, end)]
    # Of whole days: one that went out this morning, or comes tonight, leaves as little room for others.
    around = [pair for rule in rules if rule.kind == BEFORE for pair in _before(rule, known, start - DAYS, end + DAYS)]
    before = [(rule, due) for rule, due in around if start <= due.due_at < end]
    own = [rule for rule in rules if rule.kind == OWN]
    least = [pair for rule in own for pair in _spared(rule, own, known, start, end)]
    met = {due.local_date for _, due in around}
    return _kept([*before, *asked], sorted(least, key=_order), _most(own), met, known)


def _kept(besides: list, own: list, most: int, met: set[date], known: Known) -> list[tuple[Rule, Due]]:
    kept, slots = [], set()
    for pair in besides:
        if _slot(pair) not in slots:
            kept.append(pair)
            slots.add(_slot(pair))
    count = Counter(known.sent)
    for rule, due in own:
        day = due.local_date
        room = count[day] < (min(most, MOST_A_DAY - 1) if day in met else most)
        if room and _slot((rule, due)) not in slots:
            kept.append((rule, due))
            slots.add(_slot((rule, due)))
            count[day] += 1
    return sorted(kept, key=_order)


def _most(own: Sequence[Rule]) -> int:
    said = [rule.most for rule in own if rule.most is not None]
    return cap(len(own), max(said, default=None))


def _order(pair: tuple[Rule, Due]) -> tuple:
    rule, due = pair
    return due.due_at, rule.about is None, str(rule.key)  # of two at one time the one about one thing


def _slot(pair: tuple[Rule, Due]) -> tuple[date, str]:
    return pair[1].local_date, pair[1].slot


def _before(rule: Rule, known: Known, start: datetime, end: datetime) -> Iterable[tuple[Rule, Due]]:
    """The day before each appointment."""
    hours = rule.hours
    for met in sorted(known.meetings):
        day = met - timedelta(days=1)
        moment = moment_of(day, hours.at, hours.zone)
        same_day = moment.astimezone(hours.zone).date() == day
        if same_day and hours.on(day) and start <= moment < end and not is_quiet(hours, moment):
            yield rule, Due(day, f"{hours.at:%H:%M}", moment, moment + LIVE_FOR)


def _spared(rule: Rule, own: Sequence[Rule], known: Known, start: datetime, end: datetime) -> list[tuple[Rule, Due]]:
    found = moments(rule.hours, start, end, rule.taken)
    if not rule.steady:
        days = _days_wanted([due.local_date for due in found], own, known)
        found = [due for due in found if due.local_date in days]
    return [(rule, due) for due in found]


def _days_wanted(days: Sequence[date], own: Sequence[Rule], known: Known) -> set[date]:
    """Those of the days on which somebody who was last there then is reminded; two rules share them."""
    over = {rule.hours.paused_until for rule in own if rule.hours.paused_until}  # a holiday is no silence
    signs = sorted(known.signs | known.meetings | over)
    wanted, walked = set(), {}
    for day in days:
        last = max((sign for sign in signs if sign <= day), default=None)
        if last is None or day - last <= AS_SET:
            wanted.add(day)
        elif day - last <= LONGEST:
            if last not in walked:
                walked[last] = walk(last, _days_from(last, own))
            wanted |= {day} & walked[last]
    return wanted


def walk(last: date, days: Iterable[date]) -> set[date]:
    """Of these days after the last sign, in order, those on which to remind somebody who says nothing any more."""
    went, reached = {last}, 0
    for day in days:
        silence = day - last
        stage = (silence >= FIRST) + (silence >= SECOND)
        if stage > reached or (stage == 0 and (silence <= AS_SET or day - max(went) >= APART)):
            went.add(day)
            reached = max(reached, stage)
    return went


def _days_from(last: date, own: Sequence[Rule]) -> list[date]:
    days = set()
    for rule in (rule for rule in own if not rule.steady):
        start = datetime.combine(last, time(0), rule.hours.zone).astimezone(UTC)
        days |= {due.local_date for due in moments(rule.hours, start, start + LONGEST)}
    return sorted(day for day in days if day >= last)
