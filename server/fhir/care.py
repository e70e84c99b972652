"""What was agreed, as a FHIR R4 Task for each assignment within a CarePlan of the course of treatment. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from server.fhir.extensions import extension
from server.fhir.questionnaire import canonical
from server.fhir.words import OURS
from server.worksheets.definition import Worksheet

Data = dict[str, Any]
STATUS = {"open": "in-progress", "ended": "completed", "withdrawn": "cancelled"}


@dataclass(frozen=True)
class Agreed:
    """One assignment, as its newest version says it. `plan`: (label, words) rows; `rhythm`: as docs/protocol.md."""

    assignment_id: str
    title: str
    reason: str
    state: str
    agreed_at: datetime
    from_date: date
    until_date: date | None
    rhythm: Data
    plan: tuple[tuple[str, str], ...] = ()
    worksheet: Worksheet | None = None


def task(agreed: Agreed, client_id: str) -> Data:
    """The Task of one assignment: what, why, since when, how often, the plan, and the Questionnaire to fill in."""
    until = {"end": agreed.until_date.isoformat()} if agreed.until_date else {}
    where = canonical(agreed.worksheet) if agreed.worksheet else None
    fills_in = {"type": {"text": "Questionnaire"}, "valueCanonical": where}
    return {
        "resourceType": "Task",
        "id": agreed.assignment_id,
        "extension": [extension(f"{OURS}rhythm", agreed.rhythm)],
        "status": STATUS.get(agreed.state, "in-progress"),
        "intent": "plan",
        "description": agreed.title,
        "for": {"reference": f"Patient/{client_id}"},
        "authoredOn": agreed.agreed_at.isoformat(timespec="seconds"),
        "executionPeriod": {"start": agreed.from_date.isoformat(), **until},
        "reasonCode": {"text": agreed.reason},
        **({"note": [{"text": f"{label}: {words}"} for label, words in agreed.plan]} if agreed.plan else {}),
        **({"input": [fills_in]} if where else {}),
    }


def care_plan(episode_id: str, client_id: str, opened: date, closed: date | None, agreed: list[Agreed]) -> Data:
    """The CarePlan of one course of treatment, with the Tasks inside it."""
    until = {"end": closed.isoformat()} if closed else {}
    return {
        "resourceType": "CarePlan",
        "id": episode_id,
        **({"contained": [task(one, client_id) for one in agreed]} if agreed else {}),
        "status": "completed" if closed else "active",
        "intent": "plan",
        "title": "What was agreed between appointments",
        "subject": {"reference": f"Patient/{client_id}"},
        "period": {"start": opened.isoformat(), **until},
        **({"activity": [{"reference": {"reference": f"#{one.assignment_id}"}} for one in agreed]} if agreed else {}),
    }
