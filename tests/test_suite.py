"""The closing line of ./run test counts what happened; a run that broke off is no success; no story spans midnight."""

from datetime import datetime, timedelta

import pytest

from tests.journeys.conftest import until_a_story_may_begin
from tests.suite import Count, close

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
