"""How much is agreed: the weekly load in words, and the next smaller step of a form."""

from flask import g

from server.assignments import queries as assignments
from server.assignments.rules import Amount, Rhythm, goes_on, last_day, smaller, weekly_load
from server.dashboard import dates, presenters
from server.dashboard.agreeing import USUAL_TIMES, allowed_rhythms, rhythm_words
from server.dashboard.forms import Form, whole
from server.people import queries as people

DAYS_UNDER = {"weekdays": "weekdays", "per_week": "planned_per_week", "weekly": "planned_weekly"}


def load_words(client, plus: dict | None = None, without=None) -> dict:
    """`{words, over}`: times a week over all that is open, with one more rhythm and without one assignment."""
    rhythms = open_rhythms(client, without)
    times = weekly_load([*rhythms, Rhythm.read(plus)] if plus else rhythms)
    cap = people.service_of(g.practitioner).weekly_cap
    begin = "With this" if plus else "Agreed now"
    more = f" Your service’s cap is {cap}. A smaller or rarer task may fit better." if times > cap else ""
    return {"words": f"{begin}: {presenters.counted(times, 'time')} a week.{more}", "over": times > cap}


def open_rhythms(client, without=None) -> list[Rhythm]:
    """The rhythms of all that is open and still asks for something."""
    today = dates.local_day(g.now, client.zone)
    waiting = {row.assignment_id for row in assignments.occurrences_of(client.id, since=today) if _waits(row, today)}
    return [
        one.rhythm
        for one in assignments.of_client(client)
        if one.assignment.state == "open"
        and one.assignment.id != without
        and _asks(one, today, one.assignment.id in waiting)
    ]


def is_over(agreed, today) -> bool:
    """Whether nothing more of it comes by itself: closed, past its last day, or for once and not agreed today."""
    version = agreed.version
    if agreed.assignment.state != "open" or goes_on(agreed.rhythm, version.from_date, version.until_date, today):
        return agreed.assignment.state != "open"
    return agreed.rhythm.kind != "once" or agreed.assignment.agreed_on < today


def make_smaller(form: Form, worksheet) -> str:
    """One step less in what is typed; what was changed, in words. Everything else that was typed stays."""
    before = _amount(form)
    after = smaller(before, [one["value"] for one in allowed_rhythms(worksheet)])
    if after is None:
        return "This is the smallest there is. Another task may fit better."
    kind = after.rhythm.kind
    form.typed["size"], form.typed["rhythm"], form.typed["how_long"] = after.size, kind, after.how_long
    if kind in USUAL_TIMES:
        form.typed[f"times_{kind}"] = str(after.rhythm.times)
    if kind in DAYS_UNDER and before.rhythm.weekdays:
        form.typed.setlist(DAYS_UNDER[kind], [str(day) for day in after.rhythm.weekdays[: _fit(after)]])
    return f"Made smaller: {_difference(before, after)}."


def _asks(one, today, waiting: bool) -> bool:
    """Once is asked for until it is done or its days are over; what goes on, until its last day."""
    version = one.version
    last = last_day(one.rhythm, version.from_date, version.until_date)
    return (last is None or last >= today) and (one.rhythm.kind != "once" or waiting)


def _waits(row, today) -> bool:
    return row.state in ("open", "moved") and max(row.due_on, row.moved_to or row.due_on) >= today


def _amount(form: Form) -> Amount:
    """What is typed, as far as it can be read."""
    kind = form.text("rhythm") or "once"
    times = whole(form.text(f"times_{kind}").strip()) or USUAL_TIMES.get(kind, 1)
    typed = [code for code in form.chosen(DAYS_UNDER.get(kind, "weekdays")) if code in "0123456" and len(code) == 1]
    days = sorted({int(code) for code in typed})
    size = form.text("size") if form.text("size") in presenters.SIZES else "usual"
    return Amount(size, Rhythm(kind, min(times, 7), tuple(days)), form.text("how_long"))


def _fit(amount: Amount) -> int | None:
    """So many planned days as there are times."""
    return amount.rhythm.times if amount.rhythm.kind == "per_week" else None


def _difference(before: Amount, after: Amount) -> str:
    said = []
    if after.size != before.size:
        said.append(f"size {presenters.SIZES[after.size].lower()} instead of {presenters.SIZES[before.size].lower()}")
    if after.how_long != before.how_long:
        said.append(f"“{after.how_long}” instead of “{before.how_long}”")
    if after.rhythm != before.rhythm:
        said.append(f"{presenters.inside(_often(after))} instead of {presenters.inside(_often(before))}")
    return presenters.listed(said)


def _often(amount: Amount) -> str:
    rhythm = amount.rhythm
    return rhythm_words({"kind": rhythm.kind, "times": rhythm.times, "weekdays": list(rhythm.weekdays)})
