"""Whether a questionnaire that a service holds is the text of a measure, item by item. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from server.fhir.taking import linked
from server.measures.definition import Measure

Data = Mapping[str, Any]


def unfit(measure: Measure, questions: Sequence[Data], resource: Data) -> list[str]:
    """Every reason why these questions are not the measure's items, as sentences; none: they are.

    `questions`: the imported worksheet's fields but headings, in order. `resource`: the Questionnaire, for its codes,
    numbers, language and copyright line, which a worksheet has no place for.
    """
    if measure.count == 0:
        return [f"Only totals of the {measure.name} are known here, so no text can be checked against it."]
    found = list(_whole(measure, resource))
    if not measure.count <= len(questions) <= measure.count + measure.unscored:
        more = f", and at most {measure.unscored} more at its end" if measure.unscored else ""
        found.append(f"It has {len(questions)} questions; the {measure.name} has {measure.count}{more}.")
        return found
    items = questions[: measure.count]
    found += [said for number, one in enumerate(items, 1) for said in _range(measure, number, one)]
    found += _labels(measure, items)
    return found + list(_order(measure, [_place(one) for one in items], resource))


def order_is_shown(measure: Measure, questions: Sequence[Data], resource: Data) -> bool:
    """Whether codes or printed numbers of the file show that its items are in the measure's order."""
    by_link = linked(resource.get("item"))
    items = [by_link.get(_place(one), {}) for one in questions[: measure.count]]
    return all(_number(one) is not None or _codes(measure, one) for one in items)


def answers_of(measure: Measure, number: int, question: Data) -> list[tuple[int, str]]:
    """(what to type, its label) of each answer to one item, in the order of the text.

    The scorer turns reversed items round itself. Where a text has their answers scored backwards already, what is typed
    is the place of the answer.
    """
    options = question.get("options", [])
    backwards = number in measure.reversed and _scores(question) == list(range(measure.most, measure.least - 1, -1))
    return [
        (measure.least + place if backwards else int(one["score"]), one["label"])
        for place, one in enumerate(options)
        if isinstance(one.get("score"), int | float)
    ]


def items_of(measure: Measure, questions: Sequence[Data], answers: Data) -> list[int | None]:
    """What each item of a filled-in text is scored, in order; None where there is no answer to it.

    `questions`: the items of a text that was checked (`unfit` found nothing), `answers` by the id of the question.
    """
    scored = [_typed(measure, number, one, answers.get(one["id"])) for number, one in enumerate(questions, 1)]
    return scored + [None] * (measure.count - len(scored))


def _typed(measure: Measure, number: int, question: Data, answer: Any) -> int | None:
    if question.get("type") in ("number", "scale"):
        whole = isinstance(answer, int | float) and not isinstance(answer, bool) and answer == answer // 1
        return int(answer) if whole and measure.least <= answer <= measure.most else None
    options = [one for one in question.get("options", []) if isinstance(one.get("score"), int | float)]
    known = zip(options, answers_of(measure, number, question), strict=True)
    return next((value for option, (value, _) in known if option["code"] == answer), None)


def _whole(measure: Measure, resource: Data) -> Iterator[str]:
    language = resource.get("language", "en")
    if not str(language).startswith("en"):
        yield f"It is in the language {language!r}. Only English copies can be taken so far."
    if measure.copyright_line and not str(resource.get("copyright") or "").strip():
        yield f"It has no copyright line. The {measure.name} may be shown with its own only: {measure.licence}"


def _range(measure: Measure, number: int, question: Data) -> Iterator[str]:
    wanted = list(range(measure.least, measure.most + 1))
    asked = f"{measure.least} to {measure.most}"
    if question.get("type") in ("number", "scale"):
        if (question.get("min"), question.get("max")) != (measure.least, measure.most):
            yield f"Item {number} does not go from {asked}."
    elif question.get("type") != "choice":
        yield f"Item {number} is no choice and no number."
    elif any(one is None for one in _scores(question)):
        yield f"Item {number}: its answers carry no numbers (ordinalValue), so {asked} cannot be told."
    elif _scores(question) not in ([wanted, wanted[::-1]] if number in measure.reversed else [wanted]):
        yield f"Item {number}: its answers count {_listed(_scores(question))}, and not {asked} in order."


def _labels(measure: Measure, items: Sequence[Data]) -> list[str]:
    labels = {str(one.get("label", "")).strip().lower() for item in items for one in item.get("options", [])}
    return [measure.refused_sentence] if labels & set(measure.refused_labels) else []


def _order(measure: Measure, places: Sequence[str], resource: Data) -> Iterator[str]:
    by_link = linked(resource.get("item"))
    for number, link in enumerate(places, 1):
        item = by_link.get(link, {})
        for code in _codes(measure, item):
            if code != measure.codes[number - 1]:
                yield f"Item {number} has the code of item {measure.codes.index(code) + 1} ({code}): not in order."
        printed = _number(item)
        if printed is not None and printed != number:
            yield f"Item {number} is printed as number {printed}: not in order."


def _place(question: Data) -> str:
    return str(question.get("link_id", question.get("id")))


def _codes(measure: Measure, item: Data) -> list[str]:
    given = item.get("code", [])
    codes = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return [
        one["code"] for one in codes if one.get("system") == measure.code_system and one.get("code") in measure.codes
    ]


def _number(item: Data) -> int | None:
    digits = str(item.get("prefix", "")).strip().rstrip(".):")
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) <= 3 else None


def _scores(question: Data) -> list[Any]:
    return [one.get("score") for one in question.get("options", [])]


def _listed(scores: Sequence[Any]) -> str:
    return ", ".join(f"{one:g}" for one in scores)
