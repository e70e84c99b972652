"""Own tasks: built by a practitioner, shared in the service, held to the same check, unknown to everybody else."""

import json

import pytest
from flask import current_app
from sqlalchemy import event

from server.assignments import actions as assignments
from server.assignments.queries import of_client
from server.errors import Refused
from server.extensions import atomic, db
from server.safety.rules import Raised, flagged, without_text
from server.worksheets import own_actions as own
from server.worksheets.check import hashes
from server.worksheets.library import library
from server.worksheets.models import OwnTask
from server.worksheets.own_building import Typed
from server.worksheets.own_queries import is_of_service, own_of, shelf_of
from server.worksheets.rules import outcome
from tests.cast import NOW
from tests.dashboard.browser import words
from tests.safety.sheets import switched_on

TYPED = {
    "title": "A walk round the block",
    "neutral_title": "My notes",
    "summary": "Go for a short walk and note how it was.",
    "why": "Moving a little can lift your mood. It is small enough for a busy day.",
    "how": "Put your shoes on.\nWalk for ten minutes.\nRate your mood.",
    "minutes": "2",
    "rhythm": "per_week",
    "times": "3",
    "done": "all",
    "q1_type": "scale",
    "q1_label": "How was your mood after the walk?",
    "q1_low": "Very low",
    "q1_high": "Very good",
    "q1_required": "1",
    "q1_risk": "no",
    "q2_type": "choices",
    "q2_label": "Where did you go?",
    "q2_options": "The park\nThe shops\nRound the houses",
    "q2_risk": "no",
}


def build(browser, step="save", status=303, **fields):
    page = browser.page("/staff/own-tasks/new")
    return browser.send(page, "/own-tasks/new", status, **{**TYPED, "step": step, **fields})


def test_a_task_is_looked_at_before_it_is_kept(ben, app):
    said = words(ben.read(build(ben, "preview", 200)))
    assert "What the client will see" in said and "The park" in said and "Why it can help" in said
    with app.app_context():
        assert db.session.query(OwnTask).count() == 0


def test_ben_builds_a_task_and_cara_agrees_it_with_nobody_elses_client(ben, cast, app, open_as):
    listed = words(ben.follow(build(ben)))
    assert "A walk round the block" in listed and "Ben Okafor" in listed
    made = shelf_of(cast.ben)[0]
    offered = words(ben.page(f"/staff/clients/{cast.anna.id}/assignments/new"))
    assert "Our own" in offered and "A walk round the block" in offered
    assert "A walk round the block" in words(open_as(cast.cara).page("/staff/own-tasks"))
    page = ben.page(f"/staff/clients/{cast.anna.id}/assignments/new?worksheet={made.id}")
    ben.send(page, "/assignments", reason="You like to be outside.", when="after tea")
    agreed = of_client(cast.anna)[0].assignment
    assert (agreed.worksheet_id, agreed.worksheet_version) == (made.id, 1)
    assert outcome(library().get(made.id, 1), {"q1": 4}) == "done"
    assert outcome(library().get(made.id, 1), {"q2": ["o1"]}) == "tried"


def test_dev_of_another_service_finds_none_of_it(ben, cast, open_as):
    build(ben)
    made = shelf_of(cast.ben)[0]
    dev, name = open_as(cast.dev), made.id.partition("/")[2]
    assert "A walk round the block" not in words(dev.page("/staff/own-tasks"))
    for path in (
        f"/staff/own-tasks/{name}/change",
        f"/staff/worksheets/own/{name}",
        f"/staff/worksheets/own/{name}/print",
    ):
        assert dev.fetch(path).status_code == 404
    for path in (f"/staff/own-tasks/{name}/change", f"/staff/own-tasks/{name}/retire"):
        assert dev.fetch(path, "POST", data={**dev.tokens(), **TYPED, "step": "save"}).status_code == 404
    assert not is_of_service(made.id, cast.dev.service_id) and own_of(cast.dev) == []


