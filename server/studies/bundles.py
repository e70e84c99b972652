"""The life of a bundle: asked for, built under a lease, released or refused by somebody else, fetched, removed."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select, update

from server.audit import actions as audit
from server.errors import Missing, Refused
from server.extensions import db
from server.people.models import Practitioner
from server.people.settling import must_be_two, who_acts_must_be_known
from server.studies.actions import KEY_GONE, refuse_ended
from server.studies.leaving import erased_since, gone_since
from server.studies.models import Study, StudyBuild, StudyDownload
from server.studies.rules import CONSENT, WORDS_NEED_CONSENT, Grounds, missing_of

LEASE = timedelta(minutes=10)  # without a sign of life; whoever builds says so every few seconds
MOST_TRIES = 3
OPEN = ("waiting", "building", "built")
GONE = "Somebody who was in it withdrew, said no to research or was erased since it was asked for."
REFUSE_IT = "Refuse it; then a researcher can ask for a new one."


def ask(*, study: Study, content: str, by: Practitioner, now: datetime, file_key: str | None = None) -> StudyBuild:
    """Ask for a bundle as of now. Refused while another of its kind is on its way or waits to be released."""
    refuse_ended(study)
    who_acts_must_be_known(by, "", now)
    if content == "free_text" and study.basis != CONSENT:
        raise Refused("bad-input", WORDS_NEED_CONSENT)
    if content == "free_text" and study.free_text_approved_at is None:
        raise Refused("bad-input", "Free text leaves only once a second person has allowed it for this study.")
    mine = StudyBuild.study_id == study.id, StudyBuild.content == content
    if db.session.scalar(select(StudyBuild.id).where(*mine, StudyBuild.state.in_(OPEN)).limit(1)):
        raise Refused("bad-input", "One is on its way already, or waits to be released.")
    build = StudyBuild(
        service_id=study.service_id, study_id=study.id, content=content, as_of=now, asked_by=by.id, asked_at=now,
        file_key=file_key,
    )  # fmt: skip
    db.session.add(build)
    db.session.flush()
    audit.record("bundle.asked", about=build, by=by, detail={"content": content, "study": str(study.id)}, now=now)
    return build


def claim(now: datetime) -> tuple[UUID, str] | None:
    """Take the bundle that waits longest, or one whose builder is gone: (its id, the token of the lease)."""
    lost = and_(StudyBuild.state == "building", StudyBuild.lease_until < now)
    wanted = select(StudyBuild).where(or_(StudyBuild.state == "waiting", lost))
    build = db.session.scalar(wanted.order_by(StudyBuild.asked_at).limit(1).with_for_update(skip_locked=True))
    if build is None:
        return None
    if build.tries >= MOST_TRIES:
        build.state, build.trouble, build.file_key = "failed", "stopped", None
        audit.record("bundle.failed", by="tick", about=build, detail={"trouble": "stopped"}, now=now)
        return None
    build.state, build.lease_token, build.lease_until = "building", secrets.token_hex(8), now + LEASE
    build.tries, build.done, build.of = build.tries + 1, 0, 0
    build.previous_id = _last_released(build)
    db.session.flush()
    return build.id, build.lease_token


def progress(build_id: UUID, token: str, done: int, of: int, now: datetime) -> bool:
    """How far it is: the lease begins anew. False: somebody else has it by now, and this builder stops."""
    return _mine(build_id, token, done=done, of=of, lease_until=now + LEASE)


def give_back(build_id: UUID, token: str) -> None:
    """The builder was told to stop: it waits again, and this was no try."""
    _mine(build_id, token, state="waiting", lease_token=None, lease_until=None, tries=StudyBuild.tries - 1)


def built(
    *, build_id: UUID, token: str, sha256: str, size: int, clients: int, now: datetime, smallest: int | None = None
) -> bool:
    """It lies ready, for somebody else to release. False: somebody else builds it by now.

    `smallest`: people in its smallest group with the same description; None for free text.
    """
    done = _mine(
        build_id, token, state="built", sha256=sha256, size=size, clients=clients, smallest=smallest, built_at=now,
        lease_token=None, lease_until=None, file_key_sealed=None,
    )  # fmt: skip
    if done:
        build = db.session.get(StudyBuild, build_id, populate_existing=True)
        detail = {"sha256": sha256, "bytes": size, "clients": clients, "content": build.content}
        audit.record("bundle.built", by="tick", about=build, detail=detail, now=now)
    return done


def failed(*, build_id: UUID, token: str, trouble: str, now: datetime) -> None:
    """It cannot be built. `trouble`: a code or a place in the program, never anything of a row."""
    if _mine(build_id, token, state="failed", trouble=trouble, lease_token=None, file_key_sealed=None):
        build = db.session.get(StudyBuild, build_id, populate_existing=True)
        audit.record("bundle.failed", by="tick", about=build, detail={"trouble": trouble}, now=now)


def release(*, build: StudyBuild, grounds: Grounds, by: Practitioner, now: datetime) -> None:
    """Let researchers fetch a bundle that lies ready. Refused to whoever asked for it, and without grounds."""
    _lies_ready(build, by)
    if build.removed_at is not None:
        raise Refused("bad-input", f"Its file is deleted. {REFUSE_IT}")
    must_be_two(db.session.get_one(Practitioner, build.asked_by), by, now)
    if gone_since(_study_kept(build, now), build.as_of):
        raise Refused("bad-input", f"{GONE} {REFUSE_IT}")
    if missing := missing_of(grounds, build.content, build.smallest):
        raise Refused("bad-input", fields=missing)
    build.agreement, build.considered = grounds.agreement.strip(), grounds.considered.strip() or None
    _decided(build, "released", by, now)


def refuse(*, build: StudyBuild, by: Practitioner, now: datetime, why: str = "") -> None:
    """It does not leave; its file is deleted in the night. Refused to whoever asked for it."""
    _lies_ready(build, by)
    build.considered = why.strip() or None
    _decided(build, "refused", by, now)


def stop(*, build: StudyBuild, by: Practitioner, now: datetime) -> None:
    """Nobody fetches a released bundle any more; its file is deleted in the night. Who has it, keeps it."""
    db.session.refresh(build, with_for_update=True)
    if build.state != "released" or build.removed_at is not None:
        raise Refused("bad-input", "Nobody can fetch this bundle as it is.")
    if build.stopped_at is None:
        build.stopped_by, build.stopped_at = by.id, now
        audit.record("bundle.stopped", about=build, by=by, detail={"sha256": build.sha256}, now=now)


def _lies_ready(build: StudyBuild, by: Practitioner) -> None:
    db.session.refresh(build, with_for_update=True)
    if build.state != "built":
        raise Refused("bad-input", "This bundle does not wait to be released.")
    if build.asked_by == by.id:
        raise Refused("bad-input", "You asked for this bundle: another person has to release it.")


def _decided(build: StudyBuild, state: str, by: Practitioner, now: datetime) -> None:
    build.state, build.decided_by, build.decided_at = state, by.id, now
    db.session.flush()
    audit.record(f"bundle.{state}", about=build, by=by, detail={"sha256": build.sha256}, now=now)


def fetched(*, build: StudyBuild, sha256: str, by: Practitioner, now: datetime) -> StudyDownload:
    """Somebody fetches a released bundle with these bytes. `Missing` for any other, and where the bytes are others."""
    if build.state != "released" or build.removed_at is not None or build.sha256 != sha256:
        raise Missing
    if build.stopped_at is not None:
        raise Refused("bad-input", "This bundle was stopped: nobody fetches it any more. Ask for a new one.")
    who_acts_must_be_known(by, "", now)
    if build.decided_by != by.id:
        must_be_two(db.session.get_one(Practitioner, build.decided_by), by, now)
    _refuse_with_who_is_gone(build, by, now)
    row = StudyDownload(
        service_id=build.service_id, study_id=build.study_id, build_id=build.id, practitioner_id=by.id,
        sha256=sha256, at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record("bundle.downloaded", about=build, by=by, detail={"sha256": sha256}, now=now)
    return row


def is_over(build_id: UUID) -> bool:
    """Whether nobody builds this any more: what its last builder wrote has to go."""
    return db.session.scalar(select(StudyBuild.state).where(StudyBuild.id == build_id)) == "failed"


def may_not_go_on(build_id: UUID, now: datetime) -> bool:
    """Whether what was begun of a bundle has to go: nobody builds it any more, or somebody in it has gone meanwhile.

    One that is being built is left alone: its builder takes no part that holds whoever has gone.
    """
    build = db.session.get(StudyBuild, build_id)
    if build is None or build.state == "failed":
        return True
    is_held = build.lease_until is not None and build.lease_until >= now
    if is_held or build.state not in ("waiting", "building"):
        return False
    return bool(gone_since(db.session.get_one(Study, build.study_id), build.as_of))


def to_remove(now: datetime) -> list[UUID]:
    """Bundles whose files have to go: refused and stopped ones, those with somebody erased since, and those of a study
    whose day of retention has passed or whose key is destroyed."""
    no_more = or_(StudyBuild.state == "refused", StudyBuild.stopped_at.is_not(None))
    over = or_(Study.retain_until < now.date(), Study.key_destroyed_at.is_not(None), no_more)
    kept = StudyBuild.built_at.is_not(None), StudyBuild.removed_at.is_(None)
    found = select(StudyBuild.id).join(Study, Study.id == StudyBuild.study_id)
    others = db.session.scalars(select(StudyBuild).where(*kept, StudyBuild.state.in_(("built", "released"))))
    erased = [one.id for one in others if erased_since(db.session.get_one(Study, one.study_id), one.as_of)]
    return list({*db.session.scalars(found.where(*kept, over)), *erased})


def removed(*, build_id: UUID, now: datetime) -> None:
    """The file is deleted."""
    build = db.session.get(StudyBuild, build_id)
    build.removed_at = now
    db.session.flush()
    audit.record("bundle.removed", by="tick", about=build, detail={"sha256": build.sha256}, now=now)


def _study_kept(build: StudyBuild, now: datetime) -> Study:
    """The study, whose bundles may still be read. The files go in the night; nobody reads them until then either."""
    study = db.session.get_one(Study, build.study_id)
    if study.key_destroyed_at is not None:
        raise Refused("bad-input", KEY_GONE)
    if study.retain_until < now.date():
        raise Refused("bad-input", "The day until which bundles of this study are kept has passed.")
    return study


def _refuse_with_who_is_gone(build: StudyBuild, by: Practitioner, now: datetime) -> None:
    """Who holds a bundle already is told who withdrew; nobody new gets it, and nobody one with who was erased."""
    study = _study_kept(build, now)
    mine = StudyDownload.build_id == build.id, StudyDownload.practitioner_id == by.id
    held = db.session.scalar(select(StudyDownload.id).where(*mine).limit(1))
    if (erased_since if held else gone_since)(study, build.as_of):
        raise Refused("bad-input", f"{GONE} Ask for a new one.")


def _last_released(build: StudyBuild) -> UUID | None:
    mine = StudyBuild.study_id == build.study_id, StudyBuild.content == "rows", StudyBuild.removed_at.is_(None)
    out = StudyBuild.state == "released", StudyBuild.stopped_at.is_(None)
    found = select(StudyBuild.id).where(*mine, *out)
    return db.session.scalar(found.order_by(StudyBuild.decided_at.desc()).limit(1))


def _mine(build_id: UUID, token: str, **values) -> bool:
    own = StudyBuild.id == build_id, StudyBuild.lease_token == token, StudyBuild.state == "building"
    changed = update(StudyBuild).where(*own).values(**values).execution_options(synchronize_session=False)
    done = bool(db.session.execute(changed).rowcount)  # type: ignore[attr-defined]
    db.session.expire_all()
    return done
