"""The rows of one client's outcomes: of each course, of each interval with the next score, of after the landmark."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from server.engagement.rules import attempts, person_mean, within_person
from server.measures.library import Measures
from server.measures.queries import standing
from server.measures.rules import TREATMENT, Dated, Pair, anxiety_measure_for, finished, outcome, pair_of, score
from server.research.interval_rows import interval_name
from server.research.names import NOT_APPLICABLE, NOT_KNOWN, Names, given, yes_no
from server.research.rules import local_day
from server.research.work import Work

Row = dict[str, Any]
Series = dict[tuple[str, str], list[Dated]]  # (measure, scale) → its scores with a value by day, one a day


def series_of(names: Names, known: Measures) -> dict[UUID, Series]:
    """The scores of each course; of one day staff's own last word, as on the client page (`measures.queries`)."""
    found: dict[UUID, dict[tuple[str, str], dict[date, Dated]]] = {}
    rows = standing(names.facts.scores)
    for row in sorted(rows, key=lambda row: (row.taken_on, row.source == "practitioner", row.recorded_at, row.id)):
        measure = known.get(row.measure_id, row.measure_version)
        for one in score(measure, row.items, row.totals).scales if measure else ():
            by_day = found.setdefault(row.episode_id, {}).setdefault((row.measure_id, one.scale), {})
            by_day[row.taken_on] = Dated(row.taken_on, one)
    return {
        episode: {
            key: kept
            for key, days in by_scale.items()
            if (kept := [one for one in days.values() if one.score.value is not None])
        }
        for episode, by_scale in found.items()
    }


def outcomes(names: Names, scored: Mapping[UUID, Series], known: Measures) -> Iterator[Row]:
    """Each course with its outcome (server/measures/rules/outcomes.py)."""
    for episode in names.facts.episodes:
        attended = [one.kind for one in names.facts.meetings(episode.id) if one.state == "attended"]
        depression, anxiety, of_anxiety = _pairs(episode.problem, scored.get(episode.id, {}), known)
        found = outcome(depression, anxiety)
        yield {
            "pid": names.pid,
            "episode": names.name("episode", episode.id),
            "attended": len(attended),
            "treatments": attended.count(TREATMENT),
            "finished": yes_no(finished(episode.closed_on is not None, attended)),
            "anxiety_measure": given(of_anxiety),
            "depression_first": _value(depression and depression.first),
            "depression_last": _value(depression and depression.last),
            "anxiety_first": _value(anxiety and anxiety.first),
            "anxiety_last": _value(anxiety and anxiety.last),
            "paired": yes_no(found),
            "at_caseness": yes_no(found.started_at_caseness) if found else NOT_KNOWN,
            "recovery": _asked(found.recovery) if found else NOT_KNOWN,
            "reliable": found.reliable if found else NOT_KNOWN,
            "reliable_recovery": _asked(found.reliable_recovery) if found else NOT_KNOWN,
        }


def lagged(names: Names, work: Work, scored: Mapping[UUID, Series]) -> Iterator[Row]:
    """Each closed interval beside the next score of each scale (clinical.md F3.6, F3.7)."""
    zone = names.facts.who.zone
    for episode in names.facts.episodes:
        every = work.intervals[episode.id]
        closed = [one for one in every if one.closes_at is not None]
        tried = [attempts(work.figures(one, episode.id).told) for one in closed]
        rates = [share.rate for share in tried]
        own = person_mean(rates)
        ends = [local_day(one.closes_at, zone) for one in closed]
        for at, (one, share, within) in enumerate(zip(closed, tried, within_person(rates), strict=True)):
            whole = {
                "pid": names.pid,
                "episode": names.name("episode", episode.id),
                "interval_id": interval_name(names, episode.id, one),
                "interval": one.number,
                "eligible": share.of,
                "tried": share.count,
                "m2": given(share.rate),
                "m2_own_mean": given(own),
                "m2_within": given(within),
            }
            until = ends[at + 1] if at + 1 < len(ends) else date.max
            for (measure, scale), dated in sorted(scored.get(episode.id, {}).items()):
                before = [each for each in dated if each.taken_on <= local_day(one.opens_at, zone)]
                after = [each for each in dated if ends[at] <= each.taken_on < until]
                yield {
                    **whole,
                    "measure": measure,
                    "scale": scale,
                    **_dated(names, "before", before[-1:]),
                    **_dated(names, "after", after[:1]),
                }


def landmarks(names: Names, courses: Mapping[UUID, Row], scored: Mapping[UUID, Series]) -> Iterator[Row]:
    """Each scale of a course that had a landmark. `courses`: what `interval_rows.course` worked out for each."""
    for episode in names.facts.episodes:
        course = courses[episode.id]
        mark, of, tried = course["landmark_day"], course["landmark_eligible"], course["landmark_tried"]
        if mark == NOT_APPLICABLE:
            continue
        for (measure, scale), dated in sorted(scored.get(episode.id, {}).items()):
            then = [one for one in dated if names.day(one.taken_on) <= mark]
            yield {
                "pid": names.pid,
                "episode": names.name("episode", episode.id),
                "landmark_day": mark,
                "measure": measure,
                "scale": scale,
                "eligible": of,
                "tried": tried,
                "m2": tried / of if of else NOT_APPLICABLE,
                **_dated(names, "at_landmark", then[-1:]),
                **_dated(names, "last", dated[len(then) :][-1:]),
            }


def _pairs(problem: str, scored: Series, known: Measures) -> tuple[Pair | None, Pair | None, str | None]:
    """The pair of the PHQ-9, that of what stands for anxiety, and which measure that is."""
    every = known.all()
    found = {one.id: pair_of(one.main, scored.get((one.id, one.main.id), [])) for one in every}
    paired = {name: pair for name, pair in found.items() if pair}
    depression = next((paired[one.id] for one in every if one.role == "depression" and one.id in paired), None)
    anxiety = anxiety_measure_for(problem, paired.keys(), every)
    return depression, paired.get(anxiety), anxiety


def _dated(names: Names, name: str, several: Sequence[Dated]) -> Row:
    one = several[0] if several else None
    return {
        name: _value(one and one.score),
        f"{name}_day": names.day(one.taken_on if one else None, NOT_KNOWN),
    }


def _value(one: Any) -> int | float | str:
    if one is None or one.value is None:
        return NOT_KNOWN
    return int(one.value) if one.value == one.value.to_integral_value() else float(one.value)


def _asked(said: bool | None) -> str:
    return NOT_APPLICABLE if said is None else yes_no(said)
