"""The rules behind the order of a caseload in words: each reason, how it is counted, and what can be done about it."""

from dataclasses import dataclass

from server.engagement.attention import NOTHING, REASONS, SMALLER, SUPERVISION, TALK, Reason
from server.supervision.rules import HOLDS_WITHOUT_APPOINTMENT

WHY = {
    "flag_waiting": "An answer about risk waits",
    "unreadable": "Something they sent could not be read",
    "two_intervals_nothing": "Nothing tried since the last two appointments",
    "nothing_tried": "Nothing tried since the last appointment",
    "late_reading": "Unread for longer than your service promises",
    "waiting_review": "Work waits to be looked at",
    "out_of_contact": "Phone not in contact for a week",
    "nothing_agreed": "Nothing is agreed",
    "no_phone": "No phone paired",
    "no_appointment": "No appointment booked",
}
# How each is counted. Numbers come from the rule itself.
RULES = {
    "flag_waiting": "They answered a question about risk, and nobody has said yet what was done.",
    "unreadable": "At least one thing came that could not be read, and nobody has marked it as seen.",
    "two_intervals_nothing": "In {intervals} intervals in a row at least one time is known to be over, and none was"
    " tried or done. Times that are not known do not count.",
    "nothing_tried": "In this interval at least {fewest} times are known to be over, and none was tried or done. Times"
    " that are not known do not count.",
    "late_reading": "Something came from their phone, and no page it stands on was opened within the working days of"
    " your service’s reading promise.",
    "waiting_review": "Something was done, tried or said not done, and its task was not reviewed since it arrived.",
    "out_of_contact": "A phone is paired, and was not in contact for {days} days.",
    "nothing_agreed": "No task is open. Check-ins and measures are none.",
    "no_phone": "No phone is paired now.",
    "no_appointment": "No appointment is to come, and none of today waits for its attendance.",
}
# When what was done about a reason stops answering it, beside the next appointment.
ANEW = {
    "two_intervals_nothing": "a new interval begins",
    "nothing_tried": "a new interval begins",
    "waiting_review": "newer work arrives",
    "out_of_contact": "the phone was in contact and falls silent again",
    "nothing_agreed": "a task was agreed and ends",
}
STEPS = {
    "flag": "See the answer, and say what you did",
    "unreadable": "See what came",
    "task": "See each time in words",
    "review": "Look at the work",
    "phone": "See their phones",
    "agree": "Agree a task",
    "invite": "Invite a phone",
    "book": "Book an appointment",
}
ANSWERS = {
    TALK: "Talk about it at the next appointment",
    SMALLER: "Talk about making it smaller",
    SUPERVISION: "Bring to supervision",
    NOTHING: "Looked at, nothing needed",
}
ANSWERED = {
    TALK: "to talk about",
    SMALLER: "to make smaller",
    SUPERVISION: "brought to supervision",
    NOTHING: "looked at, nothing needed",
}


@dataclass(frozen=True)
class Rule:
    """One line of the page that says how the list is ordered."""

    place: int
    why: str
    how: str
    can_be_done: list[str]
    back: str


def holds_for() -> int:
    """For how many days what was done about a reason holds where no appointment is booked."""
    return HOLDS_WITHOUT_APPOINTMENT.days


def rules() -> list[Rule]:
    """Every rule in its order, from the list that the code runs on."""
    return [_rule(place, one) for place, one in enumerate(REASONS, start=1)]


def how_counted(one: Reason) -> str:
    """The sentence of one rule with its numbers."""
    return RULES[one.code].format(**one.numbers)


def _rule(place: int, one: Reason) -> Rule:
    return Rule(
        place, WHY[one.code], how_counted(one), [STEPS[one.step], *(ANSWERS[code] for code in one.answers)], _back(one)
    )


def _back(one: Reason) -> str:
    if not one.answers:
        return "It stays until that is done"
    return "After the next appointment" + (f", or when {ANEW[one.code]}" if one.code in ANEW else "")
