"""The allow-list: every column of every file of a bundle. What is not listed here does not leave."""

from server.caseload.problems import PROBLEMS
from server.research import codes, decision_fields, interval_fields, outcome_fields
from server.research.columns import (
    YES_NO,
    Column,
    File,
    band,
    code,
    count,
    day,
    hours,
    name,
    score,
    worked_out,
    written,
)
from server.research.item_fields import items_file
from server.research.weekly_fields import TABLES

WORKSHEET_ID = "^low-intensity-cbt/[a-z-]+$"  # replaced at the build by the worksheets of the installation
ARM = "^[a-z][a-z0-9-]{0,19}$"  # as the study names its arms
# Replaced at the build by what the measures of the installation say.
MEASURE_ID, SCALE_ID, BAND = "^m[a-z0-9-]+$", "^s[a-z_]+$", "^b[a-z_]+$"

PID = name("pid", "client.id", "The client")
_EPISODE = name("episode", "episode.id", "One course of treatment")
_ASSIGNMENT = name("assignment", "assignment.id", "What was agreed")
_OWN_ASSIGNMENT = name("assignment", "assignment.id", "What it belongs to", "not-applicable")
_OWN_OCCURRENCE = name("occurrence", "occurrence.slot", "The occurrence it belongs to", "not-applicable")
_INTERVAL = worked_out(
    "interval",
    ("attendance.state", "appointment.starts_at", "assignment.agreed_at", "episode.closed_on"),
    "The number of the interval it counts in, from 1 within the episode",
    {},
    "not-applicable",
    type="integer",
)
_INTERVAL_ID = name("interval_id", "attendance.appointment_id", "The interval it counts in", "not-applicable")

PARTICIPANTS = File(
    "participants",
    "One row for each client in the bundle",
    (
        PID,
        code("arm", "study_allocation.arm", "Arm of the study", {}, "not-applicable", "suppressed", pattern=ARM),
        name("service", "client.service_id", "The service that treats them", "suppressed"),
        Column(
            "age_band",
            ("client.date_of_birth_sealed",),
            "age_band",
            "Age on day zero, in bands",
            codes=codes.AGES,
            missing=("not-known", "suppressed"),
        ),
        code("language", "client.language", "Language of the app", {}, "suppressed", pattern="^[a-z]{2}$"),
        worked_out(
            "day_zero",
            ("attendance.state", "appointment.local_date", "episode.opened_on", "client.created_at"),
            "What day zero of this client is",
            codes.DAY_ZERO,
        ),
        code("research", "client.research", "Their choice about research", codes.CHOICES),
        count("phones", "device.id", "Phones or browsers that were ever paired"),
        count("saved_on_phones", "revision.device_seq", "What was saved on any phone, as far as it told"),
        count(
            "never_arrived",
            "revision.device_seq",
            "How much of that had not arrived: lost with a phone, or still on it",
        ),
        day("first_paired_day", "device.paired_at", "When the first was paired", "not-applicable"),
        day("last_contact_day", "contact.at", "Last completed sync of any phone", "not-applicable"),
        day(
            "last_emptied_day",
            "contact.emptied_at",
            "Until when all is known: the phone of that time had nothing left to send",
            "not-applicable",
        ),
    ),
    ("pid",),
)

CONSENTS = File(
    "consents",
    "One row for each yes to the study and each withdrawal; empty where the bundle is of no study",
    (
        PID,
        count("number", "study_consent.id", "Its place among what this client said, from 1"),
        score("text", "study_consent.number", "The version of the text they were told", "version"),
        code("choice", "study_consent.choice", "What they said", codes.CONSENTS),
        day("day", "study_consent.effective_at", "When they said it"),
        code("entered_by", "study_consent.entered_by", "Who wrote it down", codes.SAID_BY),
    ),
    ("pid", "number"),
    {"pid": "participants.pid"},
)

EPISODES = File(
    "episodes",
    "One row for each course of treatment",
    (
        PID,
        _EPISODE,
        name(
            "practitioner",
            "access.practitioner_id",
            "Whose client it is (the newest, if it changed)",
            "not-known",
            "suppressed",
        ),
        day("opened_day", "episode.opened_on", "When it was opened"),
        day("closed_day", "episode.closed_on", "When it was closed", "not-yet"),
        code("close_reason", "episode.close_reason", "Why it was closed", codes.CLOSE_REASONS, "not-yet", "not-known"),
        code("problem", "episode.problem", "What it is for", PROBLEMS, "not-known"),
        *interval_fields.COURSE,
    ),
    ("episode",),
    {"pid": "participants.pid"},
)

