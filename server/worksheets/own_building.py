"""From what a practitioner typed to the data of a definition. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_QUESTIONS = 8
SHORT_WAY = 4
TYPES = {
    "text": "Words",
    "boolean": "Yes or no",
    "scale": "A scale from 0 to 10",
    "choice": "Choose one",
    "choices": "Tick any",
    "number": "A number",
    "duration": "How long",
    "date": "A day",
    "time": "A time",
}
# The fewest taps first: what the short way asks when there is more than it can take.
QUICKEST = ("scale", "boolean", "choice", "choices", "duration", "number", "time", "text", "date")
BARRIERS = ["forgot", "no_time", "not_clear", "too_hard", "too_low", "too_anxious"]
REVIEW = ["What did you notice?", "What made it easier or harder?"]
WHO_SEES = "You and the practitioner you work with. You choose what to write."
SOURCE = "Built by a practitioner of this service."
LICENCE = "For the clients of this service."


@dataclass(frozen=True)
class Question:
    """One question as it was typed. `risk`: yes, no, or None where nobody said whether it asks about risk."""

    type: str
    label: str
    options: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    unit: str = ""
    required: bool = False
    risk: bool | None = None
    example: str = ""


@dataclass(frozen=True)
class Typed:
    """An own task as it was typed."""

    title: str
    summary: str
    why: str
    how: tuple[str, ...]
    minutes: int
    rhythm: str
    questions: tuple[Question, ...]
    done: str  # all: each that is needed; any: at least one
    neutral_title: str = "My notes"
    times: int | None = None


def definition_of(typed: Typed, worksheet_id: str, version: int) -> dict[str, Any]:
    """The data of a definition, in the shape of worksheets/schema.json, with an example made up from the questions."""
    fields = [_field(n, one) for n, one in enumerate(typed.questions, start=1)]
    needed = _needed(typed.questions)
    for n in needed:
        fields[n]["required"] = True
    ids = [fields[n]["id"] for n in needed]
    every = [one["id"] for one in fields if one["type"] != "date"]
    data: dict[str, Any] = {
        "id": worksheet_id,
        "version": version,
        "title": typed.title,
        "neutral_title": typed.neutral_title,
        "summary": typed.summary,
        "why": typed.why,
        "how": list(typed.how),
        "example": {
            "who": "This is one way to fill it in.",
            "answers": {one["id"]: _answer(one, asked) for one, asked in zip(fields, typed.questions, strict=True)},
        },
        "minutes": typed.minutes,
        "rhythms": {"allowed": list(RHYTHMS), "default": _rhythm(typed)},
        "who_sees": WHO_SEES,
        "source": SOURCE,
        "licence": LICENCE,
        "fields": fields,
        "done": {"any": [{"answered": one} for one in every or ids]}
        if typed.done == "any"
        else {"all": [{"answered": one} for one in ids]},
        "short": _short(typed.questions, needed, fields),
        "review": list(REVIEW),
        "barriers": list(BARRIERS),
    }
    flags = [_flag(one) for one in fields if one.get("risk")]
    return (
        data
        | ({"risk_flags": flags} if flags else {})
        | ({"staff_entry": True} if any(one.risk is None for one in typed.questions) else {})
    )


RHYTHMS = ("once", "daily", "per_week", "weekdays", "weekly", "per_appointment", "monthly", "event")


def typed_from(data: dict[str, Any]) -> Typed:
    """What was typed, again, from a definition made here: to change it."""
    flagged = data.get("staff_entry", False)
    return Typed(
        title=data["title"],
        neutral_title=data["neutral_title"],
        summary=data["summary"],
        why=data["why"],
        how=tuple(data["how"]),
        minutes=data["minutes"],
        rhythm=data["rhythms"]["default"]["kind"],
        times=data["rhythms"]["default"].get("times"),
        done="any" if "any" in data["done"] else "all",
        questions=tuple(
            Question(
                type=one["type"],
                label=one["label"],
                options=tuple(option["label"] for option in one.get("options", [])),
                low=one.get("low", ""),
                high=one.get("high", ""),
                unit=one.get("unit", ""),
                required=one.get("required", False),
                # where one was left open, every question is asked about again but those that were said to ask
                risk=True if one.get("risk") else None if flagged else False,
                example=data["example"]["answers"][one["id"]] if one["type"] == "text" else "",
            )
            for one in data["fields"]
        ),
    )


def _field(n: int, one: Question) -> dict[str, Any]:
    made: dict[str, Any] = {"id": f"q{n}", "type": one.type, "label": one.label}
    if one.type == "text":
        made["lines"] = 3
    elif one.type == "scale":
        made |= {"min": 0, "max": 10, "step": 1, "low": one.low, "high": one.high}
    elif one.type in ("choice", "choices"):
        made["options"] = [{"code": f"o{k}", "label": label} for k, label in enumerate(one.options, start=1)]
    elif one.type == "duration":
        made |= {"min": 0, "unit": "minutes"}
    elif one.type == "number" and one.unit:
        made["unit"] = one.unit
    return made | ({"risk": True} if one.risk else {})


def _needed(questions: Sequence[Question]) -> list[int]:
    """Which questions make it complete: those that were ticked, or else the first that says more than when."""
    ticked = [n for n, one in enumerate(questions) if one.required]
    telling = [n for n, one in enumerate(questions) if one.type != "date"]
    return ticked or telling[:1] or [0]


def _short(questions: Sequence[Question], needed: Sequence[int], fields: Sequence[dict[str, Any]]) -> list[str]:
    able = [n for n in needed if questions[n].type != "date"] or [
        n for n, one in enumerate(questions) if one.type != "date"
    ]
    quickest = sorted(able, key=lambda n: QUICKEST.index(questions[n].type))[:SHORT_WAY]
    return [fields[n]["id"] for n in sorted(quickest)]


def _rhythm(typed: Typed) -> dict[str, Any]:
    return {"kind": typed.rhythm} | (
        {"times": typed.times} if typed.times and typed.rhythm in ("daily", "per_week") else {}
    )


def _answer(field: dict[str, Any], one: Question) -> Any:
    made_up: dict[str, Any] = {
        "text": one.example or "A few words about it.",
        "boolean": True,
        "scale": 5,
        "choice": "o1",
        "choices": ["o1"],
        "number": 3,
        "duration": 10,
        "date": "2026-03-04",
        "time": "10:30",
    }
    return made_up[field["type"]]


def _flag(field: dict[str, Any]) -> dict[str, Any]:
    """Any answer to a service's own question about risk opens the support card: nobody said which end is the worse."""
    return {"field": field["id"], "level": 1, "when": {"answered": field["id"]}}
