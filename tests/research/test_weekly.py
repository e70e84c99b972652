"""Counts by calendar week: those of the staff page and of the rows, where they are shown; few people are hidden."""

import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas
import pytest
from sqlalchemy import select, update

from server import create_app
from server.extensions import atomic, db
from server.people.models import Client, Service
from server.research.facts import clients, facts_of, reading
from server.research.names import Names
from server.research.rules import project_key, rounded
from server.research.weekly import Weekly
from server.research.weekly_fields import MEETINGS, TABLES, WORK
from server.sealing import ring
from server.totals.queries import count
from tests.conftest import Demonstration
from tests.research import calendar_weeks
from tests.research.conftest import build

NOW = Demonstration.now
FIRST = date(2026, 11, 16) - timedelta(weeks=12)
COUNTS = (*WORK, *MEETINGS)
SILENT = ("no_answer", "unknown")
FAMILY = ("due", "tried", "done", "not_done", *SILENT)


def nearest_5(n: int) -> str:
    return str((n + 2) // 5 * 5)


PARTS = {
    "due": (("due",), ("tried", "rest"), ("done", "partly", "rest"), ("done", "partly", "not_done", *SILENT)),
    "tried": (("tried",), ("done", "partly")),
}


def sums(times, people, key: tuple) -> list[int]:
    """Each number it may be: of parts that share nothing, each of 8 people or more and rounded by itself."""
    week, name = key
    cuts = PARTS.get(name, ((name,),)) if people.get((week, "due"), 0) else ((name,),)
    wanted = [cut for cut in cuts if len(cut) == 1 or all(people.get((week, one), 0) > 7 for one in cut)]
    return [sum(int(nearest_5(times.get((week, one), 0))) for one in cut) for cut in wanted]


def tables(bundle) -> pandas.DataFrame:
    return pandas.read_csv(bundle.folder / "aggregate/tables.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def everybody(demonstration, tmp_path_factory):
    """A bundle of everybody, and the day zero of each: the service knows it, and the bundle does not say."""
    folder = tmp_path_factory.mktemp("weekly")
    shutil.copy(demonstration.config.data / "meantime.sqlite3", folder / "meantime.sqlite3")
    app = create_app(replace(demonstration.config, data=folder))
    with app.app_context():
        with atomic():  # the pages count who said no to research as well
            db.session.execute(update(Client).where(Client.research == "no").values(research="not_asked"))
        bundle = build(folder / "b", basis="approval")
        key = project_key(ring().research, "local")
        with reading() as session:
            facts = facts_of(session, list(clients(session, NOW)), NOW)
            days = [(Names(key, one).pid, Names(key, one).day_zero[1].isoformat()) for one in facts]
        app.extensions["sqlalchemy"].engine.dispose()
    return bundle, pandas.DataFrame(days, columns=["pid", "day_zero"])


@pytest.fixture(scope="module")
def recounted(everybody) -> pandas.DataFrame:
    bundle, days = everybody
    return calendar_weeks.weekly(bundle.folder, days, FIRST.isoformat())


def test_every_number_shown_is_what_the_rows_add_up_to(everybody, recounted):
    times = recounted.groupby(["week", "measure"]).times.sum()
    people = recounted.groupby(["week", "measure"]).pid.nunique()
    shown = 0
    for row in tables(everybody[0]).itertuples():
        if row.table == "flow" or row.week == "all" or row.measure not in COUNTS:
            continue
        key = pandas.Timestamp(row.week), row.measure
        if row.value == "suppressed":
            assert row.n == "suppressed"
            continue
        shown += row.value != "0"
        whole = "due" if row.measure in FAMILY else row.measure
        assert row.n == ("suppressed" if people.get((key[0], whole), 0) else "0"), "of a week it would tell of few"
        if row.measure not in FAMILY:
            assert row.value == nearest_5(times.get(key, 0)), row
        else:
            assert row.value in {str(n) for n in sums(times, people, key)}, row
        assert not 0 < people.get(key, 0) < 8, row
    assert shown > 30


def test_the_rows_add_up_to_the_staff_page_of_the_same_people(demo_app, recounted):
    times = recounted.groupby(["week", "measure"]).times.sum()
    page: Counter = Counter()
    for service in db.session.scalars(select(Service)):
        for line in count(service, NOW)["weeks"]:
            page.update({(pandas.Timestamp(line["monday"]), name): line[name] for name in COUNTS})
    assert {key: n for key, n in page.items() if n} == {key: n for key, n in times.items() if n and key[1] in COUNTS}


def test_the_line_of_all_weeks_adds_up_the_same_weeks_in_every_number(everybody):
    told = tables(everybody[0])
    for name, rows in told[told.table != "flow"].groupby("table"):
        weeks = rows[rows.week != "all"]
        within = weeks[["week", "in_all"]].drop_duplicates().set_index("week").in_all
        assert len(within) == 12 and set(within) <= {"0", "1"}
        [how_many] = set(rows[rows.week == "all"].in_all)
        assert int(how_many) == within.astype(int).sum() > 7
        summed = 0
        for row in rows[(rows.week == "all") & ~rows.measure.isin(["m1", "m2"])].itertuples():
            cells = weeks[(weeks.measure == row.measure) & (weeks.in_all == "1")].value.tolist()
            whole = "suppressed" not in cells
            assert row.value == (str(sum(map(int, cells))) if whole else "suppressed"), row
            summed += whole
        assert summed >= (3 if name == "work" else 1)


def test_a_share_is_of_the_two_numbers_beside_it(everybody):
    told = tables(everybody[0])
    work = told[told.table == "work"].pivot(index="week", columns="measure", values="value")
    assert work.loc["all", "m1"] != "suppressed" != work.loc["all", "m2"]
    for rate, part in (("m1", "done"), ("m2", "tried")):
        for week, row in work.iterrows():
            if "suppressed" in (row[part], row.due):
                assert row[rate] == "suppressed", week
            else:
                above, below = int(row[part]), int(row.due)
                assert row[rate] == (str(round(100 * above / below)) if below else "not-applicable"), week


def of_weeks(*several: dict[str, int]) -> dict[tuple[str, str], tuple[object, object, object]]:
    """(week, measure) → value, n, in_all of the table `work`; in the first weeks so many people did so, once each."""
    weekly = Weekly(NOW)
    for at, counts in enumerate(several):
        for name, people in counts.items():
            for _ in range(people):
                names = ("due", *(("tried",) if name in ("done", "partly") else ("rest",)), name)
                weekly.add(Counter({(FIRST + timedelta(weeks=at), one): 1 for one in names}))
    return {
        (row["week"], row["measure"]): (row["value"], row["n"], row["in_all"])
        for row in weekly.rows()
        if row["table"] == "work"
    }


def test_a_week_that_hides_what_was_done_is_not_in_the_line_of_all():
    """Else what was done would stand beside what was due in other weeks, and no share could be told of the two."""
    whole, hides = {"done": 20, "partly": 10, "not_done": 30}, {"done": 3, "partly": 30, "not_done": 30}
    found = of_weeks(whole, whole, hides)
    third = (FIRST + timedelta(weeks=2)).isoformat()
    assert found[third, "due"] == (65, "suppressed", 0) and found[third, "done"] == ("suppressed", "suppressed", 0)
    assert [found["all", name][0] for name in ("due", "tried", "done", "m1", "m2")] == [120, 60, 40, 33, 50]
    assert {in_all for (week, _), (*_, in_all) in found.items() if week == "all"} == {11}, "quiet weeks are in it, too"


def test_a_number_that_nearly_every_week_hides_does_not_cost_the_others_their_weeks():
    whole, hides = {"done": 20, "partly": 10, "not_done": 30}, {"done": 3, "partly": 30, "not_done": 30}
    found = of_weeks(whole, hides, hides, hides)
    values = [found["all", name][0] for name in ("due", "tried", "done", "m1", "m2")]
    assert values == [60 + 3 * 65, 30 + 3 * 35, "suppressed", "suppressed", 53]
    assert found["all", "due"][2] == 12


def test_where_no_week_shows_anything_the_line_of_all_does_not_say_nought():
    found = of_weeks({"done": 5}, {"not_done": 7})
    assert {value for (week, _), (value, *_) in found.items() if week == "all"} == {"suppressed"}
    assert {in_all for *_, in_all in found.values()} == {0}
    nothing = of_weeks()
    assert nothing["all", "due"] == (0, 0, 12) and nothing["all", "m1"] == ("not-applicable", 0, 12)


def test_every_row_of_it_is_declared_in_the_codebook_and_listed(everybody):
    bundle, _ = everybody
    columns = [row for row in _csv(bundle, "codebook/codebook.csv") if row["file"] == "tables"]
    assert [row["column"] for row in columns] == list(TABLES.names)
    codes = {(row["column"], row["code"]) for row in _csv(bundle, "codebook/codes.csv") if row["file"] == "tables"}
    for row in tables(bundle).itertuples():
        assert ("measure", row.measure) in codes and ("figure", row.figure) in codes and ("unit", row.unit) in codes
    assert "aggregate/tables.csv" in (bundle.folder / "README.md").read_text("utf-8")
    assert "aggregate/tables.csv" in (bundle.folder / "SHA256SUMS").read_text("utf-8")
    assert "aggregate/tables.csv" in {one["path"] for one in bundle.json("manifest.json")["files"]}
    assert "aggregate/tables.csv" in {one["path"] for one in bundle.json("datapackage.json")["resources"]}


def test_the_flow_says_who_is_on_the_pages_and_not_in_the_bundle(demo_app, bundle):
    """Heads, and nothing that anybody did who did not say yes: researchers were promised nothing of theirs."""
    with reading() as session:
        chose = Counter(one.research for one in clients(session, NOW))
    told = tables(bundle)
    flow = told[told.table == "flow"].set_index(["scope", "measure"]).value
    whose = {"yes": "bundle", "no": "research_no", "not_asked": "research_not_asked"}
    assert {"yes", "no"} <= set(chose)
    heads = {scope: str(rounded(chose[choice])) for choice, scope in whose.items() if chose[choice]}
    heads["bundle"] = str((chose["yes"] + 5) // 10 * 10)
    parts = list(heads.values())
    heads["page"] = "suppressed" if "suppressed" in parts else str(sum(map(int, parts)))
    weeks = told[(told.table == "work") & (told.week == "all")].set_index("measure").value
    shown = {("shown", name): weeks[name] for name in ("due", "tried")}
    assert flow.to_dict() == {(scope, "people"): people for scope, people in heads.items()} | shown


def test_the_line_of_all_weeks_is_of_the_people_of_those_weeks_to_the_nearest_10(everybody, recounted):
    told = tables(everybody[0])
    seen = 0
    for table, rows in told[(told.table != "flow")].groupby("table"):
        of = "due" if table == "work" else "attended"
        weeks = pandas.to_datetime(rows[(rows.in_all == "1") & (rows.measure == of)].week)
        [n] = rows[(rows.week == "all") & (rows.measure == of)].n
        did = recounted[(recounted.measure == of) & recounted.week.isin(weeks)].pid.nunique()
        assert n == str((did + 5) // 10 * 10)
        seen += int(n)
    assert seen > 50
    assert set(told[(told.week == "all") & (told.value == "suppressed")].n) == {"suppressed"}


def test_a_total_of_few_weeks_does_not_say_of_how_many_people_it_is():
    """Who came in one week of two would be told by what did not move in it."""
    whole = {"done": 20, "partly": 10, "not_done": 30}
    two, three = of_weeks(whole, whole), of_weeks(whole, whole, whole)
    assert two["all", "due"] == (120, "suppressed", 12) and two["all", "agreed"] == (0, 0, 12)
    assert three["all", "due"] == (180, 180, 12), "nobody of these was there in two weeks"


def test_a_week_counts_once_it_is_over_for_everybody():
    """In Auckland a Monday begins while London still has a Sunday: no table may have the last week of a few alone."""
    sunday = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)  # Monday in Auckland
    weeks = [{row["week"] for row in Weekly(at).rows()} for at in (NOW, sunday, sunday + timedelta(hours=20))]
    assert weeks[0] == weeks[1] == weeks[2] and len(weeks[0]) == 13
    assert {row["week"] for row in Weekly(sunday + timedelta(hours=22)).rows()} != weeks[0]


def test_neither_gender_nor_the_month_of_the_start_leaves(bundle):
    names = {row["column"] for row in _csv(bundle, "codebook/codebook.csv")}
    sources = " ".join(row["source"] for row in _csv(bundle, "codebook/codebook.csv"))
    assert not {name for name in names if "gender" in name or "sex" in name or "month" in name}
    assert "equity" not in sources and "gender" not in sources
    dated = [row["file"] for row in _csv(bundle, "codebook/codebook.csv") if row["column"] in ("week", "date", "year")]
    assert dated == ["tables"]  # of nobody in particular


def test_the_script_needs_pandas_and_nothing_of_ours(everybody, tmp_path):
    bundle, days = everybody
    days.to_csv(tmp_path / "days.csv", index=False)
    script = Path(calendar_weeks.__file__).read_text("utf-8")
    assert "server" not in script
    (tmp_path / "weeks.py").write_text(script)
    done = subprocess.run(
        [sys.executable, "weeks.py", str(bundle.folder), "days.csv", FIRST.isoformat()],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0 and "attended" in done.stdout, done.stderr


def _csv(bundle, path: str) -> list[dict[str, str]]:
    return pandas.read_csv(bundle.folder / path, dtype=str, keep_default_na=False).to_dict("records")


def test_sums_taken_together_are_those_of_everybody_at_once():
    weeks = [FIRST + timedelta(weeks=n) for n in range(3)]
    people = [
        Counter({(week, name): 1 + n % 3 for week in weeks for name in ("due", "tried", "done")}) for n in range(40)
    ]
    whole, first, second = (Weekly(NOW) for _ in range(3))
    for n, mine in enumerate(people):
        whole.add(mine)
        (first if n < 25 else second).add(mine)
    first.take(second)
    assert vars(first) == vars(whole)
    rows = list(first.rows())
    assert [row["n"] for row in rows if (row["table"], row["week"], row["measure"]) == ("work", "all", "due")] == [40]
    assert rows == list(whole.rows())