APPOINTMENTS = File(
    "appointments",
    "One row for each appointment of a client, as it stood at the moment of the export",
    (
        PID,
        _EPISODE,
        name("appointment", "appointment.id", "The appointment; the same in two rows when two clients came together"),
        name("practitioner", "appointment.practitioner_id", "Whose appointment it is", "suppressed"),
        count("number", "attendance.id", "Its place among the episode's appointments by time, from 1"),
        day("day", "appointment.local_date", "The day it was for"),
        band("band", "appointment.starts_at", "The part of the day"),
        score("minutes", "appointment.minutes", "How long it was booked for", "minutes"),
        code("kind", "appointment.kind", "What kind", codes.KINDS),
        code("mode", "appointment.mode", "How they met", codes.MODES),
        code("state", "attendance.state", "What became of it", codes.ATTENDANCE),
        count("moves", "appointment_change.id", "How often it was moved"),
        day("recorded_day", "attendance.recorded_at", "When its state was written down"),
        worked_out(
            "opens_interval",
            ("attendance.state",),
            "The number of the interval it opens",
            {},
            "not-applicable",
            type="integer",
        ),
    ),
    ("appointment", "episode"),
    {"pid": "participants.pid", "episode": "episodes.episode"},
)

ASSIGNMENTS = File(
    "assignments",
    "One row for each worksheet or free task that was agreed, as its newest version says",
    (
        PID,
        _EPISODE,
        _ASSIGNMENT,
        name("practitioner", "assignment.agreed_by", "Who agreed it with the client", "suppressed"),
        code("worksheet", "assignment.worksheet_id", "The worksheet", {}, "not-applicable", pattern=WORKSHEET_ID),
        score("worksheet_version", "assignment.worksheet_version", "Its version", "version", "not-applicable"),
        day("agreed_day", "assignment.agreed_on", "When it was agreed"),
        name("agreed_in", "assignment.agreed_in", "The appointment it was agreed in", "not-known"),
        name("from_assignment", "assignment.from_assignment", "What it was carried over from", "not-applicable"),
        code("state", "assignment.state", "Its state", codes.ASSIGNMENT_STATES),
        day("ended_day", "assignment.ended_on", "When it ended or was taken back", "not-applicable"),
        count("versions", "assignment_version.number", "How many versions it has had"),
        day("from_day", "assignment_version.from_date", "The newest version holds from here"),
        day("until_day", "assignment_version.until_date", "until here", "not-applicable"),
        worked_out("rhythm", ("assignment_version.rhythm",), "How often", codes.RHYTHMS, "unlisted"),
        worked_out(
            "times", ("assignment_version.rhythm",), "Times a day or week", {}, "not-applicable", type="integer"
        ),
        code("size", "assignment_version.size", "How large", codes.SIZES),
        score("specificity", "assignment_version.specificity", "Plan specificity, 0 to 8", "points", "not-known"),
        worked_out("own_done_rule", ("assignment_version.done_rule",), "Done rule loosened for this client", YES_NO),
        code(
            "made_by",
            "assignment_version.made_by",
            "Who made the newest version",
            {"practitioner": "The practitioner", "client": "The client"},
        ),
        written("reason_written", "assignment_version.reason_sealed", "A reason was written"),
        count("reviews", "review.id", "How often it was looked at together"),
        code("last_mark", "review.mark", "The last mark of a review", codes.MARKS, "not-applicable"),
        day("last_review_day", "review.recorded_at", "The last review", "not-applicable"),
    ),
    ("assignment",),
    {"pid": "participants.pid", "episode": "episodes.episode"},
)

