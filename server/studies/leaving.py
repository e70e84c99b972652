"""Who must not leave with a bundle any more: withdrew, said no to research, or was erased since; and who is told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from server.audit.models import AuditEvent
from server.extensions import db
from server.people.models import Client, ResearchChoice
from server.studies import queries
from server.studies.models import Study, StudyConsent, StudySite


@dataclass(frozen=True)
class Away:
    """Somebody who fetched a bundle that holds a person who has withdrawn, said no or been erased since."""

    practitioner_id: UUID
    build_id: UUID
    fetched_at: datetime
    withdrawn: int


def to_tell(study: Study) -> list[Away]:
    """Who holds a bundle with somebody who withdrew, said no to research or was erased since its moment."""
    fetched = queries.downloads(study)
    held = {row.build_id for row in fetched}
    gone = {row.id: len(gone_since(study, row.as_of)) for row in queries.builds(study) if row.id in held}
    found = [Away(row.practitioner_id, row.build_id, row.at, gone[row.build_id]) for row in fetched]
    return [row for row in found if row.withdrawn]


def gone_since(study: Study, moment: datetime) -> set[UUID]:
    """Everybody who could be in a bundle of that moment and has gone since."""
    return _withdrawn_since(study, moment) | erased_since(study, moment)


def _withdrawn_since(study: Study, moment: datetime) -> set[UUID]:
    """Who withdrew from the study, or said no to research in general, after a moment, and holds to it."""
    newest = queries.newest_consents(study.id)
    gone = {one for one, row in newest.items() if row.choice == "withdrawn" and row.recorded_at > moment}
    noes = select(Client.id).join(ResearchChoice, ResearchChoice.client_id == Client.id)
    no = noes.where(Client.research == "no", ResearchChoice.choice == "no", ResearchChoice.recorded_at > moment)
    return _could_be_in(study, gone | set(db.session.scalars(no.where(Client.service_id.in_(_sites(study))))))


def erased_since(study: Study, moment: datetime) -> set[UUID]:
    """Whose key was destroyed after a moment."""
    without_key = select(Client.id).where(Client.service_id.in_(_sites(study)), Client.data_key == b"")
    since = AuditEvent.verb == "client.erased", AuditEvent.at > moment
    erased = select(AuditEvent.client_id).where(AuditEvent.client_id.in_(without_key), *since)
    return _could_be_in(study, set(db.session.scalars(erased)))


def _sites(study: Study):
    """Of every service that ever took part: what it left behind is still there."""
    return select(StudySite.service_id).where(StudySite.study_id == study.id)


def _could_be_in(study: Study, clients: set[UUID]) -> set[UUID]:
    """Of these, who was not left out anyhow for want of a yes."""
    if study.basis != "consent":
        return clients
    yes = StudyConsent.study_id == study.id, StudyConsent.choice == "given", StudyConsent.client_id.in_(clients)
    return set(db.session.scalars(select(StudyConsent.client_id).where(*yes)))
