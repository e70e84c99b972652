"""What each figure is, in words: for the page "How this is counted", `docs/figures.md` and the codebook."""

from dataclasses import dataclass

CLIENT = "Today, caseload, client and appointment pages"
EXPORT = "The research bundle"


@dataclass(frozen=True)
class Definition:
    """One figure. `says` is two plain sentences at most; `why` says why it stands nowhere else."""

    code: str
    name: str
    says: str
    formula: str
    where: str
    source: str
    why: str = ""


DEFINITIONS = (
    Definition(
        "M1", "Done",
        "A time counts as done when its worksheet holds all that it needs, or somebody said that it was done. It is "
        "out of every time that fell due; what is not known counts as not done until somebody says.",
        "done ÷ (done + partly done + tried + said not done + no answer + not known)",
        f"{CLIENT}, as counts; {EXPORT}, both ways", "clinical.md F2",
        "A percentage of fewer than 8 says next to nothing: 3 of 5 may be 23 % or 88 %.",
    ),
    Definition(
        "M2", "Tried",
        "Done, partly done and tried all count: trying is what helps. It is out of every time that fell due; what is "
        "not known counts as not tried until somebody says.",
        "(done + partly done + tried) ÷ (done + partly done + tried + said not done + no answer + not known)",
        f"{CLIENT}, as counts and first; {EXPORT}, both ways", "clinical.md F2",
    ),
    Definition(
        "M3", "Weighted engagement",
        "Done counts 1, partly done and tried a half, anything else 0.",
        "Σ weight ÷ eligible; also with partly done as 0 and as 1",
        EXPORT, "clinical.md F2, F3.5", "A number between 0 and 1 tells a person nothing to talk about.",
    ),
    Definition(
        "M4", "Score 0 to 4",
        "Weighted engagement in five steps, to set beside what observers rate.",
        "0 · below ¼ · below ½ · below 9/10 · from there",
        EXPORT, "clinical.md F2; Haller and Watzke 2021", "A score for a person is no subject for a talk.",
    ),
    Definition(
        "M5", "Quality",
        "How much it helped by the client, how well it went by the practitioner, how much of a worksheet was filled "
        "in, and what the task is to change. The four stand apart.",
        "four means, each with its n",
        "The check-in and the entries on the appointment page; completeness and the practitioner’s rating in the "
        "research bundle", "clinical.md F2, F3.8; Kazantzis 2016; Mausbach 2010", "Never multiplied into a count.",
    ),
    Definition(
        "M6", "As it was meant",
        "What was tried out of what was agreed, never above 1. Enough is a half, set down beforehand.",
        "min(1, tried and further entries ÷ agreed); threshold 0.5",
        EXPORT, "clinical.md F2; Sieverink 2017; Decker 2016", "A threshold is for studies, not for a person.",
    ),
    Definition(
        "M7", "Active days",
        "Days on which the client made an entry, out of all days between two appointments.",
        "days with an own entry ÷ days; intervals with an attempt ÷ intervals with anything eligible",
        EXPORT, "clinical.md F2", "It is use of an app, and paper is not in it.",
    ),
    Definition(
        "M8", "Latency",
        "How long from agreeing a task to the first try. Tasks not tried yet count for as long as they were watched.",
        "Kaplan–Meier median of hours (whole days in the bundle), censored at the end of the interval",
        EXPORT, "clinical.md F2; Kaplan and Meier 1958", "A speed is nobody’s to reach.",
    ),
    Definition(
        "M9", "On time",
        "Tries that happened before the time was over, or up to 24 hours after, by when they happened.",
        "tries in time ÷ tries with a moment", EXPORT, "clinical.md F2, F3.9", "Late is not worse.",
    ),
    Definition(
        "M10", "Written down later",
        "Entries saved more than 24 hours after what they are about. What is remembered is rated otherwise.",
        "saved − happened; share above 24 hours; paper and telephone left out",
        EXPORT, "clinical.md F2; Mausbach 2010", "An entry itself says when it was written.",
    ),
    Definition(
        "M11", "Disengagement",
        "Two times between appointments in a row with nothing tried, or 21 days without an entry while in treatment. "
        "Who is discharged before that cannot disengage.",
        "first of the two; cumulative incidence by Aalen–Johansen, discharge competing",
        f"{EXPORT}; on the caseload only as the plain reason “Nothing tried since the last two appointments”",
        "clinical.md F2, F3.16; Aalen and Johansen 1978", "A label for people helps nobody; a reason to ring does.",
    ),
    Definition(
        "M12", "Against oneself",
        "A time between appointments against the same person’s own average.",
        "M3 − own mean; own mean − mean of all own means", EXPORT, "clinical.md F2; Cernasov 2023",
        "Entries on the appointment page are set against the person’s own earlier ones instead.",
    ),
    Definition(
        "M13", "Practice rhythm",
        "Planned days of the last four weeks on which something was tried. What is for any day of a week counts once "
        "for each time; nothing ever starts again from nought.",
        "planned days with a try ÷ planned days that fell due, 28 days",
        f"Client page; {EXPORT}", "clinical.md F2, E6",
    ),
    Definition(
        "M14", "What got in the way",
        "How often each barrier was named. Naming one is the client’s choice, so silence names none.",
        "count by code; share of what was eligible and not completed",
        f"{CLIENT}, as counts; {EXPORT}, row by row", "clinical.md F2",
    ),
    Definition(
        "M15", "The practitioner’s side",
        "How definite plans are, whether a reason is written, what was looked at and how soon, and whether there is an "
        "answer to what was not done.",
        "mean of 0 to 8; share; reviewed ÷ tasks with anything due; median hours (whole days in the bundle);"
        " responded ÷ said not done",
        f"The page “Your own side of it”, to oneself and in supervision; {EXPORT}",
        "clinical.md F2, F3.12; Bennion 2025",
        "Never a league table.",
    ),
    Definition(
        "M16", "Reach",
        "Whether reminders can reach a phone, were handed on, were opened, and were turned off soon after one.",
        "permitted ÷ clients; accepted ÷ due; opened ÷ accepted; off within 24 hours of one ÷ turned off",
        f"Client page, in words; {EXPORT}, each reminder", "clinical.md F2, E2",
        "Not opened does not mean not seen.",
    ),
    Definition(
        "M17", "Effect of a reminder",
        "How often an entry follows a reminder, against moments at which chance left it out.",
        "weighted by 1 ÷ the logged chance, within 1 and 24 hours",
        f"{EXPORT}, each moment that was decided", "clinical.md F2; Boruvka 2018",
        "Every reminder is sent: nothing is left to chance, so there is nothing to compare with.",
    ),
    Definition(
        "M18", "Scores in pairs",
        "How many have a first and a later score, out of all who began with that measure. Beside every change.",
        "courses with scores on two days ÷ courses with any score",
        f"Client page and the end of a course, over measures; service page, over courses; {EXPORT}, each score",
        "clinical.md F2, section 0",
    ),
)  # fmt: skip

# M2 and M1 as they stand together above the rows of one figure.
TRIED_AND_DONE = (
    "Tried is done, partly done or tried; done is a worksheet that holds all it needs, or somebody’s word for it. Both "
    "are out of every time that fell due, and what is not known counts as not done until somebody says. Check-ins and "
    "measures ask about the practice: they are shown, and in no count."
)

BY_CODE = {one.code: one for one in DEFINITIONS}

# What becomes of each state: above the line of M1 and M2, below it, or in neither.
LINES = (
    ("Done", "above and below in M1 and M2"),
    ("Partly done, tried", "above in M2, below in both"),
    ("Said not done", "below"),
    ("No answer: due, the phone of that time has since sent all it held, nothing was said", "below"),
    ("Not known: due, the phone of that time has not been in contact since", "below; left out in the second figure"),
    ("Not due yet, moved to a day to come", "neither, until that day has passed"),
    ("Not well enough", "neither; the second figure of M1 has it below"),
    ("Nothing happened to write down", "neither"),
    ("For when it happens, and nothing was said", "neither: it need not have happened"),
    ("Withdrawn", "neither"),
    ("A check-in or a measure, whatever became of it", "neither, nor in any other figure: it asks about the practice"),
)
