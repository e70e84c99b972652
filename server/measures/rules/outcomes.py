"""The outcomes of NHS Talking Therapies, from first and last scores of a course of treatment. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from server.measures.definition import Measure, Scale
from server.measures.rules.scoring import ScaleScore, reliable_change

FEWEST_CONTACTS, TREATMENT = 2, "treatment"


@dataclass(frozen=True)
class Dated:
    """One score with the day it was taken on."""

    taken_on: date
    score: ScaleScore


@dataclass(frozen=True)
class Pair:
    """First and last score of one scale, taken on two days."""

    scale: Scale
    first: ScaleScore
    last: ScaleScore

    @property
    def change(self) -> str:
        """improved · deteriorated · no_reliable_change · not_defined · not_known · not_comparable."""
        return reliable_change(self.scale, self.first, self.last)


@dataclass(frozen=True)
class Outcome:
    """The four outcomes of one course. `recovery` and `reliable_recovery` are None where they cannot be asked."""

    started_at_caseness: bool
    recovery: bool | None
    reliable: str  # improvement, deterioration, no_reliable_change
    reliable_recovery: bool | None


@dataclass(frozen=True)
class Paired:
    """M18, measurement completeness: how many have a first and a later score, of how many that started."""

    paired: int
    started: int


def pair_of(scale: Scale, series: Iterable[Dated]) -> Pair | None:
    """The first and the last score of a scale; None unless there are two with a value on two days."""
    known = sorted((one for one in series if one.score.value is not None), key=lambda one: one.taken_on)
    if not known or known[0].taken_on == known[-1].taken_on:
        return None
    return Pair(scale, known[0].score, known[-1].score)


def paired_counts(several: Iterable[Iterable[Dated]]) -> Paired:
    """M18: paired first and last ÷ started; a series with no score at all has not started (clinical reference F2)."""
    days = [{one.taken_on for one in series if one.score.value is not None} for series in several]
    return Paired(sum(len(one) > 1 for one in days), sum(len(one) > 0 for one in days))


def finished(closed: bool, kinds: Iterable[str]) -> bool:
    """A finished course: it ended, with two or more attended treatment contacts (Fingertips glossary [V]).

    `kinds`: of the appointments attended. A first look, a review alone and a follow-up are no treatment.
    """
    return closed and sum(kind == TREATMENT for kind in kinds) >= FEWEST_CONTACTS


def anxiety_measure_for(problem: str | None, paired: Collection[str], measures: Sequence[Measure]) -> str | None:
    """The id of the measure that stands for anxiety: the one for the problem where it has a pair, else the GAD-7.

    Clark 2018, Table 2 (PMC5942544) [V]; for post-traumatic stress the PCL-5 comes before the IES-R [K]. None where
    neither has a pair.
    """
    of_anxiety = [one for one in measures if one.role == "anxiety"]
    own = sorted((one for one in of_anxiety if problem in one.problems), key=lambda one: one.rank)
    rest = [one for one in of_anxiety if not one.problems]
    return next((one.id for one in [*own, *rest] if one.id in paired), None)


def at_caseness(depression: ScaleScore, anxiety: ScaleScore) -> bool:
    """At caseness: PHQ-9 at or above 10, or the anxiety measure at or above its own cut-off. [V]"""
    return "yes" in (depression.case, anxiety.case)


def recovery(depression: Pair, anxiety: Pair) -> bool | None:
    """At caseness at the start, and both below at the end ([V] by RCPsych; that both have to be below is [K]).

    None for somebody who was not at caseness at the start: they are not in the denominator.
    """
    if not at_caseness(depression.first, anxiety.first):
        return None
    return not at_caseness(depression.last, anxiety.last)


def reliable(depression: Pair, anxiety: Pair) -> str:
    """improvement: either falls by its reliable change or more and the other does not rise by as much; deterioration is
    the mirror image; no_reliable_change is everything else. The points are [V], this formula is [K]."""
    changes = {depression.change, anxiety.change}
    if "improved" in changes and "deteriorated" not in changes:
        return "improvement"
    if "deteriorated" in changes and "improved" not in changes:
        return "deterioration"
    return "no_reliable_change"


def reliable_recovery(depression: Pair, anxiety: Pair) -> bool | None:
    """Recovery together with reliable improvement, of those at caseness at the start. [K]"""
    recovered = recovery(depression, anxiety)
    return None if recovered is None else recovered and reliable(depression, anxiety) == "improvement"


def outcome(depression: Pair | None, anxiety: Pair | None) -> Outcome | None:
    """All four for one course; None unless both measures have a pair."""
    if depression is None or anxiety is None:
        return None
    return Outcome(
        at_caseness(depression.first, anxiety.first),
        recovery(depression, anxiety),
        reliable(depression, anxiety),
        reliable_recovery(depression, anxiety),
    )
