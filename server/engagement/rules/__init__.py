"""The figures, one pure function each, numbered as in clinical.md F2; `docs/figures.md` says where each is shown."""

from server.engagement.rules.counts import Figures, attempts, barriers, completion
from server.engagement.rules.interval import interval_figures
from server.engagement.rules.measuring import Pairing, pairing
from server.engagement.rules.survival import median_survival
from server.engagement.rules.times import latency_hours, on_time, practice_rhythm
from server.engagement.rules.told import ATTEMPTED, ELIGIBLE, SILENT, Share, Told, state_now, within
from server.engagement.rules.weeks import Week, weeks, weeks_of

__all__ = [
    "ATTEMPTED",
    "ELIGIBLE",
    "SILENT",
    "Figures",
    "Pairing",
    "Share",
    "Told",
    "Week",
    "attempts",
    "barriers",
    "completion",
    "interval_figures",
    "latency_hours",
    "median_survival",
    "on_time",
    "pairing",
    "practice_rhythm",
    "state_now",
    "weeks",
    "weeks_of",
    "within",
]
