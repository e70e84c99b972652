"""The forms of measures, made from their definitions: totals of several, or the items of one."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import g
from marshmallow import Schema, ValidationError, fields

from server.dashboard import measure_words
from server.dashboard.dates import local_day
from server.dashboard.forms import Day, Form, OneOf, Typed, Words, blank, needed, read
from server.measures.actions import Entered
from server.measures.definition import Measure
from server.measures.rules import NOT_APPLICABLE, score

TAKEN_ON = needed("Enter the day they were filled in, like 22/11/2026.")


class Number(fields.Field):
    """A score: 14 or 2.3."""

    def _deserialize(self, value, attr, data, **options) -> Decimal:
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise ValidationError("Enter a number, like 12.") from None
        if not number.is_finite():
            raise ValidationError("Enter a number, like 12.")
        return number


class Answer(fields.Field):
    """One item's score, or n where it does not apply."""

    def _deserialize(self, value, attr, data, **options) -> int | str:
        if value.lower() in ("n", "na", "n/a"):
            return NOT_APPLICABLE
        if not (value.isascii() and value.isdigit() and len(value) <= 2):
            raise ValidationError(f"Item {attr.partition('-')[2]}: enter a number.")
        return int(value)


class WithdrawForm(Typed):
    """Why an entry is taken out."""

    reason = OneOf(measure_words.REASONS, **needed("Choose why it is taken out."))
    note = Words(longest=400, load_default="")


def place_of(measure: Measure, scale_id: str) -> str:
    """The name of a total's field."""
    return f"{measure.id}-{scale_id}"


def blank_scores(client, **typed) -> Form:
    """A form for scores of today."""
    return blank(taken_on=local_day(g.now, client.zone).isoformat(), **typed)


def filled(measure: Measure, row) -> Form:
    """The form of one entry, as it stands."""
    typed: dict[str, Any] = {"taken_on": row.taken_on.isoformat(), "measure": measure.id}
    for number, answer in enumerate(row.items or [], 1):
        typed[f"item-{number}"] = "n" if answer == NOT_APPLICABLE else answer
    for scale_id, total in (row.totals or {}).items():
        typed[place_of(measure, scale_id)] = total
    return blank(**typed)


def read_totals(several: Sequence[Measure]) -> tuple[Form, list[Entered]]:
    """The posted totals of several measures; those left empty are not there."""
    form = read(_schema({name: Number() for one in several for name in _totals(one)}, "Totals"))
    if not form.ok:
        return form, []
    entered = [Entered(one, totals=given) for one in several if (given := _given(one, form.values))]
    for one in entered:
        _check(form, one)
    if not entered and form.ok:
        form.errors[""] = "Enter at least one total."
    return form, entered


def read_one(measure: Measure, correcting: bool = False) -> tuple[Form, Entered | None]:
    """The posted items or totals of one measure; when correcting, with the reason."""
    named: dict[str, fields.Field] = {name: Number() for name in _totals(measure)}
    named |= {f"item-{number}": Answer() for number in range(1, measure.count + 1)}
    named["measure"] = OneOf({measure.id})
    if correcting:
        named["reason"] = OneOf(measure_words.REASONS, **needed("Choose why it is corrected."))
        named["note"] = Words(longest=400, load_default="")
    form = read(_schema(named, "One"))
    if not form.ok:
        return form, None
    items = [form.values.get(f"item-{number}") for number in range(1, measure.count + 1)]
    given = any(one is not None for one in items)
    entered = Entered(measure, items if given else None, _given(measure, form.values) or None)
    _check(form, entered)
    return form, entered


def asked() -> str:
    """Which measure the posted form names."""
    return g.typed.get("measure", "")


def _schema(named: dict[str, fields.Field], name: str) -> type[Schema]:
    return Typed.from_dict({"taken_on": Day(**TAKEN_ON), **named}, name=name)


def _totals(measure: Measure) -> list[str]:
    return [place_of(measure, scale.id) for scale in measure.scales]


def _given(measure: Measure, values: dict) -> dict[str, Decimal]:
    return {
        scale.id: values[place_of(measure, scale.id)]
        for scale in measure.scales
        if place_of(measure, scale.id) in values
    }


def _check(form: Form, entered: Entered) -> None:
    """What the scorer says of it, beside the fields it means."""
    scored = score(entered.measure, entered.items, entered.totals)
    if not scored.problem:
        return
    for place, sentence in measure_words.wrong_words(entered.measure, scored).items():
        name = f"item-{place}" if place.isdigit() else place and place_of(entered.measure, place)
        form.errors[name] = sentence
