"""The columns of the intervals of a bundle, and of what was worked out for a whole course: each with its formula."""

from server.assignments.rules import EXEMPTING
from server.engagement.rules import SILENT
from server.research import codes
from server.research.columns import Column, File, count, day, hours, name, score, worked_out

COUNTED = ("occurrence.state", "occurrence.due_at", "contact.emptied_at")
ENTERED = ("revision.outcome", "revision.happened_local", "revision.entered_by")
BARRIERS_THAT_EXEMPT = tuple(sorted(EXEMPTING))


def _how_many(name: str, label: str, *more: str) -> Column:
    return worked_out(name, (*COUNTED, *more), label, type="integer", unit="occurrences")


def _share(name: str, label: str, *sources: str) -> Column:
    return worked_out(name, sources or COUNTED, label, {}, "not-applicable", type="number", unit="share of 1")


def _number(name: str, label: str, unit: str, *sources: str) -> Column:
    return worked_out(name, sources or COUNTED, label, {}, "not-applicable", type="number", unit=unit)


NOT_SILENT = tuple(state for state in codes.STATES if state not in SILENT)
WORK = (
    _how_many(
        "agreed",
        "Occurrences of practice in it, whatever became of them (assigned); like each figure here without check-ins"
        " and measures",
    ),
    *(_how_many(state, f"{codes.STATES[state]}: how many") for state in NOT_SILENT),
    _how_many("no_answer", f"{codes.STATES['no_answer']}: how many; an unanswered *event* is not among them"),
    _how_many("unknown", f"{codes.STATES['unknown']}: how many; an unanswered *event* is not among them"),
    _how_many("silent_event", "For *when it happens*, due, and nothing said: it need not have happened"),
    _how_many("eligible", "Done, partial, tried, not_done, no_answer and unknown: what M1 and M2 are out of"),
    *(
        _how_many(f"exempt_{code}", f"Exempt because: {codes.BARRIERS[code]}", "occurrence.barrier")
        for code in BARRIERS_THAT_EXEMPT
    ),
    _how_many("exempt_no_reason", "Exempt without a reason on record", "occurrence.barrier"),
    _how_many("only_said", "Done or tried by one tap, without a worksheet", "occurrence.medium"),
    _how_many("on_paper", "Done, partial or tried on paper", "occurrence.medium"),
    _how_many("told_by_phone", "Done, partial or tried, told by telephone", "occurrence.medium"),
    _how_many("asked_about_it", "Check-ins and measures due or answered: in no other count", "assignment.worksheet_id"),
    _how_many("asked_and_filled_in", "Of these, filled in, in any part", "assignment.worksheet_id"),
)
RATES = (
    _share("m1_unknown_as_not_done", "M1 completion: done of eligible"),
    _share("m1_unknown_left_out", "M1 completion: done of eligible less unknown"),
    _share("m1_exempt_counted", "M1 with exempt below the line as well: done of eligible and exempt"),
    _share("m2_unknown_as_not_done", "M2 attempt: done, partial and tried of eligible"),
    _share("m2_unknown_left_out", "M2 attempt: done, partial and tried of eligible less unknown"),
    _share("m2_exempt_counted", "M2 with exempt below the line as well"),
    _share("m3_unknown_as_not_done", "M3 weighted: done 1, partial and tried 0.5, of eligible"),
    _share("m3_unknown_left_out", "M3 weighted, of eligible less unknown"),
    _share("m3_partial_0", "M3 with partial as 0 (sensitivity); unknown as not done"),
    _share("m3_partial_1", "M3 with partial as 1 (sensitivity); unknown as not done"),
    worked_out(
        "m4_score",
        COUNTED,
        "M4: m3_unknown_as_not_done in five steps, edges 0, 0.25, 0.5, 0.9",
        {},
        "not-applicable",
        type="integer",
        unit="0 to 4",
    ),
)
QUALITY = (
    _share("m5_completeness", "M5: mean over worksheets of answered ÷ asked", "revision.answered", "revision.asked"),
    worked_out("m5_worksheets", ENTERED, "Worksheets that mean is over", type="integer", unit="worksheets"),
    score(
        "m5_practitioner_amount",
        "practice_rating.amount",
        "M5: how much was practised, by the practitioner, 0 to 4",
        "points",
        "not-applicable",
        "not-asked",
    ),
    score(
        "m5_practitioner_quality",
        "practice_rating.quality",
        "M5: how well it went, by the practitioner, 0 to 4",
        "points",
        "not-applicable",
        "not-asked",
    ),
    _share(
        "m6_as_intended",
        "M6: min(1, tried and further entries ÷ agreed times); enough from 0.5",
        *COUNTED,
        "occurrence.extra",
    ),
)
TIMES = (
    worked_out("days", ("appointment.starts_at",), "Days it touches, both ends counted", type="integer", unit="days"),
    worked_out(
        "m7_active_days", ENTERED, "M7: days with an entry or tap of the client's own", type="integer", unit="days"
    ),
    worked_out(
        "m8_days_to_first_try",
        ("occurrence.done_at", "assignment.agreed_at"),
        "M8, to a whole day: Kaplan-Meier median from agreeing to the first try, of what was agreed in it; censored at"
        " its end",
        {},
        "not-applicable",
        type="integer",
        unit="days",
    ),
    worked_out(
        "m9_tries_with_a_moment",
        ("occurrence.done_at",),
        "Tries of which the moment is known",
        type="integer",
        unit="occurrences",
    ),
    _share(
        "m9_on_time",
        "M9: of these, before the time was over or up to 24 hours after",
        "occurrence.done_at",
        "occurrence.due_at",
    ),
    worked_out(
        "m10_entries", ENTERED, "Worksheets that the client saved on a phone", type="integer", unit="worksheets"
    ),
    _share(
        "m10_back_filled",
        "M10: of these, first saved more than 24 hours after they happened",
        "revision.happened_at",
        "revision.created_at",
    ),
    hours(
        "m10_median_hours",
        ("revision.happened_at", "revision.created_at"),
        "M10: median from happening to first saving",
        "not-applicable",
    ),
)
COMPARED = (
    _share("m12_own_mean", "M12: the mean of m3_unknown_as_not_done over this course"),
    _number("m12_within", "M12: m3_unknown_as_not_done less m12_own_mean", "difference of shares"),
    _number("m12_between", "M12: m12_own_mean less the mean of all courses in this bundle", "difference of shares"),
    worked_out(
        "m13_planned_days",
        COUNTED,
        "Planned days of the last 28, up to its end or the export",
        type="integer",
        unit="days",
    ),
    worked_out("m13_days_with_a_try", COUNTED, "M13: of these, with a try", type="integer", unit="days"),
)
PRACTITIONER = (
    count("tasks", "assignment.id", "M15: tasks with anything eligible in it"),
    _number(
        "m15_specificity", "M15: mean plan specificity of these, 0 to 8", "points", "assignment_version.specificity"
    ),
    Column(
        "m15_with_reason",
        ("assignment_version.reason_sealed",),
        "presence",
        "M15: of these, with a reason written",
        "integer",
        unit="count",
    ),
    count("m15_reviewed", "review.id", "M15: of these, looked at in it or in the appointment that closed it"),
    worked_out(
        "m15_days_to_review",
        ("review.recorded_at", "revision.received_at"),
        "M15, to a whole day: Kaplan-Meier median from first hearing of a task to the next look at it",
        {},
        "not-applicable",
        type="integer",
        unit="days",
    ),
    worked_out(
        "m15_responded",
        ("barrier_response.what",),
        "M15: of not_done, with a response recorded",
        type="integer",
        unit="occurrences",
    ),
)


