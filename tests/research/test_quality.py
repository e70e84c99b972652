"""What is said of the quality of a bundle is what its rows say; nobody left out is told by it."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from server.entries.actions import contact
from server.extensions import atomic, db
from server.people.actions import choose_research, revoke_device
from server.people.models import Client, Device
from server.research.columns import MISSING, Column, File
from server.research.quality import ELIGIBLE, Quality, identifiability, left_out, report
from tests.cast import NOW as CAST_NOW
from tests.research.conftest import build


def test_the_flow_of_occurrences_adds_up_and_ends_at_what_the_intervals_count(bundle):
    told = bundle.json("quality/data_quality.json")["occurrences"]
    rows = bundle.rows("occurrences")
    assert told["all"] == len(rows)
    assert told["all"] - told["eligible"] == sum(n for what, n in told.items() if what.startswith("not counted"))
    assert told["eligible"] == sum(told[f"eligible: {state}"] for state in ELIGIBLE)
    outside = sum(row["interval"] in MISSING and row["practice"] == "yes" and row["state"] in ELIGIBLE for row in rows)
    assert told["eligible"] - outside == sum(int(row["eligible"]) for row in bundle.rows("intervals"))


def test_the_flow_of_people_is_what_the_rows_say(bundle):
    flow = [one["people"] for one in bundle.json("quality/data_quality.json")["flow"]]
    assert flow == sorted(flow, reverse=True)
    assert flow[0] == len(bundle.rows("participants"))
    assert flow[2] == len({row["pid"] for row in bundle.rows("appointments") if row["state"] == "attended"})
    tried = ("done", "partial", "tried")
    rows = [row for row in bundle.rows("occurrences") if row["practice"] == "yes"]
    assert flow[-1] == len({row["pid"] for row in rows if row["state"] in tried})


def test_every_missing_cell_is_counted_with_its_reason(bundle):
    told = {
        (one["file"], one["column"], one["code"]): (one["rows"], one["of"])
        for one in bundle.json("quality/data_quality.json")["missing"]
    }
    found: Counter[tuple[str, str, str]] = Counter()
    for resource in bundle.json("datapackage.json")["resources"]:
        rows = bundle.rows(resource["name"])
        for row in rows:
            found.update((resource["name"], column, cell) for column, cell in row.items() if cell in MISSING)
        assert {of for (file, _, _), (_, of) in told.items() if file == resource["name"]} <= {len(rows)}
    assert {key: n for key, (n, _) in told.items()} == dict(found)


def test_first_and_last_of_a_measure_are_counted_beside_the_first_alone(bundle):
    told = {one["scale"]: one for one in bundle.json("quality/data_quality.json")["measures"]}
    taken = Counter(
        row["episode"] for row in bundle.rows("measures") if (row["measure"], row["scale"]) == ("phq-9", "total")
    )
    assert told["phq-9 total"]["started"] == len(taken)
    assert told["phq-9 total"]["paired"] == sum(n > 1 for n in taken.values())


def test_a_total_is_of_the_numbers_that_are_shown(bundle):
    told = left_out({"research_no": 4, "research_not_asked": 13}, 31)
    assert told["reasons"] == {"research_no": "suppressed", "research_not_asked": "15"}
    assert (told["known"], told["reasons_hidden"]) == (46, 1)
    assert bundle.json("quality/data_quality.json")["left_out"]["known"] == 31
    page = bundle.files()["quality/data_quality.html"].decode()
    assert "http" not in page and "<script" not in page


def test_a_phone_that_went_with_something_unsent_is_counted(app, cast, tmp_path):
    first = cast.pair()
    hour = timedelta(hours=1)
    with atomic():
        contact(client=cast.anna, device=db.session.merge(first), outbox=3, device_seq=1, now=CAST_NOW + hour)
        revoke_device(device=db.session.merge(first), by=cast.ben, now=CAST_NOW + 2 * hour)
        choose_research(
            client=db.session.get(Client, cast.anna.id), choice="yes", revision_id=None, by=cast.ben, now=CAST_NOW
        )
    bundle = build(tmp_path / "b", now=CAST_NOW + timedelta(days=1))
    phones = bundle.json("quality/data_quality.json")["phones"]
    assert phones == {"phones": 1, "gone": 1, "gone_holding": 1, "unsent": 3, "never_emptied": 1}
    page = bundle.files()["privacy/identifiability.md"].decode()
    assert "**1 person is in groups of fewer than 5" in page
    assert db.session.scalar(select(Device)) is not None


def test_k_and_l_are_of_the_rows_as_they_left(bundle):
    groups = Counter((row["service"], row["age_band"], row["language"]) for row in bundle.rows("participants"))
    page = bundle.files()["privacy/identifiability.md"].decode()
    assert f"| k: people in the smallest group | {min(groups.values())} (wanted: 5) |" in page
    hidden = sum(row["age_band"] == "suppressed" for row in bundle.rows("participants"))
    assert f"| `age_band` | {hidden} of {sum(groups.values())} |" in page
    assert hidden > 0
    assert "Only an agreement with who holds the rows" in page, "k is not all that was tried"


def seen(*rows):
    """What was counted of rows: (file, the cells that matter)."""
    quality = Quality()
    plain = {
        "participants": {"arm": "a", "service": "s", "age_band": "26-35", "language": "en"},
        "occurrences": {"practice": "yes", "rhythm": "daily"},
        "measures": {"measure": "phq-9", "scale": "total"},
    }
    for name, cells in rows:
        row = {**plain[name], **cells}
        columns = tuple(Column(column, (), "as_is", column) for column in row)
        quality.see(File(name, name, columns, ()), list(row.values()))
    return quality.end()


def test_an_unanswered_event_and_a_check_in_are_not_eligible():
    states = [{"state": "no_answer"}, {"state": "no_answer", "rhythm": "event"}, {"state": "done", "rhythm": "event"}]
    check_in = {"state": "done", "practice": "no"}
    quality = seen(("participants", {}), *(("occurrences", one) for one in [*states, check_in]))
    assert quality.times == {"no_answer": 1, "silent_event": 1, "done": 1, "asks_about_it": 1}
    told = report(quality, {}, "now")["occurrences"]
    assert (told["all"], told["eligible"], told["not counted: silent_event"]) == (4, 2, 1)


def test_one_score_is_started_and_two_of_one_course_are_paired():
    def score(episode, value):
        return "measures", {"episode": episode, "value": value}

    first = [("participants", {}), score("e1", 12), score("e1", 8), score("e2", 15)]
    second = [("participants", {}), score("e3", 9), score("e3", "not-known")]
    assert seen(*first, *second).measured["phq-9 total"] == {"started": 3, "paired": 1}


def test_where_all_are_treated_for_the_same_l_is_one():
    quality = Quality()
    quality.groups[("a", "s", "26-35", "en")] = 5
    quality.sensitive[("a", "s", "26-35", "en")] = {"depression"}
    assert (identifiability(quality)["k"], identifiability(quality)["l"]) == (5, 1)
