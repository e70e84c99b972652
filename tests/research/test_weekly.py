"""Counts by calendar week: those of the staff page and of the rows, where they are shown; few people are hidden."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas
import pytest
from sqlalchemy import select

from server import create_app
from server.extensions import db
from server.people.models import Service
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
    wanted = [cut for cut in PARTS.get(name, ((name,),)) if not any(0 < people.get((week, one), 0) < 8 for one in cut)]
    return [sum(int(nearest_5(times.get((week, one), 0))) for one in cut) for cut in wanted]


def tables(bundle) -> pandas.DataFrame:
    return pandas.read_csv(bundle.folder / "aggregate/tables.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def everybody(demonstration, tmp_path_factory):
    """A bundle of everybody, and the day zero of each: the service knows it, and the bundle does not say."""
    app = create_app(demonstration.config)
    with app.app_context():
        bundle = build(tmp_path_factory.mktemp("weekly") / "b", basis="approval")
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
        if row.measure not in FAMILY:
            assert (row.value, row.n) == (nearest_5(times.get(key, 0)), nearest_5(people.get(key, 0))), row
        else:
            assert row.n == nearest_5(people.get((key[0], "due"), 0))
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


def test_a_total_is_of_the_numbers_shown_and_a_share_too(everybody):
    told = tables(everybody[0])
    for (_, measure), rows in told[told.table != "flow"].groupby(["table", "measure"]):
        weeks, [total] = rows[rows.week != "all"], rows[rows.week == "all"].value
        if measure in ("m1", "m2"):
            continue
        numbers = [int(one) for one in weeks.value if one != "suppressed"]
        assert len(weeks) == 12
        assert total == ("suppressed" if len(numbers) < 12 and not sum(numbers) else str(sum(numbers)))
    work = told[told.table == "work"].pivot(index="week", columns="measure", values="value")
    for rate, part in (("m1", "done"), ("m2", "tried")):
        both = work[(work.index != "all") & (work[part] != "suppressed") & (work.due != "suppressed")]
        assert len(both) == sum(work[work.index != "all"][rate] != "suppressed") > 3
        for week, row in work.iterrows():
            of = both if week == "all" else both[both.index == week]
            above, below = of[part].astype(int).sum(), of.due.astype(int).sum()
            assert row[rate] == (str(round(100 * above / below)) if below else "suppressed")


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
    parts = list(heads.values())
    heads["page"] = "suppressed" if "suppressed" in parts else str(sum(map(int, parts)))
    weeks = told[(told.table == "work") & (told.week == "all")].set_index("measure").value
    shown = {("shown", name): weeks[name] for name in ("due", "tried")}
    assert flow.to_dict() == {(scope, "people"): people for scope, people in heads.items()} | shown


def test_a_total_is_of_as_many_people_as_a_week_that_is_shown_had():
    """Those of hidden weeks are none of those whom the total is of."""
    weekly = Weekly(NOW)
    first = FIRST + timedelta(weeks=1)
    for _ in range(8):
        weekly.add(Counter({(first, "due"): 2, (first, "tried"): 2, (first, "done"): 2}))
    for _ in range(7):
        weekly.add(Counter({(FIRST, "due"): 9, (FIRST, "rest"): 9, (FIRST, "not_done"): 9}))
    found = {(row["week"], row["measure"]): (row["value"], row["n"]) for row in weekly.rows() if row["table"] == "work"}
    assert found[FIRST.isoformat(), "due"] == ("suppressed", "suppressed")
    assert found["all", "due"] == found[first.isoformat(), "due"] == (15, 10)


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
