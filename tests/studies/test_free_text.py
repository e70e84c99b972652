"""Free text leaves only after a second person's yes, locked under a key that is shown once, and in no other bundle."""

import base64
import csv
import io
import runpy
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from server import jobs
from server.entries.actions import receive
from server.errors import Refused
from server.extensions import atomic, db
from server.research import building
from server.research.rules import pseudonym
from server.sealing import lock_file, new_data_key
from server.studies import actions, bundles, consents
from server.studies.models import StudyBuild
from tests.cast import NOW
from tests.dashboard.browser import Browser, words
from tests.studies.conftest import AS_AGREED

SECRET, KEPT = "I met my neighbour Mrs Quill at the bus stop", "this one is mine alone"
unlocked = runpy.run_path(str(Path(__file__).parents[2] / "docs/bundle/unlock.py"))["unlocked"]


@pytest.fixture
def told(cast, made):
    """A study that may have free text, and Anna, who said yes to it and wrote two entries."""
    second = cast.add("Zoe Hart", "administrator", by=cast.ada)
    with atomic():
        study = actions.make(
            service=cast.service, by=cast.ada, now=NOW, free_text=True, **{**AS_AGREED, "name": "Words"}
        )
        actions.add_researcher(study=study, researcher=made.rita, by=cast.ada, now=NOW)
        actions.set_text(study=study, words="We read what you write.", by=made.rita, now=NOW)
        consents.say(client=cast.anna, study=study, number=1, choice="given", by=cast.ben, now=NOW)
    made.study, made.second = study, second
    cast.pair()
    agreed = cast.agree()
    entry, kept = cast.entry(agreed.id, {"situation": SECRET}), cast.entry(agreed.id, {"situation": KEPT})
    kept["payload"]["kept"] = True
    with atomic():
        receive(client=cast.anna, device=cast.phone, revisions=[entry, kept], now=NOW)
    return made


def files(build) -> dict[str, bytes]:
    with zipfile.ZipFile(building.path_of(build)) as packed:
        return {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}


def test_it_cannot_be_asked_for_before_a_second_person_allows_it(cast, told):
    with pytest.raises(Refused, match="second person"), atomic():
        bundles.ask(study=told.study, content="free_text", by=told.rita, now=NOW, file_key="k")


def test_it_leaves_no_study_that_rests_on_anything_but_consent_though_it_was_allowed_once(cast, told):
    with atomic():
        actions.approve_free_text(study=told.study, by=told.second, now=NOW)
        told.study.basis = "approval"
    with pytest.raises(Refused, match="without their yes"), atomic():
        bundles.ask(study=told.study, content="free_text", by=told.rita, now=NOW, file_key="k")
    with pytest.raises(Refused, match="without their yes"), atomic():
        actions.approve_free_text(study=told.study, by=told.second, now=NOW)


def test_what_was_written_opens_with_the_key_alone_and_the_key_is_gone_here(app, cast, told, monkeypatch):
    monkeypatch.setattr("server.clock.now", lambda: NOW + timedelta(minutes=1))
    with atomic():
        actions.approve_free_text(study=told.study, by=told.second, now=NOW)
    rita, way = Browser(app).sign_in(told.rita), f"/staff/research/{told.study.id}"
    shown = rita.read(rita.send(rita.page(way), "/free-text", 200))
    key = base64.b64decode(shown.find("strong", string=None).find("bdi").text)
    assert "shown this once" in words(shown)
    build = db.session.scalar(select(StudyBuild))
    assert base64.b64decode(build.file_key) == key
    build_id = build.id
    assert jobs.build_bundles(NOW) == "built"
    inside = files(build_id)
    assert set(inside) == {"README.txt", "unlock.py", "freetext_data.csv.locked"}
    assert SECRET.encode() not in b"".join(inside.values())
    rows = list(csv.DictReader(io.StringIO(unlocked(key, inside["freetext_data.csv.locked"]).decode())))
    pid = pseudonym(bytes.fromhex(told.study.key), "client", cast.anna.id)
    assert [(row["pid"], row["text"]) for row in rows] == [(pid, SECRET)]
    db.session.expire_all()
    assert db.session.get(StudyBuild, build_id).file_key is None
    with pytest.raises(InvalidTag):
        unlocked(new_data_key(), inside["freetext_data.csv.locked"])


def test_no_ordinary_bundle_has_it_whatever_was_allowed(cast, told):
    with atomic():
        actions.approve_free_text(study=told.study, by=told.second, now=NOW)
        build = bundles.ask(study=told.study, content="rows", by=told.rita, now=NOW).id
    jobs.build_bundles(NOW)
    assert SECRET.encode() not in b"".join(files(build).values())
    assert len(files(build)["data/participants_data.csv"].splitlines()) == 2


@pytest.mark.parametrize("size", [0, 1, 65_536, 65_537, 200_000])
def test_a_locked_file_opens_whole_and_not_once_it_is_cut_swapped_or_changed(size):
    key, plain = new_data_key(), bytes(range(256)) * (size // 256 + 1)
    target = io.BytesIO()
    lock_file(key, io.BytesIO(plain[:size]), target)
    raw = target.getvalue()
    assert unlocked(key, raw) == plain[:size]
    for wrong in (
        raw[:-1],
        raw[:-1] + bytes([raw[-1] ^ 1]),
        raw[: 31 + 4 + 65_536 + 16] if size > 65_536 else raw[:31],
    ):
        with pytest.raises((InvalidTag, ValueError)):
            unlocked(key, wrong)
