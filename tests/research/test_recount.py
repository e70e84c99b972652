"""Another's code and the CSV files of a bundle give every figure that the clients' pages show."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from server import clock
from server.caseload.models import Access, Episode
from server.dashboard.barriers import barrier
from server.extensions import db
from server.people.models import Client, Practitioner
from tests.conftest import Demonstration
from tests.dashboard.browser import Browser, words
from tests.research import recount
from tests.research.conftest import named

NOW = Demonstration.now
SAID = {
    "not_done": r"(\d+) said not done",
    "no_answer": r"(\d+) without an answer",
    "unknown": r"(\d+) not known",
    "exempt": r"(\d+) not well enough",
    "nothing_happened": r"(\d+) with nothing to write down",
}
SWAPPED = "with something else instead"  # told apart on the page only: the bundle has it as a tick
WAYS = {"only_ticked": "only ticked", "on_paper": "on paper", "told_by_phone": "told by phone", SWAPPED: SWAPPED}
COUNTED = ("attempted", "done", "eligible", *SAID, "only_ticked", "on_paper", "told_by_phone")


def number(word: str, tried: int) -> int:
    return {"both": 2, "all": tried, "none": 0}.get(word.lower()) if not word.isdigit() else int(word)


def read_from_page(text: str) -> Counter:
    """Every number of one interval's figure, read as a person would."""
    shown = Counter()
    if found := re.search(r"(\d+) of (\d+) tried, (\d+|none) of those done", text):
        shown.update(attempted=int(found[1]), eligible=int(found[2]), done=number(found[3], 0))
    elif found := re.search(r"(\d+) of (\d+) done", text):
        shown.update(attempted=int(found[1]), done=int(found[1]), eligible=int(found[2]))
    elif found := re.search(r"(\d+) due, (?:nothing known yet|not known if)", text):
        shown.update(eligible=int(found[1]), unknown=int(found[1]))
    for state, pattern in SAID.items():
        if found := re.search(pattern, text):
            shown[state] = int(found[1])
    for way, said in WAYS.items():
        if found := re.search(rf"(\d+|All|Both)(?: of the)?(?: \d+)? {said}", text):
            shown[way] = number(found[1], shown["attempted"])
        elif re.search(rf"{said}\.", text, re.I):
            shown[way] = 1
    shown["only_ticked"] += shown[SWAPPED]
    return Counter({name: shown[name] for name in COUNTED})


def counted(found: Counter) -> Counter:
    return Counter({name: found[name] for name in COUNTED})


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4 of 5 tried, 3 of those done. 2 of the 4 only ticked, 1 on paper. Others: 1 not known.",
         {"attempted": 4, "eligible": 5, "done": 3, "only_ticked": 2, "on_paper": 1, "unknown": 1}),
        ("2 of 2 done. Both on paper. Not counted: 1 not well enough.",
         {"attempted": 2, "eligible": 2, "done": 2, "on_paper": 2, "exempt": 1}),
        ("1 of 3 tried, none of those done. Told by phone. Others: 2 said not done.",
         {"attempted": 1, "eligible": 3, "told_by_phone": 1, "not_done": 2}),
        ("3 of 3 tried, none of those done. 1 of the 3 only ticked, 1 with something else instead.",
         {"attempted": 3, "eligible": 3, "only_ticked": 2}),
        ("3 due, nothing known yet.", {"eligible": 3, "unknown": 3}),
    ],
)  # fmt: skip
def test_the_reader_of_pages_reads(text, numbers):
    assert +read_from_page(text) == Counter(numbers)


def test_the_script_knows_nothing_of_the_program():
    tree = ast.parse(Path(recount.__file__).read_text("utf-8"))
    names = {one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)}
    names |= {alias.name for one in ast.walk(tree) if isinstance(one, ast.Import) for alias in one.names}
    assert names == {"collections", "csv", "pathlib", "sys"}


@pytest.fixture
def browsers(demo_app, demonstration, monkeypatch):
    """Practitioner id -> a browser signed in as them, at the moment of the bundle."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    opened = {}
    for account in demonstration.access.sign_ins:
        web = Browser(demo_app)
        fields = {"sign_in_name": account.sign_in_name, "password": account.password}
        assert web.http.post("/staff/sign-in", data=fields).status_code == 303
        opened[account.name] = web
    return {one.id: opened[one.name] for one in db.session.scalars(select(Practitioner)) if one.name in opened}


def test_every_figure_of_an_interval_on_the_clients_pages_comes_from_the_bundle_alone(bundle, browsers):
    figures, barriers = recount.figures(bundle.folder), recount.barriers(bundle.folder)
    told = recount.told_by_the_bundle(bundle.folder)
    compared = 0
    for client in db.session.scalars(select(Client).where(Client.research == "yes")).all():
        page, episode = page_of(client, browsers)
        latest = 0
        for href, row in intervals_on(page):
            key = named("client", client.id), named("episode", episode.id), int(href.rpartition("=")[2])
            cells = [words(cell) for cell in row.find_all("td")]
            assert read_from_page(cells[1]) == counted(figures[key]), (key, cells)
            reviewed = re.match(r"(\d+) of (\d+) tasks?", cells[3])
            pair = (int(reviewed[1]), int(reviewed[2])) if reviewed else (0, 0)
            assert pair == (int(told[key]["m15_reviewed"]), figures[key]["tasks"]), (key, cells)
            if "moved" not in cells[1] and "to come" not in cells[1] and "not due yet" not in cells[1]:
                assert cells[2] == in_words(barriers[key]), (key, cells)
            latest, compared = max(latest, key[2]), compared + 1
        if latest and told[*key[:2], latest]["closes_day"] == "not-yet":
            assert rhythm_on(page) == rhythm_of(told[*key[:2], latest]), key
    assert compared >= 150


def page_of(client, browsers):
    """The page of a client as their own practitioner reads it, and the course it shows."""
    own = db.session.scalars(select(Access).where(Access.client_id == client.id, Access.role == "own")).all()
    episodes = db.session.scalars(select(Episode).where(Episode.client_id == client.id)).all()
    newest = max(episodes, key=lambda one: (one.closed_on is None, one.opened_on))
    by = next(one.practitioner_id for one in own if one.episode_id == newest.id and one.until_at is None)
    return browsers[by].page(f"/staff/clients/{client.id}"), newest


def intervals_on(page):
    """(address of the rows behind it, table row) of each interval."""
    table = page.find("h2", string="From appointment to appointment").find_next("table")
    for row in table.find("tbody").find_all("tr"):
        link = row.find("a", href=re.compile("interval="))
        if link:
            yield link["href"], row


def rhythm_on(page) -> tuple[int, int]:
    text = words(page.find("a", href=re.compile("rhythm=1")))
    found = re.match(r"(?:Something tried on|Tried) (\d+|none) of (\d+) planned (?:day|time)s?", text)
    return (number(found[1], 0), int(found[2])) if found else (0, 0)


def rhythm_of(told: dict) -> tuple[int, int]:
    return int(told["m13_days_with_a_try"]), int(told["m13_planned_days"])


def in_words(named: Counter) -> str:
    """no time (2) and forgot: by how often, then by code, in the words of the house."""
    said = [
        barrier(code).words.lower() + (f" ({n})" if n > 1 else "")
        for code, n in sorted(named.items(), key=lambda one: (-one[1], one[0]))
        if barrier(code).got_in_the_way
    ]
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)
