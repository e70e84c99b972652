"""The page of the service lead: exact for the service, safe in what leaves, and the same as an independent count."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from server import clock
from server.caseload import actions as caseload
from server.entries.actions import contact
from server.extensions import atomic, db
from server.measures.library import measures
from server.people import actions as people
from server.people import pairing
from server.people.equity_actions import record_equity
from server.people.models import Client, Device, Practitioner, Service
from server.totals import actions, queries
from server.worksheets.library import library
from tests.cast import NOW, PASSWORD
from tests.conftest import Demonstration
from tests.dashboard.browser import Browser, words
from tests.totals.independent import figures

MONDAY = NOW.date() - timedelta(days=NOW.weekday())


def lead(app, service: Service) -> Browser:
    """Somebody who leads this service, signed in."""
    with atomic():
        made, _ = people.add_practitioner(
            service=service, name="Lea Park", sign_in_name=f"lea@{service.id}", roles=["service_lead"],
            password=PASSWORD, by="test", now=NOW,
        )  # fmt: skip
    return Browser(app).sign_in(made)


def read_tables(page) -> dict[str, dict[str, list[str]]]:
    """Table → first column → cells, off the page."""
    found = {}
    for heading in page.select("h2[id], h3[id]"):
        table = heading.find_next("table")
        if table is not None:
            rows = {
                words(row.th): [words(cell) for cell in row.find_all("td")]
                for row in table.select("tbody tr")
                if row.th
            }
            found[heading["id"]] = rows
    return found


def sums(page, table: str) -> list[int]:
    """The totals row of a table."""
    return [int(words(cell)) for cell in page.find(id=table).find_next("table").select("tfoot td")]


@pytest.fixture
def demo_page(demo_app, monkeypatch):
    """The demonstration's service page, when it was made."""
    monkeypatch.setattr(clock, "now", lambda: Demonstration.now)
    service = db.session.scalars(select(Service)).one()
    return lead(demo_app, service).page("/staff/service")


def test_an_independent_count_of_the_rows_gives_every_number_of_the_page(demo_page, demo_app):
    shown = read_tables(demo_page)
    told = figures(demo_app.config["MEANTIME"].data / "meantime.sqlite3", Demonstration.now, MONDAY)
    titles = {one.title: one.id for one in library().all()} | {"Free tasks, without a worksheet": ""}
    names = {one.name: one.id for one in measures().all()}
    by_id = {
        kind: {titles.get(name.partition(": ")[2] or name, name): cells for name, cells in shown[kind].items()}
        for kind in ("worksheets", "asking")
    }
    assert shown["work"] == told["work"]
    assert shown["meetings"] == told["meetings"]
    assert by_id == {kind: told[kind] for kind in ("worksheets", "asking")}
    assert by_id["asking"]
    for kind in ("work", "worksheets"):
        assert sums(demo_page, kind) == [sum(int(cells[n]) for cells in shown["work"].values()) for n in range(8)]
    assert shown["people"] == told["people"]
    assert {names[name]: cells for name, cells in shown["measures"].items()} == told["measures"]
    assert any(int(cell) for cells in shown["work"].values() for cell in cells)


def test_it_gives_them_too_when_phones_that_were_silent_are_replaced(demo_app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: Demonstration.now)
    service = db.session.scalar(select(Service))
    before = queries.count(service, Demonstration.now)["weeks"]
    with atomic():
        for device in db.session.scalars(select(Device).where(Device.revoked_at.is_(None))).all():
            client, by = db.session.get(Client, device.client_id), db.session.scalar(select(Practitioner))
            _, code = pairing.invite(client=client, by=by, now=Demonstration.now)
            new = pairing.pair(code=code, details={"platform": "android"}, now=Demonstration.now).device
            contact(client=client, device=new, outbox=0, device_seq=0, now=Demonstration.now)
    later = Demonstration.now
    with atomic():
        actions.keep(service_id=service.id, body=queries.count(service, later), now=later)
    shown = read_tables(lead(demo_app, service).page("/staff/service"))
    told = figures(demo_app.config["MEANTIME"].data / "meantime.sqlite3", Demonstration.now, MONDAY)
    assert shown["work"] == told["work"]
    after = queries.count(service, Demonstration.now)["weeks"]
    assert [week["unknown"] for week in after] == [week["unknown"] for week in before]
    assert any(week["unknown"] for week in after)


