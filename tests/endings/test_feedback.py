"""What clients say of their course: kept sealed, the last word counts, and nobody can be told from it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from server.api.sync import take_in
from server.caseload import actions as caseload
from server.caseload.models import Episode
from server.endings import feedback
from server.endings.models import Feedback
from server.endings.rules import listed_now
from server.errors import Missing
from server.extensions import atomic, db
from server.people import actions as people
from server.people.models import Client
from tests.cast import NOW

HOUR = timedelta(hours=1)


def said(cast, answers, now=NOW, **changes):
    """As Anna's phone says it."""
    payload = {
        "name": "feedback", "episode_id": str(cast.episode.id), "worksheet": feedback.WORKSHEET, "version": 1,
        "answers": answers, **changes,
    }  # fmt: skip
    with atomic():
        return take_in(cast.anna, cast.phone, [cast.revision({"kind": "setting"}, payload, happened=now)], now)


def rows():
    return list(db.session.scalars(select(Feedback).order_by(Feedback.effective_at)))


@pytest.fixture
def phone(cast):
    return cast.pair()


def test_what_a_phone_sends_is_kept_and_sealed(both, phone, cast):
    said(cast, {"helped": "Walking in the park", "again": "likely"})
    [row] = rows()
    assert row.answers == {"helped": "Walking in the park", "again": "likely"}
    assert b"Walking" not in row.answers_sealed and row.entered_by == "client"


@pytest.mark.parametrize(("quote", "may"), [(True, True), (False, False), (None, False), ("yes", False), (1, False)])
def test_only_a_plain_yes_lets_words_be_quoted(phone, cast, quote, may):
    said(cast, {"helped": "Walking", **({} if quote is None else {"quote": quote})})
    assert [row.quote for row in rows()] == [may]


@pytest.mark.parametrize(
    "changes",
    [
        {"answers": "a text"}, {"answers": None}, {"version": 99}, {"version": True}, {"version": "1"},
        {"worksheet": "low-intensity-cbt/thought-record"}, {"episode_id": "no id"}, {"episode_id": None},
        {"episode_id": "0193512a-7c00-7a11-8b22-00000000000a"},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_stored_as_a_revision_and_counts_nowhere(phone, cast, changes):
    received = said(cast, **{"answers": {"helped": "Walking"}, **changes})
    assert [one.status for one in received.receipts] == ["stored"]
    assert rows() == []


def test_the_last_word_counts_whatever_came_first(phone, cast):
    said(cast, {"helped": "Later word"}, NOW + HOUR)
    said(cast, {"helped": "Earlier word"}, NOW)
    assert feedback.newest_of(cast.episode).answers == {"helped": "Later word"}


def test_nobody_keeps_words_about_somebody_elses_course(cast):
    with atomic():
        bea = people.add_client(
            service=cast.service, preferred_name="Bea", date_of_birth=NOW.date(), by=cast.ben, now=NOW
        )
    with pytest.raises(Missing), atomic():
        feedback.keep(
            client=bea, episode_id=cast.episode.id, version=1, answers={}, medium="paper", effective_at=NOW,
            by=cast.ben, now=NOW,
        )  # fmt: skip


def many(cast, count, since=0, **answers):
    """So many people who said something, one after the other."""
    for number in range(count):
        with atomic():
            client = people.add_client(
                service=cast.service, preferred_name=f"P{number}", date_of_birth=NOW.date(), by=cast.ben, now=NOW
            )
            episode = caseload.take_on(client=client, practitioner=cast.ben, by=cast.ben, now=NOW)
            given = {name: value.format(n=9 - number) for name, value in answers.items()}
            feedback.keep(
                client=client, episode_id=episode.id, version=1, answers={**given, "quote": number == 0},
                medium="paper", effective_at=NOW, by=cast.ben, now=NOW + (since + number) * HOUR,
            )  # fmt: skip


def test_under_five_people_nothing_is_listed(cast):
    many(cast, 4, helped="Words {n}", again="likely")
    found = feedback.said_in(cast.service)
    assert (found.answered, found.listed, found.texts, found.counts) == (4, 0, {}, {})


def test_from_five_on_all_five_are_listed_in_an_order_that_tells_nothing(both, cast):
    many(cast, 6, helped="Words {n}", again="likely")
    found = feedback.said_in(cast.service)
    assert (found.answered, found.listed) == (6, 5)
    assert [words for words, _ in found.texts["helped"]] == ["Words 5", "Words 6", "Words 7", "Words 8", "Words 9"]
    assert found.counts == {"again": {"likely": 5}}
    assert [words for words, quote in found.texts["helped"] if quote] == ["Words 9"]


def test_another_service_sees_none_of_it(cast):
    many(cast, 5, helped="Words {n}")
    assert feedback.said_in(cast.other_service).answered == 0


@pytest.mark.parametrize(("came", "listed"), [(0, 0), (4, 0), (5, 5), (9, 5), (10, 10), (14, 10)])
def test_answers_are_listed_five_at_a_time(came, listed):
    assert listed_now(list(range(came)), list(range(came))) == list(range(listed))


def test_who_answered_about_two_courses_is_one_of_the_five():
    assert listed_now(list("abcde"), [1, 2, 3, 4, 4]) == []
    assert listed_now(list("abcdef"), [1, 2, 3, 4, 4, 5]) == list("abcdef")


def test_both_courses_of_somebody_who_came_back_count(both, cast):
    many(cast, 4, helped="Words {n}")
    for number, words in enumerate(("First course", "Second course")):
        with atomic():
            episode = caseload.take_on(client=cast.anna, practitioner=cast.ben, by=cast.ben, now=NOW)
            say(cast, episode, cast.anna, words, NOW + (10 + number) * HOUR)
            caseload.discharge(episode=episode, reason="completed", by=cast.ben, now=NOW)
    found = feedback.said_in(cast.service)
    assert (found.answered, found.listed) == (6, 5)  # the second begins another five


def test_a_changed_word_waits_for_the_next_five(both, cast):
    many(cast, 5, helped="Words {n}")
    before = feedback.said_in(cast.service)
    changed(cast, "Changed my mind", quote=True)
    assert feedback.said_in(cast.service) == before
    many(cast, 5, since=20, helped="More {n}")
    found = [words for words, _ in feedback.said_in(cast.service).texts["helped"]]
    assert len(found) == 10 and "Changed my mind" in found and "Words 9" not in found


def test_leave_to_quote_is_gone_at_once(cast):
    many(cast, 5, helped="Words {n}")
    changed(cast, "Changed my mind", quote=False)
    assert feedback.said_in(cast.service).texts["helped"][-1] == ("Words 9", False)


def changed(cast, words: str, quote: bool) -> None:
    """The first of them says it in other words."""
    first = db.session.scalars(select(Feedback).order_by(Feedback.recorded_at)).first()
    with atomic():
        client, episode = db.session.get(Client, first.client_id), db.session.get(Episode, first.episode_id)
        say(cast, episode, client, words, NOW + 10 * HOUR, quote)


def say(cast, episode, client, words: str, now, quote: bool = False) -> None:
    """Kept from paper."""
    feedback.keep(
        client=client, episode_id=episode.id, version=1, answers={"helped": words, "quote": quote}, medium="paper",
        effective_at=now, by=cast.ben, now=now,
    )  # fmt: skip
