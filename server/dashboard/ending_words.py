"""An ending in words: why, how the staying-well plan stands, measures without a last score, and the summary to copy."""

from collections import Counter

from server.dashboard import dates, figures, measure_words, presenters
from server.dashboard.presenters import inside
from server.endings.rules import REASONS
from server.engagement.rules import Figures
from server.entries.queries import LastContact
from server.measures.library import measures as library
from server.measures.rules import pair_of, paired_counts

WHY = {
    "completed": "Finished as planned",
    "ended_early": "Ended early, agreed together",
    "stepped_up": "Stepped up",
    "referred_on": "Referred on",
    "moved_away": "Moved away",
    "stopped_coming": "They stopped coming",
    "no_contact": "Could not be reached",
    "other": "Another reason",
}
STAYING_WELL = {
    "on_phone": "Yes, on their phone",
    "on_paper": "Yes, on paper",
    "not_done": "No, there was no time for it",
    "not_wanted": "No, they did not want one",
}
STAYING_WELL_LINE = {
    "on_phone": "made, on their phone",
    "on_paper": "made, on paper",
    "not_done": "not made",
    "not_wanted": "not wanted",
}
CAME = {
    "attended": "Yes, they came",
    "missed": "No, they did not come",
    "cancelled_by_client": "No, they cancelled",
    "cancelled_by_service": "No, we cancel it",
}
UNKNOWN = "not recorded"


def reasons() -> list[dict]:
    """The reasons to choose from, likeliest first."""
    return presenters.options({code: WHY[code] for code in REASONS}, first="Choose one")


def why(episode) -> str:
    """Why a course ended, in words; UNKNOWN where nobody wrote it down as one of the reasons."""
    return WHY.get(episode.close_reason or "", UNKNOWN)


def end_scores(series: dict) -> dict:
    """Which measures have a first and no later score, and how many have both: why it matters stands beside it."""
    mains = [(one, series[one.id, one.main.id]) for one in library().all() if (one.id, one.main.id) in series]
    counts = paired_counts([dated for _, dated in mains])
    started = presenters.counted(counts.started, "measure")
    return {
        "words": f"{counts.paired} of {started} that started {'has' if counts.paired == 1 else 'have'}"
        " a first and a later score."
        if counts.started
        else "No measure was started.",
        "missing": [
            {"name": one.name, "first": _first(dated)}
            for one, dated in mains
            if pair_of(one.main, dated) is None and any(each.score.value is not None for each in dated)
        ],
    }


def changes(series: dict) -> list[str]:
    """PHQ-9: 16 on Mon 3 Aug, then 7 on Mon 2 Nov: fell by 9: reliable improvement … or one score only."""
    lines = []
    for measure in library().all():
        dated = [one for one in series.get((measure.id, measure.main.id), []) if one.score.value is not None]
        pair = pair_of(measure.main, dated)
        if pair:
            first, last = dated[0], dated[-1]
            lines.append(f"{measure.name}: {_scored(first)}, {_scored(last)}. It {measure_words.change_words(pair)}")
        elif dated:
            lines.append(f"{measure.name}: {_scored(dated[0])} only, so no change can be shown")
    return lines


def summary_lines(episode, course, meetings, work: Figures, agreed: int, contact: str, series: dict) -> list[str]:
    """The whole course without a name: the record it is pasted into says whose it is. `contact`: the last, in words."""
    ended = f" to {dates.day(episode.closed_on)}" if episode.closed_on else ", not ended yet"
    reason = why(episode).lower() if episode.closed_on else UNKNOWN
    ending = course.ending if course else None
    return [
        f"Course of treatment from {dates.day(episode.opened_on)}{ended}",
        f"Reason for ending: {reason}",
        f"Appointments: {_became(meetings)}",
        f"Work between appointments: {presenters.counted(agreed, 'task')} agreed. {figures.sentence(work)}",
        contact,
        *changes(series),
        *([] if series else ["Measures: none entered"]),
        f"Staying-well plan: {STAYING_WELL_LINE[ending.staying_well] if ending else UNKNOWN}",
        *([f"Can read on their phone until {dates.day(course.read_until)}"] if course else []),
    ]


def contact_words(contact: LastContact, zone: str) -> str:
    """For a text that is kept, where *yesterday* would soon be wrong: Phone last in contact Mon 16 Nov, 21:30."""
    if contact.at is None:
        return "No phone was in contact"
    return f"Phone last in contact {dates.moment(contact.at, zone)}"


def _became(meetings) -> str:
    """7 attended, 1 did not come, 1 cancelled by the service."""
    counts = Counter(one.state for one in meetings)
    said = [f"{counts[code]} {inside(text)}" for code, text in presenters.ATTENDANCE.items() if counts[code]]
    return ", ".join(sorted(said, key=lambda words: "attended" not in words)) or "none"


def _scored(one) -> str:
    return f"{measure_words.value_words(one.score)} on {dates.short_day(one.taken_on)}"


def _first(dated) -> str:
    return _scored(next(one for one in dated if one.score.value is not None))
