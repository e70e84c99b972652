"""Who sees what, generated from the table that the phone's page shows, over every route of staff and phone."""

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import select

from server import clock
from server.assignments.queries import occurrences_of
from server.caseload import actions as caseload
from server.caseload import roads
from server.caseload.models import ROLES as ACCESS
from server.dashboard.kinds import kind_of
from server.dashboard.role_words import ROLES
from server.engagement import actions as engagement
from server.entries.actions import receive
from server.extensions import atomic, db
from server.people import actions as people
from server.people import pairing
from server.people.queries import epoch_id
from server.reminders.actions import set_rule
from server.reminders.models import Delivery
from tests.cast import NOW, PASSWORD
from tests.dashboard.browser import Browser, stable
from tests.dashboard.conftest import scores

TABLE = json.loads((Path(__file__).parents[2] / "pwa/src/words/who-sees.json").read_text())
ROWS = {row["who"]: row for row in TABLE["rows"]}
STAFF = [row for row in TABLE["rows"] if "roles" in row]
CASES = [(row["who"], role) for row in STAFF for role in row["roles"]]
OPENED = [(row["who"], access) for row in STAFF for access in row.get("access", [])]

# What a code of the column "entry_text" lets a staff account open of a client: with an access row, and without one.
READS = {"own_less_kept": True, "brought": False, "none": False, "bundle_if_asked": False}
SENT, KEPT, ASKED = "My sister rang at last", "What I keep to myself", "Can we talk about my sleep?"
HEADERS = {"X-Sync-Protocol": "1"}


@pytest.fixture
def time(monkeypatch):
    moment = SimpleNamespace(now=NOW)
    monkeypatch.setattr(clock, "now", lambda: moment.now)
    return moment


@pytest.fixture
def anna(app, cast, time) -> SimpleNamespace:
    """Anna has sent a thought record, kept another for now, asked something, and is reminded at two."""
    met = cast.meet(NOW + timedelta(hours=2), None)
    agreed = cast.agree(rhythm={"kind": "daily", "times": 1})
    device = cast.pair()
    slots = [one.slot for one in occurrences_of(cast.anna.id, agreed.id)]
    sent = cast.entry(agreed.id, {"situation": SENT}, slot=slots[0])
    kept = cast.entry(agreed.id, {"situation": KEPT}, slot=slots[1])
    kept["payload"]["kept"] = True
    asked = cast.revision({"kind": "agenda"}, {"text": ASKED})
    with atomic():
        received = receive(client=cast.anna, device=device, revisions=[sent, kept, asked, {"a": 1}], now=NOW)
        engagement.refresh(client=cast.anna, assignment_ids=received.assignment_ids, now=NOW)
        wish = {"on": True, "at": "14:00", "weekdays": [0, 1, 2, 3, 4, 5, 6], "level": 1}
        set_rule(client=cast.anna, payload=wish, now=NOW)
    ids = {"client_id": cast.anna.id, "appointment_id": met.id, "assignment_id": agreed.id, "device_id": device.id}
    score = scores(cast, NOW.date(), **{"gad-7": [1, 2, 1, 2, 1, 2, 1]})[0]
    ids |= {"entry_id": sent["entry_id"], "quarantined_id": uuid4(), "score_id": score}
    ids |= {"question_id": asked["entry_id"]}
    return SimpleNamespace(ids=ids, kept=kept, asked=asked, agreed=agreed)


def account(cast, role: str, name: str = "Eva Somebody"):
    """A new account of Anna's service with this one role, and nothing else."""
    with atomic():
        made, _ = people.add_practitioner(
            service=cast.service, name=name, sign_in_name=f"{uuid4()}@example.org", roles=[role],
            password=PASSWORD, by="test", now=NOW,
        )  # fmt: skip
    return made


def grant(cast, to, access: str, until=None) -> None:
    with atomic():
        roads.give(
            episode=cast.episode, practitioner=to, role=access, reason="Ben is away", by=cast.ben, now=NOW,
            until_at=until,
        )  # fmt: skip


