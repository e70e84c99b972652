"""Supervision in the demonstration: who supervises whom, what was decided, what is brought, and reasons answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from server.caseload import supervising
from server.caseload.queries import CaseloadLine
from server.demo.so_far import staff_of
from server.demo.standing_in import looked
from server.engagement.attention import NOTHING, TALK
from server.supervision import actions

BEGAN = timedelta(weeks=10)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """One decision: what, who does it, within how many days, and what became of it."""

    words: str
    who: str
    within: int | None = None
    state: str = ""


# In turn for the cases of a caseload; one in six was not spoken of yet.
DECIDED = (
    Said("Go on as planned. Scores are coming down.", "nobody"),
    Said("Halve the task, and ask on the phone mid-week how it went.", "supervisee", 7, "done"),
    Said("Ask what the work means to them before agreeing more of it.", "supervisee", 14, "done"),
    Said("Plan the ending together: two appointments, then the staying-well plan.", "supervisee", 14),
    Said("Ask for a longer slot with an interpreter.", "supervisor", 7, "done"),
    Said("Ring in the evening once. If there is no answer, write as agreed.", "supervisee", 5, "not_done"),
    Said("Move from records to planned activities.", "supervisee", 10, "done"),
)
DAYS_AGO = (6, 34, 13, 6, 20, 41, 13)
QUESTIONS = {
    "Daniel": "Nothing was tried for weeks. Do I make it smaller still, or ask what the work means to them?",
    "Ngozi": "They want more appointments. How do I speak about the ending without it sounding like a no?",
    "Chloe": "The step that would help is avoided. Is it too early, or is it my worry?",
}


def supervise(service_id: UUID, now: datetime) -> None:
    """One supervisor of the first two practitioners for ten weeks, spoken with each every week."""
    staff = staff_of(service_id)
    supervisor = next(one for one in staff if "supervisor" in one.roles)
    administrator = next(one for one in staff if "administrator" in one.roles)
    for nth, one in enumerate(staff[:2]):
        supervising.begin(
            supervisor=supervisor, supervisee=one, from_at=now - BEGAN, until_at=None, by=administrator,
            now=now - BEGAN,
        )  # fmt: skip
        cases = supervising.cases_of(supervisor, one, now)
        for number, line in enumerate(cases, start=nth):
            if number % 6 != 5:
                ago = DAYS_AGO[number % len(DAYS_AGO)] * DAY
                _decide(line, one, supervisor, DECIDED[number % len(DECIDED)], now - ago, now)
        for line in cases:
            if line.client.preferred_name in QUESTIONS:
                _bring(line, one, now)
        _answer(cases[-1], one, "no_phone", NOTHING, "Prefers paper. Agreed at the first appointment.", now)
        _answer(cases[-2], one, "out_of_contact", TALK, None, now)


def _decide(line: CaseloadLine, supervisee, supervisor, said: Said, at: datetime, now: datetime) -> None:
    if at.date() <= line.episode.opened_on:
        return
    looked(line.client, supervisor, at, "show_supervised")
    by_day = (at + said.within * DAY).date() if said.within else None
    row = actions.decide(
        client=line.client, episode=line.episode, supervisee=supervisee, words=said.words, who=said.who,
        by_day=by_day, by=supervisor, now=at,
    )  # fmt: skip
    carried_out = at + (said.within or 1) * DAY
    if said.state and carried_out < now:
        actions.set_state(
            client=line.client, decision_id=row.id, state=said.state, by=supervisee, now=carried_out
        )  # fmt: skip


def _bring(line: CaseloadLine, supervisee, now: datetime) -> None:
    question = QUESTIONS[line.client.preferred_name]
    actions.bring(client=line.client, episode=line.episode, question=question, by=supervisee, now=now - 1 * DAY)


def _answer(line: CaseloadLine, by, reason: str, what: str, words: str | None, now: datetime) -> None:
    actions.answer(
        client=line.client, episode=line.episode, reason=reason, what=what, line=words, next_at=None, by=by,
        now=now - 2 * DAY,
    )  # fmt: skip
