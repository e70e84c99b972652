"""No two numbers that a table of the report shows tell a group of 1 to 7 people: many made-up tables, counted back."""

import random
import re
from collections import Counter
from itertools import combinations

from server.research.reporting.barriers import Barriers
from server.research.reporting.flow import Flow
from server.research.reporting.over_time import Intervals
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


def test_how_far_reminders_came():
    chance = random.Random(3)
    for _ in range(TRIES):
        reminders, [every, phone, due] = Reminders(), nested(chance, 3)
        reminders.people = Counter(all=every, phone=phone, due=due)
        section = reminders.section()
        told = [n for row in section.tables[0].rows[:2] for n in numbers(row[1])]
        assert not few_apart(told + numbers(section.n)[1:2]), (every, phone, due)


def test_people_by_interval():
    chance = random.Random(4)
    for _ in range(TRIES):
        intervals, counts = Intervals(), nested(chance, 8)
        intervals.people, intervals.everybody = Counter(dict(enumerate(counts, 1))), counts[0]
        section = intervals.section()
        told = [n for row in section.tables[0].rows for n in numbers(row[1])]
        assert not few_apart(told + numbers(section.n)), counts


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
