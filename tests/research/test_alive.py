"""Whoever builds a bundle says so again and again in every step that goes through rows: else its lease runs out."""

from datetime import timedelta

import pytest

from server.research import bundle, compared, export, report_files
from tests.cast import NOW
from tests.studies.conftest import another_client


@pytest.fixture
def said(cast, tmp_path, monkeypatch) -> list[tuple[int, int]]:
    """What a build says, each time it could, that is compared with the bundle before and packed."""
    cast.agree()
    another_client(cast, "Olu")
    export.export(tmp_path / "before", now=NOW, as_of=NOW, basis="test")
    monkeypatch.setattr(export, "AGAIN_AFTER", 0.0)
    return []


def within(said: list, step):
    """The step, counting into `step.said` how often a sign of life came in its midst."""

    def counted(*args, **more):
        before = len(said)
        found = step(*args, **more)
        counted.said = len(said) - before
        return found

    return counted


@pytest.mark.parametrize(
    ("module", "name"),
    [(export, "_members"), (export, "changes_page"), (report_files, "report"), (bundle, "pack")],
)
def test_each_long_step_says_that_it_goes_on(said, tmp_path, monkeypatch, module, name):
    step = within(said, getattr(module, name))
    monkeypatch.setattr(module, name, step)
    later = NOW + timedelta(minutes=1)
    wishes = {"now": later, "as_of": later, "basis": "test", "previous": tmp_path / "before", "zip": True}
    manifest = export.export(tmp_path / "b", progress=lambda *far: said.append(far), **wishes)
    assert manifest.clients == 2
    assert step.said >= manifest.clients


def test_so_does_the_writing_of_what_waited_for_everybodys_mean(said, tmp_path, monkeypatch):
    real, seen = compared.Waiting.rows, []

    def rows(waiting):
        for row in real(waiting):
            seen.append(len(said))
            yield row
        seen.append(len(said))

    monkeypatch.setattr(compared.Waiting, "rows", rows)
    export.export(tmp_path / "b", now=NOW, as_of=NOW, basis="test", progress=lambda *far: said.append(far))
    assert len(seen) > 1 and seen[-1] - seen[0] >= len(seen) - 1


def test_a_file_of_many_megabytes_says_so_while_it_is_packed(tmp_path):
    folder, said = tmp_path / "b", []
    folder.mkdir()
    (folder / "one").write_bytes(bytes(5 << 20))
    bundle.pack(folder, tmp_path / "b.zip", "b", lambda: said.append(1))
    assert len(said) >= 5


def test_a_sign_of_life_is_given_at_most_once_a_second(monkeypatch):
    said, passed = [], [0.0]
    monkeypatch.setattr(export, "monotonic", lambda: passed[0])
    alive = export._Alive(lambda *far: said.append(far))
    alive.begin(4)
    alive.more(3)
    for passed[0] in (1.2, 1.3, 1.4, 2.5):
        alive()
    assert said == [(3, 4)] * 3
