"""How measures are scored, and what change counts. Pure."""

from server.measures.rules.outcomes import (
    TREATMENT,
    Dated,
    Outcome,
    Pair,
    Paired,
    anxiety_measure_for,
    at_caseness,
    finished,
    outcome,
    pair_of,
    paired_counts,
    recovery,
    reliable,
    reliable_recovery,
)
from server.measures.rules.scoring import NOT_APPLICABLE, ScaleScore, Scored, reliable_change, score

__all__ = [
    "NOT_APPLICABLE",
    "TREATMENT",
    "Dated",
    "Outcome",
    "Pair",
    "Paired",
    "ScaleScore",
    "Scored",
    "anxiety_measure_for",
    "at_caseness",
    "finished",
    "outcome",
    "pair_of",
    "paired_counts",
    "recovery",
    "reliable",
    "reliable_change",
    "reliable_recovery",
    "score",
]
