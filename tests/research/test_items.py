"""Answers to closed questions leave as codes and numbers, long and wide; what was written, and what is kept, stays."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from server.entries.models import Entry, Revision
from server.extensions import atomic, db
from server.research.columns import MISSING, UNLISTED
from server.research.item_fields import wide_files, wide_name
from server.research.questions import NOT_ANSWERED, NOT_ASKED, STAYS, Part, Question, asked
from server.research.rules import time_band
from server.worksheets.definition import Field, Option
from server.worksheets.library import library
from server.worksheets.scope import visible
from tests.conftest import Demonstration
from tests.research.conftest import build, named

NOW = Demonstration.now


class Days:
    """Day zero is 1 March 2026."""

    def day(self, day):
        return (day - date(2026, 3, 1)).days

    def part_of_day(self, at):
        return time_band(at)


def told(field, value):
    return Question(field).told(visible((field,), {field.id: value}, {}), Days())


SCALE = Field("mood", "scale", "Mood", data_class="score", min=0, max=10)
BARE = Field("many", "number", "How many?", data_class="score")
CHOICE = Field("how", "choice", "How?", data_class="coded", options=(Option("well", "Well", 2.0), Option("bad", "Bad")))
OPEN = replace(CHOICE, data_class="free_text", open=True)
SEVERAL = replace(CHOICE, type="choices")
DAY = Field("day", "date", "Which day?", data_class="time")


@pytest.mark.parametrize(
    ("field", "value", "parts"),
    [
        (SCALE, 0, [Part(number=0)]),
        (SCALE, 11, [Part(number=UNLISTED)]),
        (BARE, 12, [Part(number=12)]),
        (BARE, 9434765919, [Part(number=UNLISTED)]),
        (CHOICE, "well", [Part("well", 2.0)]),
        (CHOICE, "Anna", [Part(UNLISTED)]),
        (OPEN, {"other": "with Anna"}, [Part("other")]),
        (SEVERAL, ["bad", "well", "Anna"], [Part("well"), Part("bad"), Part(UNLISTED)]),
        (DAY, "2026-03-04", [Part(number=3)]),
        (DAY, "1984-06-01", [Part(number=UNLISTED)]),
        (DAY, "2026-02-31", [Part(number=UNLISTED)]),
        (Field("at", "time", "When?", data_class="time"), "23:15", [Part("night")]),
        (Field("m", "moment", "When?", data_class="time"), "2026-03-02T08:15", [Part("morning", 1)]),
        (Field("yes", "boolean", "Yes?", data_class="coded"), False, [Part("no")]),
        (SCALE, None, NOT_ANSWERED),
    ],
)
def test_an_answer_becomes_a_code_or_a_number_or_says_only_that_it_is_there(field, value, parts):
    assert told(field, value) == parts


def test_a_question_that_was_not_on_show_was_not_asked():
    hidden = replace(SCALE, show_when={"is": {"field": "how", "value": "bad"}})
    scope = visible((CHOICE, hidden), {"how": "well", "mood": 3}, {})
    assert Question(hidden).told(scope, Days()) == NOT_ASKED


@pytest.mark.parametrize(
    ("field", "why"),
    [
        (Field("note", "text", "Note"), "text"),
        (Field("note", "text", "Note", data_class="coded"), "text"),
        (replace(CHOICE, data_class="free_text"), "text"),
        (replace(SCALE, data_class="identity"), "text"),
        (replace(SCALE, risk=True), "risk"),
    ],
)
def test_what_is_not_said_to_be_closed_stays(field, why):
    assert Question(field).stays == STAYS[why]


def test_a_question_in_a_list_about_risk_stays():
    assert Question(SCALE, Field("urges", "list", "Urges", risk=True)).stays == STAYS["risk"]


def test_nothing_worked_out_from_an_answer_about_risk_leaves(demo_app):
    wave = library().newest("emotional-skills/riding-the-wave")
    assert {one.id for one in wave.derived} == {"urge_change", "from_peak"}
    assert asked(wave).figures == ()
    assert not {"start", "end", "peak"} & {one.field.id for one in asked(wave).leaving[None]}


def test_no_wide_file_has_a_column_twice_and_every_name_fits_every_program(demo_app):
    for worksheet in library().every():
        for file in wide_files(worksheet, Question(SCALE).columns[0]):
            assert len(set(file.names)) == len(file.names), file.name
            assert all(len(name) <= 64 and name.isidentifier() for name in file.names)
            assert all(set(column.missing) <= set(MISSING) for column in file.columns)


def entries_that_leave():
    """((pid, entry), the state staff pages show of it) of whatever clients saved and share."""
    standing = (Entry.head_id == Revision.revision_id) & (Entry.client_id == Revision.client_id)
    wanted = select(Revision).join(Entry, standing).where(Entry.subject_kind == "entry", ~Entry.kept, ~Entry.deleted)
    for row in db.session.scalars(wanted):
        yield (named("client", row.client_id), named("entry", row.entry_id)), row


def test_what_is_in_the_long_file_is_what_was_answered(demo_app, bundle):
    rows = {}
    for row in bundle.rows("items"):
        if row["place"] == "not-applicable" and row["kind"] in ("scale", "number", "duration"):
            rows[row["pid"], row["entry"], row["link_id"]] = row["number"]
    pids = {row["pid"] for row in bundle.rows("participants")}
    compared = 0
    for (pid, entry), revision in entries_that_leave():
        worksheet = library().get(revision.form_key, revision.form_version)
        given = revision.body["payload"]["answers"]
        for question in asked(worksheet).leaving[None]:
            value = given.get(question.field.id)
            if pid in pids and question.field.type in ("scale", "number", "duration") and value is not None:
                assert float(rows[pid, entry, question.link_id]) == value
                compared += 1
    assert compared > 300


def test_a_wide_file_says_the_same_as_the_long_one(demo_app, bundle):
    worksheet = library().newest("low-intensity-cbt/sleep-diary")
    wide = bundle.rows(wide_name(worksheet))
    long = [row for row in bundle.rows("items") if row["worksheet"] == worksheet.id]
    assert {(row["pid"], row["entry"]) for row in wide} == {(row["pid"], row["entry"]) for row in long}
    by_key = {(row["entry"], row["link_id"]): row for row in long}
    for row in wide:
        quality, woke = by_key.get((row["entry"], "quality")), by_key.get((row["entry"], "woke"))
        assert row["q_quality"] == (quality["number"] if quality else "not-answered")
        assert row["q_woke"] == (woke["code"] if woke else "not-answered")
        if row["q_woke"] != "yes":
            assert row["q_awakenings"] == "not-asked"
        figure = by_key.get((row["entry"], "figure/sleep_efficiency"))
        assert row["f_sleep_efficiency"] == (figure["number"] if figure else "not-known")


def test_the_codebook_has_the_words_of_every_question_by_version(bundle):
    rows = list(csv.DictReader(io.StringIO(bundle.files()["codebook/items.csv"].decode())))
    told = {(row["worksheet"], row["worksheet_version"], row["link_id"]): row for row in rows}
    for row in bundle.rows("items"):
        assert told[row["worksheet"], row["worksheet_version"], row["link_id"]]["leaves"] == "yes"
    quality = told["low-intensity-cbt/sleep-diary", "1", "quality"]
    assert (quality["wording"], quality["words_at_least"]) == ("How was your sleep?", "Very poor")
    assert told["low-intensity-cbt/sleep-diary", "1", "note"]["leaves"] == STAYS["text"]
    answers = list(csv.DictReader(io.StringIO(bundle.files()["codebook/answers.csv"].decode())))
    words = {(row["worksheet"], row["worksheet_version"], row["link_id"], row["code"]) for row in answers}
    for row in bundle.rows("items"):
        if row["kind"] in ("choice", "choices"):
            assert (row["worksheet"], row["worksheet_version"], row["link_id"], row["code"]) in words


def test_what_a_client_keeps_for_now_is_in_no_file_of_answers(demo_app, tmp_path):
    before = build(tmp_path / "1")
    entry = before.rows("items")[0]["entry"]
    with atomic():
        for row in db.session.scalars(select(Revision).where(Revision.subject_kind == "entry")):
            if named("entry", row.entry_id) == entry:
                row.kept = True
    after = build(tmp_path / "2")
    assert entry not in {row["entry"] for row in after.rows("items")}
    assert not [path for path, content in after.files().items() if "worksheets/" in path and entry.encode() in content]
    assert entry in {row["entry"] for row in after.rows("entries")}
