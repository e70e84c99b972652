"""A nought of a course that ended never stands without the last contact (clinical.md F3.11)."""

from datetime import timedelta

from server.caseload.queries import open_episode
from server.entries.actions import contact
from server.extensions import atomic
from tests.cast import NOW
from tests.dashboard.browser import words


def test_a_nought_of_a_course_that_ended_stands_beside_the_last_contact(cast, time, open_as):
    began = NOW - timedelta(days=14)
    with atomic():
        open_episode(cast.anna.id).opened_on = began.date()
    cast.pair(began)
    cast.agree(now=began, rhythm={"kind": "daily", "times": 1})
    with atomic():
        contact(client=cast.anna, device=cast.phone, outbox=0, device_seq=1, now=NOW - timedelta(hours=1))
    page = open_as(cast.ben).page(f"/staff/clients/{cast.anna.id}/ending")
    said = "Phone last in contact Wed 18 Nov, 08:30"
    assert "0 of 14 done" in words(page.find(id="summary")) and said in words(page.find(id="summary"))
    cast.end()
    time.now = NOW + timedelta(days=2)
    ben = open_as(cast.ben)
    home = ben.follow(ben.send(ben.page(f"/staff/clients/{cast.anna.id}/ending"), "/again"))
    assert f"0 of 14 done. {said}." in words(home)
