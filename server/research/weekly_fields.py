"""The columns of `aggregate/tables.csv`: what happened by calendar week, as it may be passed on without the rows."""

from server.research.columns import File, worked_out

ALL = "all"
WORK = {
    "agreed": "Tasks agreed in that week; check-ins and measures are no practice and in no line",
    "due": "Each time something fell due: tried, not_done, no_answer and unknown together",
    "tried": "Of those due: done, partly done or tried",
    "done": "Of those tried: done",
    "not_done": "Of those due: somebody said that it was not done",
    "no_answer": "Of those due: the phone has since sent all it held, and nothing was said",
    "unknown": "Of those due: no contact with a phone since",
    "left_out": "Not well enough, or there was nothing to write down; not among those due",
}
MEETINGS = {
    "attended": "Appointments of that week that took place",
    "missed": "Appointments that the client missed",
    "cancelled": "Appointments cancelled by either side",
}
RATES = {
    "m1": "done ÷ due, of the two numbers in the same line",
    "m2": "tried ÷ due, of the two numbers in the same line",
}
PEOPLE = {"people": "People, whatever they did"}
FIGURES = {"done": "M1", "m1": "M1", "tried": "M2", "m2": "M2"}
SCOPES = {
    "bundle": "Who is in the bundle",
    "research_no": "Not in it: said no to research",
    "research_not_asked": "Not in it: not asked about research",
    "study_not_asked": "Not in it: not asked about the study",
    "study_withdrawn": "Not in it: withdrew from the study",
    "page": "Everybody on the services' own pages: the lines above, added up; suppressed where one of them is",
    "shown": "Who is in the bundle, as the line of all weeks says: of the weeks that it adds up, rounded week by week",
}
_TIMES = ("occurrence.due_on", "occurrence.state", "assignment.agreed_on")

TABLES = File(
    "tables",
    "Counts by calendar week, to be passed on without the rows: hidden where they, or a part beside them, are of 7"
    " people or fewer, the rest to the nearest 5",
    (
        worked_out(
            "table",
            ("assignment.worksheet_id", "attendance.state"),
            "Which table: work and appointments by week, or who of the services' own pages is in the bundle",
            {"work": "Work between appointments", "meetings": "Appointments", "flow": "From the pages to the bundle"},
        ),
        worked_out("scope", ("client.research",), "Whom it counts", SCOPES),
        worked_out(
            "week",
            (*_TIMES, "appointment.local_date"),
            "Monday of the week, the last twelve that are over in every zone; all: those of them that in_all counts,"
            " added up, so that every number of the line is of the same weeks",
            pattern=r"^(\d{4}-\d{2}-\d{2}|all)$",
        ),
        worked_out("measure", _TIMES, "What is counted", {**WORK, **MEETINGS, **RATES, **PEOPLE}),
        worked_out(
            "figure", _TIMES, "The figure it belongs to, as in codebook/figures.csv",
            {"M1": "Done", "M2": "Tried", "count": "A count with no number of its own"},
        ),
        worked_out(
            "unit", _TIMES, "What the value is in", {"times": "Times", "people": "People", "percent": "Percent"}
        ),
        worked_out(
            "value", _TIMES, "The number; a percentage is of the two numbers in its line",
            {}, "suppressed", "not-applicable", type="integer",
        ),
        worked_out(
            "n", _TIMES,
            "Of how many people, to the nearest 10, under 15 hidden; of what is due or a part of it: with something"
            " due. Only of all weeks, where 3 or more have anything. Each number is rounded by itself, so there can be"
            " more people than times",
            {}, "suppressed", type="integer", unit="people",
        ),
        worked_out(
            "in_all", _TIMES,
            "How many of the weeks that the line of all adds up: of a week 1 or 0, of all how many there are; those"
            " that show due, tried and done, or as many of these as makes most numbers, and attended likewise",
            {}, "not-applicable", type="integer", unit="weeks",
        ),
    ),
    ("table", "scope", "week", "measure"),
    place="aggregate/tables.csv",
)  # fmt: skip
