"""Who a bundle is about: everybody who said yes, or the people of one study, under which key and with which arms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.errors import Refused
from server.research.facts import Who
from server.research.rules import project_key
from server.sealing import ring
from server.studies import queries as studies
from server.studies.models import Study, StudyConsent, StudySite

CONSENT = "consent"
OTHER_SITE = "other_site"  # why somebody is not in it: their service has no part in the study


@dataclass(frozen=True)
class People:
    """What a study knows of its people at the moment of building."""

    why_not: Callable[[Who], str | None]  # a code, for whoever is not in it
    arms: dict[UUID, str] = field(default_factory=dict)
    consents: dict[UUID, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scope:
    """The project that a bundle is for."""

    project: str
    basis: str
    key: bytes = field(repr=False)
    reasons: tuple[str, ...]  # every code there may be, so that a bundle tells 0 too
    people: Callable[[Session, datetime], People]
    told: dict[str, Any] = field(default_factory=dict)  # for the manifest


def scope_of(project: str, basis: str | None) -> Scope:
    """The study of that name; where there is none, everybody who said yes, or who was not asked where a basis is named.

    Whoever said no is in none of them, whatever the basis. Refused where the study's key is destroyed, and a basis
    beside a study: it has its own.
    """
    study = studies.named(project)
    if study is not None:
        return of_study(study, basis)
    key, reasons = project_key(ring().research, project), ("research_no", "research_not_asked")

    def why_not(who: Who) -> str | None:
        is_in = who.research == "yes" or (basis and who.research != "no")
        return None if is_in else f"research_{who.research}"

    these = People(why_not)
    return Scope(project, basis or CONSENT, key, reasons, lambda session, as_of: these)


def of_study(study: Study, basis: str | None = None) -> Scope:
    """The people of one study: clients of its sites who consented or, on another basis, did not say no."""
    if study.key is None:
        raise Refused("bad-input", "The key of this study is destroyed: no bundle of it can be built any more.")
    if basis is not None:
        raise Refused("bad-input", "This is a study, and has its own basis: leave the basis out.")
    study_id, asks = study.id, study.basis == CONSENT
    reasons = ("research_no", OTHER_SITE, *(("study_not_asked", "study_withdrawn") if asks else ("study_withdrawn",)))
    text, protocol = next(iter(studies.texts(study)), None), next(iter(studies.protocols(study)), None)
    told = {
        "reference": study.reference,
        "protocol": protocol.label if protocol else "",
        "consent_text": text.number if text else 0,
        "arms": study.arms,
        "retain_until": study.retain_until.isoformat(),
    }
    words = study.basis if asks else f"{study.basis}: {study.reference}"
    return Scope(
        study.name,
        words,
        bytes.fromhex(study.key),
        reasons,
        lambda session, as_of: _people(session, study_id, asks, as_of),
        told,
    )


def _people(session: Session, study_id: UUID, asks: bool, as_of: datetime) -> People:
    here = select(StudySite.service_id).where(StudySite.study_id == study_id, StudySite.left_at.is_(None))
    sites = set(session.scalars(here))
    newest = {client: row.choice for client, row in studies.newest_consents(study_id, session).items()}
    consents = _said_until(session, study_id, as_of)

    def why_not(who: Who) -> str | None:
        if who.service_id not in sites:
            return OTHER_SITE
        then = consents[who.id][-1].choice if who.id in consents else None
        if "withdrawn" in (then, newest.get(who.id)):  # a yes is of the moment of the bundle, a no of today as well
            return "study_withdrawn"
        if who.research == "no":
            return "research_no"
        return "study_not_asked" if asks and then is None else None

    allocated = studies.allocations(study_id, session).values()
    arms = {row.client_id: row.arm for row in allocated if row.recorded_at <= as_of}
    return People(why_not, arms, consents)


def _said_until(session: Session, study_id: UUID, as_of: datetime) -> dict[UUID, list[Any]]:
    rows = session.scalars(
        select(StudyConsent)
        .where(StudyConsent.study_id == study_id, StudyConsent.recorded_at <= as_of)
        .order_by(StudyConsent.effective_at, StudyConsent.id)
    )
    consents: dict[UUID, list[Any]] = {}
    for row in rows:
        consents.setdefault(row.client_id, []).append(row)
    return consents
