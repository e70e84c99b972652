"""What a measure is: items by number and range, scales with their constants, each with its source and mark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

TO_BE_CHECKED = ("K", "D", "V2")  # [V] alone was read in the source that is named
MARKS = {
    "V": "read in the source named",
    "V2": "read in a secondary source",
    "K": "general knowledge",
    "D": "decided by this project",
}


@dataclass(frozen=True)
class Fact:
    """Where a constant comes from: its mark, V V2 K or D, and the source in words."""

    mark: str
    source: str


@dataclass(frozen=True)
class Band:
    """One band of a scale, from this value up to the next band."""

    start: Decimal
    name: str


@dataclass(frozen=True)
class Threshold:
    """Caseness: at least, or above, a value."""

    value: Decimal
    above: bool

    def holds(self, score: Decimal) -> bool:
        """Whether a score is at or above it, or, where the source says so, above it only."""
        return score > self.value if self.above else score >= self.value

    def __str__(self) -> str:
        return f"above {self.value}" if self.above else f"{self.value} or more"


@dataclass(frozen=True)
class Scale:
    """One score of a measure. `items` are the numbers it is made of; none where only totals are known."""

    id: str
    name: str
    kind: str  # sum, mean
    items: tuple[int, ...]
    least: Decimal
    most: Decimal
    bands: tuple[Band, ...]
    caseness: Threshold | None
    reliable_change: Decimal | None
    facts: dict[str, Fact]


@dataclass(frozen=True)
class Measure:
    """One published version of a measure's scoring."""

    id: str
    version: int
    name: str
    about: str
    count: int  # items; 0 where only totals are entered
    unscored: int  # more questions that a copy of the text may have at its end
    least: int  # of one item
    most: int
    reversed: frozenset[int]
    risk_items: frozenset[int]
    not_applicable: frozenset[int]
    missing_at_most: int
    fill: str  # none, mean
    scales: tuple[Scale, ...]
    role: str  # depression, anxiety, or nothing
    rank: int
    problems: tuple[str, ...]
    code_system: str
    codes: tuple[str, ...]  # of the items in order, by which a copy of the text shows that it has them in order
    refused_labels: tuple[str, ...]
    refused_sentence: str
    licence: str
    copyright_line: bool  # whether a copy of the text has to show one
    facts: dict[str, Fact]
    sha256: str

    @property
    def key(self) -> str:
        """`phq-9.v1`: what a row that was scored names."""
        return f"{self.id}.v{self.version}"

    @property
    def main(self) -> Scale:
        """The scale that stands for the measure in outcomes and in one line."""
        return self.scales[0]

    def scale(self, scale_id: str) -> Scale | None:
        """One scale by its id."""
        return next((one for one in self.scales if one.id == scale_id), None)


@dataclass(frozen=True)
class Constant:
    """One constant in words, for administration and the codebook: `name` is its place, `total.caseness`."""

    name: str
    label: str
    value: str
    fact: Fact

    @property
    def to_be_checked(self) -> bool:
        """Whether the service has to look it up before relying on it."""
        return self.fact.mark in TO_BE_CHECKED


def constants(measure: Measure) -> list[Constant]:
    """Every constant of a measure, in the order of the file."""
    return [Constant(name, label, value, fact) for name, label, value, fact in _constants(measure)]


