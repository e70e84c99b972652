"""Give clients of a study their arms: drawn by the study's own seed, in the order of their consent, site by site."""

from collections import Counter
from collections.abc import Container, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people.models import Client, Practitioner
from server.studies import queries
from server.studies.actions import refuse_ended
from server.studies.models import Study, StudyAllocation
from server.studies.rules import arm_at


def draw(*, study: Study, by: Practitioner, now: datetime) -> int:
    """Draw an arm for everybody who said yes and has none. Returns how many got one."""
    _lock(study)
    if not study.blocks:
        raise Refused("bad-input", "The arms of this study come from its own list.")
    held = queries.allocations(study.id)
    sites = _without_arm(study, held)
    numbers = Counter(row.service_id for row in held.values())
    for client_id, service_id in sites.items():
        numbers[service_id] += 1
        arm = arm_at(study.seed, str(service_id), study.arms, study.blocks, numbers[service_id])
        _give(study, client_id, service_id, arm, numbers[service_id], "drawn", by, now)
    return _told(study, len(sites), "drawn", by, now)


def keep(*, study: Study, arms: Mapping[UUID, str], by: Practitioner, now: datetime) -> int:
    """Keep arms that the study's own list gives, {client: arm}. Refused for another arm than before: none changes."""
    _lock(study)
    if study.blocks:
        raise Refused("bad-input", "The arms of this study are drawn here.")
    if any(arm not in study.arms for arm in arms.values()):
        raise Refused("bad-input", f"An arm is one of: {', '.join(study.arms)}.")
    held = queries.allocations(study.id)
    if any(held[one].arm != arm for one, arm in arms.items() if one in held):
        raise Refused("bad-input", "Somebody on this list has another arm already. An arm never changes.")
    sites = _sites_of([one for one in arms if one not in held], study)
    for client_id, service_id in sites.items():
        _give(study, client_id, service_id, arms[client_id], None, "imported", by, now)
    return _told(study, len(sites), "imported", by, now)


def counts(study: Study) -> dict[str, int]:
    """How many have which arm."""
    held = Counter(row.arm for row in queries.allocations(study.id).values())
    return {arm: held[arm] for arm in study.arms}


def waiting(study: Study) -> int:
    """How many said yes and have no arm yet."""
    return len(_without_arm(study, queries.allocations(study.id)))


def _without_arm(study: Study, held: Container[UUID]) -> dict[UUID, UUID]:
    """{client: their service} of who says yes now and has no arm, in the order in which they said it."""
    rows = [row for row in queries.newest_consents(study.id).values() if row.choice == "given"]
    in_order = [row.client_id for row in sorted(rows, key=lambda row: (row.effective_at, row.id))]
    return _sites_of([one for one in in_order if one not in held], study)


def _sites_of(client_ids: list[UUID], study: Study) -> dict[UUID, UUID]:
    """{client: their service}, in the order given, of those whose service takes part."""
    here = {one.id for one in queries.sites(study)}
    rows = dict(db.session.execute(select(Client.id, Client.service_id).where(Client.id.in_(client_ids))).all())
    return {one: rows[one] for one in client_ids if rows.get(one) in here}


def _give(study, client_id, service_id, arm, number, how, by, now) -> None:
    row = StudyAllocation(
        service_id=service_id, client_id=client_id, study_id=study.id, arm=arm, number=number, how=how,
        recorded_by=by.id, recorded_at=now,
    )  # fmt: skip
    db.session.add(row)


def _lock(study: Study) -> None:
    """One at a time, so that no place in a site's list is given twice."""
    db.session.refresh(study, with_for_update=True)
    refuse_ended(study)


def _told(study: Study, number: int, how: str, by, now: datetime) -> int:
    db.session.flush()
    if number:
        audit.record("study.arms_given", about=study, by=by, detail={"how": how, "clients": number}, now=now)
    return number
