"""What a client said of themself, takes away from an appointment and wants to talk about: read and folded. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

ABOUT_ME, TAKEAWAY = "about_me", "takeaway"  # names of settings (docs/protocol.md)
PARTS = ("name", "pronouns", "helps", "avoid", "speak", "access")  # the words; whether an interpreter comes is a code
INTERPRETER = ("yes", "no")
LONGEST = {"name": 80, "pronouns": 40, "speak": 80}
LONG = 600
LONGEST_TAKEAWAY = 500


@dataclass(frozen=True)
class Said:
    """The parts of *about me* that one revision changed. "" takes a part back."""

    words: Mapping[str, str]
    interpreter: str | None
    entered_by: str


@dataclass(frozen=True)
class AboutMe:
    """The last word on each part, and who said it: the client, or a practitioner who wrote it down for them."""

    words: Mapping[str, str] = field(default_factory=dict)
    interpreter: bool = False
    by_staff: frozenset[str] = frozenset()
    at: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self.words) or self.interpreter


def about_me_in(value: object) -> tuple[dict[str, str], str | None] | None:
    """(parts, interpreter) of a setting named *about_me*; None where nothing in it can be read.

    What does not fit is left out and the rest is taken: a longer text is cut, so that nothing said is lost silently
    from the page, and the whole stays in the revision.
    """
    if not isinstance(value, Mapping):
        return None
    words = {part: _cut(value[part], LONGEST.get(part, LONG)) for part in PARTS if isinstance(value.get(part), str)}
    interpreter = value.get("interpreter")
    known = interpreter if interpreter in INTERPRETER else None
    return (words, known) if words or known else None


def takeaway_in(value: object) -> tuple[str, str] | None:
    """(appointment id, words) of a setting named *takeaway*; None where it cannot be read."""
    if not isinstance(value, Mapping):
        return None
    appointment_id, text = value.get("appointment_id"), value.get("text")
    if not isinstance(appointment_id, str) or not isinstance(text, str):
        return None
    return appointment_id, _cut(text, LONGEST_TAKEAWAY)


def fold(said: Iterable[tuple[datetime, Said]]) -> AboutMe:
    """What holds of everything said, oldest first: part by part, so that two who write do not wipe each other out."""
    words: dict[str, str] = {}
    by: dict[str, str] = {}
    interpreter, at = "no", None
    for moment, one in said:
        at = moment
        for part, text in one.words.items():
            words[part], by[part] = text, one.entered_by
        if one.interpreter:
            interpreter, by["interpreter"] = one.interpreter, one.entered_by
    kept = {part: words[part] for part in PARTS if words.get(part)}
    shown = {*kept, *(("interpreter",) if interpreter == "yes" else ())}
    by_staff = frozenset(part for part in shown if by.get(part) == "practitioner")
    return AboutMe(kept, interpreter == "yes", by_staff, at if shown else None)


def still_asked(asked_at: datetime, talked: Iterable[tuple[datetime, str]]) -> bool:
    """Whether a question waits: until it is marked as talked about after it was last written. The last mark holds."""
    marks = [(at, state) for at, state in talked if at >= asked_at]
    return not marks or max(marks)[1] == "open"


def _cut(text: Any, longest: int) -> str:
    return str(text).strip()[:longest]
