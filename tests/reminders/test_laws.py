"""What holds for any hours, in every zone, from 2025 to 2030: looked for anew here, by code that knows none of ours."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.reminders import rules
from server.reminders.rules import Hours
from server.reminders.timetable import BEFORE, LATER, OWN, Known, Rule, coming

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, tzinfo=UTC)
AWKWARD = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham",
           "Pacific/Apia", "Africa/Casablanca")  # fmt: skip
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
LENGTH = 20  # days of one story


@cache
def changes(name):
    """Each moment at which this zone's clock is changed, to the minute."""
    zone, found, at = ZoneInfo(name), [], FIRST
    while at < LAST:  # the shortest time between two changes is that of Ramadan in Morocco
        low, high = at, at + 15 * DAY
        if low.astimezone(zone).utcoffset() != high.astimezone(zone).utcoffset():
            while high - low > MINUTE:
                middle = low + (high - low) // (2 * MINUTE) * MINUTE
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high)
        at += 15 * DAY
    return found


def wall(moment, zone):
    return moment.astimezone(zone).replace(tzinfo=None)


def silent(hours, moment):
    """Whether this moment lies in a stretch of quiet hours that began on its own day or the day before."""
    now = wall(moment, hours.zone)
    for day in (now.date() - DAY, now.date()):
        shift = hours.shift if hours.shift and hours.shift.from_day <= day <= hours.shift.until_day else None
        start, end = ((shift and shift.quiet) or hours.quiet) or (time(0), time(0))
        last = day + DAY if end < start else day
        if datetime.combine(day, start) <= now < datetime.combine(last, end):
            return True
    return False


def wanted_at(hours, day):
    """The moment of this day's reminder, or None: looked for minute by minute around where it may be."""
    paused = hours.paused_until and (hours.paused_from or date.min) <= day < hours.paused_until
    limits = (hours.from_date or date.min) <= day <= (hours.until_date or date.max)
    if paused or not limits or day.weekday() not in hours.weekdays:
        return None
    shift = hours.shift if hours.shift and hours.shift.from_day <= day <= hours.shift.until_day else None
    at = datetime.combine(day, shift.at if shift else hours.at)
    guess = at.replace(tzinfo=UTC) - max(at.replace(tzinfo=hours.zone, fold=fold).utcoffset() for fold in (0, 1))
    if wall(guess, hours.zone) != at:  # a clock is changed there
        there = [guess + n * MINUTE for n in range(-180, 240)]
        guess = next((one for one in there if wall(one, hours.zone) >= at), None)
    return guess if guess and wall(guess, hours.zone).date() == day and not silent(hours, guess) else None


moments_of_day = st.one_of(
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(
        [time(0), time(0, 30), time(1), time(1, 30), time(1, 59), time(2), time(2, 30), time(3), time(23, 59)]
    ),
)
times = moments_of_day.map(lambda at: f"{at:%H:%M}")
pairs = st.fixed_dictionaries({"from": times, "until": times})
zones = st.one_of(st.sampled_from(AWKWARD), st.sampled_from(ZONES))


@st.composite
def beginnings(draw, zone):
    """A first day from 2025 to 2030; half of them shortly before a clock is changed."""
    near = changes(zone)
    if near and draw(st.booleans()):
        return draw(st.sampled_from(near)).date() - timedelta(days=draw(st.integers(0, 4)))
    return draw(st.dates(FIRST.date(), LAST.date() - (LENGTH + 1) * DAY))


@st.composite
def hours(draw, zone, first, weekdays=None, on=None):
    near = st.integers(0, 25).map(lambda n: first + n * DAY)
    more = {"quiet": draw(st.sampled_from([None, None, draw(pairs)])), "from_date": on, "until_date": on}
    if draw(st.booleans()):
        days = sorted(draw(st.tuples(near, near)))
        kept = {"from": days[0].isoformat(), "until": days[1].isoformat()}
        more["shift"] = kept | {"at": draw(times), "quiet": draw(st.none() | pairs)}
    if on is None and draw(st.integers(0, 2)) == 0:
        more |= dict(zip(("paused_from", "paused_until"), sorted(draw(st.tuples(near, near))), strict=True))
    return Hours.of(at=draw(times), weekdays=weekdays or [0, 1, 2, 3, 4, 5, 6], zone=zone, **more)


