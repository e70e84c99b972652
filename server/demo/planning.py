"""What invented people say of a plan on their phone: yes, that is ours; or another time that fits better."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from server.demo.agreements import NIGHTS
from server.demo.phone import Phone

FITS_BETTER: tuple[dict[str, Any], ...] = (
    {"when": "after tea", "at": "18:30"},
    {"when": "in my lunch break", "at": "12:45", "where": "in the staff room"},
    {"with_whom": "my sister, on the phone"},
    {"where": "at the kitchen table", "reminder": "a note on the kettle"},
)
# A diary of the night is written in the morning.
FITS_THE_MORNING: tuple[dict[str, Any], ...] = (
    {"when": "after I wash", "at": "07:45"},
    {"when": "with my first coffee", "at": "08:15", "where": "in the kitchen"},
    {"where": "at the window"},
    {"reminder": "the pen on my pillow"},
)
SAYS_YES, CHANGES_IT = 0.6, 0.2


def answer_plan(phone: Phone, assignment, plan: dict[str, Any], at: datetime, seed: str) -> None:
    """What somebody says of one plan, soon after it was agreed. Kept on the phone until it is next in contact."""
    rng = Random(f"plan/{seed}")  # noqa: S311  a story, not a secret
    said, about = rng.random(), str(assignment.id)
    moment = at + timedelta(minutes=rng.randint(3, 50))
    held, phone.rng = phone.rng, rng  # what somebody says of a plan changes nothing else in their story
    if said < SAYS_YES:
        phone.tell(moment, "plan", {"confirmed": True, "version": assignment.version}, assignment_id=about)
    elif said < SAYS_YES + CHANGES_IT:
        fits = FITS_THE_MORNING if assignment.worksheet_id == NIGHTS else FITS_BETTER
        phone.tell(moment, "plan", {"plan": {**plan, **rng.choice(fits)}}, assignment_id=about)
    phone.rng = held
