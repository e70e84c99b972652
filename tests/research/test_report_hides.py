"""No two numbers that a table of the report shows tell a group of 1 to 7 people: many made-up tables, counted back."""

import random
import re
from collections import Counter
from itertools import combinations

from server.research.reporting.barriers import Barriers
from server.research.reporting.disengagement import Disengagement
from server.research.reporting.flow import Flow
from server.research.reporting.intervals import Intervals
from server.research.reporting.reminders import Reminders
from server.research.reporting.scored import Outcomes
from server.research.reporting.shown import Section

TRIES = 400


class Alone:
    """Nobody came with anybody."""

    def sentence(self) -> str:
        return ""


def numbers(text: str) -> list[int]:
    return [int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*", text)]


def nested(chance: random.Random, several: int) -> list[int]:
    """Counts of which each is part of the one before, often by few people."""
    left = [chance.randrange(60)]
    for _ in range(several - 1):
        left.append(max(0, left[-1] - chance.choice([0, 0, 1, 3, 7, 8, 20])))
    return left


def few_apart(shown: list[int]) -> list[tuple[int, int]]:
    return [(a, b) for a, b in combinations(shown, 2) if 0 < abs(a - b) < 8] + [(n, 0) for n in shown if 0 < n < 8]


def test_the_steps_of_the_flow():
    chance = random.Random(1)
    for _ in range(TRIES):
        flow, counts = Flow({"left_out": {"reasons": {}}}), nested(chance, 6)
        flow.reached = Counter(dict(enumerate(counts)))
        section = flow.section()
        told = [n for _, *cells in section.tables[0].rows for cell in cells[:1] for n in numbers(cell)]
        gone = [n for row in section.tables[0].rows for n in numbers(row[2])]
        assert not few_apart(told + numbers(section.n)), counts
        assert not [n for n in gone if 0 < n < 8], counts
        drawn = [int(n) for n in re.findall(r'font-weight="bold">(\d+)<', section.drawing)]
        assert not few_apart(drawn), counts
        assert not [n for n in re.findall(r">(\d+) not<", section.drawing) if 0 < int(n) < 8], counts


def test_the_outcomes_of_finished_courses():
    chance = random.Random(2)
    for _ in range(TRIES):
        finished, paired, caseness, recovery, reliable = nested(chance, 5)
        better = min(paired, reliable + chance.choice([0, 2, 9, 20]))
        same = min(paired - better, chance.choice([0, 2, 9, 20]))
        outcomes = Outcomes({("measures", "measure"): {}, ("measures", "scale"): {}}, Alone())
        outcomes.n = Counter(
            finished=finished, paired=paired, caseness=caseness, recovery=recovery, reliable_recovery=reliable,
            improvement=better, no_reliable_change=same, deterioration=paired - better - same,
        )  # fmt: skip
        section = outcomes.section()
        rows = {name: numbers(count) for name, count, _ in section.tables[0].rows}
        cells = [rows[name] for name in ("Reliable improvement", "No reliable change", "Reliable deterioration")]
        for inside in (rows["Recovery"], rows["Reliable recovery"], rows["Paired, of finished"], *cells):
            assert not few_apart(inside), (outcomes.n, rows)
        for chain in (("Paired, of finished", "Recovery", "Reliable recovery"),):
            assert not few_apart([n for name in chain for n in rows[name]]), (outcomes.n, rows)
        if rows["Reliable recovery"] and rows["Reliable improvement"]:
            assert not few_apart([rows["Reliable recovery"][0], rows["Reliable improvement"][0]]), (outcomes.n, rows)
        if any(cells) or rows["Paired, of finished"] or f"{paired} paired" in section.n:
            hidden = paired - sum(cell[0] for cell in cells if cell)
            assert not 0 < hidden < 8, (outcomes.n, rows)
        assert section.n == "7 finished courses or fewer" or not few_apart(numbers(section.n)), section.n
        for name, count, likely in section.tables[0].rows:
            assert numbers(count) or not numbers(likely), name


def scored(chance: random.Random, outcomes: Outcomes, counts: list[int]) -> dict[str, tuple[int, int]]:
    """How many started and how many are paired of three measures, often few from each other and from `counts`."""
    made = {}
    for measure in ("PHQ-9", "GAD-7", "WSAS"):
        near = max(0, chance.choice(counts) + chance.choice([-7, -1, 0, 1, 3, 7, 20]))
        started = near + chance.choice([0, 0, 2, 7, 8, 30])
        for n in range(started):
            outcomes.first_of_all[measure, "total"].add(chance.randrange(27))
            if n < near:
                outcomes.pairs[measure, "total"].add(chance.randrange(27), chance.randrange(27))
        made[measure] = started, near
    return made


def test_first_and_last_scores_beside_the_outcomes_of_finished_courses():
    """Of an open course, or one with one scale only: 67 paired below 60 of 60 would tell of seven people."""
    chance, about = random.Random(5), 0
    for _ in range(TRIES):
        finished, paired = nested(chance, 2)
        outcomes = Outcomes({("measures", "measure"): {}, ("measures", "scale"): {"total": "Total"}}, Alone())
        outcomes.n = Counter(finished=finished, paired=paired, improvement=paired)
        outcomes._names = {"PHQ-9": "PHQ-9", "GAD-7": "GAD-7", "WSAS": "WSAS"}
        made = scored(chance, outcomes, [finished, paired, 40])
        section = outcomes.section()
        exact = [n for _, count, _ in section.tables[0].rows for n in numbers(count)] + (
            [] if section.n.startswith("7 ") else numbers(section.n)
        )
        for measure, started, pairs, _, _, _, _, t, d_z, _ in section.tables[1].rows:
            about += "about" in f"{started}{pairs}"
            exact += [n for cell in (started, pairs.partition(" (")[0]) if "about" not in cell for n in numbers(cell)]
            df = re.search(r"\(([\d,]+)\)", t)
            exact += [int(df[1].replace(",", "")) + 1] if df else []
            if "about" in pairs:  # neither what t has degrees of freedom for, nor t ÷ √n, nor a share of them
                assert not df and not numbers(d_z) and "%" not in pairs, (made, measure)
            if "about" in started:
                assert "%" not in pairs, (made, measure)
        assert not few_apart([*exact, 0]), (outcomes.n, made, section.tables[1].rows)
    assert about > TRIES / 10


def test_how_far_reminders_came():
    chance = random.Random(3)
    for _ in range(TRIES):
        reminders, [every, phone, due] = Reminders(), nested(chance, 3)
        reminders.people = Counter(all=every, phone=phone, due=due)
        section = reminders.section()
        told = [n for row in section.tables[0].rows[:2] for n in numbers(row[1])]
        assert not few_apart(told + numbers(section.n)[1:2]), (every, phone, due)


STATES = ("done", "partial", "tried", "not_done", "no_answer", "unknown")


def person_of(chance: random.Random, likely: list[int]) -> dict[str, list[dict[str, str]]]:
    """A made-up course: what became of a few times in each interval, and the four rates of it."""
    found = []
    for place in range(1, 1 + chance.choice([1, 3, 6, 9])):
        times = Counter(chance.choices(STATES, likely, k=chance.choice([0, 1, 3, 6])))
        eligible, tried = times.total(), times["done"] + times["partial"] + times["tried"]
        for name, above in (("m2", tried), ("m1", times["done"])):
            for way, below in (("unknown_as_not_done", eligible), ("unknown_left_out", eligible - times["unknown"])):
                times[f"{name}_{way}"] = str(above / below) if below else "not-applicable"
        found.append({name: str(times[name]) for name in (*STATES, *(k for k in times if k.startswith("m")))})
        found[-1] |= {"interval": str(place), "eligible": str(eligible)}
    return {"intervals": found}


def people_by_part(people, places: range) -> dict[str, int]:
    """Of how many people each part of what was eligible in these intervals is."""
    found: Counter[str] = Counter()
    for one in people:
        mine: Counter[str] = Counter()
        for row in one["intervals"]:
            if int(row["interval"]) in places:
                mine.update({state: int(row[state]) for state in STATES})
        told = {"done": mine["done"], "partly": mine["partial"] + mine["tried"], "unknown": mine["unknown"]}
        told |= {"rest": mine["not_done"] + mine["no_answer"], "tried": told["done"] + told["partly"]}
        told |= {"untried": told["rest"] + told["unknown"], "any": mine.total()}
        found.update(name for name, n in told.items() if n)
    return found


def test_practice_by_interval():
    """No rate of a row, and none beside another, tells of 1 to 7 people; no two numbers of people do."""
    chance, shown = random.Random(4), 0
    for _ in range(TRIES // 4):
        likely = [chance.choice([0, 1, 8]) for _ in STATES]
        people = [person_of(chance, likely if any(likely) else [1] * 6) for _ in range(chance.choice([7, 20, 60]))]
        intervals = Intervals()
        for one in people:
            intervals.see(one)
        section = intervals.section()
        rows = section.tables[0].rows
        for place, _, m2, m2_left_out, m1, m1_left_out, _ in rows:
            ends = numbers(place) or [1, 9]
            of = people_by_part(people, range(ends[0], ends[-1] + 1))
            told = {"any", "tried", "untried"}
            told |= {"rest", "unknown"} if "hidden" not in (m2, m2_left_out) else set()
            told |= {"done", "partly"} if m1 != "hidden" else set()
            told |= {"done", "partly", "rest", "unknown"} if m1_left_out != "hidden" else set()
            assert not {name: of[name] for name in told if 0 < of[name] < 8}, (place, of)
            shown += m1 != "hidden"
        for at in range(2, 6):
            cells = [row[at] for row in rows[1:]]
            apart = rows and rows[0][at] != "hidden" and {"hidden"} < set(cells)
            assert not apart, "all, less those that are told, would be those that are not"
        assert not few_apart([n for row in rows for n in numbers(row[1])] + numbers(section.n))
    assert shown > TRIES / 4


def test_people_by_interval():
    chance = random.Random(4)
    for _ in range(TRIES):
        intervals, counts = Intervals(), nested(chance, 8)
        intervals.people = Counter(dict(enumerate([counts[0], *counts])))
        section = intervals.section()
        told = [n for row in section.tables[0].rows for n in numbers(row[1])]
        assert not few_apart(told + numbers(section.n)), counts


def test_the_last_intervals_of_few_people_are_told_with_the_one_before():
    intervals = Intervals()
    rates = {f"{name}_{way}": "0.5" for name in ("m1", "m2") for way in ("unknown_as_not_done", "unknown_left_out")}
    row = {**dict.fromkeys(STATES, "0"), "done": "1", "not_done": "1", "eligible": "2", **rates}
    for n in range(10):
        intervals.see({"intervals": [{**row, "interval": str(place)} for place in range(1, 3 if n else 5)]})
    [every, first, second] = intervals.section().tables[0].rows
    assert every == ("All", "10", "50 %", "50 %", "50 %", "50 %", "22 of 44")
    assert first == ("1", "10", "50 %", "50 %", "50 %", "50 %", "10 of 20")
    assert second == ("2 to 4", "10", "50 %", "50 %", "50 %", "50 %", "12 of 24")


def courses_of(chance: random.Random) -> dict[str, list[tuple[float, str]]]:
    """When made-up courses ended, and up to when all is known of them."""
    leave = chance.choice([30, 100, 400])
    every, known = [], []
    for _ in range(chance.choice([6, 12, 31, 60, 250])):
        gone = {"disengaged": chance.randrange(leave), "discharged": chance.randrange(leave)}
        event = min(gone, key=gone.__getitem__)
        last = chance.choice([20, 60, 90, 200])
        every.append((gone[event], event) if gone[event] <= last else (last, "still_followed"))
        quiet = chance.choice([0, 0, 0, 10])
        if chance.random() < 0.9:
            known.append(every[-1] if not quiet else (max(0, every[-1][0] - quiet), "still_followed"))
    return {"m11": every, "m11_known": known}


def told_of_weeks(rows, courses, known: int) -> dict[int, dict[str, int]]:
    """Week → how many courses each cell that is shown is of, and what can be worked out of them."""
    found = {}
    for weeks, *cells in rows:
        day = 7 * int(weeks)
        gone = {event: sum(what == event and days <= day for days, what in courses) for event in EVENTS}
        left, still = sum(gone.values()), sum(days > day for days, _ in courses)
        counts = [still, *gone.values(), left]
        told = {name: n for name, n, cell in zip(COUNTS, counts, cells, strict=True) if cell != "hidden"}
        if len(told.keys() & {*EVENTS, "left"}) > 1:  # two of them tell the third
            told |= gone | {"left": left}
        if {"followed", "left"} <= told.keys():
            told["ended"] = known - still - left
        found[int(weeks)] = told
    return found


EVENTS = ("disengaged", "discharged")
COUNTS = ("followed", *EVENTS, "left")


def test_who_has_left_by_week():
    """No cell, no row less the one above, no table less the other of the same week tells of 1 to 7 courses."""
    chance, shown = random.Random(5), 0
    for _ in range(TRIES):
        disengagement = Disengagement()
        disengagement.courses = courses_of(chance)
        every, known = disengagement.courses["m11"], disengagement.courses["m11_known"]
        section = disengagement.section()
        tables = [
            told_of_weeks(table.rows, courses, len(every))
            for table, courses in zip(section.tables, (every, known), strict=True)
        ]
        for name in (*COUNTS, "ended"):
            whole = len(every) if name == "followed" else 0
            for table in filter(None, tables):
                told = [one[name] for one in table.values() if name in one]
                assert not few_apart([n for n in (whole, *told) if n]), (name, table)
                shown += bool(told)
            for weeks in tables[0].keys() & tables[1].keys():
                assert not few_apart([one[weeks][name] for one in tables if one[weeks].get(name)]), (name, weeks)
        points = sum(len(one.split()) for one in re.findall(r'points="([^"]*)"', section.drawing))
        cells = [row[2:] for row in section.tables[0].rows]
        drawn = [[row[at] for row in cells if row[at] != "hidden"] for at in range(3)]
        assert points == sum(len(one) + 1 for one in drawn if one), "the drawing tells no more than the table"
    assert shown > TRIES


def test_a_large_bundle_tells_of_every_week():
    disengagement = Disengagement()
    days = [(day, event) for day in range(200) for event in (*EVENTS, *["still_followed"] * 2) for _ in range(3)]
    disengagement.courses = {"m11": days, "m11_known": days}
    for table in disengagement.section().tables:
        assert [row[0] for row in table.rows] == ["2", "4", "6", "8", "10", "12", "16", "20", "26"]
        assert "hidden" not in {cell for row in table.rows for cell in row}


def test_few_who_left_are_told_with_the_next_week_that_makes_them_more():
    """Two by week 4, eight by week 10: the table goes from week 2 to week 10, and does not say in which way."""
    disengagement = Disengagement()
    gone = [(20, "disengaged"), (25, "disengaged"), *[(60, "disengaged")] * 3, *[(66, "discharged")] * 3]
    disengagement.courses = {"m11": [*gone, *[(100, "still_followed")] * 24], "m11_known": []}
    section = disengagement.section()
    assert section.tables[0].rows == [
        ("2", "32", "0 %", "0 %", "100 %"),
        ("10", "24", "hidden", "hidden", "75 %"),
        ("12", "24", "hidden", "hidden", "75 %"),
    ]


def test_barriers_of_all_together_are_of_what_is_shown():
    words = {("assignments", "worksheet"): {"one": "One", "two": "Two"}, ("occurrences", "barrier"): {}}
    words["occurrences", "barrier"] = {"forgot": "I forgot", "too_hard": "Too hard"}
    barriers = Barriers(words)
    row = {"practice": "yes", "rhythm": "daily", "state": "not_done"}
    for n in range(16):
        here = "one" if n < 12 else "two"
        barriers.see({
            "assignments": [{"assignment": "a", "worksheet": here}],
            "occurrences": [{**row, "assignment": "a", "barrier": "too_hard" if n % 4 == 0 else "forgot"}] * 2,
        })  # fmt: skip
    section = barriers.section()
    [every, one] = section.tables[0].rows
    assert every == ("All together", "10", "24", "18", "I forgot (18)")
    assert one == ("One", "10", "24", "18", "I forgot (18)")
    assert section.n == "24 times of 10 people"


def test_what_is_checked_here_can_fail():
    assert few_apart([30, 27]) and few_apart([3]) and not few_apart([30, 30, 0, 20])
    assert isinstance(Flow({"left_out": {"reasons": {}}}).section(), Section)
