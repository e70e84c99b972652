"""The one scorer: item scores or totals of any measure to values, bands and caseness. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from server.measures.definition import Measure, Scale

NOT_APPLICABLE = "na"  # in the place of an item's score
PLACES = {"sum": Decimal("0.1"), "mean": Decimal("0.01")}  # a filled-in sum may end on a tenth


@dataclass(frozen=True)
class ScaleScore:
    """One scale's score. `value` is None where there is no score, and `reason` says why.

    `band` is None where none is defined. `case`: yes · no · not_defined · not_known. `most` is the highest value there
    could have been. `reason`: missing_items · not_given. `filled`: how many missing items count as the others' mean.
    """

    scale: str
    value: Decimal | None
    most: Decimal
    band: str | None
    case: str
    reason: str = ""
    filled: int = 0


@dataclass(frozen=True)
class Scored:
    """All scales of one entry. `problem` says why the entry as a whole is none, `at` names the items or scales.

    problem: nothing_given · wrong_count · no_items · unknown_scale · not_a_number · out_of_range ·
    may_not_be_left_out · do_not_agree
    """

    scales: tuple[ScaleScore, ...] = ()
    problem: str = ""
    at: tuple[str, ...] = ()

    @property
    def case(self) -> str:
        """Caseness of the whole: yes where any scale says so (IAPT phobia scales: any of three, Data Handbook [V])."""
        said = [one.case for one in self.scales if one.case != "not_defined"]
        if not said:
            return "not_defined"
        if "yes" in said:
            return "yes"
        return "no" if "no" in said and "not_known" not in said else "not_known"

    def of(self, scale: str) -> ScaleScore | None:
        """One scale's score."""
        return next((one for one in self.scales if one.scale == scale), None)


def score(measure: Measure, items: Sequence[Any] | None = None, totals: Mapping[str, Any] | None = None) -> Scored:
    """Score one entry: every item in order (None where missing, "na" where it does not apply), or totals by scale.

    With both, they have to agree. Nothing is raised: what cannot be scored says why. Sums and means by the rules in the
    measure's file; reversed items count as least + most − answer; `fill: mean` counts a missing item as the mean of the
    others (CORE-10: 10 × sum ÷ items answered [V]); PHQ-9 and GAD-7 are never filled in [D].
    """
    if items is not None and all(one is None for one in items):
        items = None
    if items is None and not totals:
        return Scored(problem="nothing_given")
    wrong = _wrong_items(measure, items) or _wrong_totals(measure, totals or {})
    if wrong:
        return wrong
    given = {name: Decimal(str(value)) for name, value in (totals or {}).items()}
    if items is None:
        return Scored(tuple(_of_total(scale, given.get(scale.id)) for scale in measure.scales))
    scales = tuple(_of_items(measure, scale, items) for scale in measure.scales)
    apart = tuple(one.scale for one in scales if one.scale in given and one.value != given[one.scale])
    return Scored(problem="do_not_agree", at=apart) if apart else Scored(scales)


def reliable_change(scale: Scale, first: ScaleScore, last: ScaleScore) -> str:
    """What became of a score: improved · deteriorated · no_reliable_change · not_defined · not_known · not_comparable.

    Reliable is a change of at least the scale's own points (PHQ-9 6, GAD-7 4: PMC8411661 [V]); lower is better on every
    scale here. Not comparable where an item did not apply one of the two times.
    """
    if scale.reliable_change is None:
        return "not_defined"
    if first.value is None or last.value is None:
        return "not_known"
    if first.most != last.most:
        return "not_comparable"
    fall = first.value - last.value
    if fall >= scale.reliable_change:
        return "improved"
    return "deteriorated" if -fall >= scale.reliable_change else "no_reliable_change"