OCCURRENCES = File(
    "occurrences",
    "One row for each time something fell due, with its state as staff pages showed it at the moment of the export",
    (
        PID,
        _EPISODE,
        _ASSIGNMENT,
        name("occurrence", "occurrence.slot", "This one time"),
        _INTERVAL,
        _INTERVAL_ID,
        count("version", "occurrence.version", "The version of the assignment it was laid out from"),
        worked_out("rhythm", ("assignment_version.rhythm",), "How often it was asked for", codes.RHYTHMS, "unlisted"),
        day("opens_day", "occurrence.opens_on", "First day of its window"),
        day("due_day", "occurrence.due_on", "Last day of its window"),
        worked_out("due", ("occurrence.due_at",), "Its window had passed", YES_NO),
        worked_out(
            "practice",
            ("assignment.worksheet_id",),
            "It is practice, and counts; *no*: a check-in or a measure, which asks about it",
            YES_NO,
        ),
        worked_out(
            "state",
            ("occurrence.state", "occurrence.due_at", "contact.emptied_at"),
            "What became of it",
            codes.STATES,
        ),
        code("size", "occurrence.size", "How large it was in the end", codes.SIZES),
        code("barrier", "occurrence.barrier", "What got in the way", codes.BARRIERS, "not-applicable", "not-answered"),
        day("moved_to_day", "occurrence.moved_to", "Where it was moved to", "not-applicable"),
        code("medium", "occurrence.medium", "How it was told", codes.MEDIA, "not-applicable"),
        code("entered_by", "occurrence.entered_by", "Who entered it", codes.ENTERED_BY, "not-applicable"),
        code("helped_by", "occurrence.helped_by", "Who helped", codes.HELPED_BY, "not-applicable"),
        day("done_day", "occurrence.done_at", "The day it was done, as the client lived it", "not-applicable"),
        band("done_band", "occurrence.done_at", "The part of that day", "not-applicable"),
        worked_out(
            "days_since_agreed",  # in hours, the parts of the day of both ends would tell when they met
            ("occurrence.done_at", "assignment.agreed_at"),
            "From the day of agreeing to the day of doing",
            {},
            "not-applicable",
            type="integer",
            unit="days",
        ),
        score("extra", "occurrence.extra", "Further entries for the same time", "count"),
    ),
    ("occurrence",),
    {"pid": "participants.pid", "episode": "episodes.episode", "assignment": "assignments.assignment"},
)

ENTRIES = File(
    "entries",
    "One row for each filled-in worksheet or one-tap answer, as its displayed revision says; no text",
    (
        PID,
        name("entry", "entry.entry_id", "The entry"),
        _OWN_ASSIGNMENT,
        _OWN_OCCURRENCE,
        code("kind", "revision.subject_kind", "What it is", codes.SUBJECTS),
        code("worksheet", "revision.form_key", "The worksheet", {}, "not-applicable", pattern=WORKSHEET_ID),
        score("worksheet_version", "revision.form_version", "Its version", "version", "not-applicable"),
        count("revisions", "revision.revision_id", "How often it was saved"),
        worked_out("two_devices", ("entry.heads",), "Saved on two devices, both kept", YES_NO),
        worked_out("deleted", ("entry.deleted",), "Deleted by the client", YES_NO),
        worked_out("kept", ("revision.kept",), "Saved as *kept for now*: staff do not see its text", YES_NO),
        worked_out("late", ("revision.late",), "Came after the task was taken back or had ended", YES_NO),
        code("outcome", "revision.outcome", "What the done rule says", codes.OUTCOMES, "not-applicable"),
        score("answered", "revision.answered", "Questions answered", "count", "not-applicable"),
        score("asked", "revision.asked", "Questions asked", "count", "not-applicable"),
        code("medium", "revision.medium", "How it was told", codes.MEDIA),
        code("entered_by", "revision.entered_by", "Who entered it", codes.ENTERED_BY),
        code("helped_by", "revision.helped_by", "Who helped", codes.HELPED_BY),
        day("happened_day", "revision.happened_local", "The day it was about, as the client lived it", "not-known"),
        band("happened_band", "revision.happened_at", "The part of that day"),
        hours("hours_to_entry", ("revision.happened_at", "revision.created_at"), "From happening to saving"),
        hours("hours_to_server", ("revision.effective_at", "revision.received_at"), "From saving to arriving"),
        code("answer", "revision.answer", "The answer", codes.ANSWERS, "not-applicable"),
        code(
            "answer_outcome", "revision.answer_outcome", "What came of *not today*", codes.ANSWER_OUTCOMES,
            "not-applicable",
        ),
        code("barrier", "revision.barrier", "What got in the way", codes.BARRIERS, "not-applicable", "not-answered"),
        day("moved_to_day", "revision.moved_to", "Where it was moved to", "not-applicable"),
    ),
    ("pid", "entry"),
    {"pid": "participants.pid"},
)  # fmt: skip