def about_a_client(app) -> list[tuple[str, object]]:
    """(method, rule) of every staff route with a client in its address."""
    return [
        (method, rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("dashboard.") and "client_id" in rule.arguments
        if kind_of(rule.rule) == "caseload"  # test_supervision.py walks those of supervisors
        for method in sorted(rule.methods & {"GET", "POST"})
    ]


def address(app, rule, values: dict) -> str:
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


def assert_there_is_no_such_client(app, web, anna) -> None:
    """Every staff route about Anna answers this account exactly as one about nobody does."""
    nobody = {name: uuid4() for name in anna.ids}
    tokens = web.tokens()
    for method, rule in about_a_client(app):
        data = tokens if method == "POST" else None
        hers = web.fetch(address(app, rule, anna.ids), method, data=data)
        none = web.fetch(address(app, rule, nobody), method, data=data)
        assert (hers.status_code, none.status_code) == (404, 404), (rule.endpoint, method, hers.status)
        assert stable(hers) == stable(none), (rule.endpoint, method)
    for path in ("/staff/", "/staff/caseload", "/staff/administration"):
        assert "Anna" not in web.fetch(path, follow_redirects=True).text, path


def everything_shown(app, web, anna) -> str:
    """The text of every page about Anna, each of which must open."""
    told = []
    for method, rule in about_a_client(app):
        if method == "GET":
            page = web.fetch(address(app, rule, anna.ids))
            assert page.status_code in (200, 303), rule.endpoint
            told.append(page.text)
    return "\n".join(told)


def test_every_row_and_code_of_the_table_is_proved_here():
    assert {role for row in STAFF for role in row["roles"]} == set(ROLES)
    assert sorted(access for row in STAFF for access in row.get("access", [])) == sorted(ACCESS)
    assert {row["entry_text"] for row in STAFF} == set(READS)
    assert all(set(TABLE["columns"]) <= set(row) for row in TABLE["rows"])


@pytest.mark.parametrize(("who", "role"), CASES)
def test_without_access_no_role_meets_a_client(app, cast, anna, who, role):
    assert_there_is_no_such_client(app, Browser(app).sign_in(account(cast, role)), anna)


@pytest.mark.parametrize(("who", "access"), OPENED)
def test_what_an_access_row_opens_is_what_the_table_says(app, cast, anna, who, access):
    row = ROWS[who]
    colleague = account(cast, row["roles"][0])
    grant(cast, colleague, access)
    web = Browser(app).sign_in(colleague)
    if not READS[row["entry_text"]]:
        return assert_there_is_no_such_client(app, web, anna)
    shown = everything_shown(app, web, anna)
    assert SENT in shown and ASKED in shown and "Anna" in shown
    assert KEPT not in shown
    return None


@pytest.mark.parametrize(("who", "access"), OPENED)
def test_access_that_has_run_out_opens_nothing(app, cast, anna, time, who, access):
    colleague = account(cast, ROWS[who]["roles"][0])
    grant(cast, colleague, access, until=NOW + timedelta(hours=1))
    time.now = NOW + timedelta(hours=1)
    assert_there_is_no_such_client(app, Browser(app).sign_in(colleague), anna)


def test_what_was_kept_is_read_once_it_is_shared_and_no_longer_once_it_is_kept_again(app, cast, anna):
    web, sharing = Browser(app).sign_in(cast.ben), []
    for shared in (True, False):
        sharing.append(cast.revision({"kind": "sharing"}, {"entry_id": anna.kept["entry_id"], "shared": shared}))
        assert push(app, cast.token, cast.phone, sharing[-1])[0]["status"] == "stored"
        assert (KEPT in everything_shown(app, web, anna)) is shared


def test_an_administrator_sees_accounts_and_others_do_not(app, cast, anna):
    for who, role in CASES:
        page = Browser(app).sign_in(account(cast, role)).fetch("/staff/administration")
        assert page.status_code == (200 if ROWS[who]["identity"] == "accounts_devices" else 404), role


# The client's row: only their own, whichever route the phone asks.


@pytest.fixture
def bea(app, cast, anna) -> SimpleNamespace:
    """Another client of Ben's, with her own phone."""
    with atomic():
        client = people.add_client(service=cast.service, preferred_name="Bea", by=cast.ben, now=NOW)
        caseload.take_on(client=client, practitioner=cast.ben, by=cast.ben, now=NOW)
        _, code = pairing.invite(client=client, by=cast.ben, now=NOW)
        paired = pairing.pair(code=code, details={"platform": "android"}, now=NOW)
    return SimpleNamespace(client=client, device=paired.device, token=paired.token)


def push(app, token, device, *revisions) -> list[dict]:
    web = app.test_client()
    web.set_cookie("phone", token)
    body = {
        "protocol": 1, "batch_id": str(uuid4()), "device_id": str(device.id), "epoch": epoch_id(),
        "revisions": list(revisions),
    }  # fmt: skip
    return web.post("/api/v1/sync/push", json=body, headers=HEADERS).json["results"]


def test_a_client_reads_nothing_of_another_by_any_route(app, cast, anna, bea):
    assert Browser(app).sign_in(cast.ben).fetch(f"/staff/clients/{cast.anna.id}").status_code == 200  # a look at Anna
    web = app.test_client()
    web.set_cookie("phone", bea.token)
    code = db.session.scalars(select(Delivery.code).where(Delivery.client_id == cast.anna.id)).first()
    values = {"code": code, "family": "low-intensity-cbt", "name": "thought-record", "version": 1, "language": "cy"}
    hers = [SENT, KEPT, ASKED, "Anna", *map(str, anna.ids.values()), anna.kept["entry_id"]]
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/") and "GET" in rule.methods:
            answer = web.get(address(app, rule, values), headers=HEADERS)
            assert not [one for one in hers if one in answer.text], rule.rule
            # No reminder of hers; and the service has no response procedure, so there is no whole worksheet.
            none = "code" in rule.arguments or rule.rule.endswith("/whole")
            assert answer.status_code == (404 if none else 200), rule.rule
            asked += 1
    assert asked >= 7


def test_what_is_another_clients_answers_like_what_does_not_exist(app, cast, anna, bea):
    web = app.test_client()
    web.set_cookie("phone", bea.token)
    code = db.session.scalars(select(Delivery.code).where(Delivery.client_id == cast.anna.id)).first()
    for method, path, body in (
        ("GET", "/api/v1/reminders/{}", None), ("POST", "/api/v1/reminders/opened", {"code": "{}"}),
    ):  # fmt: skip
        answers = [
            web.open(path.format(one), method=method, headers=HEADERS, json=body and {"code": body["code"].format(one)})
            for one in (code, "A" * len(code))
        ]
        assert answers[0].status_code == answers[1].status_code == 404
        assert answers[0].json == answers[1].json
    hers, nobodys = push(app, bea.token, bea.device, cast.entry(anna.agreed.id), cast.entry(uuid4()))
    unlike = {"revision_id", "content_hash"}
    assert {k: v for k, v in hers.items() if k not in unlike} == {k: v for k, v in nobodys.items() if k not in unlike}
    assert (hers["status"], hers["code"]) == ("quarantined", "unknown-subject")


def test_a_client_cannot_share_or_change_what_another_wrote(app, cast, anna, bea):
    share = cast.revision({"kind": "sharing"}, {"entry_id": anna.kept["entry_id"], "shared": True})
    words = "These are not her words"
    over = {"entry_id": anna.asked["entry_id"], "parents": [anna.asked["revision_id"]]}
    push(app, bea.token, bea.device, share, cast.revision({"kind": "agenda"}, {"text": words}, **over))
    shown = everything_shown(app, Browser(app).sign_in(cast.ben), anna)
    assert KEPT not in shown and words not in shown
    assert SENT in shown and ASKED in shown