def test_nobody_is_named_and_no_practitioner_is_compared(demo_page, demo_app):
    said = demo_page.find("main").get_text(" ")
    for client in db.session.scalars(select(Client)).all():
        assert f" {client.preferred_name} " not in said
    for one in db.session.scalars(select(Practitioner)).all():
        assert one.name not in said


def test_every_heading_of_a_table_leads_to_how_it_is_counted(demo_page):
    links = demo_page.select("main th a")
    assert len(links) > 25
    assert all(demo_page.find(id=link["href"].removeprefix("#")) for link in links)


def test_a_list_of_contents_leads_to_every_part(demo_page):
    contents = [link["href"].removeprefix("#") for link in demo_page.find("nav", {"aria-label": "On this page"})("a")]
    assert contents and all(demo_page.find(id=one) for one in contents)
    assert {one["id"] for one in demo_page.select("h2[id]")} - set(contents) == set()


def test_what_leaves_holds_no_number_from_one_to_seven_but_names(demo_app, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: Demonstration.now)
    answer = lead(demo_app, db.session.scalars(select(Service)).one()).fetch("/staff/service/figures.csv")
    rows = list(csv.reader(io.StringIO(answer.text)))
    cells = [cell for row in rows[1:] for cell in row[1:] if cell]
    numbers = [int(cell) for cell in cells if cell.isdecimal()]
    assert numbers and all(n == 0 or (n % 5 == 0 and n >= 10) for n in numbers)
    assert "hidden" in cells


def test_the_weekly_cache_and_the_rows_give_the_same(app, cast, ben, anna):
    """What was answered is read from the cache; the states that depend on the moment come from their rows."""
    now = NOW + timedelta(days=9)
    over = queries.window("Europe/London", now)
    body = queries.count(cast.service, now)
    week = next(one for one in body["weeks"] if one["monday"] == (MONDAY - timedelta(days=7)).isoformat())
    assert (week["due"], week["tried"], week["done"], week["not_done"]) == (5, 2, 1, 1)
    for monday, counts in queries.cached_weeks(cast.service.id, over).items():
        told = next(one for one in body["weeks"] if one["monday"] == monday.isoformat())
        silent = counts.get("open", 0) + counts.get("moved", 0)
        assert told["no_answer"] + told["unknown"] == silent
        assert told["due"] == told["tried"] + told["not_done"] + told["no_answer"] + told["unknown"]


def test_silence_is_no_answer_once_the_phone_has_sent_all_it_held(both, cast, anna):
    now = NOW + timedelta(days=9)
    before = queries.count(cast.service, now)["weeks"][-1]
    with atomic():
        contact(client=cast.anna, device=cast.phone, outbox=0, device_seq=cast.seq, now=now)
    after = queries.count(cast.service, now)["weeks"][-1]
    assert before["unknown"] > 0 == after["unknown"]
    assert after["no_answer"] == before["no_answer"] + before["unknown"]


def test_another_service_counts_nothing_of_it(app, cast, anna):
    body = queries.count(cast.other_service, NOW + timedelta(days=9))
    assert not any(n for week in body["weeks"] for name, n in week.items() if name != "monday")
    assert body["clients"] == {"open": 0, "due": 0, "tried": 0, "phone": 0}


@pytest.mark.parametrize("path", ["/staff/service", "/staff/service/figures.csv"])
def test_for_others_the_page_does_not_exist(app, open_as, cast, path):
    for who in (cast.ben, cast.cara, cast.ada, cast.dev):
        assert open_as(who).fetch(path).status_code == 404


def test_a_service_lead_sees_no_client(app, cast, anna, time):
    web = lead(app, cast.service)
    assert web.fetch(anna.home).status_code == 404
    assert "Anna" not in web.fetch("/staff/service").text


