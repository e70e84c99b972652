"""The report: made from the bundle alone, its numbers those of other people's programs, few people hidden."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pandas
import pytest
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight

from server.engagement.rules import Decision, Followed, cumulative_incidence, prompt_effect
from server.research.reporting import curves, page, read, shown
from server.research.reporting.barriers import Barriers
from server.research.reporting.equity import Equity
from server.research.reporting.flow import Flow
from server.research.reporting.reminders import Reminders
from server.research.reporting.together import Together

MISSING = ["not-applicable", "not-known", "not-yet", "suppressed", "unlisted", "not-asked", "not-answered"]


def table(bundle, name) -> pandas.DataFrame:
    return pandas.read_csv(bundle.folder / f"data/{name}_data.csv", na_values=MISSING, keep_default_na=False)


@pytest.fixture(scope="module")
def sections(bundle):
    return {one.id: one for one in page.sections(bundle.folder)}


@pytest.fixture(scope="module")
def alone(bundle, tmp_path_factory) -> Path:
    """A copy of the bundle somewhere else, without its report."""
    folder = tmp_path_factory.mktemp("alone") / "bundle"
    shutil.copytree(bundle.folder, folder)
    (folder / "report.html").unlink()
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run([sys.executable, *command], cwd=folder, env=env, capture_output=True, text=True, timeout=120)


def test_the_script_of_the_bundle_makes_the_same_page_from_the_bundle_alone(bundle, alone):
    done = run(alone, "scripts/report.py")
    assert done.returncode == 0, done.stderr
    assert (alone / "report.html").read_bytes() == (bundle.folder / "report.html").read_bytes()


def test_it_needs_python_and_nothing_else_and_leaves_the_page_that_came_with_the_bundle(bundle, alone):
    shutil.copy(bundle.folder / "report.html", alone / "report.html")
    done = run(alone, "-S", "scripts/report.py")
    assert done.returncode == 0, done.stderr
    assert "is left as it is" in done.stdout
    assert (alone / "report.html").read_bytes() == (bundle.folder / "report.html").read_bytes()
    assert "need scipy, which is not installed here" in (alone / "report-here.html").read_text("utf-8")
    (alone / "report-here.html").unlink()
    assert "says just that" in run(alone, "scripts/report.py").stdout
    assert not (alone / "report-here.html").exists()


def test_the_notebook_says_the_same(bundle, alone):
    shutil.copy(bundle.folder / "report.html", alone / "report.html")
    cells = json.loads((alone / "scripts/report.ipynb").read_text("utf-8"))["cells"]
    done = run(
        alone / "scripts", "-c", "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "code")
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("the same as report.html: True\n")
    assert "Time to disengagement | M11 |" in done.stdout


def test_a_folder_that_is_no_bundle_is_told_so(tmp_path, alone):
    done = run(tmp_path, str(alone / "scripts/report.py"))
    assert (done.returncode, done.stderr) == (
        1,
        "quality/data_quality.json is not there. Run this in the folder of a bundle.\n",
    )


def test_rows_in_another_order_are_told_and_not_lost(alone, tmp_path):
    folder = tmp_path / "bundle"
    shutil.copytree(alone, folder)
    path = folder / "data/measures_data.csv"
    head, *rows = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([head, *reversed(rows)]), "utf-8")
    with pytest.raises(read.NotABundle, match=r"measures_data\.csv is not in the order"):
        page.sections(folder)


def test_the_page_has_nothing_from_elsewhere_and_every_table_its_heads(bundle):
    text = (bundle.folder / "report.html").read_text("utf-8")
    assert "<script" not in text
    assert set(re.findall(r"https?://[^\"' ]+", text)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(src|srcset)=|@import|url\(", text)
    assert text.count("<table>") == text.count("<caption") == text.count('role="region"')
    HTMLParser().feed(text)
    for heading in ("Who is in it", "Time to disengagement", "Reminders", "Outcomes", "Who it reached, by group"):
        assert heading in text


def test_it_opens_with_what_the_data_are_so_that_invented_ones_say_so(bundle, alone, tmp_path):
    about = bundle.json("dataset_description.json")["description"]
    assert f"<strong>{about}</strong>" in (bundle.folder / "report.html").read_text("utf-8")
    folder = tmp_path / "bundle"
    shutil.copytree(alone, folder)
    said = json.dumps({"description": "SYNTHETIC: <nobody> in it is real."})
    (folder / "dataset_description.json").write_text(said, "utf-8")
    assert "<strong>SYNTHETIC: &lt;nobody&gt; in it is real.</strong>" in page.report(folder)


def test_each_section_has_its_definition_its_number_and_what_it_is_out_of(sections):
    assert len(sections) == 8
    for one in sections.values():
        assert one.formula and one.says and one.n and one.tables


def test_the_flow_adds_up_and_is_that_of_the_quality_report(bundle, sections):
    rows = sections["flow"].tables[0].rows
    told = [one["people"] for one in bundle.json("quality/data_quality.json")["flow"]]
    assert all(row[1] in ("hidden", str(n)) for row, n in zip(rows, told, strict=True))
    assert int(rows[0][1]) == told[0] and sum(row[1] != "hidden" for row in rows) > 1
    for a, b in pairwise(rows):
        assert b[2] == "hidden" if "hidden" in (a[1], b[1]) else int(a[1]) - int(b[2]) == int(b[1])


def test_the_flow_stops_at_the_first_step_somebody_did_not_come_to():
    flow = Flow({"left_out": {"reasons": {"research_no": "suppressed"}}})
    nobody = {name: [] for name in read.TABLES}
    flow.see(nobody)
    flow.see({**nobody, "appointments": [{"state": "missed"}], "assignments": [{}]})
    [steps, left] = flow.section().tables
    assert [row[1] for row in steps.rows] == ["hidden", "hidden", "0", "0", "0", "0"]
    assert left.rows == [("Research no", "hidden (1 to 7)")]


def test_practice_by_interval_is_what_pandas_makes_of_it(bundle, sections):
    intervals = table(bundle, "intervals").query("eligible > 0")
    rows, told = sections["intervals"].tables[0].rows, 0
    assert len(rows) > 5
    for place, people, *means, pooled in rows:
        ends = [int(one) for one in place.split(" to ")] if place != "All" else [1, 1000]
        own = intervals[intervals["interval"].between(ends[0], ends[-1])]
        of_each = own.groupby("interval")["pid"].nunique() if place != "All" else own["pid"].agg(["nunique"])
        assert people in ("hidden", str(of_each.max())) and of_each.max() > 7
        for shown_mean, column in zip(
            means,
            ("m2_unknown_as_not_done", "m2_unknown_left_out", "m1_unknown_as_not_done", "m1_unknown_left_out"),
            strict=True,
        ):
            if shown_mean != "hidden":
                assert int(shown_mean.removesuffix(" %")) == pytest.approx(100 * own[column].mean(), abs=0.5001)
                told += 1
        tried = own[["done", "partial", "tried"]].sum().sum()
        assert pooled == f"{tried:,} of {own['eligible'].sum():,}"
    assert told >= 2 * len(rows), "M1 and M2, and where it is of more than few what is not known left out"
    assert intervals["interval"].nunique() > len(rows), "the last intervals are of few people"


def test_disengagement_is_what_statsmodels_and_the_program_make_of_it(bundle, sections):
    courses = table(bundle, "episodes").dropna(subset=["m11_days"])
    status = courses["m11_event"].map({"still_followed": 0, "disengaged": 1, "discharged": 2})
    other = CumIncidenceRight(courses["m11_days"], status)
    steps = curves.incidence(list(zip(courses["m11_days"], courses["m11_event"], strict=True)))
    for event, name in ((0, "disengaged"), (1, "discharged")):
        known = dict(zip(other.times, other.cinc[event], strict=True))
        assert {one.days: pytest.approx(getattr(one, name)) for one in steps if one.days in known} == known
    ours = cumulative_incidence(
        [
            Followed(d, None if e == "still_followed" else e)
            for d, e in zip(courses["m11_days"], courses["m11_event"], strict=True)
        ],
        "disengaged",
    )
    assert all(curves.at(steps, day).disengaged == pytest.approx(share) for day, share in ours)
    [weeks, *_] = sections["disengagement"].tables
    for week, followed, disengaged, discharged, neither in weeks.rows:
        one = curves.at(steps, 7 * int(week)) or curves.Step(0, 0, 0.0, 0.0)
        still = (courses["m11_days"] > 7 * int(week)).sum()
        assert followed in ("hidden", str(still)) and still > 7
        told = [f"{100 * share:.0f} %" for share in (one.disengaged, one.discharged, one.engaged)]
        assert [disengaged, discharged] in (told[:2], ["hidden"] * 2) and neither == told[2]
    assert len(weeks.rows) > 1


def test_two_events_and_one_who_is_still_followed_by_hand():
    """Out at 1, discharged at 2, followed to 2, out at 3: 1/4; then 1/3 of 3/4; then 1/1 of the half left."""
    steps = curves.incidence([(1, "disengaged"), (2, "discharged"), (2, "still_followed"), (3, "disengaged")])
    assert [(one.days, one.at_risk, one.disengaged, one.discharged) for one in steps] == [
        (1, 4, 0.25, 0), (2, 3, 0.25, pytest.approx(0.25)), (3, 1, pytest.approx(0.75), pytest.approx(0.25)),
    ]  # fmt: skip
    assert steps[-1].engaged == pytest.approx(0)


def test_barriers_are_counted_over_what_was_eligible_and_not_done(bundle, sections):
    due = table(bundle, "occurrences").query("practice == 'yes'")
    eligible = due["state"].isin(["done", "partial", "tried", "not_done", "no_answer", "unknown"])
    silent = (due["rhythm"] == "event") & due["state"].isin(["no_answer", "unknown"])
    left = due[eligible & ~silent & (due["state"] != "done")]
    agreed = pandas.read_csv(bundle.folder / "data/assignments_data.csv", keep_default_na=False)
    left = left.merge(agreed[["assignment", "worksheet"]], on="assignment")
    left = left[left.groupby("worksheet")["pid"].transform("nunique") > 7]
    reasons = left.groupby(["worksheet", "barrier"])["pid"].agg(["nunique", "size"]).query("nunique > 7")
    every, *rows = sections["barriers"].tables[0].rows
    assert every[0] == "All together" and len(rows) == left["worksheet"].nunique() > 1
    assert every[2:4] == (f"{len(left):,}", f"{reasons['size'].sum():,}")
    assert f"({reasons.groupby('barrier')['size'].sum().max()})" in every[4]
    assert all(int(row[1]) % 5 == 0 for row in (every, *rows))


def test_a_barrier_of_few_people_is_hidden():
    barriers = Barriers(
        {("assignments", "worksheet"): {}, ("occurrences", "barrier"): {"forgot": "I forgot", "too_hard": "Too hard"}}
    )
    agreed = [{"assignment": "a", "worksheet": "not-applicable"}, {"assignment": "b", "worksheet": "unlisted"}]
    for n in range(9):
        row = {"practice": "yes", "rhythm": "daily", "state": "not_done", "pid": str(n), "barrier": "not-answered"}
        barriers.see({
            "assignments": agreed,
            "occurrences": [
                {**row, "assignment": "a", "barrier": "forgot"},
                {**row, "assignment": "a", "barrier": "too_hard" if n < 7 else "not-answered"},
                {**row, "assignment": "b"},
            ],
        })  # fmt: skip
    [every, free, others] = barriers.section().tables[0].rows
    assert every == ("All together", "10", "27", "9", "I forgot (9)")
    assert free == ("Free tasks", "10", "18", "9", "I forgot (9)")
    assert others == ("Worksheets not listed", "10", "9", "0", "–")


def test_where_every_chance_is_1_nothing_is_compared(sections):
    one = sections["reminders"]
    assert [each.caption for each in one.tables] == ["Reach"]
    assert one.notes[0].startswith("Effect: every chance in this bundle is 1")


def test_where_chance_decided_the_effect_is_that_of_the_program():
    chance, reminders, decisions = random.Random(4), Reminders(), []
    for _ in range(40):
        rows = []
        for _ in range(5):
            likely = chance.choice([0.3, 0.5, 0.8])
            sent, entry = chance.random() < likely, chance.random() < 0.4
            decisions.append(Decision(likely, sent, entry))
            told = {True: "yes", False: "no"}
            rows.append({
                "kind": "own", "why": "not-applicable", "chance": str(likely), "sent": told[sent],
                "entry_within_1_hour": told[entry], "entry_within_24_hours": told[entry],
            })  # fmt: skip
        reminders.see({"participants": [{"phones": "1"}], "deliveries": [], "decisions": rows})
    effect = prompt_effect(decisions)
    [row, _] = reminders.section().tables[1].rows
    assert row[1:] == tuple(
        f"{100 * one:.0f} %" for one in (effect.with_prompt, effect.without, effect.with_prompt - effect.without)
    )


def test_a_reminder_that_is_planned_or_cancelled_has_not_come_due():
    reminders = Reminders()
    for n in range(20):
        state = ("accepted", "cancelled", "planned")[0 if n < 10 else n % 2 + 1]
        delivery = {"state": state, "opened": "no"}
        reminders.see({"participants": [{"phones": "1"}], "deliveries": [delivery], "decisions": []})
    section = reminders.section()
    assert section.n.startswith("10 reminders of 10 people")
    assert section.tables[0].rows[1][1] == "10 of 20"


@pytest.mark.parametrize(("people", "shown"), [(7, False), (8, True)])
def test_an_effect_says_of_how_many_moments_and_is_hidden_where_few_people_have_any(people, shown):
    reminders = Reminders()
    moment = {"kind": "own", "why": "not-applicable", "chance": "0.5"}
    within = {"entry_within_1_hour": "yes", "entry_within_24_hours": "yes"}
    sent, none = ({**moment, **within, "sent": one} for one in ("yes", "no"))
    for n in range(20):
        rows = [sent, none, none] if n < people else []
        reminders.see({"participants": [{"phones": "1"}], "deliveries": [], "decisions": rows})
    section = reminders.section()
    effect = section.tables[1]
    assert len(effect.rows) == (2 if shown else 0)
    assert ("16 moments" in effect.head[2]) is ("24 moments" in section.n) is ("Over 24" in section.notes[0]) is shown


def test_changes_of_scores_are_what_scipy_makes_of_them(bundle, sections):
    measures = table(bundle, "measures").dropna(subset=["value"]).query("scale == 'total'")
    measures = measures.sort_values(["taken_day", "source", "recorded_day"], kind="stable")
    measures = measures.drop_duplicates(["episode", "measure", "taken_day"], keep="last")
    rows = {row[0]: row for row in sections["outcomes"].tables[1].rows}
    for name, measure in (("PHQ-9", "phq-9"), ("GAD-7", "gad-7")):
        of = measures[measures["measure"] == measure].groupby("episode")["value"]
        paired = of.agg(["first", "last", "size"]).query("size > 1")
        test = stats.ttest_rel(paired["first"], paired["last"])
        row = rows[name]
        assert row[1:3] == (str(of.ngroups), f"{len(paired)} ({100 * len(paired) / of.ngroups:.0f} %)")
        assert row[7].startswith(f"{test.statistic:.2f} ({len(paired) - 1}), p ")
        low, high = test.confidence_interval()
        assert row[6] == f"{test.statistic and (paired['first'] - paired['last']).mean():.2f} ({low:.2f} to {high:.2f})"


def test_people_who_came_together_are_clusters():
    came = (("a", "12"), ("b", "2"), ("c", "3"), ("d", "34"), ("e", "4"), ("f", "5"))
    rows = [{"state": "attended", "appointment": one, "pid": pid} for pid, several in came for one in several]
    rows += [{"state": "missed", "appointment": "9", "pid": pid} for pid, _ in came]
    together = Together(lambda: rows)
    assert sorted(together.clusters()) == [2, 3]
    assert together.sentence().startswith("7 people or fewer came with somebody else in this bundle,")
    assert Together(lambda: rows[:1]).sentence().startswith("Nobody in this bundle shared")


def test_practice_of_a_group_says_of_how_many_people():
    equity = Equity({})
    for n in range(40):
        rate = "0.5" if n < 24 else "not-applicable"
        who = {"arm": "app" if n % 2 else "usual"}
        equity.see({"participants": [who], "intervals": [{"m2_unknown_as_not_done": rate}], "measures": []})
    [table] = equity.section().tables
    assert [row[2] for row in table.rows] == ["50 % of 10", "50 % of 10", ""]


def test_groups_are_rounded_and_small_ones_hidden(sections):
    for one in sections["equity"].tables:
        *rows, total = one.rows
        known = [int(row[1]) for row in rows if row[1] != "hidden"]
        assert all(n % 5 == 0 for n in known)
        assert int(total[1]) == sum(known)
        for row in rows:
            assert row[1] != "hidden" or row[2:] == ("–", "–", "–")
    assert [shown.rounded(n) for n in (0, 1, 7, 8, 12, 13)] == ["0", "hidden", "hidden", "10", "10", "15"]


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ([20, 30, 10], set()),
        ([20, 30, 3], {2, 0}),
        ([2, 30, 3], {0, 1, 2}),
        ([9, 30, 3, 6], {2, 3}),
    ],
)
def test_a_small_count_cannot_be_told_from_the_others(counts, hidden):
    assert shown.to_hide(counts) == hidden
