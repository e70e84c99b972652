"""Reasons on the caseload: in words, each with something to do about it, and a record that it was done."""

from datetime import date, timedelta

from server.caseload import actions as caseload
from server.dashboard.reason_words import ANEW, ANSWERED, ANSWERS, RULES, STEPS, WHY
from server.engagement.attention import ANSWERS as CODES
from server.engagement.attention import REASONS
from server.extensions import atomic
from server.people import actions as people
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.dashboard.conftest import send

DAY = timedelta(days=1)

WEEK = timedelta(days=7)


def whys(web) -> str:
    return words(web.page("/staff/caseload").find("tbody"))


def test_every_rule_has_its_words_and_says_its_numbers(ben):
    shown = words(ben.page("/staff/caseload/order"))
    for one in REASONS:
        assert WHY[one.code] in shown
        for name, number in one.numbers.items():
            assert f"{{{name}}}" in RULES[one.code]
            assert str(number) in RULES[one.code].format(**one.numbers)
        assert RULES[one.code].format(**one.numbers) in shown
        assert STEPS[one.step] in shown
    assert set(RULES) == set(WHY) == {one.code for one in REASONS}
    assert set(ANSWERS) == set(ANSWERED) == set(CODES)
    assert set(ANEW) <= set(WHY)


def test_an_answered_reason_steps_back_and_says_what_was_done(ben, cast, anna):
    assert "No phone paired" not in whys(ben)
    reasons = ben.page(f"{anna.home}/reasons")
    assert "Work waits to be looked at" in words(reasons)
    form = {"reason": "waiting_review", "what": "talk", "line": "She asked for it."}
    answer = ben.send(reasons, "/reasons", **form)
    assert answer.headers["Location"].endswith("/staff/caseload")
    line = whys(ben)
    assert "Work waits to be looked at: to talk about, Wed 18 Nov" in line
    again = words(ben.page(f"{anna.home}/reasons"))
    assert "Answered for now" in again
    assert "She asked for it." in again


def test_an_answer_holds_until_the_next_appointment_and_then_the_reason_is_back(open_as, cast, anna, time):
    ben = open_as(cast.ben)
    with atomic():
        people.revoke_device(device=cast.phone, by=cast.ben, now=NOW)
    ben.send(ben.page(f"{anna.home}/reasons"), "/reasons", reason="no_phone", what="nothing_needed")
    assert "No phone paired: looked at, nothing needed" in whys(ben)
    time.now = NOW + timedelta(hours=2)  # the appointment begins
    assert "No phone paired: looked at" not in whys(open_as(cast.ben))
    assert "No phone paired" in whys(open_as(cast.ben))


def test_whoever_is_in_their_appointment_is_not_without_one(open_as, cast, anna, time):
    time.now = NOW + timedelta(hours=2, minutes=5)
    assert "No appointment booked" not in whys(open_as(cast.ben))
    time.now = NOW + DAY
    assert "No appointment booked" in whys(open_as(cast.ben))


def test_talking_about_smaller_is_written_down_and_leads_to_the_smaller_task(open_as, cast, time):
    ben = open_as(cast.ben)
    cast.meet(NOW - 7 * DAY, "attended", NOW - 7 * DAY)
    task = cast.agree(now=NOW - 7 * DAY, rhythm={"kind": "daily", "times": 1})
    cast.pair(NOW - 7 * DAY)
    send(cast, [], NOW - timedelta(hours=1))  # in contact, and nothing to say: no answer, not unknown
    home = f"/staff/clients/{cast.anna.id}"
    assert "Nothing tried since the last appointment" in whys(ben)
    answer = ben.send(ben.page(f"{home}/reasons"), "/reasons", reason="nothing_tried", what="smaller")
    assert f"/assignments/{task.id}/" in answer.headers["Location"]
    assert "smaller=1" in answer.headers["Location"]
    assert "Nothing tried since the last appointment: to make smaller, Wed 18 Nov" in whys(ben)


def test_what_is_not_offered_for_a_reason_is_not_written_down(ben, cast, anna):
    data = {**ben.tokens(), "reason": "unreadable", "what": "nothing_needed"}
    answer = ben.fetch(f"{anna.home}/reasons", "POST", data=data)
    assert answer.status_code == 422
    assert "Something they sent could not be read" in whys(ben)
    assert "nothing needed" not in whys(ben)


def test_the_list_can_be_sorted_another_way_and_the_address_remembers_it(ben, cast, anna):
    with atomic():
        bea = people.add_client(
            service=cast.service, preferred_name="aaron", date_of_birth=date(1980, 1, 1), by=cast.ben, now=NOW
        )
        caseload.take_on(client=bea, practitioner=cast.ben, by=cast.ben, now=NOW)
    assert [names(ben, one) for one in ("", "?sort=name", "?sort=next", "?sort=contact", "?sort=no-such")] == [
        ["Anna", "aaron"], ["aaron", "Anna"], ["Anna", "aaron"], ["aaron", "Anna"], ["Anna", "aaron"],
    ]  # fmt: skip
    page = ben.page("/staff/caseload?sort=name")
    assert page.find(attrs={"aria-current": "true"}).text == "name"
    reasons = ben.page(page.find("tbody").find_all("tr")[1].find("td").find("a")["href"].partition("#")[0])
    answer = ben.send(reasons, "/reasons", reason="waiting_review", what="talk")
    assert answer.headers["Location"].endswith("?sort=name")


def names(web, question: str) -> list[str]:
    rows = web.page(f"/staff/caseload{question}").find("tbody").find_all("tr")
    return [words(row.find("th").find("a")) for row in rows]
