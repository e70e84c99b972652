"""What clients say about research: whether they may be asked at all, and yes or no to a study, by version of its text.

The last word holds, in whatever order words arrive. A no is always taken, whether the study was shown to them or not
and whether it has a text or not; a yes only to a text that there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people.models import Client, Practitioner
from server.studies import queries
from server.studies.actions import refuse_ended
from server.studies.models import ContactChoice, Study, StudyAllocation, StudyConsent, StudyInvitation
from server.studies.rules import CHOICES


@dataclass(frozen=True)
class Asked:
    """One study as a client stands to it. `choice`: given, withdrawn, or nothing said yet."""

    study: Study
    number: int  # of the newest text; 0: there is none
    words: str
    invited: bool
    choice: str | None
    said_of: int | None  # the version they said it to
    said_at: datetime | None
    arm: str | None


def studies_for(client: Client) -> list[Asked]:
    """The studies of the client's service that go on, and those they said anything to, by name."""
    invited = set(db.session.scalars(select(StudyInvitation.study_id).where(StudyInvitation.client_id == client.id)))
    said = {row.study_id: row for row in _said_by(client)}
    own = select(StudyAllocation).where(StudyAllocation.client_id == client.id)
    arms = {row.study_id: row.arm for row in db.session.scalars(own)}
    going = {one.id: one for one in queries.taking_part(client.service_id)}
    others = [queries.study(study_id) for study_id in said if study_id not in going]
    found = []
    for study in sorted([*going.values(), *others], key=lambda one: one.name):
        text, last = next(iter(queries.texts(study)), None), said.get(study.id)
        found.append(
            Asked(
                study=study,
                number=text.number if text else 0,
                words=text.words if text else "",
                invited=study.id in invited,
                choice=last.choice if last else None,
                said_of=last.number if last else None,
                said_at=last.effective_at if last else None,
                arm=arms.get(study.id),
            )
        )
    return found


def invite(*, client: Client, study: Study, by: Practitioner, now: datetime) -> None:
    """Show a study on the client's phone from now on. Refused to who said that they are not to be asked."""
    refuse_ended(study)
    contact = queries.newest_contact(client.id)
    if contact is not None and contact.choice == "no":
        raise Refused("bad-input", "They said that they do not want to be asked about research.")
    if client.service_id not in {one.id for one in queries.sites(study)} or not queries.texts(study):
        raise Refused("bad-input", "This study cannot ask anybody here yet.")
    if _is_invited(client, study.id):
        return
    row = StudyInvitation(
        service_id=client.service_id, client_id=client.id, study_id=study.id, invited_by=by.id, recorded_at=now
    )
    db.session.add(row)
    db.session.flush()
    audit.record("study.client_asked", about=study, by=by, client_id=client.id, service_id=client.service_id, now=now)


def say(
    *, client: Client, study: Study, number: int, choice: str, by, now: datetime, effective_at: datetime | None = None,
    revision_id: UUID | None = None,
) -> StudyConsent:  # fmt: skip
    """Keep a yes to a version of a study's text, or that it is withdrawn. `by`: their phone, or staff.

    A no is kept whatever text it names: of one that there is not, as said to the newest, or to 0 where there is none.
    """
    known = [row.number for row in queries.texts(study)]
    if choice not in CHOICES or (choice == "given" and number not in known):
        raise Refused("bad-input", "There is no such text to say yes or no to.")
    if choice == "given":
        refuse_ended(study)
    elif number not in known:
        number = next(iter(known), 0)
    staff = isinstance(by, Practitioner)
    row = StudyConsent(
        service_id=client.service_id, client_id=client.id, study_id=study.id, number=number, choice=choice,
        entered_by="practitioner" if staff else "client", revision_id=revision_id,
        recorded_by=by.id if staff else None, effective_at=effective_at or now, recorded_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        f"study.consent_{choice}", about=study, by=by, client_id=client.id, service_id=client.service_id,
        detail={"text": number}, now=now,
    )  # fmt: skip
    return row


def choose_contact(
    *, client: Client, choice: str, by, now: datetime, effective_at: datetime | None = None,
    revision_id: UUID | None = None,
) -> None:  # fmt: skip
    """Keep whether the client may be asked about taking part in research."""
    staff = isinstance(by, Practitioner)
    row = ContactChoice(
        service_id=client.service_id, client_id=client.id, choice=choice,
        entered_by="practitioner" if staff else "client", revision_id=revision_id,
        recorded_by=by.id if staff else None, effective_at=effective_at or now, recorded_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("research.contact_chosen", about=client, by=by, detail={"choice": choice}, now=now)


def take(
    *, client: Client, payload: Mapping[str, Any], revision_id: UUID, effective_at: datetime, by, now: datetime
) -> None:
    """A choice that a phone sent. What makes no sense, or a yes to what nobody asked them, changes nothing.

    A no to any study that there is changes something: staff may have written down the yes without showing the study.
    """
    if payload.get("name") == "research_contact":
        value = payload.get("value")
        if value in ("yes", "no"):
            choose_contact(
                client=client, choice=value, by=by, now=now, effective_at=effective_at, revision_id=revision_id
            )
        return
    study_id, number, choice = (payload.get(name) for name in ("study_id", "text", "choice"))
    try:
        study = queries.study(UUID(study_id)) if isinstance(study_id, str) else None
        if study is None:
            return
        named = number if type(number) is int else 0  # True is no number
        if choice == "given" and not _is_invited(client, study.id):
            return
        say(
            client=client, study=study, number=named, choice=choice, by=by, now=now, effective_at=effective_at,
            revision_id=revision_id,
        )  # fmt: skip
    except (ValueError, Refused):
        return


def on_the_phone(client: Client) -> list[dict[str, Any]]:
    """What the phone shows: studies that the client was asked to, with the text and what they said last."""
    return [
        {
            "study_id": str(one.study.id), "name": one.study.name, "text": one.number, "words": one.words,
            "choice": one.choice, "over": one.study.ended_at is not None,
        }
        for one in studies_for(client) if (one.invited or one.choice) and one.number
    ]  # fmt: skip


def _is_invited(client: Client, study_id: UUID) -> bool:
    own = StudyInvitation.client_id == client.id, StudyInvitation.study_id == study_id
    return db.session.scalar(select(StudyInvitation.id).where(*own)) is not None


def _said_by(client: Client) -> list[StudyConsent]:
    own = select(StudyConsent).where(StudyConsent.client_id == client.id)
    return list(db.session.scalars(own.order_by(StudyConsent.effective_at, StudyConsent.id)))