@st.composite
def stories(draw):
    """(rules, what is known, first day): anything one client could have set, in any zone."""
    zone = draw(zones)
    first = draw(beginnings(zone))
    near, made = st.integers(0, 25).map(lambda n: first + n * DAY), []
    for n in range(draw(st.integers(1, 3))):
        weekdays = sorted(draw(st.just(range(7)) | st.sets(st.integers(0, 6), min_size=1)))
        steady, most = draw(st.booleans()), draw(st.none() | st.integers(1, 2))
        made.append(Rule(f"own-{n}", draw(hours(zone, first, weekdays)), OWN, n or None, steady, most))
    made.append(Rule("later", draw(hours(zone, first, on=draw(near))), LATER))
    made.append(Rule("before", draw(hours(zone, first)), BEFORE))
    days = st.frozensets(near, max_size=3)
    return made, Known(draw(days) | {first}, draw(st.frozensets(near, max_size=8))), first


def of(made, kind):
    return [rule for rule in made if rule.kind == kind]


def right_moment(rule, due):
    # A reminder before an appointment has a time of its own, whatever shift there is.
    at = datetime.combine(due.local_date, rule.hours.at if rule.kind == BEFORE else rule.hours.at_on(due.local_date))
    local = due.due_at.astimezone(rule.hours.zone)
    before = wall(due.due_at - timedelta(seconds=1), rule.hours.zone)
    return due.slot == f"{at:%H:%M}" and before < at <= local.replace(tzinfo=None) and local.fold == 0


@settings(max_examples=120, deadline=None)
@given(stories(), st.lists(st.integers(1, LENGTH * 24 * 60), max_size=5))
def test_never_early_never_two_in_one_slot_never_quiet_and_each_as_its_preview_said(story, cuts):
    made, known, first = story
    begin, end = (datetime.combine(first, time(0), UTC) + n * DAY for n in (0, LENGTH))
    previewed = coming(made, known, begin, end)
    slots = [(due.local_date, due.slot) for _, due in previewed]
    assert len(slots) == len(set(slots))
    for rule, due in previewed:
        assert right_moment(rule, due) and wall(due.due_at, rule.hours.zone).date() == due.local_date
        assert not silent(rule.hours, due.due_at)
        assert due.expires_at == due.due_at + timedelta(hours=2)
    _cap_holds(made, previewed)
    _all_of_it_comes(made, known, previewed, begin, end)
    _silence_is_left_alone(made, known, previewed)
    # Planned in pieces, at whatever moments somebody looks, and with what went out known: as the preview said.
    delivered, sent, last = [], Counter(), begin
    looks = {begin + cut * MINUTE for cut in cuts} | {due.due_at + MINUTE for _, due in previewed}
    for look in sorted({at for at in looks if at < end} | {end}):
        piece = coming(made, Known(known.signs, known.meetings, sent), last, look)
        delivered, last = delivered + piece, look
        sent = sent + Counter(due.local_date for rule, due in piece if rule.kind == OWN)
    assert delivered == previewed


def _cap_holds(made, previewed):
    own = of(made, OWN)
    most = max([rule.most for rule in own if rule.most] or [min(len(own), 2)])
    a_day = Counter((due.local_date, rule.kind) for rule, due in previewed)
    for day in {due.local_date for _, due in previewed}:
        assert a_day[day, OWN] <= (1 if a_day[day, BEFORE] else most)
        assert a_day[day, BEFORE] <= 1 and a_day[day, LATER] <= 1


def _all_of_it_comes(made, known, previewed, begin, end):
    """Nothing is left out: a *later* that was asked for, and own hours up to three days after a sign of somebody."""
    came = {(rule.key, due.local_date): due.due_at for rule, due in previewed}
    [asked] = of(made, LATER)
    at = wanted_at(asked.hours, asked.hours.from_date)
    taken = {due.due_at for rule, due in previewed if rule.kind == BEFORE}
    if at and begin <= at < end and at not in taken:
        assert came["later", asked.hours.from_date] == at
    if len(of(made, OWN)) > 1:
        return
    [own] = of(made, OWN)
    besides = {due.due_at for rule, due in previewed if rule.kind != OWN}
    signs = _signs(made, known)
    for n in range(LENGTH + 1):
        day = begin.date() + n * DAY
        at = wanted_at(own.hours, day)
        if at and begin <= at < end and at not in besides and any(0 <= (day - sign).days <= 3 for sign in signs):
            assert came[own.key, day] == at


