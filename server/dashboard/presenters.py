"""Domain values in words: states, ways of meeting, marks. Wording and colours live here and nowhere else."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from server.people.settling import is_known

OVERRIDES = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"))


@dataclass(frozen=True)
class Mark:
    """A state as it is shown: words, a shape (templates/dashboard/_dots.html) and the colour of its tag."""

    code: str
    text: str
    shape: str
    colour: str


def _marks(*rows: tuple[str, str, str, str]) -> dict[str, Mark]:
    return {code: Mark(code, text, sign, f"nhsuk-tag--{colour}") for code, text, sign, colour in rows}


STATES = _marks(
    ("done", "Done", "tick", "green"),
    ("partial", "Partly done", "half", "aqua-green"),
    ("tried", "Tried", "quarter", "aqua-green"),
    ("not_done", "Not done", "bar", "yellow"),
    ("nothing_happened", "Nothing happened", "nought", "white"),
    ("exempt", "Not well enough", "pause", "white"),
    ("moved", "Moved", "arrow", "purple"),
    ("withdrawn", "Withdrawn", "slash", "white"),
    ("planned", "Not due yet", "ring", "white"),
    ("no_answer", "No answer", "dots", "grey"),
    ("unknown", "Not known", "question", "grey"),
)

# After *not today* with something to follow: never a bare "No answer" beside words that somebody wrote.
AFTERWARDS = {"planned": "not due yet", "no_answer": "no answer after", "unknown": "not known after"}

# Where each state comes from, for the page behind a figure (clinical.md F; design.md 5).
ORIGINS = {
    "done": "All that this worksheet needs was filled in, or it was ticked as done.",
    "partial": "A worksheet came with part of it filled in.",
    "tried": "Something was tried. It counts.",
    "not_done": "Somebody said that it was not done.",
    "nothing_happened": "There was nothing to write down. It is left out of every count.",
    "exempt": "The client was not well enough. It is left out of every count.",
    "moved": "The client moved it to another day. It is left out of this count.",
    "withdrawn": "It was withdrawn. It is left out of every count.",
    "planned": "Its time has not passed yet.",
    "no_answer": "Its time has passed, the phone has since sent all it held, and nothing was said.",
    "unknown": "Its time has passed and the phone has not been in contact since. It may have been done.",
}

MEDIA = {
    "worksheet": "worksheet on the phone",
    "said": "ticked only, no worksheet",
    "paper": "on paper",
    "phone_call": "told by phone or face to face",
}


def came_by(medium: str, state: str, swapped: bool = False) -> str:
    """By which way it is known. Only what was agreed can be *ticked* as done or tried; anything else was said."""
    ticked = state in ("done", "tried") and not swapped
    return MEDIA[medium] if medium != "said" or ticked else "said in the app"


MODES = {"telephone": "Telephone", "video": "Video", "in_person": "In person"}
ATTENDANCE = {
    "planned": "Planned",
    "attended": "Attended",
    "missed": "Did not come",
    "cancelled_by_client": "Cancelled by the client",
    "cancelled_by_service": "Cancelled by the service",
}
REVIEW_MARKS = {
    "reviewed": "Looked at together",
    "carry_over": "Carry over to next time",
    "make_smaller": "Make it smaller",
    "stop": "Stop this",
}
SIZES = {"small": "Small", "usual": "Usual", "bigger": "Bigger"}
A_DAY = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)([a-z]*days?)?\b")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FAMILIES = {
    "low-intensity-cbt": "Low-intensity CBT",
    "emotional-skills": "Emotional skills",
    "relationships": "Relationships",
    "staying-well": "Staying well",
    "measures": "Measures",
    "measures-imported": "Measures",
    "check-ins": "Check-ins",
    "own": "Our own",
}
PLATFORMS = {"ios": "iPhone or iPad", "android": "Android phone", "other": "Another device"}
HELPERS = {"interpreter": "with an interpreter", "supporter": "with a supporter"}
TOLD = {
    "done": "Done",
    "tried": "Tried",
    "not_today": "Not done",
    "nothing_happened": "Nothing happened to record",
    "exempt": "Not well enough",
}
RECORDED_BY = {"paper": "On paper", "phone_call": "By phone or face to face"}
HELPED = {"none": "Nobody helped", "interpreter": "With an interpreter", "supporter": "With a supporter"}
QUARANTINE = {
    "id-reused": "The same entry came twice with different words. Both are kept.",
    "unreadable": "The phone sent something we cannot read.",
    "unknown-worksheet": "It belongs to a version of a worksheet we do not have.",
    "unknown-subject": "It is about something we do not have here, or of a kind we do not know.",
}


def shown(text: object) -> str:
    """Text as it may be shown: without control characters and without marks that turn the line round."""
    plain = str(text or "").translate(OVERRIDES)
    return "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def state(code: str) -> Mark:
    """The mark of a state."""
    return STATES[str(code)]


def mark_of(told) -> Mark:
    """The mark of an occurrence. One that was answered and is still open was made smaller, or moved before it was due.

    Made smaller, no answer after · Moved, not known after.
    """
    mark = state(told.state)
    if told.swapped:
        return replace(mark, text="Tried something else instead")
    if not _went_on(told):
        return mark
    return replace(mark, text=f"{'Moved' if told.stored == 'moved' else 'Made smaller'}, {AFTERWARDS[mark.code]}")


def origin_of(told) -> str:
    """Where its state comes from, for the page behind a figure."""
    origin = ORIGINS[told.state].replace("nothing was said", "nothing more was said")
    if not _went_on(told):
        return ORIGINS[told.state]
    return origin if told.stored == "moved" else f"They said not today, and made it smaller. {origin}"


def _went_on(told) -> bool:
    return told.medium is not None and told.state in AFTERWARDS


def options(words: dict[str, str], first: str | None = None) -> list[dict]:
    """A closed list for a select or radios, with a first line that means nothing chosen."""
    blank = [{"value": "", "text": first}] if first else []
    return blank + [{"value": code, "text": text} for code, text in words.items()]


def accounts(people, now: datetime | None = None) -> list[dict]:
    """Accounts for a select, by name; nobody is chosen yet. `now`: say which are new, and who has not signed in."""
    return options({str(one.id): one.name + (_new(one, now) if now else "") for one in people}, first="Choose")


def _new(account, now: datetime) -> str:
    said = [] if is_known(account, now) else ["new or changed, nobody else knows this account yet"]
    said += ["has not chosen a password yet"] if account.must_change_password else []
    return f" ({'; '.join(said)})" if said else ""


def counted(number: int, one: str, many: str | None = None) -> str:
    """1 entry · 3 entries."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def inside(text: str) -> str:
    """A sentence's beginning inside another sentence: only its first letter changes, and that of a weekday never."""
    return text if A_DAY.match(text) else text[:1].lower() + text[1:]


def family(code: str) -> str:
    """The name of a family of worksheets; a service's own folder is named by itself: my-family is My family."""
    return FAMILIES.get(code) or capital(code.replace("-", " ").replace("_", " "))


def capital(text: str) -> str:
    """The other way round: words as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def listed(parts: list[str]) -> str:
    """a · a and b · a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
