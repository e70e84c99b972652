"""What is agreed in the demonstration: reasons, plans and rhythms that fit each problem."""

from collections.abc import Sequence
from random import Random

from server.demo.people import HEALTH, LOW, PANIC, PHOBIA, SLEEP, SOCIAL, STUCK, WORRY

ACTIVITY, THOUGHT, WORRIES, NIGHTS, FEARS, PROBLEM = (
    f"low-intensity-cbt/{name}"
    for name in (
        "weekly-activity-plan",
        "thought-record",
        "worry-diary",
        "sleep-diary",
        "facing-fears-practice",
        "problem-solving",
    )
)

# What is worked on with each problem, in order: the first is agreed first, later ones as treatment goes on.
COURSES = {
    LOW: (ACTIVITY, THOUGHT, PROBLEM),
    WORRY: (WORRIES, PROBLEM, THOUGHT),
    SLEEP: (NIGHTS, WORRIES),
    PANIC: (FEARS, THOUGHT),
    SOCIAL: (FEARS, THOUGHT, ACTIVITY),
    STUCK: (PROBLEM, ACTIVITY),
    HEALTH: (WORRIES, FEARS),
    PHOBIA: (FEARS,),
}
RHYTHMS = {
    ACTIVITY: ({"kind": "weekly"},),
    THOUGHT: ({"kind": "per_week", "times": 2}, {"kind": "per_week", "times": 3}),
    WORRIES: ({"kind": "daily", "times": 1}, {"kind": "per_week", "times": 4}),
    NIGHTS: ({"kind": "daily", "times": 1}, {"kind": "weekdays", "weekdays": [0, 1, 2, 3, 4]}),
    FEARS: ({"kind": "per_week", "times": 3}, {"kind": "per_week", "times": 4}),
    PROBLEM: ({"kind": "once"}, {"kind": "per_appointment"}),
}
REASONS = {
    ACTIVITY: (
        "You told me mornings are the hardest. Small things you used to enjoy can lift the rest of the day.",
        "When you do less, the mood drops further. Doing one thing first can turn that circle round.",
        "You said you miss seeing people. Planning it makes it more likely than waiting to feel like it.",
    ),
    THOUGHT: (
        "The thought that you let people down comes up a lot. Looking at both sides may loosen it.",
        "You noticed your mood changes after work messages. This helps us see which thoughts come with it.",
        "You wanted to be less hard on yourself. Writing one thought down gives you some space from it.",
    ),
    WORRIES: (
        "Your worries run together at night. Sorting them shows which ones you can do something about.",
        "You said it feels like one big worry. Noting each one makes it smaller and easier to look at.",
        "We want to know how many worries are about things that are in your hands.",
    ),
    NIGHTS: (
        "We need a week of nights to see your pattern before we change anything.",
        "You think you hardly sleep. The diary shows what really happens, good nights included.",
        "This tells us whether the new getting-up time helps.",
    ),
    FEARS: (
        "Each time you stay until the fear eases, your body learns that it passes.",
        "You want to go and see your family again. This is the first step on that road.",
        "Leaving early has kept the fear alive. Short, planned practice works the other way.",
    ),
    PROBLEM: (
        "The letters keep piling up and the worry with them. One step at a time makes it doable.",
        "You said your head goes round in circles. Writing the steps down gets you out of the circle.",
        "There is something here that can be solved, and you know more about it than anybody.",
    ),
}
PLANS = {
    ACTIVITY: (
        ("Tuesday and Thursday after breakfast", "the park by the canal", "on my own", "20 minutes", "10:00"),
        ("Saturday morning", "my sister's house", "my sister", "an hour", "11:00"),
        ("Wednesday after work", "the swimming pool", "a friend from work", "40 minutes", "18:00"),
    ),
    THOUGHT: (
        ("after the evening meal", "at the kitchen table", "on my own", "10 minutes", "19:30"),
        ("on the bus home", "on my phone", "on my own", "10 minutes", "17:15"),
        ("", "in my room", "", "", ""),
    ),
    WORRIES: (
        ("before I brush my teeth", "in the living room", "on my own", "5 minutes", "21:00"),
        ("when I notice a worry, and once at lunch", "at work", "on my own", "2 minutes", "12:30"),
        ("in the evening", "", "", "", ""),
    ),
    NIGHTS: (
        ("when the first cup of tea is made", "in the kitchen", "on my own", "2 minutes", "07:30"),
        ("after I get up", "by the bed", "", "2 minutes", "08:00"),
        ("straight after the alarm", "in the bathroom", "", "2 minutes", "06:45"),
    ),
    FEARS: (
        ("Monday, Wednesday and Friday", "the small supermarket", "my partner waits outside", "30 minutes", "14:00"),
        ("in my lunch break", "the bus, two stops", "on my own", "25 minutes", "12:45"),
        ("at the weekend", "the lift at the library", "a friend", "30 minutes", "10:30"),
    ),
    PROBLEM: (
        ("Thursday at 10", "at home with the letters", "my cousin on the phone", "30 minutes", "10:00"),
        ("on Sunday afternoon", "at the library", "on my own", "45 minutes", "15:00"),
        ("", "at home", "", "30 minutes", ""),
    ),
}
OBSTACLES = (
    ("I will be tired", "I will do the small version"),
    ("The children come home early", "I will do it after they are in bed"),
    ("I forget", "I will put the phone next to the kettle"),
    ("It rains", "I will go to the covered market instead"),
    ("", ""),
)
REMINDS = ("the phone", "a note on the fridge", "after the evening meal", "")

