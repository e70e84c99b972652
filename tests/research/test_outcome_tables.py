"""Outcomes in the bundle, worked out again from scores, intervals and appointments by pandas alone."""

import pandas
import pytest

MISSING = ["not-applicable", "not-known", "not-yet", "suppressed", "unlisted", "not-asked", "not-answered"]
CUT = {"phq-9": 10, "gad-7": 8}
POINTS = {"phq-9": 6, "gad-7": 4}


def table(bundle, name) -> pandas.DataFrame:
    return pandas.read_csv(bundle.folder / f"data/{name}_data.csv", na_values=MISSING, keep_default_na=False)


@pytest.fixture(scope="module")
def measures(bundle):
    """One score a day of each course and scale."""
    found = table(bundle, "measures").dropna(subset=["value"])
    found = found.sort_values(["taken_day", "source", "recorded_day"], kind="stable")
    return found.drop_duplicates(["episode", "measure", "scale", "taken_day"], keep="last")


def ends(measures, episode, measure):
    own = measures[(measures["episode"] == episode) & (measures["measure"] == measure)]
    if own["taken_day"].nunique() < 2:
        return None
    return own["value"].iloc[0], own["value"].iloc[-1]


def expected(phq, gad):
    """The rules of NHS Talking Therapies, written down again: PHQ-9 10 and 6, GAD-7 8 and 4."""
    first = phq[0] >= CUT["phq-9"] or gad[0] >= CUT["gad-7"]
    last = phq[1] >= CUT["phq-9"] or gad[1] >= CUT["gad-7"]
    falls = {"phq-9": phq[0] - phq[1], "gad-7": gad[0] - gad[1]}
    better = any(falls[name] >= POINTS[name] for name in falls)
    worse = any(-falls[name] >= POINTS[name] for name in falls)
    reliable = "no_reliable_change" if better == worse else "improvement" if better else "deterioration"
    told = {True: "yes", False: "no"}
    recovered = told[not last] if first else "not-applicable"
    both = told[not last and reliable == "improvement"] if first else "not-applicable"
    return told[first], recovered, reliable, both


def test_each_outcome_follows_from_the_scores(bundle, measures):
    compared, seen = 0, set()
    for row in bundle.rows("outcomes"):
        phq, gad = ends(measures, row["episode"], "phq-9"), ends(measures, row["episode"], "gad-7")
        own = row["anxiety_measure"] not in ("gad-7", "not-applicable")
        assert (row["paired"] == "yes") == bool(phq and (gad or own))
        if row["paired"] == "no":
            assert {row[name] for name in ("at_caseness", "recovery", "reliable", "reliable_recovery")} == {"not-known"}
        elif not own:
            said = tuple(row[name] for name in ("at_caseness", "recovery", "reliable", "reliable_recovery"))
            assert said == expected(phq, gad)
            assert (float(row["depression_first"]), float(row["anxiety_last"])) == (phq[0], gad[1])
            compared, seen = compared + 1, seen | {row["reliable"]}
    assert compared > 15
    assert len(seen) > 1


def test_a_course_is_finished_when_it_ended_after_two_treatments_that_were_attended(bundle):
    visits = table(bundle, "appointments").query("state == 'attended'")
    attended = visits.groupby("episode").size()
    treated = visits[visits["kind"] == "treatment"].groupby("episode").size()
    assert len(treated) and (attended > treated.reindex(attended.index, fill_value=0)).any()
    closed = table(bundle, "episodes").set_index("episode")["closed_day"].notna()
    for row in bundle.rows("outcomes"):
        n = treated.get(row["episode"], 0)
        assert (int(row["attended"]), int(row["treatments"])) == (attended.get(row["episode"], 0), n)
        assert (row["finished"] == "yes") == bool(closed[row["episode"]] and n >= 2)


def test_each_closed_interval_stands_beside_the_next_score_and_no_later_interval_has_the_same(bundle, measures):
    intervals = table(bundle, "intervals")
    closed = intervals[intervals["closes_day"].notna()]
    lagged = table(bundle, "lagged")
    known = measures.groupby(["episode", "measure", "scale"])
    checked = 0
    for (episode, measure, scale), rows in lagged.groupby(["episode", "measure", "scale"]):
        own = closed[closed["episode"] == episode].sort_values("interval")
        assert rows["interval_id"].tolist() == own["interval_id"].tolist()
        scores = known.get_group((episode, measure, scale))
        until = [*own["closes_day"].tolist()[1:], 10**6]
        for row, one, end in zip(rows.itertuples(), own.itertuples(), until, strict=True):
            later = scores[(scores["taken_day"] >= one.closes_day) & (scores["taken_day"] < end)]["value"]
            sooner = scores[scores["taken_day"] <= one.opens_day]["value"]
            assert (row.after if row.after == row.after else None) == (later.iloc[0] if len(later) else None)
            assert (row.before if row.before == row.before else None) == (sooner.iloc[-1] if len(sooner) else None)
            assert (row.eligible, row.tried) == (one.eligible, one.done + one.partial + one.tried)
            checked += len(later) > 0
        rates = own["m2_unknown_as_not_done"]
        assert rows["m2"].tolist() == pytest.approx(rates.tolist(), abs=1e-4, nan_ok=True)
        assert rows["m2_own_mean"].iloc[0] == pytest.approx(rates.mean(), abs=1e-4, nan_ok=True)
        within = (rates - rates.mean()).tolist()
        assert rows["m2_within"].tolist() == pytest.approx(within, abs=2e-4, nan_ok=True)
    assert checked > 100


def test_after_the_landmark_comes_the_last_score_of_those_who_were_still_there(bundle, measures):
    episodes = table(bundle, "episodes").set_index("episode")
    found = table(bundle, "landmarks")
    assert set(found["episode"]) == set(episodes[episodes["landmark_day"].notna()].index) & set(measures["episode"])
    for row in found.itertuples():
        course = episodes.loc[row.episode]
        assert (row.landmark_day, row.eligible, row.tried) == (
            course["landmark_day"], course["landmark_eligible"], course["landmark_tried"],
        )  # fmt: skip
        own = measures[
            (measures["episode"] == row.episode)
            & (measures["measure"] == row.measure)
            & (measures["scale"] == row.scale)
        ]
        then, later = own[own["taken_day"] <= row.landmark_day], own[own["taken_day"] > row.landmark_day]
        assert pandas.isna(row.at_landmark) if then.empty else row.at_landmark == then["value"].iloc[-1]
        assert pandas.isna(row.last) if later.empty else row.last == later["value"].iloc[-1]
    assert found["last"].notna().sum() > 20