def intervals(pid: Column, episode: Column, interval: Column, interval_id: Column) -> File:
    """One row for each interval, the figures under the numbers they have in docs/figures.md."""
    return File(
        "intervals",
        "One row for each interval with its counts and figures, worked out by the program: to check your own against",
        (
            pid,
            episode,
            Column(**{**vars(interval), "missing": ()}),
            Column(**{**vars(interval_id), "missing": ()}),
            day("opens_day", "appointment.starts_at", "When it opened"),
            day("closes_day", "appointment.starts_at", "When it closed", "not-yet"),
            name("opening", "appointment.id", "The appointment that opened it", "not-applicable"),
            name("closing", "appointment.id", "The appointment that closed it", "not-applicable"),
            *(*WORK, *RATES, *QUALITY, *TIMES, *COMPARED, *PRACTITIONER),
        ),
        ("interval_id",),
        {"pid": "participants.pid", "episode": "episodes.episode"},
    )


_FOLLOWED = ("occurrence.state", "revision.happened_at", "appointment.starts_at", "episode.closed_on")

# Of a whole course, in the file of episodes.
COURSE = (
    worked_out(
        "m11_event", _FOLLOWED, "M11: what came first; silence counted as no entry", codes.ENDS, "not-applicable"
    ),
    worked_out(
        "m11_days",
        _FOLLOWED,
        "M11: days of the calendar from the first agreed task to that",
        {},
        "not-applicable",
        type="integer",
        unit="days",
    ),
    worked_out(
        "m11_event_known",
        (*_FOLLOWED, "contact.emptied_at"),
        "M11 up to the last moment until which all is known (`last_emptied_day`)",
        codes.ENDS,
        "not-applicable",
        "not-known",
    ),
    worked_out(
        "m11_days_known",
        (*_FOLLOWED, "contact.emptied_at"),
        "Days of the calendar from the first agreed task to that",
        {},
        "not-applicable",
        "not-known",
        type="integer",
        unit="days",
    ),
    day(
        "landmark_day",
        "appointment.starts_at",
        "The third attended appointment, of who was still in treatment then",
        "not-applicable",
    ),
    worked_out(
        "landmark_eligible",
        COUNTED,
        "Eligible before the landmark",
        {},
        "not-applicable",
        type="integer",
        unit="occurrences",
    ),
    worked_out(
        "landmark_tried",
        COUNTED,
        "Of these, done, partial or tried",
        {},
        "not-applicable",
        type="integer",
        unit="occurrences",
    ),
)
