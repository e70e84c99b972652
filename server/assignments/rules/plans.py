"""How definite a plan is, and the list of what can get in the way."""

from collections.abc import Mapping
from typing import Any

# clinical.md A4, with the part of COM-B it speaks of: capability, opportunity, motivation.
BARRIERS: dict[str, str] = {
    "forgot": "opportunity",
    "no_time": "opportunity",
    "no_private_space": "opportunity",
    "life_event": "opportunity",
    "tech_problem": "opportunity",
    "language_reading": "capability",
    "not_clear": "capability",
    "too_hard": "capability",
    "unwell_physical": "capability",
    "too_low": "motivation",
    "too_anxious": "motivation",
    "not_helpful": "motivation",
    "not_for_me": "motivation",
    "felt_judged": "motivation",
    "felt_better": "motivation",
    "no_trigger": "none",
    "did_something_else": "none",
    "something_else": "none",
    "prefer_not_say": "none",
}

# "Not well enough" exempts (clinical.md A2, row 8); "nothing happened" is an answer of its own.
EXEMPTING = frozenset({"unwell_physical"})

# The eight parts of a plan (clinical.md A2, row 2): each that says something counts one.
PARTS = ("what", "when", "where", "with_whom", "how_long", "reminder", "obstacle", "then")
FEWEST_WORDS = 2


def plan_specificity(plan: Mapping[str, Any]) -> int:
    """How many of the eight parts of a plan are filled in, 0 to 8. For the practitioner only (clinical.md A2, M15).

    `what` counts always: the assignment is the what. A time of day counts as *when*.
    """
    return len(PARTS) - len(unsaid(plan))


def unsaid(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts of a plan that say nothing yet, for the practitioner only."""
    said = {part for part in PARTS if str(plan.get(part) or "").strip()} | {"what"}
    return tuple(part for part in PARTS if part not in said and not (part == "when" and _has_moment(plan)))


def needs_when(rhythm_kind: str, plan: Mapping[str, Any]) -> bool:
    """Whether a plan still has to say when: a moment of the day, or words. What happens by itself needs none."""
    return rhythm_kind != "event" and not str(plan.get("when") or "").strip() and not plan.get("at")


def fewer_words(text: str) -> bool:
    """Whether a reason is too short to be one."""
    return len(text.split()) < FEWEST_WORDS


def _has_moment(plan: Mapping[str, Any]) -> bool:
    return bool(plan.get("at") or plan.get("weekdays"))
