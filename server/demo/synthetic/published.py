"""Every number that synthetic services are made by, with what it says and where it comes from (docs/synthetic.md).

`source` begins with a mark: [V] read in the source named, [V2] read in a secondary source, [A] an assumption of ours,
chosen to be plausible or so that a published number comes out; nothing is known from an assumption.
"""

from __future__ import annotations

DUHNE = "[V2] Duhne 2022, 85,664 people assigned to guided self-help (10.1016/j.brat.2022.104200)"
DECKER = "[V] Decker 2016, 4 trials, 158 people, in CBT for substance use (PMC5341374)"
NHS_2025 = "[V] NHS England, NHS Talking Therapies monthly statistics, April 2025"
PLANNING = "[A] between the ambitions of 2024/25 (67 %) and 2026/27 (69 %), NHS England; not a result"
MAUSBACH = (
    "[A] in size and kind, after [V] Mausbach 2010, 23 studies, 2,183 people (10.1007/s10608-010-9297-z): r = .26"
)
CERNASOV = "[V] Cernasov 2023 found an effect within persons (Behav Res Ther 166:104322); [A] its size"
IRISH = (
    "[V] Irish national supported digital CBT, 2023: 61 % of those *referred* activate an account; [A] used of those"
    " who start"
)
HALLER = "[V] Haller & Watzke 2021: a slight decline over treatment (10.1007/s10608-020-10136-x); [A] its size"


class Published(float):
    """A number with what it says and its source."""

    says: str
    source: str

    def __new__(cls, value: float, says: str, source: str) -> Published:
        made = super().__new__(cls, value)
        made.says, made.source = says, source
        return made


NEVER_START = Published(0.29, "of those taken on attend no appointment", DUHNE)
STOP_EARLY = Published(1 - 0.46 ** (1 / 3), "stop after each of the first three: 54 % attend 3 or fewer", DUHNE)
STOP_LATER = Published(0.08, "stop after each appointment from the fourth on", "[A]")
PLANNED = (6, 7, 8)  # appointments agreed at the start, in equal shares: usually 6 to 8 (ARC-GM [V])
MISSED = Published(0.05, "of appointments missed by those who go on; 12 % of all come out [V2]", "[A]")
NO_WORD = Published(0.3, "of appointments of those who stop are missed without a word; the others are cancelled", "[A]")
GAP_DAYS = 7  # from one appointment to the next [A]

RETURNED = Published(0.411, "of eligible times are done, partly done or tried (M2)", DECKER)
LEVEL = Published(0.7, "log-odds of a try in the first interval, of an average person: so that 41 % come out", "[A]")
PERSONS = Published(1.2, "standard deviation between persons, of the log-odds", "[A]")
WEEKS = Published(0.6, "standard deviation within a person, from interval to interval, of the log-odds", "[A]")
DECLINE = Published(-0.08, "a further interval, of the log-odds", HALLER)
GONE = Published(-1.5, "once somebody has stopped coming, of the log-odds", "[A]")
BY_TAP = Published(0.25, "of tries by one tap instead of a worksheet", "[A]")
SAYS_WHY = Published(0.35, "of what was not tried, somebody says so, with a reason", "[A]")
EXEMPT = Published(0.03, "of what was not tried, for not being well enough", "[A]")

PHONE = Published(0.61, "of those who start pair a phone; for the others staff write down", IRISH)
TOLD = Published(0.85, "of tries of somebody without a phone are told in the next appointment", "[A]")
SENT_AT_ONCE = Published(0.85, "of what is saved leaves the phone within 20 minutes", "[A]")
OPENED_BEFORE = Published(0.9, "open the app on the day of an appointment", "[A]")

# Weights, before they are cut to those that a worksheet offers. [V] Binnie & Boden 2016: forgetting, too unwell, other
# priorities first; [A] the weights.
BARRIERS = {
    **{"forgot": 22, "unwell_physical": 12, "too_low": 10, "no_time": 16, "life_event": 8, "too_anxious": 7},
    **{"too_hard": 6, "not_clear": 5, "no_private_space": 4, "not_helpful": 4, "tech_problem": 2},
    **{"language_reading": 2, "felt_better": 2, "prefer_not_say": 3, "something_else": 4},
}

RELIABLE_RECOVERY = Published(0.484, "of those who finished and were at caseness recover reliably", NHS_2025)
RELIABLE_IMPROVEMENT = Published(0.68, "of those who finished improve reliably", PLANNING)
AT_CASENESS = Published(0.953, "of those who finished were at caseness at the start: 54,672 of 57,359", NHS_2025)
PHQ_START, PHQ_SPREAD = Published(13.5, "mean of the first PHQ-9", "[A]"), Published(4.5, "its spread", "[A]")
GAD_START, GAD_SPREAD = Published(12.5, "mean of the first GAD-7", "[A]"), Published(3.6, "its spread", "[A]")
ALIKE = Published(0.6, "correlation of the first two scores", "[A]")
FALLS = Published(0.575, "of a score is gone in the end, on average: so that 48.4 % come out", "[A]")
FALLS_SPREAD = Published(0.5, "spread of that share between persons", "[A]")
HALF_AFTER = Published(1.0, "appointments until half of it is gone", "[A]")
NOISE = Published(1.6, "spread of one score about its course", "[A]")
WITH_TRIES = Published(0.3, "correlation of that share with a person's log-odds of a try", MAUSBACH)
WEEK_EFFECT = Published(1.0, "points of PHQ-9 lower after an interval one spread better than one's own", CERNASOV)
# The gap: 40.5 % of the most and 52.4 % of the least deprived recover, 2024/25 [V2].
DEPRIVED = Published(0.012, "of a score more is gone for each tenth less deprived", "[V2] the gap; [A] its size")

ENGLISH = Published(0.93, "speak English with their practitioner", "[A]")
LANGUAGES = ("pl", "ur", "cy")
RESEARCH = {"yes": 0.8, "no": 0.1, "not_asked": 0.1}  # [A]
PROBLEMS = {  # [A]
    **{"depression": 40, "generalised_anxiety": 28, "panic": 8, "social_anxiety": 8, "insomnia": 4},
    **{"stress": 4, "health_anxiety": 4, "specific_phobia": 4},
}
PER_PRACTITIONER, PER_SERVICE = 120, 2500  # clients in a year; a year's clients of one service here


def parameters() -> dict[str, Published]:
    """Every single number by its name, in order."""
    return {name: value for name, value in globals().items() if isinstance(value, Published)}
