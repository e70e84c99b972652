"""The closing line of ./run test counts what happened; a run that broke off is no success; no story spans midnight."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from tests import quickest, suite
from tests.journeys.conftest import until_a_story_may_begin
from tests.suite import JOURNEYS, ROOT, Count, close

REPORT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><failure/></testcase><testcase name="c"><skipped/></testcase>
</testsuite></testsuites>"""


def test_cases_are_counted_by_what_became_of_them(tmp_path):
    (tmp_path / "r.xml").write_text(REPORT)
    assert Count.read(tmp_path / "r.xml", 1) == Count(passed=1, failed=1, skipped=1)


@pytest.mark.parametrize("report", ["", "<testsuites><testsuite><testcase/></testsuite></testsuites>"])
def test_a_runner_that_broke_off_counts_as_failed(report, tmp_path):
    (tmp_path / "r.xml").write_text(report)
    assert Count.read(tmp_path / "r.xml", 3).failed == 1


def test_the_last_line_is_the_counts(capsys):
    assert close({"python": Count(3, 0, 1), "phone": Count(2)}) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "5 passed, 0 failed, 1 skipped"


def test_nothing_passed_is_no_success():
    assert close({"python": Count(skipped=4)}) == 1


@pytest.mark.parametrize(
    ("now", "wait"),
    [
        ("2026-11-22T04:00:00", 0),
        ("2026-11-22T23:55:59", 0),
        ("2026-11-22T23:59:30", 31),
        ("2026-11-23T00:00:00", 0),
        ("2026-06-21T22:58:00", 121),  # British summer time
        ("2026-06-21T23:58:00", 0),
        ("2027-03-27T23:59:59", 2),  # the clocks change in the night that follows
    ],
)
def test_no_story_begins_so_late_that_midnight_falls_into_it(now, wait):
    assert until_a_story_may_begin(datetime.fromisoformat(f"{now}+00:00")) == timedelta(seconds=wait)


def test_every_journey_is_in_the_folder_that_journeys_are_run_from():
    marked = re.compile(r"^(pytestmark = |@).*\bmark\.journey\b", re.MULTILINE)
    found = {path.relative_to(ROOT) for path in (ROOT / "tests").rglob("*.py") if marked.search(path.read_text())}
    assert found and {path for path in found if not path.is_relative_to(JOURNEYS)} == set()


@pytest.mark.parametrize(
    ("free", "flags", "to_run", "in_memory"),
    [
        (3_000_000_000, 0, True, True),
        (3_000_000_000, 8, False, True),
        (3_000_000_000, 8, True, False),  # mounted so that no program may run there
        (64_000_000, 0, True, False),  # what a container usually has
    ],
)
def test_files_are_in_memory_only_where_there_is_room_and_programs_may_run(
    monkeypatch, tmp_path, free, flags, to_run, in_memory
):
    monkeypatch.setattr(quickest, "MEMORY", tmp_path)
    monkeypatch.setattr(quickest.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    monkeypatch.setattr(quickest.os, "statvfs", lambda _: SimpleNamespace(f_flag=flags))
    assert quickest.quickest_folder(to_run) == (tmp_path if in_memory else None)


def test_all_checks_and_the_phone_are_counted_though_they_run_side_by_side(monkeypatch, tmp_path):
    monkeypatch.setattr(suite, "check", lambda name, _: Count.of(name != "mypy"))
    monkeypatch.setattr(suite, "phone", lambda _: Count(passed=7))
    counted = suite.checks_and_phone(tmp_path / "phone.xml")
    assert counted == {"checks": Count(passed=len(suite.CHECKS), failed=1), "phone": Count(passed=7)}