def _signs(made, known):
    return known.signs | known.meetings | {rule.hours.paused_until for rule in of(made, OWN) if rule.hours.paused_until}


def _silence_is_left_alone(made, known, previewed):
    """Who says nothing is reminded every other day at most, once after a week, once after two, and then never."""
    came = defaultdict(list)
    for day in sorted({due.local_date for rule, due in previewed if rule.kind == OWN and not rule.steady}):
        last = max((sign for sign in _signs(made, known) if sign <= day), default=None)
        if last:  # before anything is known of somebody they come as set
            came[last].append((day - last).days)
    for days in came.values():
        assert all(b - a >= 2 or b <= 3 or b in range(7, 29) for a, b in pairwise(days))
        assert sum(7 <= n < 14 for n in days) <= 1 and sum(n >= 14 for n in days) <= 1


def _the_minute_is_right(held, start):
    end = start + rules.LIVE_FOR
    assert rules.is_quiet(held, start) == silent(held, start)
    if not silent(held, start):
        minutes = (start.replace(second=0) + n * MINUTE for n in range(1, 121))
        assert rules.quiet_from(held, start, end) == next((at for at in minutes if at < end and silent(held, at)), None)


@settings(max_examples=150, deadline=None)
@given(zones, st.data())
def test_what_goes_out_is_worth_showing_until_the_very_minute_of_quiet_hours(zone, data):
    first = data.draw(beginnings(zone))
    held = data.draw(hours(zone, first))
    begins = [quiet[0] for quiet in (held.quiet, held.shift and held.shift.quiet) if quiet] or [time(12)]
    day = first + data.draw(st.integers(0, 6)) * DAY
    at = datetime.combine(day, data.draw(st.sampled_from(begins)), held.zone).astimezone(UTC)
    _the_minute_is_right(held, at - timedelta(seconds=data.draw(st.integers(-1800, 9000))))


@pytest.mark.parametrize("zone", ["Europe/London", "Australia/Lord_Howe", "America/New_York"])
def test_the_minute_is_right_when_a_clock_is_changed_before_it(zone):
    for change in changes(zone)[:2]:
        edges = {wall(change + n * MINUTE, ZoneInfo(zone)) for n in (-90, -31, -1, 0, 10, 30, 61)}
        for begin in {edge.time() for edge in edges}:
            until = (datetime.combine(change.date(), begin) + timedelta(minutes=70)).time()
            quiet = {"from": f"{begin:%H:%M}", "until": f"{until:%H:%M}"}
            held = Hours.of(at="12:00", weekdays=[0], zone=zone, quiet=quiet)
            for n in range(0, 130, 9):
                _the_minute_is_right(held, change - n * MINUTE)


def test_each_change_of_each_clock_from_2025_to_2030_reminds_once_a_day_and_at_the_right_moment():
    seen = set()
    for name in ZONES:
        zone = ZoneInfo(name)
        for change in changes(name):
            before, after = wall(change - MINUTE, zone) + MINUTE, wall(change, zone)
            if (change, before, after) in seen:
                continue
            seen.add((change, before, after))
            edges = {at + n * MINUTE for at in (before, after) for n in (-61, -30, -1, 0, 1, 30, 59)}
            for at in {edge.time() for edge in edges}:
                _once_a_day(Hours.of(at=f"{at:%H:%M}", weekdays=[0, 1, 2, 3, 4, 5, 6], zone=name), change)
    assert len(seen) > 200


def _once_a_day(held, change):
    rule, start = Rule("own", held, steady=True), change - 2 * DAY
    found = rules.moments(held, start, start + 5 * DAY)
    assert found == [due for _, due in coming([rule], Known(), start, start + 5 * DAY)]
    days = [due.local_date for due in found]
    assert len(days) == len(set(days)) and all(right_moment(rule, due) for due in found)
    first = wall(start, held.zone).date() + DAY
    assert set(days) >= {first + n * DAY for n in range(3) if wanted_at(held, first + n * DAY)}


@pytest.mark.parametrize("zone", ["Europe/London", "Africa/Casablanca"])
def test_the_code_that_looks_anew_finds_the_changes_that_are_known(zone):
    days = {(at.year, at.month, at.day) for at in changes(zone)}
    assert {"Europe/London": (2027, 10, 31), "Africa/Casablanca": (2026, 2, 15)}[zone] in days
