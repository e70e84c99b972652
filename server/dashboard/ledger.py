"""A client's reminders: what became of each in words, whether they reach the phone, and a test of it."""

from datetime import timedelta

from flask import g, redirect, request, url_for

from server.caseload import queries as caseload
from server.dashboard import dates
from server.dashboard.forms import Nothing, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.next_reminders import next_words, set_words
from server.dashboard.pages import config, page
from server.dashboard.presenters import counted
from server.dashboard.ways import NAMES, ways_line
from server.engagement.rules.prompts import Prompt, reach
from server.errors import Refused
from server.extensions import atomic
from server.people import queries as people
from server.people.sign_in import allow
from server.reminders import actions, ledger, trying
from server.reminders import queries as reminders
from server.reminders.asking import is_asked

BACK = timedelta(weeks=4)
TESTS_AN_HOUR = 10
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
    "keys-refused": "the message service refused our keys; the administrator can see it",
    "not-accepted": "the message service did not accept it; the administrator can see it",
    "resting": "the message service was in trouble",
    "perhaps-sent": "it may have arrived: the message service did not say",
    "later": "the message service did not answer",
    "gone": "the phone had given up its address",
    "trouble": "something of ours broke",
}
NOT_REACHED = {
    "gone": "The phone’s browser gave up the address.",
    "replaced": "The phone’s browser gave up the address.",
    "switched-off": "They switched reminders off in the app.",
    "permission-lost": "Notifications are turned off on the phone. Opening its settings together can help.",
    "cannot": "The phone’s browser takes no notifications any more. Opening the app again can help.",
    "lapsed": "The app was not opened for two months. Opening it once is enough.",
    "phone-ended": "The phone was disconnected.",
}


@dashboard.get("/clients/<uuid:client_id>/reminders")
def show_reminders(client_id):
    """The last thirty and what became of each."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    zone = people.service_of(g.practitioner).zone
    rows = [_row(line, client.zone) for line in ledger.ledger_of(client, g.now)]
    return page(
        "dashboard/reminders.html", client=client, rows=rows, reach=reach_words(client, zone), line=ways_line(client),
        coming=next_words(client), hours=set_words(client), asked=is_asked(client), far=how_far(client),
        tested=TESTED.get(request.args.get("tested", "")), went=request.args.get("tested") == "accepted",
    )  # fmt: skip


@dashboard.post("/clients/<uuid:client_id>/reminders/test")
def test_reminder(client_id):
    """Really send their phone a reminder that stands for nothing; the page says what came of it."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    if not read(Nothing).ok:
        return redirect(url_for(".show_reminders", client_id=client_id), 303)
    return redirect(url_for(".show_reminders", client_id=client_id, tested=_tested(client)), 303)


def reach_words(client, zone: str) -> str:
    """Reminders reach this phone: yes · not since 12 May, because … · they have not been switched on."""
    found = reminders.reach_of(client.id, g.now)
    if found.reaching:
        return "Reminders reach this phone: yes." if is_asked(client) else "Reminders could reach this phone."
    if found.since is None:
        return "Reminders are not switched on."
    why = NOT_REACHED.get(ledger.why_lost(client.id) or "", "")
    return f"Reminders reach this phone: not since {dates.moment(found.since, zone)}. {why}".rstrip()


def how_far(client) -> str:
    """M16 of this client in words: counts of the last four weeks."""
    lines = ledger.fell_due(client, g.now - BACK, g.now)
    if not lines:
        return "No reminder fell due in the last four weeks."
    prompts = [
        Prompt(one.due_at, one.became in ledger.GOT_ON, one.at if one.became == "opened" else None) for one in lines
    ]
    off = [at for at in ledger.turned_off_at(client) if at >= g.now - BACK]
    found = reach([reminders.reach_of(client.id, g.now).reaching], prompts, off)
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


def _row(line: ledger.Line, zone: str) -> dict:
    words = BECAME[line.became]
    if line.became in ("failed", "cancelled") and line.why:
        words += f": {WHY.get(line.why, 'it was not wanted any more')}"
    if line.became in ledger.GOT_ON:
        words += f" at {dates.clock_time(line.at, zone)}"
    return {"day": dates.short_day(line.local_date), "at": line.slot, "way": NAMES[line.channel], "became": words}
