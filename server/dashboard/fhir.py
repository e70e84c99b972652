"""Downloads for another record system: one entry as a FHIR QuestionnaireResponse, what was agreed as a CarePlan."""

import json

from flask import current_app, g, make_response

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.dashboard.agreeing import plan_rows
from server.dashboard.assignments import worksheet_of
from server.dashboard.entries import reading
from server.dashboard.guard import dashboard, looked_at
from server.entries import queries as entries
from server.errors import Missing
from server.fhir.care import Agreed, care_plan
from server.fhir.files import source_for
from server.fhir.responses import About, both, own_words_response, response


@dashboard.get("/clients/<uuid:client_id>/entries/<uuid:entry_id>/fhir")
def download_entry(client_id, entry_id):
    """One entry, both states of one that was saved on two phones; none where its author keeps it for now."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    views = [one for one in entries.entry_of(client, entry_id) if one.revision.kind != "delete"]
    if any(one.answers is None for one in views):
        raise Missing
    looked_at(client)
    states = [(str(one.revision.revision_id), _response(client, one)) for one in views]
    resource = states[0][1] if len(states) == 1 else both(states)
    return _download(resource, f"entry-{entry_id}")


def _response(client, view) -> dict:
    about = _about(client, view)
    if view.worksheet is None:
        return own_words_response(reading(client, view)["rows"], about)
    return response(
        view.worksheet, view.answers, about, source_for(current_app.config["MEANTIME"].data, view.worksheet)
    )


@dashboard.get("/clients/<uuid:client_id>/fhir")
def download_care_plan(client_id):
    """What was agreed in the client's newest course of treatment, without what they wrote."""
    client = caseload.client_of(g.practitioner, client_id, g.now)
    episode = caseload.episode_of(g.practitioner, client_id, g.now)
    looked_at(client)
    agreed = [one for one in assignments.of_client(client) if one.assignment.episode_id == episode.id]
    plan = care_plan(
        str(episode.id), str(client.id), episode.opened_on, episode.closed_on, [_agreed(one) for one in agreed]
    )
    return _download(plan, f"care-plan-{episode.id}")


def _about(client, view) -> About:
    revision, assignment_id = view.revision, view.entry.assignment_id
    return About(
        entry_id=str(view.entry.entry_id),
        client_id=str(client.id),
        happened_at=revision.happened_at,
        zone=revision.happened_zone or client.zone,
        medium=revision.medium,
        entered_by=revision.entered_by,
        based_on=f"Task/{assignment_id}" if assignment_id else None,
    )


def _agreed(one) -> Agreed:
    assignment, version = one.assignment, one.version
    return Agreed(
        assignment_id=str(assignment.id),
        title=version.title,
        reason=version.reason,
        state=assignment.state,
        agreed_at=assignment.agreed_at,
        from_date=version.from_date,
        until_date=version.until_date,
        rhythm=version.rhythm,
        plan=tuple(plan_rows(version.plan or {})),
        worksheet=worksheet_of(assignment),
    )


def _download(resource: dict, name: str):
    """A file to keep; its name holds ids at most."""
    answer = make_response(json.dumps(resource, ensure_ascii=False, indent=1))
    answer.headers["Content-Type"] = "application/fhir+json; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer
