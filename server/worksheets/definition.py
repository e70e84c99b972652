"""What a worksheet is: frozen values, made from the data of one file, and its form on the wire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from server.worksheets.client_part import needs_procedure, without_risk

# What export and retention do with an answer, where the file does not say (the words of server/classes.py).
DATA_CLASS = {
    "text": "free_text",
    "number": "score",
    "scale": "score",
    "duration": "score",
    "choice": "coded",
    "choices": "coded",
    "boolean": "coded",
    "date": "time",
    "time": "time",
    "moment": "time",
    "list": "free_text",
    "heading": "coded",
}
NOTHING_HAPPENED = "_nothing_happened"
OTHER = "other"  # the one key of an answer in own words, where a choice is open
LANGUAGE = "en"

Rule = dict[str, Any]
Answers = dict[str, Any]


@dataclass(frozen=True)
class Option:
    """One answer to choose. `score` is what it counts as in a mean."""

    code: str
    label: str
    score: float | None = None


@dataclass(frozen=True)
class Field:
    """One question, or a heading. A list field holds the questions of one item in `fields`."""

    id: str
    type: str
    label: str
    hint: str | None = None
    required: bool = False
    show_when: Rule | None = None
    keep_visible: tuple[str, ...] = ()
    stage: str | None = None
    risk: bool = False
    data_class: str = "free_text"
    lines: int = 1
    min: float | None = None
    max: float | None = None
    step: float | None = None
    unit: str | None = None
    low: str | None = None
    high: str | None = None
    options: tuple[Option, ...] = ()
    fields: tuple[Field, ...] = ()
    item: str | None = None
    min_items: int | None = None
    max_items: int | None = None
    carry_over: bool = False
    max_length: int | None = None
    open: bool = False
    initial: Any = None
    integer: bool = False
    link_id: str | None = None


@dataclass(frozen=True)
class Derived:
    """A figure worked out from answers, by one of four named kinds."""

    id: str
    kind: str
    label: str
    unit: str | None = None
    list: str | None = None
    start: str | None = None
    end: str | None = None
    of: tuple[str, ...] = ()
    part: str | None = None
    night: dict[str, str] | None = None


@dataclass(frozen=True)
class RiskFlag:
    """What an answer about risk opens: a card on the phone at once, and a flag of this level for staff."""

    field: str
    level: int
    when: Rule
    card: str = "support"


@dataclass(frozen=True)
class Worksheet:
    """One published version of one worksheet. `sha256` is over the file's LF bytes.

    `part` is `whole`, or `without_risk`: what a phone gets where risk is not asked about (client_part.py).
    """

    id: str
    version: int
    sha256: str
    title: str
    neutral_title: str
    summary: str
    why: str
    minutes: int
    rhythms: dict[str, Any]
    who_sees: str
    source: str
    licence: str
    fields: tuple[Field, ...]
    done: Rule
    how: tuple[str, ...] = ()
    example: dict[str, Any] = field(default_factory=lambda: {"who": "", "answers": {}})
    short: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    barriers: tuple[str, ...] = ()
    language: str = LANGUAGE
    part: str = "whole"
    agreed_by: str | None = None
    risk_flags: tuple[RiskFlag, ...] = ()
    measure: str | None = None
    copyright: str | None = None
    imported: bool = False
    staff_entry: bool = False
    canonical: str | None = None
    safety_note: str | None = None
    stages: tuple[dict[str, str], ...] = ()
    derived: tuple[Derived, ...] = ()
    nothing_happened: bool = False
    backfill_hours: int | None = None
    backfill_note: str | None = None
    sizes: dict[str, str] | None = None
    texts: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def family(self) -> str:
        """The folder it lives in, the first half of its id."""
        return self.id.partition("/")[0]

    @property
    def key(self) -> str:
        """Id and version in one word: `low-intensity-cbt/thought-record.v1`."""
        return f"{self.id}.v{self.version}"

    @property
    def asks_about_risk(self) -> bool:
        """Whether any question asks about risk or urges."""
        return any(f.risk for f in every_field(self.fields))

    @property
    def needs_procedure(self) -> bool:
        """Whether nothing whole is left without its questions about risk.

        Then only staff fill it in, unless the service has one (`safety.queries.has_response_procedure`).
        """
        return self.part == "whole" and needs_procedure(self.fields, self.done, self.short)

    def for_staff_only(self, risk_allowed: bool) -> bool:
        """Whether no phone may get it: it needs a procedure there is none of, or nobody said what asks about risk."""
        return self.staff_entry or (self.needs_procedure and not risk_allowed)

    def may_be_agreed_by(self, roles: Sequence[str]) -> bool:
        """Whether somebody with these roles may agree it: some are for qualified practitioners only."""
        return self.agreed_by != "therapist" or "practitioner" in roles

    @property
    def is_a_task(self) -> bool:
        """Whether it is among what can be agreed. What is filled in elsewhere, such as at the end, is not."""
        return self.agreed_by != "nobody"

    def client_part(self, risk_allowed: bool) -> Worksheet:
        """What a phone gets: all of it, or without the questions about risk and whatever names one."""
        return self if risk_allowed or not self.asks_about_risk else without_risk(self)


def worksheet_from(data: dict[str, Any], sha256: str) -> Worksheet:
    """The worksheet of one file's data, which has been checked already (structure.problems found nothing)."""
    plain = {key: value for key, value in data.items() if key not in _MADE}
    rhythm = {"times": None, **data["rhythms"]["default"]}
    return Worksheet(
        **{key: _frozen(value) for key, value in plain.items()},
        sha256=sha256,
        rhythms={"allowed": list(data["rhythms"]["allowed"]), "default": rhythm},
        fields=tuple(field_from(f) for f in data["fields"]),
        derived=tuple(_derived(d) for d in data.get("derived", [])),
        risk_flags=tuple(RiskFlag(**flag) for flag in data.get("risk_flags", [])),
        texts=dict(texts(data)),
    )


