"""The counts by calendar week from a bundle's rows and the days that only the service knows: pandas, nothing of ours.

Run it on a bundle: python calendar_weeks.py BUNDLE DAYS.csv FIRST_MONDAY, DAYS.csv being pid,day_zero.
"""

import sys
from pathlib import Path

import pandas

TRIED = ("done", "partial", "tried")
SILENT = ("no_answer", "unknown")
ASKING = ("check-ins/", "measures-imported/")  # about the work, and none


def table(bundle: Path, name: str) -> pandas.DataFrame:
    """The rows of one file, as text."""
    return pandas.read_csv(bundle / "data" / f"{name}_data.csv", dtype=str, keep_default_na=False)


def weekly(bundle: Path, days: pandas.DataFrame, first: str) -> pandas.DataFrame:
    """week, measure, pid → times, in the twelve weeks from this Monday."""
    told = pandas.concat([_times(bundle), _agreed(bundle), _meetings(bundle)])
    told = told.merge(days, on="pid")
    dates = pandas.to_datetime(told.day_zero) + pandas.to_timedelta(told.day.astype(int), unit="D")
    told["week"] = dates - pandas.to_timedelta(dates.dt.day_of_week, unit="D")
    begins = pandas.Timestamp(first)
    told = told[(told.week >= begins) & (told.week < begins + pandas.Timedelta(weeks=12))]
    return told.groupby(["week", "measure", "pid"]).size().rename("times").reset_index()


def _times(bundle: Path) -> pandas.DataFrame:
    rows = table(bundle, "occurrences")
    rows = rows[(rows.practice == "yes") & ~((rows.rhythm == "event") & rows.state.isin(SILENT))]
    kinds = {
        "due": rows.state.isin((*TRIED, "not_done", *SILENT)),
        "tried": rows.state.isin(TRIED),
        "partly": rows.state.isin(("partial", "tried")),
        "rest": rows.state.isin(("not_done", *SILENT)),
        "left_out": rows.state.isin(("exempt", "nothing_happened")),
        **{state: rows.state == state for state in ("done", "not_done", *SILENT)},
    }
    return pandas.concat([_named(rows[those], "due_day", name) for name, those in kinds.items()])


def _agreed(bundle: Path) -> pandas.DataFrame:
    rows = table(bundle, "assignments")
    return _named(rows[~rows.worksheet.str.startswith(ASKING)], "agreed_day", "agreed")


def _meetings(bundle: Path) -> pandas.DataFrame:
    rows = table(bundle, "appointments")
    kinds = {
        "attended": ("attended",),
        "missed": ("missed",),
        "cancelled": ("cancelled_by_client", "cancelled_by_service"),
    }
    return pandas.concat([_named(rows[rows.state.isin(states)], "day", name) for name, states in kinds.items()])


def _named(rows: pandas.DataFrame, day: str, name: str) -> pandas.DataFrame:
    return pandas.DataFrame({"pid": rows.pid, "day": rows[day], "measure": name})


if __name__ == "__main__":
    print(weekly(Path(sys.argv[1]), pandas.read_csv(sys.argv[2], dtype=str), sys.argv[3]).to_string())
