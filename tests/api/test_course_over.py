"""What a phone is told of a course that has ended, and of the next one."""

from datetime import timedelta

from server.endings import actions as endings
from server.extensions import atomic
from tests.cast import NOW


def end(cast):
    with atomic():
        endings.end_course(
            client=cast.anna, episode=cast.episode, reason="completed", last_day=NOW.date(), staying_well="on_phone",
            signposting="Your GP.", by=cast.ben, now=NOW,
        )  # fmt: skip


def pull(phone, cursor="", etag=None):
    headers = {"X-Sync-Protocol": "1", **({"If-None-Match": etag} if etag else {})}
    return phone.get(f"/api/v1/sync/pull?cursor={cursor}", headers=headers)


def test_the_next_pull_says_that_the_course_has_ended_and_until_when_it_can_be_read(phone, cast):
    before = pull(phone)
    assert before.json["course_over"] is None
    end(cast)
    after = pull(phone, before.json["cursor"], before.headers["ETag"])
    assert after.status_code == 200
    assert after.json["course_over"] == {
        "episode_id": str(cast.episode.id), "began_on": "2026-11-17", "ended_on": "2026-11-18",
        "read_until": "2027-02-16", "signposts": "Your GP.",
        "worksheets": {
            "check": {"id": "staying-well/monthly-check", "version": 1},
            "feedback": {"id": "check-ins/end-of-course", "version": 1},
            "plan": "staying-well/staying-well-plan",
        },
    }  # fmt: skip


def test_a_phone_of_somebody_who_came_back_is_told_that_a_course_is_open(phone, cast):
    end(cast)
    told = pull(phone)
    with atomic():
        endings.start_again(
            client=cast.anna, practitioner=cast.ben, problem=None, by=cast.ben, now=NOW + timedelta(days=30)
        )
    again = pull(phone, told.json["cursor"], told.headers["ETag"])
    assert again.status_code == 200 and again.json["course_over"] is None


def test_a_phone_with_nothing_new_is_told_nothing_new(phone, cast):
    end(cast)
    told = pull(phone)
    assert pull(phone, told.json["cursor"], told.headers["ETag"]).status_code == 304