def to_wire(worksheet: Worksheet) -> dict[str, Any]:
    """The definition as the phone gets it: JSON-safe, every key present (pwa/src/worksheet/definition.ts)."""
    wire = asdict(worksheet)
    del wire["texts"]
    listed: dict[str, Any] = _with_lists(wire)
    return listed


def every_field(fields: tuple[Field, ...]) -> Iterator[Field]:
    """All questions in order, those inside lists included."""
    for one in fields:
        yield one
        yield from every_field(one.fields)


def texts(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text a person reads, under the stable key a translation uses, e.g. `fields.feeling.label`."""
    for name in ("title", "neutral_title", "summary", "why", "who_sees", "safety_note", "backfill_note"):
        if data.get(name):
            yield name, data[name]
    for name in ("how", "review"):
        yield from ((f"{name}.{n}", text) for n, text in enumerate(data.get(name, []), start=1))
    yield from ((f"sizes.{size}", text) for size, text in (data.get("sizes") or {}).items())
    yield from ((f"stages.{stage['id']}.title", stage["title"]) for stage in data.get("stages", []))
    yield from _field_texts(data["fields"], "fields")
    for one in data.get("derived", []):
        yield from ((f"derived.{one['id']}.{name}", one[name]) for name in ("label", "unit") if one.get(name))
    if "example" in data:
        yield "example.who", data["example"]["who"]
        yield from _example_texts(data["fields"], data["example"]["answers"], "example.answers")


_MADE = ("fields", "derived", "rhythms", "risk_flags")


def field_from(data: dict[str, Any]) -> Field:
    """One question of a file's data, which has the right shape."""
    made = {key: _frozen(value) for key, value in data.items() if key not in ("options", "fields")}
    made.setdefault("data_class", "free_text" if data.get("open") else DATA_CLASS[data["type"]])
    made["options"] = tuple(Option(**option) for option in data.get("options", []))
    made["fields"] = tuple(field_from(inner) for inner in data.get("fields", []))
    return Field(**made)


def _derived(data: dict[str, Any]) -> Derived:
    return Derived(**{key: _frozen(value) for key, value in data.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _with_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_lists(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_lists(inner) for inner in value]
    return value


def _field_texts(fields: list[dict[str, Any]], under: str) -> Iterator[tuple[str, str]]:
    for one in fields:
        key = f"{under}.{one['id']}"
        for name in ("label", "hint", "unit", "low", "high", "item"):
            if one.get(name):
                yield f"{key}.{name}", one[name]
        yield from ((f"{key}.options.{o['code']}", o["label"]) for o in one.get("options", []))
        yield from _field_texts(one.get("fields", []), f"{key}.fields")


def _example_texts(fields: list[dict[str, Any]], answers: Answers, under: str) -> Iterator[tuple[str, str]]:
    for one in fields:
        value, key = answers.get(one["id"]), f"{under}.{one['id']}"
        if one["type"] == "text" and isinstance(value, str):
            yield key, value
        elif one.get("open"):
            chosen = value if isinstance(value, list) else [value]
            yield from ((f"{key}.{OTHER}", item[OTHER]) for item in chosen if isinstance(item, dict) and OTHER in item)
        elif one["type"] == "list" and isinstance(value, list):
            for n, item in enumerate(value, start=1):  # the checker reads texts before it has refused what is no item
                yield from _example_texts(one["fields"], item if isinstance(item, dict) else {}, f"{key}.{n}")
