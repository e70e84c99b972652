"""The table of who sees what: the phone has the same one, and rows of access open no more than it says."""

import json
from pathlib import Path

import pytest

from server.caseload import roads
from server.caseload.models import ROLES as ACCESS
from server.caseload.queries import client_of
from server.dashboard.administration import ROLES as SHOWN
from server.errors import Missing
from server.extensions import atomic
from server.people import actions as people
from server.people import who_sees
from server.people.who_sees import ROLES, may_enter, roles_for, working
from tests.cast import NOW

PHONE = Path(__file__).parents[2] / "pwa/src/words/who-sees.json"


def test_the_phone_draws_the_same_table():
    told = json.loads(PHONE.read_text())
    assert told["columns"] == list(who_sees.COLUMNS)
    assert told["rows"] == who_sees.as_wire()


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
