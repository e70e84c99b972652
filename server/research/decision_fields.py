"""The columns of moments at which a reminder could be sent, for M16, M17 and trials of reminders."""

from server.research import codes
from server.research.columns import YES_NO, Column, File, band, code, day, name, score, worked_out

WITHIN = ("decision_point.at", "revision.subject_kind", "revision.effective_at")


def decisions(pid: Column) -> File:
    """One row for each reminder whose time came while somebody looked."""
    return File(
        "decisions",
        "One row for each moment at which a reminder could be sent: what was known, what was done, what followed",
        (
            pid,
            name("delivery", "decision_point.delivery_id", "The reminder"),
            code("kind", "reminder_rule.kind", "What kind of reminder; M17 is about `own`", codes.REMINDER_KINDS),
            day("day", "decision_point.at", "When it was decided"),
            band("band", "decision_point.at", "The part of the day"),
            worked_out(
                "since_entry", ("decision_point.minutes_since_entry",),
                "Since the last entry had arrived, as it was known then; to the minute it would tell when that was",
                codes.SINCE_ENTRY, "not-applicable",
            ),
            worked_out("to_do", ("decision_point.to_do",), "Something agreed was open and not done yet", YES_NO),
            worked_out("paused", ("decision_point.paused",), "The client had paused reminders", YES_NO),
            score("sent_that_day", "decision_point.sent_that_day", "Reminders sent before on that day", "count"),
            score("phones", "decision_point.phones", "Phones that could be sent to; 1 for an email or text", "count"),
            code("policy", "decision_point.policy", "By which rule it was decided", codes.POLICIES),
            Column(
                "chance", ("decision_point.chance",), "as_is",
                "The chance of sending, fixed before; 0 where something spoke against it", "number", unit="probability",
            ),
            worked_out("sent", ("decision_point.sent",), "It was decided to send it", YES_NO),
            code("why", "decision_point.why", "What spoke against it", codes.NOT_SENT, "not-applicable"),
            worked_out("entry_within_1_hour", WITHIN, "An entry was saved within 1 hour after", YES_NO, "not-yet"),
            worked_out("entry_within_24_hours", WITHIN, "An entry was saved within 24 hours after", YES_NO, "not-yet"),
        ),
        ("delivery",),
        {"pid": "participants.pid", "delivery": "deliveries.delivery"},
    )  # fmt: skip
