"""The form of an own task: eight questions at most, read, checked, and filled in again."""

from marshmallow import ValidationError, fields, validates_schema

from server.dashboard.forms import OneOf, Typed, Whole, Words, needed
from server.dashboard.presenters import shown
from server.worksheets.own_building import MOST_QUESTIONS, RHYTHMS, TYPES, Question
from server.worksheets.own_building import Typed as OwnTyped

NUMBERS = range(1, MOST_QUESTIONS + 1)
CHOSEN_FROM = ("choice", "choices")
# The parts of a question that have a box of their own for the check's words; those about another stand at its label.
PARTS = ("label", "options", "low", "high", "unit")


def _of_question(n: int) -> dict:
    return {
        f"q{n}_type": OneOf(TYPES, load_default=""),
        f"q{n}_label": Words(longest=200, load_default=""),
        f"q{n}_options": Words(longest=1200, load_default=""),
        f"q{n}_low": Words(longest=120, load_default=""),
        f"q{n}_high": Words(longest=120, load_default=""),
        f"q{n}_unit": Words(longest=40, load_default=""),
        f"q{n}_example": Words(longest=300, load_default=""),
        f"q{n}_required": fields.List(OneOf(("1",)), load_default=[]),
        f"q{n}_risk": OneOf(("yes", "no"), load_default=None),
    }


class _Whole(Typed):
    title = Words(longest=120, **needed("Enter a title, as the client will read it."))
    neutral_title = Words(longest=120, **needed("Enter a title that says nothing about health, like My notes."))
    summary = Words(longest=600, **needed("Say in a sentence what it is for."))
    why = Words(longest=600, **needed("Say why it may help."))
    how = Words(longest=2400, **needed("Say how to do it, one step on each line."))
    minutes = Whole(1, 60, **needed("Enter about how many minutes it takes."))
    rhythm = OneOf(RHYTHMS, **needed("Choose how often."))
    times = Whole(1, 20, load_default=None)
    done = OneOf(("all", "any"), **needed("Choose when it is complete."))
    step = OneOf(("preview", "save"), load_default="preview")

    @validates_schema
    def fits(self, values, **_):
        """A question has words, a list has at least two things to choose from, a scale has words at its ends."""
        asked = [n for n in NUMBERS if values.get(f"q{n}_type")]
        wrong: dict[str, list[str]] = {}
        for n in NUMBERS:
            wrong |= _wrong_with(n, values)
        if not asked:
            wrong["q1_type"] = ["Choose what kind of answer the first question has."]
        elif all(values[f"q{n}_type"] == "date" for n in asked):
            wrong[f"q{asked[0]}_type"] = ["Ask at least one thing besides the day."]
        if values.get("how") and len(_lines(values["how"])) > 10:
            wrong["how"] = ["Use 10 steps or fewer."]
        if wrong:
            raise ValidationError(wrong)


OwnTaskForm = _Whole.from_dict({name: field for n in NUMBERS for name, field in _of_question(n).items()})


def typed_of(values: dict) -> OwnTyped:
    """What was typed, as the builder takes it: without the marks that would turn the words beside it round."""
    values = {name: shown(value) if isinstance(value, str) else value for name, value in values.items()}
    return OwnTyped(
        title=values["title"],
        neutral_title=values["neutral_title"],
        summary=values["summary"],
        why=values["why"],
        how=tuple(_lines(values["how"])),
        minutes=values["minutes"],
        rhythm=values["rhythm"],
        times=values["times"],
        done=values["done"],
        questions=tuple(_question(n, values) for n in NUMBERS if values[f"q{n}_type"]),
    )


def as_typed(typed: OwnTyped) -> dict:
    """The form's fields from an own task, to change it."""
    filled = {
        "title": typed.title, "neutral_title": typed.neutral_title, "summary": typed.summary, "why": typed.why,
        "how": "\n".join(typed.how), "minutes": typed.minutes, "rhythm": typed.rhythm, "times": typed.times,
        "done": typed.done,
    }  # fmt: skip
    for n, one in enumerate(typed.questions, start=1):
        filled |= {
            f"q{n}_type": one.type, f"q{n}_label": one.label, f"q{n}_options": "\n".join(one.options),
            f"q{n}_low": one.low, f"q{n}_high": one.high, f"q{n}_unit": one.unit, f"q{n}_example": one.example,
            f"q{n}_required": "1" if one.required else None,
            f"q{n}_risk": None if one.risk is None else "yes" if one.risk else "no",
        }  # fmt: skip
    return filled


def errors_of(problems) -> dict[str, str]:
    """The check's errors beside the boxes they are about; several about one box in one line."""
    errors: dict[str, list[str]] = {}
    for problem in problems:
        if not problem.warning:
            errors.setdefault(_box(problem.field), []).append(problem.message)
    return {box: " ".join(dict.fromkeys(said)) for box, said in errors.items()}


def _box(place: str) -> str:
    """fields.q3.label, fields.2.options.0.label → q3_label, q3_options; how.2 → how."""
    first, *rest = place.split(".")
    if first == "example" and rest[:1] == ["answers"] and len(rest) > 1:
        return f"{_numbered(rest[1])}_example"
    if first != "fields" or not rest:
        return first if first in ("title", "neutral_title", "summary", "why", "how", "minutes") else ""
    part = rest[1] if len(rest) > 1 and rest[1] in PARTS else "label"
    return f"{_numbered(rest[0])}_{part}"


def _numbered(part: str) -> str:
    return f"q{int(part) + 1}" if part.isdigit() else part


def _wrong_with(n: int, values: dict) -> dict[str, list[str]]:
    kind, label = values.get(f"q{n}_type"), values.get(f"q{n}_label")
    if not kind:
        return {f"q{n}_type": ["Choose what kind of answer it has."]} if label else {}
    wrong = {} if label else {f"q{n}_label": ["Enter the question."]}
    options = _lines(values.get(f"q{n}_options") or "")
    if kind in CHOSEN_FROM and not 2 <= len(set(options)) == len(options) <= 12:
        wrong[f"q{n}_options"] = ["Enter 2 to 12 different things to choose from, one on each line."]
    if kind in CHOSEN_FROM and any(len(one) > 120 for one in options):
        wrong[f"q{n}_options"] = ["Use 120 characters or fewer on each line."]
    if kind == "scale" and not (values.get(f"q{n}_low") and values.get(f"q{n}_high")):
        wrong[f"q{n}_low"] = ["Say what 0 and what 10 mean."]
    return wrong


def _question(n: int, values: dict) -> Question:
    kind = values[f"q{n}_type"]
    scale, words = kind == "scale", kind == "text"
    return Question(
        type=kind,
        label=values[f"q{n}_label"],
        options=tuple(_lines(values[f"q{n}_options"])) if kind in CHOSEN_FROM else (),
        low=values[f"q{n}_low"] if scale else "",
        high=values[f"q{n}_high"] if scale else "",
        unit=values[f"q{n}_unit"] if kind == "number" else "",
        required=bool(values[f"q{n}_required"]),
        risk={"yes": True, "no": False}.get(values[f"q{n}_risk"]),
        example=values[f"q{n}_example"] if words else "",
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
