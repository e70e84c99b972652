"""The columns of outcomes: of each course, of each interval with the score after it, of what came after a landmark."""

from server.research.columns import YES_NO, Column, File, code, count, day, worked_out
from server.research.interval_fields import COUNTED

SCORED = ("measure_score.items", "measure_score.totals", "measure_score.measure_id", "measure_score.taken_on")
RELIABLE = {
    "improvement": "One score fell by its reliable change or more, and the other did not rise by as much",
    "deterioration": "One score rose by its reliable change or more, and the other did not fall by as much",
    "no_reliable_change": "Everything else",
}


def _score(name: str, label: str, *missing: str) -> Column:
    return worked_out(name, SCORED, label, {}, *(missing or ("not-known",)), type="number", unit="points")


def _said(name: str, label: str, *missing: str) -> Column:
    return worked_out(name, SCORED, label, YES_NO, *missing)


def _rate(name: str, label: str) -> Column:
    return worked_out(name, COUNTED, label, {}, "not-applicable", type="number", unit="share of 1")


def _how_many(name: str, label: str) -> Column:
    return worked_out(name, COUNTED, label, type="integer", unit="occurrences")


def outcomes(pid: Column, episode: Column, measure: str) -> File:
    """One row for each course of treatment; say how many are paired beside every share."""
    return File(
        "outcomes",
        "One row for each course of treatment, with its outcome by the rules of NHS Talking Therapies",
        (
            pid,
            episode,
            count("attended", "attendance.id", "Attended appointments"),
            count("treatments", "attendance.id", "Of these, treatment: no first look, review alone or follow-up"),
            worked_out(
                "finished",
                ("episode.closed_on", "attendance.state"),
                "It ended with two attended appointments or more",
                YES_NO,
            ),
            code(
                "anxiety_measure",
                "measure_score.measure_id",
                "What stands for anxiety: the measure for the problem where it is paired, else the GAD-7",
                {},
                "not-applicable",
                pattern=measure,
            ),
            _score("depression_first", "First PHQ-9"),
            _score("depression_last", "Last PHQ-9, of another day", "not-known"),
            _score("anxiety_first", "First score for anxiety, where it is paired"),
            _score("anxiety_last", "Last score for anxiety, of another day"),
            _said("paired", "Both have a first and a last score on two days: without it there is no outcome"),
            _said("at_caseness", "At the start either was at or above its cut-off", "not-known"),
            _said("recovery", "At caseness at the start, and both below at the end", "not-applicable", "not-known"),
            worked_out("reliable", SCORED, "Reliable change", RELIABLE, "not-known"),
            _said("reliable_recovery", "Recovery with reliable improvement", "not-applicable", "not-known"),
        ),
        ("episode",),
        {"pid": "participants.pid", "episode": "episodes.episode"},
    )


def lagged(pid: Column, episode: Column, interval_id: Column, measure: str, scale: str) -> File:
    """One row for each closed interval and scale: what was done in it, and the score after it."""
    return File(
        "lagged",
        "One row for each closed interval and each scale of the course: what was tried in it and the next score",
        (
            pid,
            episode,
            Column(**{**vars(interval_id), "missing": ()}),
            worked_out("interval", ("attendance.state",), "Its number within the course", type="integer"),
            *_scale(measure, scale),
            _how_many("eligible", "Eligible in it"),
            _how_many("tried", "Of these, done, partial or tried"),
            _rate("m2", "M2 attempt of this interval, unknown as not done"),
            _rate(
                "m2_own_mean",
                "Between persons: the mean of m2 over the closed intervals of this course, with a score or without",
            ),
            _rate(
                "m2_within", "Within a person: m2 less m2_own_mean; over rows that have scores it need not add up to 0"
            ),
            _score("before", "The last score up to the day it opened"),
            day("before_day", "measure_score.taken_on", "Its day", "not-known"),
            _score("after", "The first score from the day it closed on, taken before the next interval closed"),
            day("after_day", "measure_score.taken_on", "Its day", "not-known"),
        ),
        ("interval_id", "measure", "scale"),
        {"pid": "participants.pid", "episode": "episodes.episode", "interval_id": "intervals.interval_id"},
    )


def landmarks(pid: Column, episode: Column, measure: str, scale: str) -> File:
    """One row for each course that had a third attended appointment, and scale."""
    return File(
        "landmarks",
        "One row for each scale of a course that had a third attended appointment, even if it ended that day: what was"
        " tried up to it, and the scores then and at the end",
        (
            pid,
            episode,
            day("landmark_day", "appointment.starts_at", "The third attended appointment"),
            *_scale(measure, scale),
            _how_many("eligible", "Eligible up to it"),
            _how_many("tried", "Of these, done, partial or tried"),
            _rate("m2", "M2 attempt up to it, unknown as not done"),
            _score("at_landmark", "The last score up to that day"),
            day("at_landmark_day", "measure_score.taken_on", "Its day", "not-known"),
            _score("last", "The last score after that day"),
            day("last_day", "measure_score.taken_on", "Its day", "not-known"),
        ),
        ("episode", "measure", "scale"),
        {"pid": "participants.pid", "episode": "episodes.episode"},
    )


def _scale(measure: str, scale: str) -> tuple[Column, Column]:
    return (
        code("measure", "measure_score.measure_id", "The measure", {}, pattern=measure),
        worked_out("scale", SCORED[:3], "The scale", {}, pattern=scale),
    )
