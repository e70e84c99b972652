"""The figures of every interval from a bundle's CSV files alone: a researcher's own code, none of the program's.

Run it on a bundle: python recount.py BUNDLE
"""

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

TRIED = ("done", "partial", "tried")
BELOW = (*TRIED, "not_done", "no_answer", "unknown")
BY_OTHER_WAYS = {"said": "only_ticked", "paper": "on_paper", "phone_call": "told_by_phone"}

Key = tuple[str, str, int]  # client, course, number of the interval


def rows(bundle: Path, name: str) -> list[dict[str, str]]:
    """The rows of one file."""
    with (bundle / "data" / f"{name}_data.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_below(row: dict[str, str]) -> bool:
    """Below the line of M1 and M2: due or answered, and not a worksheet for *when it happens* that nobody answered."""
    event_without_answer = row["rhythm"] == "event" and row["state"] in ("no_answer", "unknown")
    return row["state"] in BELOW and not event_without_answer and row["practice"] == "yes"


def figures(bundle: Path) -> dict[Key, Counter[str]]:
    """What stands on a client's page about each interval, as counts; 0 where nothing does."""
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    tasks: dict[Key, set[str]] = defaultdict(set)
    for row in rows(bundle, "occurrences"):
        if row["interval"] == "not-applicable":
            continue
        key = row["pid"], row["episode"], int(row["interval"])
        counted = found[key]
        if is_below(row):
            counted["eligible"] += 1
            counted[row["state"]] += 1
            tasks[key].add(row["assignment"])
            if row["state"] in TRIED:
                counted["attempted"] += 1
                counted[BY_OTHER_WAYS.get(row["medium"], "by_worksheet")] += 1
        elif row["state"] in ("exempt", "nothing_happened") and row["practice"] == "yes":
            counted[row["state"]] += 1
    for key, several in tasks.items():
        found[key]["tasks"] = len(several)
    return found


def told_by_the_bundle(bundle: Path) -> dict[Key, dict[str, str]]:
    """What rows with relative days cannot give again: reviews within an interval, and its last four weeks."""
    names = ("m15_reviewed", "m13_planned_days", "m13_days_with_a_try", "closes_day")
    return {
        (row["pid"], row["episode"], int(row["interval"])): {name: row[name] for name in names}
        for row in rows(bundle, "intervals")
    }


def barriers(bundle: Path) -> dict[Key, Counter[str]]:
    """What was named for times that are over or answered, by interval."""
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    for row in rows(bundle, "occurrences"):
        named = row["barrier"] not in ("not-applicable", "not-answered")
        if row["practice"] == "no" or row["interval"] == "not-applicable":
            continue
        if named and row["state"] not in ("exempt", "planned", "moved"):
            found[row["pid"], row["episode"], int(row["interval"])][row["barrier"]] += 1
    return found


if __name__ == "__main__":
    for key, counted in sorted(figures(Path(sys.argv[1])).items()):
        print(*key, dict(sorted(counted.items())))
