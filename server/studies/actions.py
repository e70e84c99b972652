"""Make a study, change what it rests on, say who works on it and where, and destroy its key."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people.models import Practitioner, Service
from server.people.settling import SAME_HAND, are_two, must_be_known, must_be_two, who_acts_must_be_known
from server.studies.models import Study, StudyBuild, StudyMember, StudyProtocol, StudySite, StudyText
from server.studies.rules import BASES, CONSENT, PLAIN, WORDS_NEED_CONSENT, wrong_arms

KEY_BYTES = 32
KEY_GONE = "The key of this study is destroyed: its bundles go nowhere any more."


def make(
    *, service: Service, name: str, basis: str, reference: str, protocol: str, retain_until: date,
    arms: Sequence[str] = (), blocks: Sequence[int] = (), free_text: bool = False, by: Practitioner, now: datetime,
) -> Study:  # fmt: skip
    """Make a study of a service, with its own key. The service takes part in it at once.

    Refused `bad-input` for a name that is taken or that no bundle can carry, for arms that cannot be drawn, for a day
    of retention that is not after today, for free text on another basis than consent, and to an account that is not
    known yet (decision 019).
    """
    who_acts_must_be_known(by, "name", now)
    _refuse_unfit(name, basis, reference, retain_until, arms, blocks, free_text, now)
    study = Study(
        service_id=service.id, name=name, basis=basis, reference=reference, retain_until=retain_until,
        arms=list(arms), blocks=list(blocks), seed=secrets.token_hex(KEY_BYTES) if arms and blocks else None,
        key=secrets.token_hex(KEY_BYTES), free_text_asked_by=by.id if free_text else None, made_by=by.id,
        created_at=now,
    )  # fmt: skip
    db.session.add(study)
    try:
        db.session.flush()
    except IntegrityError as wrong:
        raise Refused("bad-input", fields={"name": "Another study has this name."}) from wrong
    detail = {"basis": basis, "arms": len(arms), "free_text": free_text}
    audit.record("study.made", about=study, by=by, detail=detail, now=now)
    take_part(study=study, service=service, by=by, now=now)
    set_protocol(study=study, label=protocol, by=by, now=now)
    return study


def set_protocol(*, study: Study, label: str, by: Practitioner, now: datetime) -> StudyProtocol:
    """Another version of the protocol holds from now on."""
    refuse_ended(study)
    if not PLAIN.fullmatch(label):
        raise Refused(
            "bad-input", fields={"protocol": "Name the version in a few plain words, like 1.0 of 3 May 2026."}
        )
    row = StudyProtocol(
        service_id=study.service_id, study_id=study.id, number=_next(StudyProtocol, study), label=label,
        recorded_by=by.id, recorded_at=now,
    )  # fmt: skip
    return _kept(row, "study.protocol_set", study, by, now, {"number": row.number})


def set_text(*, study: Study, words: str, by: Practitioner, now: datetime) -> StudyText:
    """Another version of what clients are told before they say yes. Who said yes before said it to an earlier one."""
    refuse_ended(study)
    row = StudyText(
        service_id=study.service_id, study_id=study.id, number=_next(StudyText, study), words=words,
        recorded_by=by.id, recorded_at=now,
    )  # fmt: skip
    return _kept(row, "study.text_set", study, by, now, {"number": row.number})


def take_part(*, study: Study, service: Service, by: Practitioner, now: datetime) -> StudySite:
    """A service takes part from now on: its own administrators say so. Twice is once."""
    refuse_ended(study)
    if running := _site(study, service):
        return running
    row = StudySite(service_id=service.id, study_id=study.id, joined_by=by.id, joined_at=now)
    return _kept(row, "study.site_joined", study, by, now, {}, service.id)


def leave(*, study: Study, service: Service, by: Practitioner, now: datetime) -> None:
    """A service takes part no more: its clients are in no bundle from now on."""
    if row := _site(study, service):
        row.left_at, row.left_by = now, by.id
        db.session.flush()
        audit.record("study.site_left", about=study, by=by, service_id=service.id, now=now)


def add_researcher(*, study: Study, researcher: Practitioner, by: Practitioner, now: datetime) -> StudyMember:
    """Somebody with the role researcher works on a study from now on. Twice is once. Refused for an account of the
    same hand, and one that is not known yet."""
    refuse_ended(study)
    if "researcher" not in researcher.roles or researcher.disabled_at is not None:
        raise Refused("bad-input", fields={"researcher": "Choose an account with the role Researcher."})
    if running := _member(study, researcher):
        return running
    who_acts_must_be_known(by, "researcher", now)
    must_be_known(researcher, "researcher", now)
    if by.id != researcher.id and not are_two(researcher, by):
        raise Refused("bad-input", SAME_HAND, fields={"researcher": SAME_HAND})
    row = StudyMember(
        service_id=study.service_id, study_id=study.id, practitioner_id=researcher.id, given_by=by.id, from_at=now
    )
    return _kept(row, "study.researcher_added", study, by, now, {"researcher": str(researcher.id)})


def end_researcher(*, study: Study, researcher: Practitioner, by: Practitioner, now: datetime) -> None:
    """Somebody works on a study no more: its pages and bundles are gone for them at once."""
    if row := _member(study, researcher):
        row.until_at, row.ended_by = now, by.id
        db.session.flush()
        detail = {"researcher": str(researcher.id)}
        audit.record("study.researcher_ended", about=study, by=by, detail=detail, now=now)


def approve_free_text(*, study: Study, by: Practitioner, now: datetime) -> None:
    """A second person allows that free text leaves. Refused to whoever asked for it."""
    refuse_ended(study)
    if study.basis != CONSENT:
        raise Refused("bad-input", WORDS_NEED_CONSENT)
    if study.free_text_asked_by is None:
        raise Refused("bad-input", "Free text was not asked for when this study was made.")
    if study.free_text_asked_by == by.id:
        raise Refused("bad-input", "You asked for free text yourself: another person has to allow it.")
    must_be_two(db.session.get_one(Practitioner, study.free_text_asked_by), by, now)
    study.free_text_approved_by, study.free_text_approved_at = by.id, now
    db.session.flush()
    audit.record("study.free_text_approved", about=study, by=by, now=now)


def end(*, study: Study, by: Practitioner, now: datetime) -> None:
    """Nobody is asked any more, and no bundle is built. What was released stays until the day of retention."""
    refuse_ended(study)
    study.ended_at = now
    db.session.flush()
    audit.record("study.ended", about=study, by=by, now=now)


def destroy_key(*, study: Study, by: Practitioner, now: datetime) -> None:
    """Destroy the key of the pseudonyms, for good: nobody finds anybody of a bundle again, and none is built,
    released or fetched."""
    if study.key_destroyed_at is not None:
        return
    study.key, study.key_destroyed_at = None, now
    study.ended_at = study.ended_at or now
    db.session.flush()
    audit.record("study.key_destroyed", about=study, by=by, now=now)
    mine = StudyBuild.study_id == study.id, StudyBuild.state.in_(("waiting", "building"))
    for build in db.session.scalars(select(StudyBuild).where(*mine).with_for_update()):
        build.state, build.trouble, build.lease_token, build.file_key = "failed", KEY_GONE, None, None
        audit.record("bundle.failed", about=build, by=by, detail={"trouble": "key_destroyed"}, now=now)
    db.session.flush()


def refuse_ended(study: Study) -> None:
    """`Refused` once a study has ended."""
    if study.ended_at is not None:
        raise Refused("bad-input", "This study has ended.")


def _refuse_unfit(name, basis, reference, retain_until, arms, blocks, free_text, now) -> None:
    wrong = {}
    if not PLAIN.fullmatch(name):
        wrong["name"] = "Give it a short name: letters, digits, blanks and . , : / ( ) ' -"
    elif db.session.scalar(select(Study.id).where(Study.name == name)):
        wrong["name"] = "Another study has this name."
    if basis not in BASES:
        wrong["basis"] = "Choose what the study rests on."
    elif free_text and basis != CONSENT:
        wrong["basis"] = WORDS_NEED_CONSENT
    if not PLAIN.fullmatch(reference):
        wrong["reference"] = "Enter the reference of the approval, in plain letters and digits."
    if retain_until <= now.date():
        wrong["retain_until"] = "Enter a day after today."
    if said := wrong_arms(arms, blocks):
        wrong["arms"] = said
    if wrong:
        raise Refused("bad-input", fields=wrong)


def _kept(row, verb: str, study: Study, by: Practitioner, now: datetime, detail: dict, service_id=None):
    db.session.add(row)
    db.session.flush()
    audit.record(verb, about=study, by=by, detail=detail, service_id=service_id or study.service_id, now=now)
    return row


def _next(model, study: Study) -> int:
    return (db.session.scalar(select(func.max(model.number)).where(model.study_id == study.id)) or 0) + 1


def _site(study: Study, service: Service) -> StudySite | None:
    mine = StudySite.study_id == study.id, StudySite.service_id == service.id, StudySite.left_at.is_(None)
    return db.session.scalar(select(StudySite).where(*mine))


def _member(study: Study, researcher: Practitioner) -> StudyMember | None:
    mine = StudyMember.study_id == study.id, StudyMember.practitioner_id == researcher.id
    return db.session.scalar(select(StudyMember).where(*mine, StudyMember.until_at.is_(None)))
