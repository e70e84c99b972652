"""Every code a bundle can hold, with what it says: a value that is not here does not leave."""

from server.research.rules import AGE_BANDS

STATES = {
    "planned": "Not due yet at the moment of the export",
    "done": "Done by the worksheet's done rule, or said to be done",
    "partial": "Partly done: a required question was answered",
    "tried": "Tried: something was written, or something else was done in its place",
    "not_done": "The client said that it was not done, or staff wrote it down for them (`entered_by`)",
    "nothing_happened": "Somebody said that what it waits for did not happen (`entered_by`)",
    "exempt": "Not asked for, for a reason that counts (not well enough)",
    "moved": "Moved to another day (`entered_by`)",
    "withdrawn": "Taken back by the practitioner before it was due",
    "no_answer": "Due; the phone has since been in contact with nothing left to send; nothing was said",
    "unknown": "Due; no such contact since, so nobody knows",
}
ATTENDANCE = {
    "planned": "Booked, not recorded yet",
    "attended": "Took place",
    "missed": "The client did not come",
    "cancelled_by_client": "Cancelled by the client",
    "cancelled_by_service": "Cancelled by the service",
}
MODES = {"telephone": "By telephone", "video": "By video", "in_person": "In person"}
KINDS = {"assessment": "First look", "treatment": "Treatment", "review": "Review", "follow_up": "Follow-up"}
MEDIA = {
    "worksheet": "Filled in on the phone app",
    "said": "Ticked only, no worksheet",
    "paper": "On paper",
    "phone_call": "Told by telephone",
}
ENTERED_BY = {"client": "The client", "practitioner": "The practitioner, for the client"}
HELPED_BY = {"none": "Nobody", "interpreter": "An interpreter", "supporter": "A supporter"}
SIZES = {"small": "Smaller than usual", "usual": "Usual", "bigger": "Bigger than usual"}
RHYTHMS = {
    "once": "Once",
    "daily": "Every day, `times` times",
    "per_week": "`times` times a week, on no set days",
    "weekdays": "On set days of the week",
    "weekly": "Once a week",
    "per_appointment": "Once from one appointment to the next",
    "monthly": "Once a month",
    "event": "When it happens",
}
ASSIGNMENT_STATES = {"open": "Open", "withdrawn": "Taken back", "ended": "Ended"}
MARKS = {
    "reviewed": "Looked at together",
    "carry_over": "Carried over",
    "make_smaller": "To be made smaller",
    "stop": "Stopped",
}
BARRIERS = {
    "forgot": "I forgot",
    "no_time": "No time",
    "no_private_space": "No private space",
    "life_event": "Something happened in my life",
    "tech_problem": "A problem with the phone or app",
    "language_reading": "Language or reading",
    "not_clear": "It was not clear what to do",
    "too_hard": "Too hard",
    "unwell_physical": "Not well",
    "too_low": "Too low",
    "too_anxious": "Too anxious",
    "not_helpful": "It does not help",
    "not_for_me": "Not for me",
    "felt_judged": "I felt judged",
    "felt_better": "I felt better",
    "no_trigger": "Nothing happened to record",
    "did_something_else": "I did something else",
    "something_else": "Something else got in the way",
    "prefer_not_say": "Prefer not to say",
}
ANSWERS = {
    "done": "Done (ticked)",
    "tried": "Tried (ticked)",
    "nothing_happened": "Nothing happened",
    "not_today": "Not today",
    "exempt": "Not well enough",
}
ANSWER_OUTCOMES = {
    "smaller": "Made smaller",
    "another_day": "Moved to another day",
    "swap": "Something else instead",
    "keep": "Kept for the next appointment",
}
OUTCOMES = {
    "done": "Done by the done rule",
    "partial": "A required question was answered",
    "tried": "Something was written",
    "nothing_happened": "Nothing happened to record",
    "empty": "Nothing was written",
}
CLOSE_REASONS = {
    "completed": "Treatment completed",
    "ended_early": "Ended early by agreement",
    "stopped_coming": "Stopped coming",
    "stepped_up": "Stepped up",
    "referred_on": "Referred on",
    "moved_away": "Moved away",
    "no_contact": "Could not be reached",
    "other": "Another reason",
}
DELIVERY = {
    "planned": "Planned",
    "claimed": "Taken by a sender, outcome not recorded yet",
    "accepted": "Taken by the push service, mail server or text provider; whether it was seen is not known",
    "failed": "Could not be sent, or for a text: did not arrive",
    "expired": "Not sent in time",
    "cancelled": "No longer wanted when its time came",
}
CHANNELS = {"push": "Web push", "email": "Email", "sms": "Text message"}
REMINDER_KINDS = {
    "own": "At the client's own hours",
    "later": "Once more later, because the client put one off",
    "appointment": "Before an appointment",
}
SINCE_ENTRY = {
    "hour": "Less than an hour",
    "quarter": "From 1 hour to less than 6",
    "day": "From 6 hours to less than 24",
    "days": "From 1 day to less than 3",
    "week": "From 3 days to less than 7",
    "longer": "7 days and longer",
}
POLICIES = {"always-1": "Whatever nothing speaks against is sent"}
NOT_SENT = {
    "too-late": "It was too late",
    "rule-ended": "The reminder had been stopped, changed or paused",
    "care-ended": "The course of treatment had ended",
    "nothing-to-do": "Nothing was open on that day: done already, or nothing agreed",
    "quiet-hours": "It fell into the client's quiet hours",
    "not-now": "Planned, and not to come as things stood later: nobody looked in, or an appointment was cancelled",
    "enough-today": "Enough was sent on that day",
    "no-phone": "No phone could be sent to",
    "not-asked": "Nobody had asked how the client can be reached safely",
    "not-safe": "This way was not safe, or not wanted any more",
    "unsafe-hours": "Not at an hour that is safe",
    "not-set-up": "This installation could not send this way",
    "resting": "The service of this way was in trouble, and there was another way",
}
ENDS = {
    "disengaged": "Two eligible intervals in a row with nothing tried, or 21 days without an entry",
    "discharged": "Treatment ended first",
    "still_followed": "Neither had happened",
}
CHOICES = {"yes": "Yes", "no": "No", "not_asked": "Not asked"}
DAY_ZERO = {
    "first_attended": "The first attended appointment",
    "first_appointment": "The first appointment booked, since none was attended yet",
    "episode_start": "The start of the first episode, since no appointment was booked yet",
    "client_added": "The day the client was added, since there is no episode yet",
}
CASES = {
    "yes": "At or above the cut-off",
    "no": "Below the cut-off",
    "not_defined": "No cut-off is defined",
    "not_known": "There is no score, so nobody knows",
}
ENTERED_AS = {"items": "Each item", "totals": "Totals only"}
SUBJECTS = {"entry": "A filled-in worksheet", "answer": "An answer by one tap"}
AGES = {band: f"Aged {band.replace('-', ' to ').replace('+', ' or more')} on day zero" for band in AGE_BANDS}
CONSENTS = {"given": "Yes to the study", "withdrawn": "Withdrawn"}
SAID_BY = {"client": "The client, on a phone", "practitioner": "Staff, for the client"}
