"""A study is set up whole or not at all, and everything about it is written down."""

from datetime import date, timedelta
from itertools import islice

import pytest
from sqlalchemy import select

from server.audit.models import AuditEvent
from server.errors import Missing, Refused
from server.extensions import atomic, db
from server.studies import actions, queries
from server.studies.models import Study
from server.studies.rules import arm_at, drawn
from tests.cast import NOW
from tests.studies.conftest import AS_AGREED

TWO = ["app-first", "as-usual"]
DRAWN = [TWO[int(digit)] for digit in "101001010110"]  # blocks of four, four and six begun


def verbs() -> list[str]:
    return list(db.session.scalars(select(AuditEvent.verb).order_by(AuditEvent.id)))


def test_making_a_study_says_all_of_it_in_the_audit(cast, made):
    assert [verb for verb in verbs() if verb.startswith("study.")] == [
        "study.made", "study.site_joined", "study.protocol_set", "study.researcher_added", "study.text_set",
    ]  # fmt: skip
    assert [one.name for one in queries.sites(made.study)] == [cast.service.name]
    assert [one.label for one in queries.protocols(made.study)] == ["1.0 of 3 May 2026"]


def test_its_key_is_its_own_and_sealed(cast, made):
    with atomic():
        other = actions.make(service=cast.service, by=cast.ada, now=NOW, **{**AS_AGREED, "name": "Another"})
    assert len(bytes.fromhex(made.study.key)) == 32
    assert made.study.key != other.key
    assert bytes.fromhex(made.study.key) not in made.study.key_sealed


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "<b>"}, "name"),
        ({"name": AS_AGREED["name"]}, "name"),
        ({"basis": "curiosity"}, "basis"),
        ({"reference": ""}, "reference"),
        ({"retain_until": date(2026, 11, 18)}, "retain_until"),
        ({"arms": ["one"], "blocks": [2, 3]}, "arms"),
        ({"arms": ["one", "one"], "blocks": [2, 3]}, "arms"),
        ({"arms": TWO, "blocks": [0, 2]}, "arms"),
        ({"arms": TWO, "blocks": [2]}, "arms"),  # whoever counts fours knows every fourth arm
        ({"arms": TWO, "blocks": [1, 2]}, "arms"),  # in a block of two the second is known
        ({"arms": ["Eins!", "zwei"]}, "arms"),
        ({"basis": "approval", "free_text": True}, "basis"),  # nobody's words leave without their yes
    ],
)
def test_what_no_study_can_be_is_refused_and_nothing_is_made(cast, made, wrong, field):
    with pytest.raises(Refused) as no, atomic():
        actions.make(service=cast.service, by=cast.ada, now=NOW, **{**AS_AGREED, "name": "New", **wrong})
    assert set(no.value.fields) == {field}
    assert len(db.session.scalars(select(Study)).all()) == 1


def test_only_a_researcher_works_on_a_study_and_no_longer_than_they_may(cast, made):
    with pytest.raises(Refused), atomic():
        actions.add_researcher(study=made.study, researcher=cast.ben, by=cast.ada, now=NOW)
    assert [one.id for one in queries.of_researcher(made.rita)] == [made.study.id]
    assert queries.of_researcher(made.sid) == []
    with pytest.raises(Missing):
        queries.of_researcher_one(made.sid, made.study.id)
    with atomic():
        actions.end_researcher(study=made.study, researcher=made.rita, by=cast.ada, now=NOW + timedelta(days=1))
    with pytest.raises(Missing):
        queries.of_researcher_one(made.rita, made.study.id)


def test_free_text_is_allowed_by_a_second_person_only(cast, made):
    with pytest.raises(Refused, match="was not asked for"), atomic():
        actions.approve_free_text(study=made.study, by=cast.ada, now=NOW)
    with atomic():
        wanted = actions.make(
            service=cast.service, free_text=True, by=cast.ada, now=NOW, **{**AS_AGREED, "name": "Words"}
        )
    with pytest.raises(Refused, match="another person"), atomic():
        actions.approve_free_text(study=wanted, by=cast.ada, now=NOW)
    second = cast.add("Zoe Hart", "administrator", by=cast.ada)
    with atomic():
        actions.approve_free_text(study=wanted, by=second, now=NOW)
    assert wanted.free_text_approved_by == second.id


def test_a_destroyed_key_is_gone_and_the_study_with_it(cast, made):
    with atomic():
        actions.destroy_key(study=made.study, by=cast.ada, now=NOW)
    assert made.study.key is None and made.study.key_sealed is None
    with pytest.raises(Refused), atomic():
        actions.set_text(study=made.study, words="More", by=made.rita, now=NOW)
    assert verbs()[-1] == "study.key_destroyed"


# ---- arms


def test_every_block_is_balanced_whatever_its_size():
    arms = list(islice(drawn("seed", "north", TWO, [2, 3]), 400))
    ahead = 0
    for arm in arms:
        ahead += 1 if arm == TWO[0] else -1
        assert abs(ahead) <= 3  # half of the largest block


def test_the_same_seed_draws_the_same_list_for_ever():
    assert list(islice(drawn("5eed", "north", TWO, [2, 3]), 12)) == DRAWN
    assert [arm_at("5eed", "north", TWO, [2, 3], n) for n in range(1, 13)] == DRAWN


def test_no_site_tells_another_sites_list_and_no_seed_anothers():
    one, other = (list(islice(drawn("seed", site, TWO, [2, 3]), 60)) for site in ("north", "south"))
    assert one != other
    assert list(islice(drawn("other", "north", TWO, [2, 3]), 60)) != one


def test_all_orders_of_a_block_come_equally_often():
    """Six orders of two and two: 6,000 blocks, so 1,000 each; beyond 100 away would be past three standard errors."""
    every = list(islice(drawn("seed", "north", TWO, [2]), 24_000))
    blocks = [tuple(every[start : start + 4]) for start in range(0, len(every), 4)]
    counts = {order: blocks.count(order) for order in set(blocks)}
    assert len(counts) == 6
    assert all(abs(n - 1000) < 100 for n in counts.values()), counts
