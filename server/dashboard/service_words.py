"""The words of the service page: what each table and column is called, and how each figure is counted."""

from server.languages.built import IN_ENGLISH

LINE = ("due", "tried", "done", "not_done", "no_answer", "unknown", "left_out")
NO_WORKSHEET = {"free": "Free tasks, without a worksheet", "own": "Our own tasks"}

# id → title, heading of the first column
TITLES = {
    "work": ("Work between appointments, week by week", "Week from"),
    "meetings": ("Appointments and phones, week by week", "Week from"),
    "worksheets": ("By worksheet, twelve weeks together", "Worksheet"),
    "people": ("People, twelve weeks together", "Who"),
    "app": ("Use of the app", "Courses"),
    "measures": ("Measures: first and last score", "Measure"),
    "equity-ethnicity": ("By ethnicity", "Group"),
    "equity-gender": ("By gender", "Group"),
    "equity-disability": ("By disability", "Group"),
    "equity-sexual_orientation": ("By sexual orientation", "Group"),
    "equity-imd_decile": ("By deprivation", "Decile of their area"),
    "equity-age_band": ("By age", "Age"),
    "equity-language": ("By language of the app", "Language"),
}

# code → heading, how it is counted
HEADS = {
    "agreed": (
        "Tasks agreed",
        "Tasks agreed in that week. A task that goes on for weeks counts once. Check-ins and measures ask about the"
        " practice: they have lines of their own by worksheet, and are in no other count.",
    ),
    "due": (
        "Due",
        "Each time something fell due: tried, said not done, no answer and not known together. Left out: what was"
        " withdrawn, what nobody could do, check-ins and measures, and “when it happens” that nobody answered.",
    ),
    "tried": ("Tried", "Of those due: done, partly done or tried. Trying is what helps (M2)."),
    "done": ("Done", "Of those tried: all that the worksheet asks for, or ticked as done (M1)."),
    "not_done": ("Said not done", "Of those due: somebody said that it was not done."),
    "no_answer": ("No answer", "Of those due: the phone has since sent all it held, and nothing was said."),
    "unknown": ("Not known", "Of those due: no contact with a phone since. It may have been done."),
    "left_out": ("Left out", "Not well enough, or there was nothing to write down. Not among those due."),
    "attended": ("Attended", "Appointments of that week, by the last word on each."),
    "missed": ("Did not come", "Appointments that the client missed."),
    "cancelled": ("Cancelled", "Appointments cancelled by either side."),
    "phones": ("Phones in contact", "People whose phone sent or fetched something in that week."),
    "open": ("People", "People whose course was open at some time in these twelve weeks."),
    "people-due": ("With work due", "Of these people: something fell due."),
    "people-tried": ("Tried something", "Of these people: tried at least once."),
    "phone": ("Phone paired", "Of these people: a phone is paired now."),
    "opened": ("Opened", "Courses opened in twelve earlier weeks, so that each had its first eight."),
    "paired": (
        "Phone paired",
        "Of these courses: a phone was paired within 28 days of the first day, or went on from before.",
    ),
    "used": (
        "In use in week 4",
        "Of those paired: the phone was in contact on days 22 to 28 after pairing, or after the first day.",
    ),
    "ended": ("Course over by then", "Of those paired: not in use, and the course itself had ended."),
    "left": ("App left", "Of those paired: not in use, though treatment went on. Not the same as leaving treatment."),
    "started": ("Started", "Courses with at least one score of this measure."),
    "measures-paired": ("Paired", "Courses with a first and a later score, of those that started (M18)."),
    "improved": ("Better", "Fell by the reliable change or more, of those paired."),
    "same": ("No reliable change", "Neither, of those paired."),
    "other": ("Cannot be compared", "Paired, but the scores do not allow a change to be told."),
    "deteriorated": ("Worse", "Rose by the reliable change or more, of those paired."),
}
OUTCOMES = {
    "recovery": "Recovery",
    "improvement": "Reliable improvement",
    "deterioration": "Reliable deterioration",
    "reliable_recovery": "Reliable recovery",
}
HOW_OUTCOMES = {
    "recovery": "At caseness at the start on either measure, and below on both at the end.",
    "improvement": "Either measure fell by its reliable change, and the other did not rise by as much.",
    "deterioration": "Either measure rose by its reliable change, and the other did not fall by as much.",
    "reliable_recovery": "Recovery and reliable improvement.",
}
HOW = HEADS | {code: (OUTCOMES[code], said) for code, said in HOW_OUTCOMES.items()}
OF = {"paired": "paired", "caseness": "paired and at caseness at the start"}

GROUPS = {
    "asian": "Asian", "black": "Black", "mixed": "Mixed", "white": "White", "other": "Other",
    "woman": "Woman", "man": "Man", "non_binary": "Non-binary", "another": "Another",
    "yes": "Yes", "no": "No",
    "heterosexual": "Heterosexual", "gay_lesbian": "Gay or lesbian", "bisexual": "Bisexual",
    "not_stated": "Not stated", "never_recorded": "Never recorded",
}  # fmt: skip


def group(field: str, code: str) -> str:
    """A group in words."""
    if field == "imd_decile" and code.isdecimal():
        return {"1": "1, most deprived", "10": "10, least deprived"}.get(code, code)
    if field == "language":
        return IN_ENGLISH.get(code, GROUPS.get(code, code))
    return GROUPS.get(code, code)
