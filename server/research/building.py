"""Builds the bundles that studies asked for, one at a time, in the background: started again after a kill."""

import json
import logging
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

from flask import current_app

from server import clock
from server.errors import Refused
from server.extensions import atomic, db
from server.research.bundle import hash_of
from server.research.export import export
from server.research.freetext import write_free_text
from server.research.parts import usual_processes
from server.research.trouble import CannotBuild, ProcessEnded
from server.studies import bundles, queries
from server.studies.models import StudyBuild

SAID_EVERY = 2.0  # seconds between two words of progress
FOLDER = "bundles"
WHOLE = "bundle.zip"  # the same name for each: it stands inside, too
KEPT_UNKNOWN = timedelta(days=30)
PARTS = "parts"  # finished ones, beside the bundle until it is whole
IDENTIFIABILITY = "/privacy/identifiability.json"

log = logging.getLogger(__name__)


class Stop(BaseException):
    """The builder was told to stop, or somebody else has the bundle by now. No error, so nothing reports it as one."""


def path_of(build_id: UUID) -> Path:
    """Where a bundle lies, for this program's account alone."""
    folder: Path = current_app.config["MEANTIME"].data / FOLDER
    return folder / str(build_id) / WHOLE


def identifiability_of(file: Path) -> dict[str, Any]:
    """How far somebody in a bundle could be told apart, as the bundle says it; {} where it says nothing of it."""
    if not file.is_file():
        return {}
    found: dict[str, Any] = {}
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(file) as packed:  # a file that was changed is fetched by nobody
        names = [name for name in packed.namelist() if name.endswith(IDENTIFIABILITY)]
        found = json.loads(packed.read(names[0])) if names else {}
    return found


def build_next(now: datetime, told_to_stop: Callable[[], bool]) -> str | None:
    """Build the bundle that waits longest, if one does. Returns what became of it: built, failed or stopped."""
    with atomic():
        taken = bundles.claim(now)
    if taken is None:
        return None
    build_id, token = taken
    try:
        number, file = _build(build_id, token, told_to_stop)
    except Stop:
        with atomic():
            bundles.give_back(build_id, token)
        return "stopped"
    except Exception as wrong:
        # What is in a row may stand in an error's text, so only the kind of it is kept.
        trouble = str(wrong) if isinstance(wrong, CannotBuild | Refused) else type(wrong).__name__
        log.error("Bundle %s was not built: %s", build_id, type(wrong).__name__)
        with atomic():
            bundles.failed(build_id=build_id, token=token, trouble=trouble, now=clock.now())
        if bundles.is_over(build_id):
            _is_removed(path_of(build_id).parent)
        return "failed"
    with atomic():
        with file.open("rb") as opened:
            told = {"sha256": hash_of(opened), "size": file.stat().st_size, "clients": number}
        told["smallest"] = identifiability_of(file).get("k")
        kept = bundles.built(build_id=build_id, token=token, now=clock.now(), **told)
    if not kept and bundles.is_over(build_id):
        _is_removed(file.parent)
    return "built" if kept else "stopped"


def remove_over(now: datetime) -> int:
    """Delete the files of bundles that are not kept any more. Returns how many; the rest is tried again."""
    over, gone = bundles.to_remove(now), 0
    for build_id in over:
        if _is_removed(path_of(build_id).parent):
            gone += 1
            with atomic():
                bundles.removed(build_id=build_id, now=now)
    _remove_unfinished(now)
    return gone


def _remove_unfinished(now: datetime) -> None:
    """What builders left behind of bundles that nobody builds any more, or that hold somebody who has gone since.

    A whole bundle that the database does not know stays for a while: an older copy may be restored by mistake.
    """
    folder = current_app.config["MEANTIME"].data / FOLDER
    for one in folder.iterdir() if folder.is_dir() else ():
        with suppress(ValueError):  # a name of somebody else's
            if bundles.may_not_go_on(UUID(one.name), now) and not _is_new(one / WHOLE, now):
                _is_removed(one)


def _is_new(file: Path, now: datetime) -> bool:
    return file.is_file() and now.timestamp() - file.stat().st_mtime < KEPT_UNKNOWN.total_seconds()


def _is_removed(folder: Path) -> bool:
    """Delete a folder. Whether it is gone: only then may anybody be told so."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return True
    except OSError as wrong:
        log.error("The folder of bundle %s cannot be deleted: %s", folder.name, wrong.strerror)
    return not folder.exists()


def _build(build_id: UUID, token: str, told_to_stop: Callable[[], bool]) -> tuple[int, Path]:
    build = db.session.get(StudyBuild, build_id)
    study = queries.study(build.study_id)
    as_of, content, file_key = build.as_of, build.content, build.file_key
    study_id, project = study.id, study.name
    previous = path_of(build.previous_id) if build.previous_id else None
    db.session.rollback()  # nothing is held while it is built
    file = path_of(build_id)
    parts = _begun(file.parent)
    before = previous if previous and previous.is_file() else None
    say = _progress(build_id, token, told_to_stop)
    if content == "free_text":
        people = write_free_text(file, study_id=study_id, key=file_key, as_of=as_of, progress=say)
    else:
        wishes = {"as_of": as_of, "project": project, "zip": True, "previous": before, "progress": say, "kept": parts}
        try:
            told = export(file, now=clock.now(), processes=usual_processes(), **wishes)
        except ProcessEnded:  # one alone needs less memory, and nobody can ask a study's build for it
            told = export(file, now=clock.now(), **wishes)
        people = told.clients
    shutil.rmtree(parts, ignore_errors=True)
    file.chmod(0o600)
    return people, file


def _begun(folder: Path) -> Path:
    """The folder of a bundle to be built, with nothing in it but the finished parts of a builder that was killed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name != PARTS:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return folder / PARTS


def _progress(build_id: UUID, token: str, told_to_stop: Callable[[], bool]) -> Callable[[int, int], None]:
    last = 0.0

    def say(done: int, of: int) -> None:
        nonlocal last
        if told_to_stop():
            raise Stop
        if monotonic() - last < SAID_EVERY and done < of:
            return
        last = monotonic()
        with atomic():
            mine = bundles.progress(build_id, token, done, of, clock.now())
        if not mine:
            raise Stop

    return say
