"""M1 and M2 per client and interval, from a research bundle alone; inside it: python recompute.py > rates.csv."""

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

TRIED = {"done", "partial", "tried"}
SILENT = {"no_answer", "unknown"}
ELIGIBLE = TRIED | SILENT | {"not_done"}  # not: planned, moved, exempt, nothing_happened, withdrawn


def counts(bundle: Path) -> dict[tuple[str, str, int], Counter]:
    """(client, episode, interval) -> how many were eligible, done, tried, unknown."""
    found: dict[tuple[str, str, int], Counter] = defaultdict(Counter)
    with (bundle / "data" / "occurrences_data.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            state = row["state"]
            nothing_need_have_happened = row["rhythm"] == "event" and state in SILENT
            if row["interval"] == "not-applicable" or state not in ELIGIBLE or nothing_need_have_happened:
                continue
            if row["practice"] == "no":  # a check-in or a measure: about the work, and none
                continue
            kinds = ["eligible"] + ["tried"] * (state in TRIED) + [state] * (state in ("done", "unknown"))
            found[row["pid"], row["episode"], int(row["interval"])].update(kinds)
    return found


def rate(count: int, of: int) -> str:
    """A ratio, or nothing over nothing."""
    return f"{count / of:.4f}" if of else "not-applicable"


if __name__ == "__main__":
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(
        ["pid", "episode", "interval", "done", "tried", "eligible", "unknown", "m1", "m1_known", "m2", "m2_known"]
    )
    for key, n in sorted(counts(Path(*sys.argv[1:])).items()):
        known = n["eligible"] - n["unknown"]
        rates = [rate(n[what], of) for what in ("done", "tried") for of in (n["eligible"], known)]
        out.writerow([*key, n["done"], n["tried"], n["eligible"], n["unknown"], *rates])
