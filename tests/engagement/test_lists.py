"""A list leaves out what no figure holds, and says what all the rows say."""

from sqlalchemy import select

from server.caseload.queries import clients_of
from server.engagement.attention import nothing_tried, waiting_for_review
from server.engagement.queries import Line, _line, lines, told_of
from server.engagement.rules import ATTEMPTED, Figures, interval_figures
from server.extensions import db
from server.people.models import Practitioner
from tests.conftest import Demonstration

NOW = Demonstration.now
KEPT = ("figures", "before", "to_look_at")


def caseloads():
    return [mine for one in db.session.scalars(select(Practitioner)) if (mine := clients_of(one, NOW))]


def of_all_rows(one, line: Line) -> Line:
    told = told_of([one.client.id], NOW)[one.client.id]
    found = {one.episode.id: line.intervals}
    return _line(one, found, told, line.contact, {one.episode.id: line.meetings})


def said_by(line: Line):
    """Whatever a page says of a line's work, and the reasons go by."""
    shown = interval_figures(line.figures.told, line.interval, line.meetings, NOW)
    before = line.before or Figures(())
    return (
        shown.tried, shown.done, shown.no_answer, shown.not_known, shown.need_not_have_happened, shown.not_due,
        shown.count("exempt", "nothing_happened", "not_done"), shown.barriers, shown.only_said,
        sorted((o.assignment_id, o.slot, o.medium or "") for o in shown.told if o.state in (*ATTEMPTED, "planned")),
        before.tried, before.done, before.not_known, nothing_tried(line.figures, 1), nothing_tried(before, 1),
        waiting_for_review(line.to_look_at, {}),
    )  # fmt: skip


def test_every_line_of_a_caseload_says_what_all_the_rows_say(demo_app):
    compared = 0
    for mine in caseloads():
        for one, line in zip(mine, lines(mine, NOW), strict=True):
            assert said_by(line) == said_by(of_all_rows(one, line)), one.client.id
            compared += bool(line.figures.told)
    assert compared > 20


def test_what_is_left_out_is_much(demo_app):
    mine = max(caseloads(), key=len)
    kept = sum(len(line.figures.told) + len(line.before.told if line.before else ()) for line in lines(mine, NOW))
    every = sum(map(len, told_of([one.client.id for one in mine], NOW).values()))
    assert kept < every / 2