def _wrong_items(measure: Measure, items: Sequence[Any] | None) -> Scored | None:
    if items is None:
        return None
    if measure.count == 0:
        return Scored(problem="no_items")
    if len(items) != measure.count:
        return Scored(problem="wrong_count", at=(str(len(items)),))
    left_out = tuple(
        str(n) for n, one in enumerate(items, 1) if one == NOT_APPLICABLE and n not in measure.not_applicable
    )
    if left_out:
        return Scored(problem="may_not_be_left_out", at=left_out)
    answers = [(n, one) for n, one in enumerate(items, 1) if one is not None and one != NOT_APPLICABLE]
    odd = tuple(str(n) for n, one in answers if not isinstance(one, int) or isinstance(one, bool))
    if odd:
        return Scored(problem="not_a_number", at=odd)
    outside = tuple(str(n) for n, one in answers if not measure.least <= one <= measure.most)
    return Scored(problem="out_of_range", at=outside) if outside else None


def _wrong_totals(measure: Measure, totals: Mapping[str, Any]) -> Scored | None:
    unknown = tuple(sorted(str(name) for name in totals if measure.scale(str(name)) is None))
    if unknown:
        return Scored(problem="unknown_scale", at=unknown)
    odd, outside = [], []
    for scale in measure.scales:
        if scale.id not in totals:
            continue
        value = _number(totals[scale.id], _smallest_step(measure, scale))
        if value is None:
            odd.append(scale.id)
        elif not scale.least <= value <= scale.most:
            outside.append(scale.id)
    if odd:
        return Scored(problem="not_a_number", at=tuple(odd))
    return Scored(problem="out_of_range", at=tuple(outside)) if outside else None


def _smallest_step(measure: Measure, scale: Scale) -> Decimal:
    """A mean has two decimals, a filled-in sum one, any other sum none."""
    if scale.kind == "sum" and measure.fill == "none":
        return Decimal(1)
    return PLACES[scale.kind]


def _number(value: Any, step: Decimal) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(value))
        return number if number.is_finite() and number == number.quantize(step) else None
    except InvalidOperation:
        return None


def _of_total(scale: Scale, value: Decimal | None) -> ScaleScore:
    if value is None:
        return ScaleScore(scale.id, None, scale.most, None, _unknown_case(scale), "not_given")
    return _judged(scale, value, scale.most)


def _of_items(measure: Measure, scale: Scale, items: Sequence[Any]) -> ScaleScore:
    asked = [n for n in scale.items if items[n - 1] != NOT_APPLICABLE]
    answers = [_turned(measure, n, items[n - 1]) for n in asked if items[n - 1] is not None]
    missing = len(asked) - len(answers)
    most = Decimal(measure.most * len(asked)) if scale.kind == "sum" else scale.most
    if not answers:
        return ScaleScore(scale.id, None, most, None, _unknown_case(scale), "not_given")
    if missing > measure.missing_at_most:
        return ScaleScore(scale.id, None, most, None, _unknown_case(scale), "missing_items")
    mean = Fraction(sum(answers), len(answers))
    exact = mean * len(asked) if scale.kind == "sum" else mean
    return _judged(scale, _rounded(exact, PLACES[scale.kind]), most, missing)


def _turned(measure: Measure, number: int, answer: int) -> int:
    return measure.least + measure.most - answer if number in measure.reversed else answer


def _rounded(exact: Fraction, places: Decimal) -> Decimal:
    """Halves upwards; a whole number stays one."""
    if exact.denominator == 1:
        return Decimal(exact.numerator)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(places, ROUND_HALF_UP)


def _judged(scale: Scale, value: Decimal, most: Decimal, filled: int = 0) -> ScaleScore:
    """Bands and caseness hold for the whole range: where an item did not apply, neither is defined."""
    if most != scale.most:
        return ScaleScore(scale.id, value, most, None, "not_defined", filled=filled)
    band = next((one.name for one in reversed(scale.bands) if value >= one.start), None)
    case = "not_defined" if scale.caseness is None else "yes" if scale.caseness.holds(value) else "no"
    return ScaleScore(scale.id, value, most, band, case, filled=filled)


def _unknown_case(scale: Scale) -> str:
    return "not_defined" if scale.caseness is None else "not_known"