# title, reason: agreed without a worksheet
FREE_TASKS = (
    ("Read chapter 2 of the booklet", "It explains why avoiding keeps the worry going."),
    ("Ring the surgery about the sleeping tablets", "Only they can say how to cut down safely."),
    ("Ask Dad if he can come along", "You said it is easier when somebody knows about it."),
)
# What the client reads after a review. Lines of "reviewed" are about what a worksheet shows; None: a free task.
REVIEWED = {
    ACTIVITY: (
        "We saw that going early works better for you.",
        "Your mood was higher after the walk than before it. That is worth knowing.",
        "You did the small ones on hard days too.",
    ),
    THOUGHT: (
        "You did this on hard days too. We looked at the second one together.",
        "You found facts on the other side that you had left out at first.",
        "The feeling eased when you saw the whole picture.",
    ),
    WORRIES: (
        "Two of these were worries you could act on, and you did.",
        "Most of them were about things that may never happen. You let some of them go.",
        "The worry was smaller once it stood on the page.",
    ),
    NIGHTS: (
        "You slept more than you thought on three nights.",
        "We saw that you get up at different times. That is our next step.",
        "You fell asleep faster on the nights you went to bed later.",
    ),
    FEARS: (
        "The fear went down while you stayed. That is worth knowing.",
        "You stayed although you wanted to leave. We go on with the next step.",
        "You used less to take your mind off it this time.",
    ),
    PROBLEM: (
        "You took the first step, and it went better than you had thought.",
        "We chose another way together, and you know what comes first.",
        "Writing down the ways made it less of a muddle.",
    ),
    None: ("You did it, and we talked about what came of it.", "Good to hear how it went."),
}
LINES = {
    "carry_over": ("It was a full week. We keep it as it is.", "The plan is good, so we try it again."),
    "make_smaller": ("We make the step smaller, so that it fits a bad day.", "Five minutes is enough for now."),
    "stop": ("This one has done its work.", "We leave this and try something else."),
}
NOTES = ("Brings own examples. Ask about Sunday.", "Prefers the short way.", "Partner supportive.", "")
QUESTIONS = (
    "Can we look at what to do when it happens at work?",
    "I am not sure I am doing the rating right.",
    "Could the next call be a bit later in the day?",
    "Is it normal that it gets worse at first?",
    "How do I tell my family what I am working on?",
    "What do I do in a week when I am away?",
    "Can I do two short ones instead of a long one?",
    "I had a good week. Do I still write it down?",
    "My GP asked about the tablets. Can we talk about that?",
    "What happens when our calls come to an end?",
    "I found it hard to find words. Is one word enough?",
    "Can my partner read the booklet too?",
)


FINISHED = ("We talked about it, and go on to the next thing.", "That was it. We look at what comes next together.")


def lines(mark: str, worksheet_id: str | None) -> tuple[str, ...]:
    """What can be said to the client with a mark, about this worksheet or a free task."""
    return REVIEWED[worksheet_id] if mark == "reviewed" else LINES[mark]


def fresh(choices: Sequence[str], said: set[str], rng: Random) -> str:
    """One of them that was not said to this client before, while there is one."""
    chosen = rng.choice([one for one in choices if one not in said] or list(choices))
    said.add(chosen)
    return chosen


BARRIER_WORDS = ("My shift changed.", "I slept badly.", "My son was ill.", "I did not know where to start.", "")
