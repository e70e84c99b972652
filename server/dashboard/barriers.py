"""What got in the way, in words, and one way to respond to each (clinical.md A2 and A4, in our own words)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Barrier:
    """One barrier: what the client said, and what a practitioner could do next."""

    code: str
    words: str
    respond: str


def _all(*rows: tuple[str, str, str]) -> dict[str, Barrier]:
    return {code: Barrier(code, words, respond) for code, words, respond in rows}


BARRIERS = _all(
    ("forgot", "Forgot", "Tie it to something that happens anyway, and offer a reminder at that time."),
    ("no_time", "No time", "Find the smallest version that fits the week as it is. Two minutes count."),
    (
        "no_private_space",
        "No private place",
        "Plan a place together: a walk, the car, a break at work. Ask about the phone.",
    ),
    (
        "life_event",
        "Something big happened",
        "Ask about it first. Pause or make the task smaller, and agree when to pick it up.",
    ),
    ("tech_problem", "The phone or app did not work", "Go through it together on the phone, or use paper for now."),
    (
        "language_reading",
        "The words were hard to follow",
        "Read it through together, shorten it, or do it with an interpreter.",
    ),
    ("not_clear", "Not sure what to do", "Do one together now, and write the first step into the plan."),
    ("too_hard", "Too hard", "Grade it: agree an easier step that feels about 7 out of 10 sure."),
    ("unwell_physical", "Not well enough", "Agree a small version for bad days. It does not count against anyone."),
    ("too_low", "Too low", "Begin with action, not with motivation: one small thing at a set time."),
    ("too_anxious", "Too anxious", "Go one step down the ladder, and plan what to do when the worry comes."),
    (
        "not_helpful",
        "It did not seem to help",
        "Ask what they hoped for. Go back to the reason, or choose another task.",
    ),
    ("not_for_me", "Not for me", "Ask what would suit better, and swap it."),
    (
        "felt_judged",
        "Worried about being judged",
        "Say again that any result is useful. Ask what would make it easier to share.",
    ),
    ("felt_better", "Felt better, no need", "Good news to look at: what helped? Agree how to keep it going."),
    (
        "no_trigger",
        "Nothing happened to record",
        "That is an answer too. Ask if they saw it coming, and keep it ready.",
    ),
    ("did_something_else", "Did something else instead", "Ask what it was and what it did. It counts as trying."),
    ("prefer_not_say", "Would rather not say", "Leave it there. Ask if the task still fits."),
)


def barrier(code: str) -> Barrier:
    """A barrier by its code; one that a worksheet adds is shown by its own code in words."""
    return BARRIERS.get(code) or Barrier(
        code, code.replace("_", " ").capitalize(), "Ask what happened, and plan from there."
    )
