"""One client's reasons to be looked at: what can be done about each, and the record of what was done."""

from flask import g, redirect, request, url_for

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.dashboard import dates, reason_words
from server.dashboard.again import ways_on
from server.dashboard.attention import answered_words, standings
from server.dashboard.caseload import SORTS
from server.dashboard.forms import Form, OneOf, Typed, Words, blank, needed, read
from server.dashboard.guard import dashboard, looked_at
from server.dashboard.pages import page
from server.engagement.attention import SMALLER, SUPERVISION, reason
from server.extensions import atomic
from server.people import queries as people
from server.supervision import actions, queries

RECORDED = [code for code in reason_words.ANSWERS if code != SUPERVISION]  # that one is recorded with its question


class AnswerForm(Typed):
    """What is done about one reason, with a line if somebody wants to leave one."""

    reason = OneOf(reason_words.WHY, **needed("Choose the reason."))
    what = OneOf(RECORDED, **needed("Choose what you do about it."))
    line = Words(longest=300, load_default=None)
    sort = OneOf(SORTS, load_default=None)


@dashboard.get("/clients/<uuid:client_id>/reasons")
def show_reasons(client_id):
    """Why this client stands where they stand on the caseload, and what can be done about each reason."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    looked_at(client)
    return _page(client, blank(sort=request.args.get("sort", "")))


@dashboard.post("/clients/<uuid:client_id>/reasons")
def answer_reason(client_id):
    """Write down what is done about a reason, and go to where it is done."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    form = read(AnswerForm)
    if form.ok and form.values["what"] not in reason(form.values["reason"]).answers:
        form.errors["what"] = "Choose what you do about it."
    if not form.ok:
        looked_at(client)
        return _page(client, form), 422
    with atomic():
        episode = caseload.episode_of(g.practitioner, client_id, g.now)
        meetings = caseload.meetings_of([episode.id])[episode.id]
        coming = next((m.starts_at for m in meetings if m.state == "planned" and m.starts_at > g.now), None)
        actions.answer(
            client=client, episode=episode, reason=form.values["reason"], what=form.values["what"],
            line=form.values["line"], next_at=coming, by=g.practitioner, now=g.now,
        )  # fmt: skip
    if form.values["what"] == SMALLER:
        return redirect(_smaller(client), 303)
    return redirect(url_for(".show_caseload", sort=form.values["sort"]), 303)


def _page(client, form: Form) -> str:
    zone = people.service_of(g.practitioner).zone
    episode = caseload.episode_of(g.practitioner, client.id, g.now)
    mine = caseload.CaseloadLine(client, episode, "own")
    standing = standings([mine], g.now)[0]
    sort = form.text("sort") if form.text("sort") in SORTS else ""
    return page(
        "dashboard/reasons.html",
        client=client,
        form=form,
        sort=sort,
        back=url_for(".show_caseload", sort=sort or None),
        reasons=[_reason(code, client, standing.next) for code in standing.open],
        answered=[answered_words(one, zone) for one in standing.answered],
        before=[_before(row, who, zone) for row, who in queries.answers_of(episode.id)],
    )


def _reason(code: str, client, coming) -> dict:
    one = reason(code)
    return {
        "code": code,
        "text": reason_words.WHY[code],
        "how": reason_words.how_counted(one),
        "step": {"text": reason_words.STEPS[one.step], "href": _step(one.step, client.id, coming)},
        "answers": [(answer, reason_words.ANSWERS[answer]) for answer in one.answers if answer != SUPERVISION],
        "bring": url_for(".show_case", client_id=client.id, reason=code) if SUPERVISION in one.answers else "",
    }


def _step(code: str, client_id, coming) -> str:
    """Where the reason goes away by being dealt with."""
    client = url_for(".show_client", client_id=client_id)
    appointment = coming and url_for(".show_appointment", client_id=client_id, appointment_id=coming.appointment_id)
    return {
        "flag": f"{client}#risk",
        "unreadable": f"{client}#unreadable",
        "task": url_for(".show_occurrences", client_id=client_id),
        "review": appointment or url_for(".list_entries", client_id=client_id),
        "phone": f"{client}#phones",
        "agree": url_for(".choose_task", client_id=client_id),
        "invite": url_for(".show_invitation", client_id=client_id),
        "book": url_for(".show_booking", client_id=client_id),
    }[code]


def _smaller(client) -> str:
    """To the smaller version of the one task that is open; with several, to where each can be made smaller."""
    still_open = [one for one in assignments.of_client(client) if one.assignment.state == "open"]
    ways = ways_on(client, still_open)
    smaller = [way["href"] for each in ways.values() for way in each if way["text"] == "Make smaller"]
    return smaller[0] if len(smaller) == 1 else url_for(".choose_task", client_id=client.id)


def _before(row, who: str, zone: str) -> dict:
    return {
        "day": dates.short_day(dates.local_day(row.recorded_at, zone)),
        "why": reason_words.WHY[row.reason],
        "what": reason_words.ANSWERED[row.what],
        "line": row.line or "",
        "who": who,
    }