DELIVERIES = File(
    "deliveries",
    "One row for each reminder that was planned up to the moment of the export",
    (
        PID,
        name("delivery", "delivery.id", "The reminder"),
        _OWN_ASSIGNMENT,
        name("occurrence", "delivery.occurrence_slot", "The occurrence it is for", "not-applicable"),
        code("channel", "delivery.channel", "Which way", codes.CHANNELS),
        day("day", "delivery.local_date", "The day it was for"),
        band("band", "delivery.due_at", "The part of the day"),
        worked_out("state", ("delivery.state", "delivery_event.what"), "What became of it", codes.DELIVERY, "unlisted"),
        count("attempts", "delivery_event.id", "How often sending was tried"),
        hours("hours_late", ("delivery.due_at", "delivery.accepted_at"), "From due to accepted", "not-applicable"),
        worked_out(
            "shown", ("delivery_event.what",), "The phone said that it showed it; *no* does not mean it did not", YES_NO
        ),
        worked_out("opened", ("delivery_event.what",), "It was opened; *no* does not mean it was not seen", YES_NO),
        hours("hours_to_open", ("delivery.due_at", "delivery.opened_at"), "From due to opened", "not-applicable"),
    ),
    ("delivery",),
    {"pid": "participants.pid"},
)

DECISIONS = decision_fields.decisions(PID)
INTERVALS = interval_fields.intervals(PID, _EPISODE, _INTERVAL, _INTERVAL_ID)

_SCORED = ("measure_score.items", "measure_score.totals", "measure_score.measure_id", "measure_score.measure_version")

MEASURES = File(
    "measures",
    "One row for each scale of each measure that was taken; entries that were withdrawn are not here",
    (
        PID,
        _EPISODE,
        name("measurement", "measure_score.id", "The entry: one measure on one day"),
        code("measure", "measure_score.measure_id", "The measure", {}, pattern=MEASURE_ID),
        score("measure_version", "measure_score.measure_version", "The version of its scoring", "version"),
        worked_out("scale", _SCORED, "The scale", {}, "not-known", pattern=SCALE_ID),
        day("taken_day", "measure_score.taken_on", "The day it was filled in"),
        name("appointment", "measure_score.appointment_id", "The appointment of that day", "not-known"),
        code("source", "measure_score.source", "Who entered it", codes.ENTERED_BY),
        worked_out("entered_as", _SCORED[:2], "What was entered", codes.ENTERED_AS),
        worked_out(
            "value", _SCORED, "The score; none where too many items are missing", {}, "not-known", type="number"
        ),
        worked_out("most", _SCORED, "The highest score there could have been", {}, "not-known", type="number"),
        worked_out("band", _SCORED, "The band", {}, "not-applicable", "not-known", pattern=BAND),
        worked_out("case", _SCORED, "At caseness", codes.CASES),
        worked_out(
            "items_answered", _SCORED, "Items of the scale that were answered", {}, "not-applicable", type="integer"
        ),
        worked_out(
            "items_filled",
            _SCORED,
            "Items that count as the mean of the others, by the rule in codebook/measures.csv",
            type="integer",
        ),
        count("corrections", "measure_score.supersedes", "How often it was corrected"),
        day("recorded_day", "measure_score.recorded_at", "When it was written down, in its newest form"),
    ),
    ("measurement", "scale"),
    {"pid": "participants.pid", "episode": "episodes.episode"},
)

OUTCOMES = outcome_fields.outcomes(PID, _EPISODE, MEASURE_ID)
LAGGED = outcome_fields.lagged(PID, _EPISODE, _INTERVAL_ID, MEASURE_ID, SCALE_ID)
LANDMARKS = outcome_fields.landmarks(PID, _EPISODE, MEASURE_ID, SCALE_ID)

ITEMS = items_file(PID, WORKSHEET_ID)

FILES = (
    PARTICIPANTS,
    CONSENTS,
    EPISODES,
    APPOINTMENTS,
    ASSIGNMENTS,
    OCCURRENCES,
    ENTRIES,
    ITEMS,
    DELIVERIES,
    DECISIONS,
    INTERVALS,
    MEASURES,
    OUTCOMES,
    LAGGED,
    LANDMARKS,
    TABLES,
)
