"""As a researcher with the zip alone: three questions of its README, answered by pandas and statsmodels, with a key."""

import re
import shutil
import subprocess
import sys
import zipfile

import pandas
import pytest
import statsmodels.formula.api as models
from statsmodels.duration.survfunc import CumIncidenceRight

from server.engagement.rules import Followed, Share, client_weighted, cumulative_incidence, pooled
from server.research.bundle import pack
from server.research.reporting import page

NUMBERS = ["m2", "before", "after"]
ELIGIBLE = ["done", "partial", "tried", "not_done", "no_answer", "unknown"]


@pytest.fixture(scope="module")
def unzipped(bundle, tmp_path_factory):
    folder = tmp_path_factory.mktemp("zip")
    pack(bundle.folder, folder / "study.zip", "study")
    with zipfile.ZipFile(folder / "study.zip") as packed:
        packed.extractall(folder)
    return folder / "study"


@pytest.fixture(scope="module")
def data(unzipped):
    """What `scripts/load.py` makes of it: the way that the README names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(unzipped / "scripts"))
        patch.delitem(sys.modules, "load", raising=False)
        from load import load

        yield load(unzipped)
        sys.modules.pop("load", None)


@pytest.fixture(scope="module")
def report(unzipped):
    return {one.id: one for one in page.sections(unzipped)}


def test_the_readme_asks_them_and_names_only_columns_that_are_there(unzipped, data):
    text = (unzipped / "README.md").read_text("utf-8").partition("## Three questions")[2].partition("## Missing")[0]
    for table, columns in {
        "occurrences": ("practice", "state", "rhythm", "interval"),
        "episodes": ("m11_days", "m11_event", "m11_event_known"),
        "lagged": ("m2", "before", "after", "m2_within", "m2_own_mean", "pid"),
    }.items():
        assert f"`{table}" in text
        for column in columns:
            assert column in data[table].columns
            assert column.removesuffix("_known").removeprefix("m11_event") in text


def test_nothing_in_it_sends_anybody_outside(unzipped):
    """A look outside the bundle is a defect: no text of it names the program's own papers, each figure has its row."""
    figures = pandas.read_csv(unzipped / "codebook/figures.csv", keep_default_na=False).set_index("figure")
    assert (figures != "").all().all()
    named = set()
    for path in unzipped.rglob("*"):
        if path.suffix in (".md", ".html", ".py", ".R", ".ipynb", ".json") and path.is_file():
            text = path.read_text("utf-8")
            assert not re.search(r"\bdocs/|clinical\.md|design\.md", text), path
            named |= set(re.findall(r"\bM1?[0-9]\b", text))
    assert {"M1", "M2", "M11", "M14", "M18"} <= named <= set(figures.index)


def test_how_much_of_what_was_agreed_was_tried(data, report):
    times = data["occurrences"]
    silent = (times["rhythm"] == "event") & times["state"].isin(["no_answer", "unknown"])
    eligible = times[(times["practice"] == "yes") & times["state"].isin(ELIGIBLE) & ~silent]
    tried = eligible["state"].isin(["done", "partial", "tried"])
    own = tried.groupby(eligible["pid"]).mean()
    known = eligible["state"] != "unknown"
    # The key: the program's own counts of every interval, and its own rules over them.
    intervals = data["intervals"]
    inside = eligible["interval"].notna()
    assert len(eligible[inside]) == intervals["eligible"].sum() > 500
    assert tried[inside].sum() == intervals[["done", "partial", "tried"]].sum().sum()
    assert known[inside].sum() == intervals["eligible"].sum() - intervals["unknown"].sum()
    by_person = intervals.groupby("pid")[["done", "partial", "tried", "eligible"]].sum()
    shares = [Share(row.done + row.partial + row.tried, row.eligible) for row in by_person.itertuples()]
    assert inside.all(), "else the two lines below are of other times"
    assert own.mean() == pytest.approx(client_weighted(shares))
    assert tried.mean() == pytest.approx(pooled(shares).rate)
    assert report["flow"].tables[0].rows[4][1] == str(eligible["pid"].nunique())


def test_when_people_stop(data, report):
    courses = data["episodes"].dropna(subset=["m11_days"])
    status = courses["m11_event"].map({"still_followed": 0, "disengaged": 1, "discharged": 2}).astype(int)
    found = CumIncidenceRight(courses["m11_days"], status)
    curve = dict(zip(found.times, found.cinc[0], strict=True))
    own = cumulative_incidence(
        [
            Followed(days, None if event == "still_followed" else event)
            for days, event in zip(courses["m11_days"], courses["m11_event"], strict=True)
        ],
        "disengaged",
    )
    assert len(own) > 2
    assert [curve[day] for day, _ in own] == pytest.approx([share for _, share in own])
    rows, shown = report["disengagement"].tables[0].rows, 0
    for week, followed, disengaged, *_ in rows:
        share = max([0.0, *(one for day, one in curve.items() if day <= 7 * int(week))])
        if disengaged != "hidden":
            assert int(disengaged.removesuffix(" %")) == pytest.approx(100 * share, abs=0.5001)
        if followed != "hidden":
            assert int(followed) == (courses["m11_days"] > 7 * int(week)).sum()
        shown += (disengaged != "hidden") + (followed != "hidden")
    assert shown > len(rows) / 2, "most of it is shown"


