"""Who must not leave with a bundle any more: withdrew, said no to research, or was erased since its moment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from server.audit.models import AuditEvent
from server.extensions import db
from server.people.models import Client, ResearchChoice
from server.studies.models import Study, StudyConsent, StudySite


def gone_since(study: Study, moment: datetime) -> set[UUID]:
    """Everybody who could be in a bundle of that moment and has gone since."""
    return withdrawn_since(study, moment) | erased_since(study, moment)


def withdrawn_since(study: Study, moment: datetime) -> set[UUID]:
    """Who withdrew from the study, or said no to research in general, after a moment, and holds to it."""
    rows = db.session.scalars(
        select(StudyConsent)
        .where(StudyConsent.study_id == study.id)
        .order_by(StudyConsent.effective_at, StudyConsent.id)
    )
    newest = {row.client_id: row for row in rows}
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
