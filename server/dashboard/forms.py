"""Reads and checks posted forms: what was typed stays beside what it means and what is wrong with it."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time

from flask import g
from marshmallow import RAISE, Schema, ValidationError, fields, pre_load
from werkzeug.datastructures import MultiDict

from server.dashboard.keeping import MACHINERY
from server.errors import CODES, Refused

LONGEST = 4000  # characters of one staff text
MOST_DIGITS = 9  # of a whole number that is typed; Python reads no more than 4,300


@dataclass
class Form:
    """A form on a page. `prefix` keeps ids apart where a page has several."""

    typed: MultiDict
    values: dict = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    again: bool = False
    prefix: str = ""

    @property
    def ok(self) -> bool:
        """Whether it may be acted on: nothing is wrong, and it was not just given back after signing in."""
        return not self.errors and not self.again

    def refuse(self, no: Refused) -> "Form":
        """Show the domain's no beside the fields it names, or above all of them."""
        self.errors = dict(no.fields) or {"": no.message}
        return self

    def text(self, name: str) -> str:
        """What was typed in one field."""
        return self.typed.get(name) or ""

    def chosen(self, name: str) -> list[str]:
        """What was ticked."""
        return self.typed.getlist(name)

    def error(self, name: str) -> dict | None:
        """For the NHS macros: the sentence under a field."""
        return {"text": self.errors[name]} if name in self.errors else None

    @property
    def summary(self) -> list[dict]:
        """For the NHS error summary: each sentence, with a link to its field."""
        return [
            {"text": text, "href": f"#{self.prefix}{name}"} if name else {"text": text}
            for name, text in self.errors.items()
        ]


def blank(prefix: str = "", **values) -> Form:
    """A form before anything is typed, with what it starts from."""
    typed = MultiDict()
    for name, value in values.items():
        if isinstance(value, list | tuple):
            typed.setlist(name, [str(one) for one in value])
        elif value is not None:
            typed[name] = str(value)
    return Form(typed=typed, prefix=prefix)


def read(schema: type[Schema], prefix: str = "") -> Form:
    """The posted form, checked. Nothing typed is lost when something is wrong."""
    typed = MultiDict((name, clean(text)) for name, text in g.typed.items(multi=True) if name not in MACHINERY)
    form = Form(typed=typed, prefix=prefix, again=g.again)
    if g.again:
        return form
    try:
        form.values = schema().load(typed)
    except ValidationError as wrong:
        form.errors = {name: _sentence(said) for name, said in wrong.normalized_messages().items()}
    return form


def clean(text: str) -> str:
    """Text without NUL and other control characters; line ends as one character."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def _sentence(said) -> str:
    while isinstance(said, list | dict):
        said = next(iter(said.values() if isinstance(said, dict) else said))
    return CODES["bad-input"] if str(said).startswith(("Unknown field", "Not a valid", "Missing")) else str(said)


class Typed(Schema):
    """The base of every staff form: lists from repeated fields, blanks are no answer, unknown fields are refused."""

    class Meta:
        unknown = RAISE

    @pre_load
    def from_form(self, typed: MultiDict, **_) -> dict:
        """One value for each field; a list for those that take many."""
        given = {}
        for name in typed:
            many = isinstance(self.fields.get(name), fields.List)
            value = [one for one in typed.getlist(name) if one.strip()] if many else typed[name].strip()
            if value:
                given[name] = value
        return given


class Nothing(Typed):
    """A button without fields."""


def needed(sentence: str) -> dict:
    """Keywords of a field that has to be filled in, with the sentence that says so."""
    return {"required": True, "error_messages": {"required": sentence, "invalid": sentence}}


class Words(fields.String):
    """Text of a sensible length."""

    def __init__(self, longest: int = LONGEST, **options):
        self.longest = longest
        super().__init__(**options)

    def _deserialize(self, value, attr, data, **options):
        text = super()._deserialize(value, attr, data, **options)
        if len(text) > self.longest:
            raise ValidationError(f"Use {self.longest:,} characters or fewer. You typed {len(text):,}.")
        return text


class Day(fields.Field):
    """A day from a date field: 2026-11-22, or 22/11/2026 where the browser shows a plain box."""

    def _deserialize(self, value, attr, data, **options) -> date:
        by_hand = re.fullmatch(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})", value)
        try:
            if by_hand:
                return date(*(int(part) for part in reversed(by_hand.groups())))
            return date.fromisoformat(value)
        except ValueError:
            raise ValidationError("Enter a real date, like 22/11/2026.") from None


class WallTime(fields.Field):
    """A time of day, like 13:30, 9.30 or 6 pm."""

    def _deserialize(self, value, attr, data, **options) -> time:
        found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?(?: ?([ap])\.?m\.?)?", value.lower())
        try:
            hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
            if half and not 1 <= hour <= 12:
                raise ValueError
            return time(hour % 12 + 12 * (half == "p") if half else hour, minute)
        except (TypeError, ValueError):
            raise ValidationError("Enter a real time, like 13:30.") from None


class Whole(fields.Field):
    """A whole number within bounds."""

    def __init__(self, least: int, most: int, **options):
        self.least, self.most = least, most
        super().__init__(**options)

    def _deserialize(self, value, attr, data, **options) -> int:
        number = whole(value)
        if number is None or not self.least <= number <= self.most:
            raise ValidationError(f"Enter a whole number from {self.least} to {self.most}.")
        return number


class OneOf(fields.Field):
    """One of a closed list of codes."""

    def __init__(self, codes, sentence: str = "Choose one from the list.", **options):
        self.codes, self.sentence = codes, sentence
        super().__init__(**options)

    def _deserialize(self, value, attr, data, **options) -> str:
        if value not in self.codes:
            raise ValidationError(self.sentence)
        return value


def whole(text: str) -> int | None:
    """The whole number that is written here, or None; no longer than anybody types one."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def wall(day: date, at: time) -> datetime:
    """A naive local moment: the domain adds the zone."""
    return datetime.combine(day, at)
