"""Look at studies: those of a researcher, of a service, and what belongs to one."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import Missing
from server.extensions import db
from server.people.models import Practitioner, Service
from server.studies.models import (
    ContactChoice,
    Study,
    StudyAllocation,
    StudyBuild,
    StudyConsent,
    StudyDownload,
    StudyMember,
    StudyProtocol,
    StudySite,
    StudyText,
)


def named(name: str) -> Study | None:
    """The study of that name, of whichever service."""
    return db.session.scalar(select(Study).where(Study.name == name))


def study(study_id: UUID) -> Study | None:
    """One study by its id, for the program itself."""
    return db.session.get(Study, study_id)


def of_researcher(researcher: Practitioner) -> list[Study]:
    """The studies somebody works on now, newest first."""
    mine = StudyMember.practitioner_id == researcher.id, StudyMember.until_at.is_(None)
    found = select(Study).join(StudyMember, StudyMember.study_id == Study.id).where(*mine)
    return list(db.session.scalars(found.order_by(Study.created_at.desc())).unique())


def of_researcher_one(researcher: Practitioner, study_id: UUID) -> Study:
    """One of them. `Missing` for any other."""
    return next((one for one in of_researcher(researcher) if one.id == study_id), None) or _missing()


def of_service(administrator: Practitioner) -> list[Study]:
    """The studies that the administrator's own service made, newest first."""
    mine = select(Study).where(Study.service_id == administrator.service_id)
    return list(db.session.scalars(mine.order_by(Study.created_at.desc())))


def of_service_one(administrator: Practitioner, study_id: UUID) -> Study:
    """One of them. `Missing` for any other."""
    found = db.session.get(Study, study_id)
    return found if found and found.service_id == administrator.service_id else _missing()


def of_others(administrator: Practitioner) -> list[Study]:
    """The studies of other services that go on: the administrator's service may take part."""
    theirs = select(Study).where(Study.service_id != administrator.service_id, Study.ended_at.is_(None))
    return list(db.session.scalars(theirs.order_by(Study.name)))


def of_others_one(administrator: Practitioner, study_id: UUID) -> Study:
    """One of them. `Missing` for any other."""
    return next((one for one in of_others(administrator) if one.id == study_id), None) or _missing()


def taking_part(service_id: UUID) -> list[Study]:
    """The studies that go on and that a service takes part in, by name."""
    here = StudySite.service_id == service_id, StudySite.left_at.is_(None), Study.ended_at.is_(None)
    found = select(Study).join(StudySite, StudySite.study_id == Study.id).where(*here)
    return list(db.session.scalars(found.order_by(Study.name)).unique())


def protocols(one: Study) -> list[StudyProtocol]:
    """The versions of the protocol, newest first."""
    own = select(StudyProtocol).where(StudyProtocol.study_id == one.id)
    return list(db.session.scalars(own.order_by(StudyProtocol.number.desc())))


def texts(one: Study) -> list[StudyText]:
    """The versions of what clients are told, newest first."""
    own = select(StudyText).where(StudyText.study_id == one.id)
    return list(db.session.scalars(own.order_by(StudyText.number.desc())))


def sites(one: Study) -> list[Service]:
    """The services that take part now, by name."""
    here = StudySite.study_id == one.id, StudySite.left_at.is_(None)
    found = select(Service).join(StudySite, StudySite.service_id == Service.id).where(*here)
    return list(db.session.scalars(found.order_by(Service.name)).unique())


def researchers(one: Study) -> list[Practitioner]:
    """Who works on it now."""
    here = StudyMember.study_id == one.id, StudyMember.until_at.is_(None)
    found = select(Practitioner).join(StudyMember, StudyMember.practitioner_id == Practitioner.id).where(*here)
    return list(db.session.scalars(found.order_by(StudyMember.id)).unique())


def newest_consents(study_id: UUID, session: Session | None = None, client_ids: Iterable[UUID] | None = None) -> dict:
    """What each client said to a study last: {client: row}."""
    wanted = select(StudyConsent).where(StudyConsent.study_id == study_id)
    if client_ids is not None:
        wanted = wanted.where(StudyConsent.client_id.in_(list(client_ids)))
    rows = (session or db.session).scalars(wanted.order_by(StudyConsent.effective_at, StudyConsent.id))
    return {row.client_id: row for row in rows}


def allocations(study_id: UUID, session: Session | None = None) -> dict[UUID, StudyAllocation]:
    """{client: their arm} of a study."""
    wanted = select(StudyAllocation).where(StudyAllocation.study_id == study_id)
    return {row.client_id: row for row in (session or db.session).scalars(wanted)}


def newest_contact(client_id: UUID) -> ContactChoice | None:
    """Whether a client may be asked about research, as they said last."""
    own = select(ContactChoice).where(ContactChoice.client_id == client_id)
    return db.session.scalar(own.order_by(ContactChoice.effective_at.desc(), ContactChoice.id.desc()).limit(1))


def builds(one: Study) -> list[StudyBuild]:
    """Its bundles, newest first."""
    own = select(StudyBuild).where(StudyBuild.study_id == one.id)
    return list(db.session.scalars(own.order_by(StudyBuild.asked_at.desc(), StudyBuild.id.desc())))


def build_of(one: Study, build_id: UUID) -> StudyBuild:
    """One bundle of this study. `Missing` otherwise."""
    found = db.session.get(StudyBuild, build_id)
    return found if found and found.study_id == one.id else _missing()


def downloads(one: Study) -> list[StudyDownload]:
    """Who fetched which bundle, newest first."""
    own = select(StudyDownload).where(StudyDownload.study_id == one.id)
    return list(db.session.scalars(own.order_by(StudyDownload.id.desc())))


def _missing():
    raise Missing