def test_no_task_of_another_service_can_be_agreed(ben, cast):
    build(ben)
    made = shelf_of(cast.ben)[0]
    with pytest.raises(Refused) as no, atomic():
        own.change(worksheet_id=made.id, typed=own_typed(), by=cast.dev, now=NOW)
    assert no.value.code == "not-found"
    task = db.session.query(OwnTask).one()
    with atomic():
        task.service_id = cast.other_service.id
    with pytest.raises(Refused) as no, atomic():
        assignments.assign(
            client=cast.anna, episode=cast.episode, worksheet=made, reason="Because.", plan={},
            rhythm={"kind": "once"}, from_date=NOW.date(), by=cast.ben, now=NOW,
        )  # fmt: skip
    assert no.value.code == "worksheet-unknown"


def own_typed():
    from_form = {
        "title": "A",
        "summary": "B.",
        "why": "C.",
        "how": ("D.",),
        "minutes": 1,
        "rhythm": "once",
        "done": "all",
    }
    return Typed(**from_form, questions=())


def test_an_administrator_without_clients_builds_and_reads_none(ben, cast, open_as):
    build(ben)
    own = shelf_of(cast.ben)[0].id
    ada = open_as(cast.ada)
    for path in ("/staff/own-tasks", f"/staff/worksheets/{own}", f"/staff/worksheets/{own}/print"):
        assert ada.fetch(path).status_code == 404, path
    shelf = ada.page("/staff/worksheets")
    assert "A walk round the block" not in words(shelf) and shelf.find("a", href="/staff/own-tasks") is None
    assert ben.page("/staff/worksheets").find("a", href="/staff/own-tasks")


def test_a_change_is_a_new_version_and_what_was_agreed_stays(ben, cast):
    build(ben)
    made = shelf_of(cast.ben)[0]
    page = ben.page(f"/staff/own-tasks/{made.id.partition('/')[2]}/change")
    assert page.find(id="q1_label")["value"] == "How was your mood after the walk?"
    ben.send(page, "/change", step="save", title="A longer walk")
    assert [one.title for one in shelf_of(cast.ben)] == ["A longer walk"]
    assert library().get(made.id, 1).title == "A walk round the block"
    assert library().get(made.id, 2).title == "A longer walk"


def test_a_retired_task_is_offered_no_more_and_stays_readable(ben, cast):
    build(ben)
    made = shelf_of(cast.ben)[0]
    ben.send(ben.page("/staff/own-tasks"), "/retire")
    assert shelf_of(cast.ben) == [] and library().get(made.id, 1) is not None
    assert ben.fetch(f"/staff/clients/{cast.anna.id}/assignments/new?worksheet={made.id}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "box", "said"),
    [
        ({"why": "You should do this."}, "why", "not a word clients see"),
        ({"q1_label": "word " * 25}, "q1_label", "25 words"),
        ({"q2_options": "Only one"}, "q2_options", "2 to 12"),
        ({"q1_low": ""}, "q1_low", "what 0 and what 10 mean"),
        ({"q3_label": "And then?"}, "q3_type", "kind of answer"),
        ({"title": ""}, "title", "Enter a title"),
        ({"q1_type": "date", "q2_type": "", "q2_label": ""}, "q1_type", "besides the day"),
    ],
)
def test_what_is_wrong_is_said_beside_its_box_and_nothing_typed_is_lost(ben, typed, box, said):
    page = ben.read(build(ben, status=422, **typed), 422)
    assert said in words(page.find(id=f"{box}-error")), words(page)[:600]
    assert page.find(id="q2_options").text.strip() == typed.get("q2_options", TYPED["q2_options"])


def test_a_question_nobody_decided_about_keeps_it_off_the_phone(ben, cast):
    assert "no phone gets it" in words(ben.read(build(ben, "preview", 200, q2_risk="")))
    build(ben, q2_risk="")
    made = shelf_of(cast.ben)[0]
    assert made.staff_entry and made.for_staff_only(risk_allowed=True)
    assert db.session.query(OwnTask).one().risk_said_by is None


def test_what_nobody_decided_about_is_said_to_be_that_where_somebody_answers_for_risk(ben, cast, app):
    build(ben, q2_risk="")
    made = shelf_of(cast.ben)[0].id
    switched_on(app, cast)
    choosing = f"/staff/clients/{cast.anna.id}/assignments/new"
    for path in (choosing, f"{choosing}?worksheet={made}", "/staff/worksheets", f"/staff/worksheets/{made}"):
        said = words(ben.page(path))
        assert "nobody has said yet which questions ask about risk" in said, path
        assert "it asks about risk" not in said and "no response procedure" not in said, path
    assert "It may ask about risk" in words(ben.page(f"/staff/worksheets/{made}/print"))