def _constants(measure: Measure) -> Iterator[tuple[str, str, str, Fact]]:
    of_whole = {
        "items": ("Items", f"{measure.count}, each from {measure.least} to {measure.most}"),
        "unscored": ("Questions after the items, not scored", f"at most {measure.unscored}"),
        "codes": ("Codes of the items, in order", f"{measure.code_system}: {', '.join(measure.codes)}"),
        "reversed": ("Reversed items", _numbers(measure.reversed)),
        "risk_items": ("Items about risk", _numbers(measure.risk_items)),
        "not_applicable": ("May not apply", f"item {_numbers(measure.not_applicable)}"),
        "incomplete": ("Missing items", _missing(measure)),
        "option_labels": ("Answers that are refused", ", ".join(measure.refused_labels)),
        "outcomes": ("Part in outcomes", _outcomes(measure)),
        "licence": ("Licence", measure.licence),
    }
    for name, (label, value) in of_whole.items():
        if name in measure.facts:
            yield name, label, value, measure.facts[name]
    for scale in measure.scales:
        before = f"{scale.name}: " if len(measure.scales) > 1 else ""
        yield f"{scale.id}.range", f"{before}Range", f"{scale.least} to {scale.most}", scale.facts["range"]
        if scale.bands:
            edges = ", ".join(f"{band.start} {band.name}" for band in scale.bands)
            yield f"{scale.id}.bands", f"{before}Bands, each from", edges, scale.facts["bands"]
        if scale.caseness:
            yield f"{scale.id}.caseness", f"{before}Caseness", str(scale.caseness), scale.facts["caseness"]
        if scale.reliable_change:
            points = f"{scale.reliable_change} points or more"
            yield f"{scale.id}.reliable_change", f"{before}Reliable change", points, scale.facts["reliable_change"]


def _numbers(numbers: frozenset[int]) -> str:
    return ", ".join(str(number) for number in sorted(numbers))


def _missing(measure: Measure) -> str:
    if measure.missing_at_most == 0:
        return "not scored with any item missing"
    return f"at most {measure.missing_at_most}: each counts as the mean of the others"


def _outcomes(measure: Measure) -> str:
    if measure.role == "depression":
        return "the depression measure"
    return f"the anxiety measure for {', '.join(measure.problems).replace('_', ' ') or 'every other problem'}"


def measure_from(data: dict[str, Any], sha256: str) -> Measure:
    """The measure that checked data says."""
    items, outcomes, labels = data.get("items", {}), data.get("outcomes", {}), data.get("option_labels", {})
    count = items.get("count", 0)
    codes = data.get("codes", {})
    return Measure(
        id=data["id"],
        version=data["version"],
        name=data["name"],
        about=data["about"],
        count=count,
        unscored=data.get("unscored", {}).get("count", 0),
        least=items.get("min", 0),
        most=items.get("max", 0),
        reversed=_some(data, "reversed"),
        risk_items=_some(data, "risk_items"),
        not_applicable=_some(data, "not_applicable"),
        missing_at_most=data["incomplete"]["missing_at_most"],
        fill=data["incomplete"]["fill"],
        scales=tuple(_scale(one, count) for one in data["scales"]),
        role=outcomes.get("role", ""),
        rank=outcomes.get("rank", 9),
        problems=tuple(outcomes.get("problems", ())),
        code_system=codes.get("system", ""),
        codes=tuple(codes.get("list", ())),
        refused_labels=tuple(labels.get("refused", ())),
        refused_sentence=labels.get("sentence", ""),
        licence=data["licence"]["words"],
        copyright_line=data["licence"].get("copyright_line", False),
        facts={name: _fact(part) for name, part in data.items() if isinstance(part, dict)},
        sha256=sha256,
    )


def _scale(data: dict[str, Any], count: int) -> Scale:
    caseness, change = data.get("caseness"), data.get("reliable_change")
    return Scale(
        id=data["id"],
        name=data["name"],
        kind=data["kind"],
        items=tuple(data.get("items", range(1, count + 1))),
        least=_decimal(data["range"]["min"]),
        most=_decimal(data["range"]["max"]),
        bands=tuple(Band(_decimal(one["from"]), one["name"]) for one in data.get("bands", {}).get("edges", ())),
        caseness=_threshold(caseness) if caseness else None,
        reliable_change=_decimal(change["points"]) if change else None,
        facts={name: _fact(data[name]) for name in ("range", "bands", "caseness", "reliable_change") if name in data},
    )


def _threshold(data: dict[str, Any]) -> Threshold:
    return Threshold(_decimal(data.get("at_least", data.get("above"))), above="above" in data)


def _some(data: dict[str, Any], name: str) -> frozenset[int]:
    return frozenset(data.get(name, {}).get("numbers", ()))


def _fact(data: dict[str, Any]) -> Fact:
    return Fact(data["mark"], data["source"])


def _decimal(number: float) -> Decimal:
    return Decimal(str(number))
