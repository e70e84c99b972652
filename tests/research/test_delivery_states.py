"""What became of a reminder, in the bundle: each word that can be in the database is one of the codebook."""

import pytest

from server.reminders import letters, models, planning, queries, receipts
from server.research import codes
from server.research.columns import UNLISTED
from server.research.rows import state_after
from tests.reminders.ticking import DUE


def test_every_state_of_the_models_has_an_entry_in_the_codebook_and_none_is_made_up():
    assert set(codes.DELIVERY) == set(models.DELIVERY)
    assert set(codes.REMINDER_KINDS) == set(models.KINDS)


def test_whatever_can_happen_to_a_reminder_leaves_it_in_a_state_of_the_codebook():
    assert {state for state in models.EVENTS.values() if state} == set(codes.DELIVERY)
    assert {*receipts.MEANS.values(), letters.UNANSWERED, queries.PUT_OFF} <= set(models.EVENTS)
    assert {state_after(["planned", what]) for what in models.EVENTS} <= set(codes.DELIVERY)
    with pytest.raises(ValueError, match="vanished"):
        planning.add_events([], "vanished", DUE)


@pytest.mark.parametrize(
    ("happened", "state"),
    [
        ("planned", "planned"),
        ("planned claimed", "claimed"),
        ("planned claimed taken-over claimed accepted", "accepted"),
        ("planned claimed later", "planned"),
        ("planned claimed unanswered", "planned"),
        ("planned claimed accepted shown opened put-off", "accepted"),
        ("planned claimed accepted delivered", "accepted"),
        ("planned claimed accepted undelivered", "failed"),
        ("planned claimed accepted no-such-number", "failed"),
        ("planned claimed accepted undelivered delivered", "accepted"),
        ("planned claimed delivered undelivered", "accepted"),
        ("planned cancelled", "cancelled"),
        ("planned expired", "expired"),
        ("opened", "accepted"),
        ("planned something-new", UNLISTED),
    ],
)
def test_a_history_comes_to_one_state(happened, state):
    assert state_after(happened.split()) == state