def test_a_page_asks_only_a_few_times_who_answers_for_risk(ben, cast, app):
    switched_on(app, cast)
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *about: asked.append("response_procedure" in about[2]))
    for path in (f"/staff/clients/{cast.anna.id}/assignments/new", "/staff/worksheets"):
        asked.clear()
        ben.page(path)
        assert 0 < sum(asked) <= 3, path


def test_who_said_what_asks_about_risk_is_kept(ben, cast):
    build(ben, q1_risk="yes", q1_required="", q2_required="1")
    made = shelf_of(cast.ben)[0]
    assert db.session.query(OwnTask).one().risk_said_by == cast.ben.id
    assert made.asks_about_risk and made.risk_flags[0].when == {"answered": "q1"}
    assert [one.id for one in made.client_part(risk_allowed=False).fields] == ["q2"]


@pytest.mark.parametrize("answer", [0, 10])
def test_any_answer_to_a_question_about_risk_is_flagged(ben, cast, answer):
    """Nobody said which end of the scale is the worse one: “How safe do you feel?” has it at 0."""
    build(ben, q1_risk="yes", q1_required="", q2_required="1")
    made = shelf_of(cast.ben)[0]
    assert made.fields[0].type == "scale"
    assert flagged(made, without_text(made, {"q1": answer}), None) == Raised(("q1",), 1, "support")
    assert flagged(made, without_text(made, {}), None) is None


def test_hostile_words_are_only_words(ben, cast):
    kept = "<script>alert(1)</script> &amp; more"
    page = ben.follow(build(ben, title=kept, q2_options='<b>one</b>\n"two"', summary="Hello."))
    assert kept in words(page) and page.find("script", string="alert(1)") is None
    shown = ben.page(f"/staff/worksheets/{shelf_of(cast.ben)[0].id}")
    assert "<b>one</b>" in words(shown)


def test_what_is_kept_is_sealed_and_its_hash_is_over_the_text(ben, cast):
    build(ben)
    row = db.session.query(OwnTask).one()
    assert b"walk" not in row.definition_sealed
    assert json.loads(row.definition)["id"] == row.worksheet_id and len(row.sha256) == 64
    assert row.worksheet_id not in " ".join(hashes(current_app.config["MEANTIME"].worksheets))


def test_every_kind_of_question_can_be_asked_and_its_example_is_done(ben, cast):
    kinds = ["text", "boolean", "scale", "choice", "number", "duration", "date", "time"]
    asked = {}
    for n, kind in enumerate(kinds, start=1):
        asked |= {
            f"q{n}_type": kind,
            f"q{n}_label": f"Question of kind {kind}?",
            f"q{n}_risk": "no",
            f"q{n}_required": "1",
        }
        asked |= {f"q{n}_options": "One\nTwo", f"q{n}_low": "Low", f"q{n}_high": "High"}
    build(ben, **asked)
    made = shelf_of(cast.ben)[0]
    assert [one.type for one in made.fields] == kinds
    assert outcome(made, made.example["answers"]) == "done"
    assert len(made.short) == 4 and "q1" not in made.short, "the short way asks what takes a tap"


def test_any_one_answer_can_be_enough(ben, cast):
    build(ben, done="any", q1_required="")
    made = shelf_of(cast.ben)[0]
    assert outcome(made, {"q2": ["o2"]}) == "done"


def test_marks_that_turn_a_line_round_are_not_kept(ben, cast):
    build(ben, title="A walk\u202e!", q2_options="The park\u2066\nThe shops")
    made = shelf_of(cast.ben)[0]
    assert made.title == "A walk!" and made.fields[1].options[0].label == "The park"


def test_a_task_that_is_offered_no_more_is_not_changed_into_one_that_is(ben, cast):
    build(ben)
    made = shelf_of(cast.ben)[0]
    page = ben.page(f"/staff/own-tasks/{made.id.partition('/')[2]}/change")
    ben.send(ben.page("/staff/own-tasks"), "/retire")
    ben.send(page, "/change", 422, step="save", title="A longer walk")
    assert shelf_of(cast.ben) == []
