"""The table of who sees what: the phone has the same one, and rows of access open no more than it says."""

import json
import re
from pathlib import Path

import pytest

from server.caseload import roads
from server.caseload.models import ROLES as ACCESS
from server.caseload.queries import client_of
from server.dashboard.role_words import ROLES as SHOWN
from server.errors import Missing
from server.extensions import atomic
from server.people import actions as people
from server.people import who_sees
from server.people.who_sees import ROLES, may_enter, roles_for, working
from tests.cast import NOW

WORDS = Path(__file__).parents[2] / "pwa/src/words"
PHONE = WORDS / "who-sees.json"


def test_the_phone_draws_the_same_table():
    told = json.loads(PHONE.read_text())
    assert told["columns"] == list(who_sees.COLUMNS)
    assert told["rows"] == who_sees.as_wire()


def told(who: str) -> str:
    """What the phone tells clients that this kind of person sees."""
    found = re.search(rf"'who\.{who}-sees': '(.*)',", (WORDS / "help.ts").read_text())
    assert found, who
    return found[1]


# column -> code -> what the sentence about that kind of person says then
SAID = {
    "identity": {"of_supervisees": "your name, birth date and number", "accounts_devices": "account"},
    "entry_text": {
        "own_less_kept": "Not the words of anything you keep for now", "brought": "only while your practitioner asks",
        "shared_by_author": "Only what you choose to share",
        "bundle_if_asked": "Your words only if you say yes to a study that asks for them",
    },
    "plan": {"own": "your plan", "brought": "your plan"},
    "figures": {"own": "how often you did things", "of_supervisees": "how often you did things", "totals": "Totals"},
}  # fmt: skip


@pytest.mark.parametrize("row", [row for row in who_sees.TABLE if row.who != "client"], ids=lambda row: row.who)
def test_the_phone_says_of_each_person_what_the_table_says(row):
    for column, codes in SAID.items():
        words = codes.get(getattr(row, column), "")
        assert words in told(row.who), (column, words)


def test_the_phone_says_what_a_supervisor_sees_without_the_case_being_brought():
    always, only_brought = told("supervisor").split("What you wrote")
    assert always.startswith("Always ") and "scores" in always and "appointments" in always and "only" not in always
    assert "got in the way" in only_brought


def test_the_phone_says_that_the_service_reads_what_is_said_at_the_end_without_a_name():
    (lead,) = roles_for("service")
    assert "how your course went, they can read that, without your name" in told(lead)
    assert all(len(one.split()) <= 20 for row in who_sees.TABLE for one in told(row.who).split(". "))


def test_every_role_of_an_account_is_in_one_row():
    assert sorted(role for row in who_sees.TABLE for role in row.roles) == sorted(ROLES)
    assert sorted(SHOWN) == sorted(ROLES)


@pytest.mark.parametrize(
    ("place", "roles"),
    [
        ("caseload", ("practitioner", "trainee")),
        ("supervision", ("supervisor",)),
        ("service", ("service_lead",)),
        ("administration", ("administrator",)),
        ("research", ("researcher",)),
    ],
)
def test_each_part_of_the_staff_pages_is_for_one_kind_of_person(place, roles):
    assert roles_for(place) == roles
    assert [role for role in ROLES if may_enter([role], place)] == list(roles)


def test_several_roles_open_what_each_of_them_opens():
    assert working(["administrator", "trainee"]) == ("own", "cover", "break_glass")
    assert may_enter(["administrator", "trainee"], "caseload") and may_enter(
        ["administrator", "trainee"], "administration"
    )
    assert working([]) == ()


def test_every_role_with_every_kind_of_access_meets_a_client_only_where_the_table_says(app, cast):
    with atomic():
        made = {}
        for role in ROLES:
            for access in ACCESS:
                made[role, access], _ = people.add_practitioner(
                    service=cast.service, name=role, sign_in_name=f"{role}.{access}@example.org", roles=[role],
                    by="test", now=NOW,
                )  # fmt: skip
                roads.give(episode=cast.episode, practitioner=made[role, access], role=access, by=cast.ben, now=NOW)
    opened = set()
    for key, account in made.items():
        try:
            client_of(account, cast.anna.id, NOW)
            opened.add(key)
        except Missing:
            pass
    works = {"practitioner", "trainee"}
    assert opened == {(role, access) for role in works for access in ("own", "cover", "break_glass")}
