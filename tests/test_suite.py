"""The closing line of ./run test counts what happened, and a run that broke off is no success."""

import pytest

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
