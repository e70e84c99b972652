"""A client's reminders: what became of each in words, whether they reach the phone, and a test of it."""

from datetime import timedelta

from flask import g, redirect, request, url_for

from server.caseload import queries as caseload
from server.dashboard import dates
from server.dashboard.forms import Nothing, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.next_reminders import next_words, none_words, set_words
from server.dashboard.pages import config, page
from server.dashboard.presenters import counted
from server.dashboard.reach import is_reached, reach_words
from server.dashboard.ways import NAMES, ways_line
from server.engagement.rules.prompts import Prompt, reach
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people
from server.people.sign_in import allow
from server.reminders import actions, ledger, preview, trying
from server.reminders.asking import is_asked

BACK = timedelta(weeks=4)
TESTS_AN_HOUR = 10
MANY = 100  # more than are laid out ahead
NOT_TO_COME = "Not to come as things stand now"
IN_VAIN = "Planned, but nothing reaches them now"
TESTED = {
    "accepted": "The message service of their phone took the test. Ask whether it came; it can take a minute.",
    "failed": "The test did not go through. The phone’s message service did not take it. Try again in some minutes.",
    "no-subscription": "No test was sent: no phone of theirs takes reminders. They turn them on in the app’s settings.",
    "care-ended": "No test was sent: their course has ended, and no reminder is sent after it.",
    "quiet-hours": "No test was sent: these are hours in which they want none. Try at another hour.",
    "not-safe": "No test was sent: a notification on their phone is not among the ways they chose.",
    "not-asked": "No test was sent: ask first, while they are alone, how to reach them safely.",
    "too-many-tries": "No test was sent: there were many in this hour. Try again later.",
}
BECAME = {
    "coming": "To come",
    "waiting": "Waits for another try",
    "sending": "Being sent",
    "sent": "Handed on",
    "shown": "Shown on the phone",
    "opened": "Opened",
    "failed": "Did not go through",
    "expired": "Not sent: it was too late by then",
    "cancelled": "Not sent",
}
WHY = {
    "too-late": "it was too late by then",
    "rule-ended": "they stopped, changed or paused their reminders",
    "replaced": "they changed their reminders",
    "care-ended": "the course had ended",
    "discharged": "the course had ended",
    "withdrawn": "the task was withdrawn",
    "nothing-to-do": "nothing was open on that day",
    "quiet-hours": "it fell into their quiet hours",
    "not-now": "as things stood it was not to come: they had not looked in, or an appointment was cancelled",
    "enough-today": "enough was sent that day",
    "no-phone": "no phone of theirs took reminders",
    "not-asked": "nobody had asked how to reach them safely",
    "not-safe": "this way was not safe, or not wanted any more",
    "unsafe-hours": "it was not a safe hour",
    "not-set-up": "this way is not set up here; the administrator can see it",
    "no-such-address": "the address or number does not exist",
    "no-such-number": "the number does not exist",
    "undelivered": "the text message did not arrive",
    "keys-refused": "our service’s sending did not work; the administrator can see it",
    "not-accepted": "the message service did not accept it; the administrator can see it",
    "resting": "the message service was in trouble",
    "perhaps-sent": "it may have arrived: the message service did not say",
    "later": "the message service did not answer",
    "gone": "their phone takes no reminders at the address we knew",
    "trouble": "something of ours broke",
}


@dashboard.get("/clients/<uuid:client_id>/reminders")
def show_reminders(client_id):
    """The last thirty and what became of each."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    zone = people.service_of(g.practitioner).zone
    reached, coming = is_reached(client), {one.due.due_at for one in preview.next_of(client, g.now, MANY)}
    rows = [_row(line, client.zone, reached, coming) for line in ledger.ledger_of(client, g.now)]
    return page(
        "dashboard/reminders.html", client=client, rows=rows, reach=reach_words(client, zone), line=ways_line(client),
        coming=next_words(client), because=none_words(client), hours=set_words(client), asked=is_asked(client),
        far=how_far(client, reached),
        tested=TESTED.get(request.args.get("tested", "")), went=request.args.get("tested") == "accepted",
    )  # fmt: skip


@dashboard.post("/clients/<uuid:client_id>/reminders/test")
def test_reminder(client_id):
    """Really send their phone a reminder that stands for nothing; the page says what came of it."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    if not read(Nothing).ok:
        return redirect(url_for(".show_reminders", client_id=client_id), 303)
    return redirect(url_for(".show_reminders", client_id=client_id, tested=_tested(client)), 303)


def how_far(client, reached: bool) -> str:
    """M16 of this client in words: counts of the last four weeks. `reached`: whether reminders reach them now."""
    lines = ledger.fell_due(client, g.now - BACK, g.now)
    if not lines:
        return "No reminder fell due in the last four weeks."
    prompts = [
        Prompt(one.due_at, one.became in ledger.GOT_ON, one.at if one.became == "opened" else None) for one in lines
    ]
    off = [at for at in ledger.turned_off_at(client) if at >= g.now - BACK]
    found = reach([reached], prompts, off)
    words = f"Last four weeks: {counted(found.accepted.of, 'reminder')} fell due, {found.accepted.count} were handed on"
    words += f", {found.opened.count} opened." if found.accepted.count else "."
    if found.turned_off.count:
        words += " They turned reminders off within a day after one: ask what they would like instead."
    return words


def _tested(client) -> str:
    phone = trying.phone_to_try(client, g.now)
    if isinstance(phone, str):
        return phone
    try:
        with atomic():
            allow(f"push-test|{client.id}", g.now, TESTS_AN_HOUR)
    except Refused as no:
        return no.code
    outcome = trying.try_out(phone=phone, client=client, config=config(), now=g.now)
    with atomic():
        return actions.tested(subscription=phone, outcome=outcome, by=g.practitioner, now=g.now)


def _row(line: ledger.Line, zone: str, reached: bool, coming: set) -> dict:
    words = BECAME[line.became]
    if line.became == "coming" and line.due_at not in coming:
        words = NOT_TO_COME
    elif line.became == "coming" and not reached:
        words = IN_VAIN
    if line.became in ("failed", "cancelled") and line.why:
        words += f": {WHY.get(line.why, 'it was not wanted any more')}"
    if line.became in ledger.GOT_ON:
        words += f" at {dates.clock_time(line.at, zone)}"
    return {"day": dates.short_day(line.local_date), "at": line.slot, "way": NAMES[line.channel], "became": words}
