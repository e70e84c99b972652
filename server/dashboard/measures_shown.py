"""The measures of one client as the client page shows them: latest, first to last, gaps, and a small chart of each."""

from datetime import date

from flask import url_for

from server.dashboard import dates, measure_words
from server.dashboard.charts import Point, line_chart
from server.dashboard.presenters import counted, inside
from server.measures import queries as measures
from server.measures.library import measures as library
from server.measures.queries import Taken
from server.measures.rules import anxiety_measure_for, finished, outcome, pair_of, paired_counts


def measures_shown(client, episode, practitioner, meetings) -> dict:
    """Everything the section needs. `meetings`: the episode's, as `caseload.queries.meetings_of` gives them."""
    taken = measures.of_client(client, episode)
    checks = measures.checks_of(practitioner)
    attended = [dates.local_day(one.starts_at, one.zone) for one in meetings if one.state == "attended"]
    series = measures.series(taken)
    ids = sorted({one.row.measure_id for one in taken if one.measure}, key=_rank)
    cards = [
        _card(client, [one for one in taken if one.row.measure_id == measure_id], series, scale, attended, checks)
        for measure_id in ids
        for scale in library().newest(measure_id).scales
        if any(one.score.value is not None or one.score.reason == "missing_items"
               for one in series.get((measure_id, scale.id), []))
    ]  # fmt: skip
    paired = paired_counts([_fullest(library().newest(one), series) for one in ids])
    return {
        "cards": cards,
        "paired": f"{paired.paired} of {counted(paired.started, 'measure')} that started"
        f" {'has' if paired.paired == 1 else 'have'} a first and a later score.",
        "outcome": _outcome(episode, series, [one.kind for one in meetings if one.state == "attended"]),
        "enter": url_for(".show_scores", client_id=client.id),
        "every": url_for(".list_scores", client_id=client.id) if taken else "",
    }


def reading(one: Taken) -> list[dict]:
    """One entry, scale by scale, in words."""
    return [
        {
            "name": scale.name if len(one.measure.scales) > 1 else one.measure.name,
            "value": measure_words.value_words(each),
            "band": each.band or "",
            "case": measure_words.case_words(scale, each),
        }
        for each in one.scored.scales
        if (scale := one.measure.scale(each.scale)) and each.reason != "not_given"
    ]


def _rank(measure_id: str) -> tuple[int, str]:
    """Depression first, then anxiety, then the rest."""
    role = library().newest(measure_id).role if library().newest(measure_id) else ""
    return ({"depression": 0, "anxiety": 1}.get(role, 2), measure_id)


def _fullest(measure, series) -> list:
    """Of its scales the one with the most scores, to count it by: where totals are entered, some may be left out."""
    by_scale = [series.get((measure.id, scale.id), []) for scale in measure.scales]
    return max(by_scale, key=lambda dated: sum(one.score.value is not None for one in dated))


def _card(client, taken, series, scale, attended, checks) -> dict:
    last = taken[-1]
    dated = series[last.row.measure_id, scale.id]
    newest, pair = dated[-1].score, pair_of(scale, dated)
    gaps = _gaps([one.taken_on for one in dated], attended)
    known = [one for one in dated if one.score.value is not None]
    return {
        "name": last.measure.name + (f": {inside(scale.name)}" if len(last.measure.scales) > 1 else ""),
        "about": last.measure.about,
        "value": measure_words.value_words(newest),
        "band": newest.band or "",
        "case": measure_words.case_words(scale, newest),
        "day": dates.short_day(dated[-1].taken_on),
        "source": "filled in by the client" if last.row.source == "client" else "",
        "href": url_for(".show_score", client_id=client.id, score_id=last.row.id),
        "first": _on(known[0]) if pair else "",
        "until": f", up to {_on(known[-1])}," if pair and newest.value is None else "",
        "how_many": "One score" if known else "No score",
        "change": measure_words.change_words(pair) if pair else "",
        "risk": _risk([one for one in taken if one.row.taken_on == last.row.taken_on]),
        "twice": url_for(".list_scores", client_id=client.id) if measures.twice(taken) else "",
        "check": measure_words.to_check(last.measure, checks),
        "gaps": measure_words.gap_words(gaps, sum(day > dated[0].taken_on for day in attended)),
        "chart": _chart(dated, gaps, scale) if len(dated) > 1 else None,
        "rows": _rows(dated, gaps, scale),
    }


def _on(one) -> str:
    return f"{measure_words.number(one.score.value)} on {dates.short_day(one.taken_on)}"


def _risk(of_one_day: list[Taken]) -> list[str]:
    """What each entry of a day says about risk, once."""
    said = [measure_words.risk_words(one.measure, one.row.items, one.row.source) for one in of_one_day if one.measure]
    return list(dict.fromkeys(line for lines in said for line in lines))


def _gaps(days: list[date], attended: list[date]) -> list[date]:
    """Attended appointments after the first score that passed without one since the appointment before."""
    if not days:
        return []
    before, found = days[0], []
    for day in attended:
        if day > days[0] and not any(before < one <= day for one in days):
            found.append(day)
        before = max(before, day)
    return found


def _chart(dated, gaps: list[date], scale):
    points = [Point(one.taken_on, one.score.value) for one in dated] + [Point(day, None) for day in gaps]
    cut = scale.caseness.value if scale.caseness else None
    return line_chart(sorted(points, key=lambda one: one.day), scale.least, scale.most, cut, dates.short_day)


def _rows(dated, gaps: list[date], scale) -> list[dict]:
    """The data behind the chart, newest first."""
    rows = [
        (one.taken_on, measure_words.value_words(one.score), measure_words.case_words(scale, one.score))
        for one in dated
    ] + [(day, "No score", "") for day in gaps]
    return [
        {"day": dates.short_day(day), "value": value, "case": case}
        for day, value, case in sorted(rows, key=lambda row: row[0], reverse=True)
    ]


def _outcome(episode, series, kinds: list[str]) -> str:
    known = library().all()
    mains = {one.id: one.main for one in known}
    pairs = {
        measure_id: pair
        for (measure_id, scale), dated in series.items()
        if measure_id in mains and scale == mains[measure_id].id and (pair := pair_of(mains[measure_id], dated))
    }
    depression = next((pairs[one.id] for one in known if one.role == "depression" and one.id in pairs), None)
    chosen = anxiety_measure_for(episode.problem, pairs.keys(), known)
    found = outcome(depression, pairs.get(chosen) if chosen else None)
    name = library().newest(chosen).name if chosen else None
    return measure_words.outcome_words(found, name, finished(episode.closed_on is not None, kinds))