def test_whether_practice_is_associated_with_the_next_score(data):
    lagged = data["lagged"]
    rows = lagged[(lagged["measure"] == "phq-9") & (lagged["scale"] == "total")]
    rows = rows.dropna(subset=["m2", "before", "after"]).astype({"pid": str})
    # The key: the same rows put together from intervals and scores, which know nothing of `lagged`.
    key = _from_scores(data)
    assert len(rows) == len(key) > 80
    formula = "after ~ before + m2_within + m2_own_mean"
    told, other = (models.mixedlm(formula, one, groups=one["pid"]).fit(reml=True) for one in (rows, key))
    assert told.converged
    assert told.params.to_dict() == pytest.approx(other.params.to_dict(), abs=2e-3)
    assert 0 < told.params["before"] < 1.5, "a score goes on from the one before"


def _from_scores(data) -> pandas.DataFrame:
    scores = data["measures"]
    scores = scores[(scores["measure"] == "phq-9") & scores["value"].notna()]
    scores = scores.sort_values(["taken_day", "source", "recorded_day"], kind="stable")
    scores = scores.drop_duplicates(["episode", "taken_day"], keep="last")
    found = []
    closed = data["intervals"].dropna(subset=["closes_day"])
    for episode, own in closed.sort_values("interval").groupby("episode"):
        taken = scores[scores["episode"] == episode]
        rates = own["m2_unknown_as_not_done"]
        ends = [*own["closes_day"].tolist()[1:], 10**6]
        for one, rate, end in zip(own.itertuples(), rates, ends, strict=True):
            before = taken[taken["taken_day"] <= one.opens_day]["value"]
            after = taken[(taken["taken_day"] >= one.closes_day) & (taken["taken_day"] < end)]["value"]
            if len(before) and len(after) and rate == rate:
                within = rate - rates.mean()
                found.append((one.pid, before.iloc[-1], after.iloc[0], rate, within, rates.mean()))
    return pandas.DataFrame(found, columns=["pid", "before", "after", "m2", "m2_within", "m2_own_mean"])


def test_the_bundles_own_script_fits_that_model_as_statsmodels_does(data, unzipped):
    lagged = data["lagged"]
    rows = lagged[(lagged["measure"] == "phq-9") & (lagged["scale"] == "total")].dropna(subset=NUMBERS)
    rows = rows.astype({"pid": str, **dict.fromkeys(NUMBERS, float)})
    between = rows.groupby("pid")["m2"].transform("mean")
    rows = rows.assign(between=between, within=rows["m2"] - between)
    groups = {"groups": rows["pid"].astype("category").cat.codes}
    lines = said_by(unzipped, "lagged.py").splitlines()
    people = rows["pid"].nunique()
    assert lines[0] == f"phq-9 total, the next score: {len(rows)} intervals of {people} people, t with {people - 1} df"
    told = [[float(cell) for cell in line.split(",")[2:4]] for line in lines[2:9]]
    wanted = []
    for terms in ("before + within + between", "before + m2"):
        key = models.ols(f"after ~ {terms}", rows).fit(cov_type="cluster", cov_kwds=groups)
        wanted += zip(key.params, key.bse, strict=True)
    assert told == [pytest.approx(pair, abs=1e-6) for pair in wanted]
    assert "Associated with" in lines[9]


def test_what_too_few_people_have_is_not_fitted(unzipped):
    done = subprocess.run(
        [sys.executable, "scripts/lagged.py", "no-such-measure"], cwd=unzipped, capture_output=True, text=True
    )
    assert done.returncode == 1 and "0 people have no-such-measure (total)" in done.stderr


R = shutil.which("Rscript")


@pytest.mark.skipif(R is None, reason="R is not on this machine: scripts/lagged.R was not run")
def test_in_r_it_says_the_same(unzipped):
    done = subprocess.run([R, "scripts/lagged.R"], cwd=unzipped, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == said_by(unzipped, "lagged.py")
    few = subprocess.run([R, "scripts/lagged.R", "no-such-measure"], cwd=unzipped, capture_output=True, text=True)
    assert few.returncode != 0 and "0 people have no-such-measure (total)" in few.stderr


def test_what_the_rates_come_to_over_everybody_is_said_too(data, unzipped):
    done = subprocess.run([sys.executable, "recompute.py"], cwd=unzipped, capture_output=True, text=True, check=True)
    intervals = data["intervals"]
    eligible, unknown = intervals["eligible"].sum(), intervals["unknown"].sum()
    above = [intervals[parts].sum().sum() for parts in (["done"], ["done", "partial", "tried"])]
    told = " ".join(f"{n / of:.4f}" for n in above for of in (eligible, eligible - unknown))
    assert done.stderr == f"all: {eligible} eligible; m1, m1_known, m2, m2_known: {told}\n"


def said_by(folder, script: str) -> str:
    """What a script of the bundle prints, run as a researcher does."""
    done = subprocess.run([sys.executable, f"scripts/{script}"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
