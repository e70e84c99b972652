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
            silent_event = row["rhythm"] == "event" and state in SILENT  # nothing need have happened
            about_it = row["practice"] == "no"  # a check-in or a measure: about the work, and none
            if row["interval"] == "not-applicable" or state not in ELIGIBLE or silent_event or about_it:
                continue
            kinds = ["eligible"] + ["tried"] * (state in TRIED) + [state] * (state in ("done", "unknown"))
            found[row["pid"], row["episode"], int(row["interval"])].update(kinds)
    return found


def rates(n: Counter) -> list[str]:
    """M1 and M2, each with unknown as not done and with unknown left out."""
    of = n["eligible"], n["eligible"] - n["unknown"]
    return [f"{n[what] / all_:.4f}" if all_ else "not-applicable" for what in ("done", "tried") for all_ in of]


if __name__ == "__main__":
    out, found = csv.writer(sys.stdout, lineterminator="\n"), counts(Path(*sys.argv[1:]))
    print("pid,episode,interval,done,tried,eligible,unknown,m1,m1_known,m2,m2_known")
    for key, n in sorted(found.items()):
        out.writerow([*key, n["done"], n["tried"], n["eligible"], n["unknown"], *rates(n)])
    whole = sum(found.values(), Counter())
    print(f"all: {whole['eligible']} eligible; m1, m1_known, m2, m2_known:", *rates(whole), file=sys.stderr)