def test_a_service_hides_more_but_never_less(app, cast, time):
    web = lead(app, cast.service)
    refused = web.send(web.page("/staff/service"), "/hide", 422, hide_up_to="4")
    assert "7 to 50" in refused.text
    web.send(web.page("/staff/service"), "/hide", hide_up_to="10")
    assert "1 to 10 people are hidden" in words(web.page("/staff/service"))


def test_counting_again_shows_what_came_since(app, cast, time):
    web = lead(app, cast.service)

    def agreed() -> str:
        return list(read_tables(web.page("/staff/service"))["work"].values())[-1][0]

    assert agreed() == "0"
    cast.agree(now=NOW - timedelta(days=7))
    assert agreed() == "0"
    web.send(web.page("/staff/service"), "/count")
    assert agreed() == "1"


def of_groups(cast, **groups: int) -> None:
    """So many more people of each ethnicity."""
    codes = [code for code, number in groups.items() for _ in range(number)]
    with atomic():
        for code, client in zip(codes, people_of(cast, len(codes)), strict=True):
            record_equity(client=client, fields={"ethnicity": code}, source="csv", by=cast.ben, now=NOW)


def test_everybody_is_rounded_beside_the_breakdowns_and_the_smaller_group_is_not_hidden_for_its_size(app, cast, time):
    of_groups(cast, asian=12, black=12, mixed=7)
    shown = read_tables(lead(app, cast.service).page("/staff/service"))
    assert shown["people"]["Everybody"][0] == "30"
    groups = shown["equity-ethnicity"]
    assert groups["Asian"][0] == "10"
    assert groups["Black"] == groups["Mixed"] == ["hidden"] * 4


def test_one_person_who_comes_between_two_looks_changes_no_count_of_people(app, cast, time):
    of_groups(cast, asian=40, black=30, white=20, mixed=7)
    web = lead(app, cast.service)
    before = web.page("/staff/service")
    of_groups(cast, mixed=1)
    web.send(before, "/count")
    tables = read_tables(before), read_tables(web.page("/staff/service"))
    assert tables[0]["equity-ethnicity"]["Mixed"][0] == "hidden" and tables[0]["people"]["Everybody"][0] == "95"
    for name in ("people", "equity-ethnicity"):
        assert tables[0][name] == tables[1][name]


def test_people_are_counted_afresh_in_the_next_week(app, cast, time):
    of_groups(cast, asian=40, mixed=7)
    lead(app, cast.service).page("/staff/service")
    of_groups(cast, mixed=3)
    later = NOW + timedelta(days=7)
    with atomic():
        actions.keep(service_id=cast.service.id, body=queries.count(cast.service, later), now=later)
    assert queries.held(cast.service.id).body["equity"]["ethnicity"]["mixed"][0] == 10


def test_a_small_group_is_hidden_on_the_page_itself(app, cast, time):
    with atomic():
        for number, client in enumerate(people_of(cast, 24)):
            ethnicity = "black" if number < 3 else "asian" if number < 12 else "white"
            record_equity(client=client, fields={"ethnicity": ethnicity}, source="csv", by=cast.ben, now=NOW)
    page = lead(app, cast.service).page("/staff/service")
    groups = read_tables(page)["equity-ethnicity"]
    assert groups["Black"] == groups["White"] == ["hidden"] * 4
    assert groups["Asian"][0] == "10"
    assert words(page.find(id="equity-ethnicity").find_next("tfoot").th) == "All that is shown"


def people_of(cast, number: int) -> list[Client]:
    """So many more clients of Ben's."""
    made = []
    for _ in range(number):
        client = people.add_client(
            service=cast.service, preferred_name="Bea", date_of_birth=NOW.date() - timedelta(days=9000), by=cast.ben,
            now=NOW,
        )  # fmt: skip
        caseload.take_on(client=client, practitioner=cast.ben, by=cast.ben, now=NOW - timedelta(days=30))
        made.append(client)
    return made
