"""What invented people write into worksheets: whole, short or half-filled, always readable by the definition."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from server.demo.agreements import ACTIVITY, FEARS, NIGHTS, PROBLEM, THOUGHT, WORRIES

Answers = dict[str, Any]

MOMENTS = (
    # situation, feeling, thought, for, against, balanced
    ("My manager asked to talk on Monday.", "Worried", "I am about to lose my job.",
     "There was a round of cuts last year.", "My last review was good. She asks everybody to talk.",
     "It may be about the rota. If it is not, I can ask what they need."),
    ("A friend did not answer my message.", "Sad", "Nobody wants to hear from me.",
     "She has not written for two days.", "She rang on Sunday. She is on nights this week.",
     "She is busy. People do write back to me, mostly."),
    ("I burned the rice and my mother-in-law was there.", "Ashamed", "I can't do anything right.",
     "It was burned.", "She laughed and ate it. I cooked for twelve at Eid and it was lovely.",
     "One pan went wrong. Most of what I cook is fine."),
    ("Sitting in the car outside the school gate.", "Anxious", "The other parents think I am odd.",
     "I do not talk much.", "Two of them asked if we come to the party.",
     "I am quiet, and some of them seem to like me."),
    ("The letter from the council came.", "Scared", "We will be out on the street.",
     "We are one month behind.", "They offered a plan. My brother said he can help once.",
     "It is serious, and there are steps before that."),
    ("Band practice, I came in at the wrong place.", "Angry", "I ruin it for everyone.",
     "They had to start again.", "Everybody missed one tonight. Nobody said anything.",
     "I made one mistake in two hours."),
    ("I could not get up until eleven.", "Low", "I am lazy.",
     "The bed won.", "I got up for work all week. I have slept badly since Tuesday.",
     "I was tired out. Lazy people do not mind."),
)  # fmt: skip
WORRY_LINES = (
    ("The car may not pass its test.", "practical", "Ring the garage on Tuesday at 9."),
    ("What if my son is ill when I am at work?", "hypothetical", ""),
    ("I have not answered the school's letter.", "practical", "Write two lines tonight after tea."),
    ("What if the pain is something bad?", "hypothetical", ""),
    ("Money for the boiler.", "practical", "Look up the warm home grant."),
    ("My daughter drives home in the dark.", "hypothetical", ""),
    ("Did I upset Karim?", "not_sure", ""),
    ("The interview on Friday.", "practical", "Practise two answers with Jo."),
)
ACTIVITIES = (
    ("Walk round the park", "enjoyable", "small"),
    ("Coffee with Denise", "enjoyable", "usual"),
    ("Wash up before bed", "routine", "small"),
    ("Open the post", "necessary", "small"),
    ("Allotment, one hour", "enjoyable", "bigger"),
    ("Swim ten lengths", "enjoyable", "usual"),
    ("Ring the dentist", "necessary", "small"),
    ("Friday prayers", "routine", "usual"),
    ("Sort one kitchen drawer", "necessary", "small"),
    ("Play cards with Dad", "enjoyable", "usual"),
)
STEPS = (
    "Stand in the queue at the chemist.",
    "Ride the bus for two stops.",
    "Say one thing in the team meeting.",
    "Ride the lift to the second floor.",
    "Sit in the café by the window.",
    "Look at pictures of spiders for ten minutes.",
    "Walk past the dog in number 14.",
)
LEARNED = (
    "It went down sooner than I thought.",
    "My heart was fast and nothing happened.",
    "I wanted to leave at five minutes. At fifteen it was easier.",
    "",
)
PROBLEMS = (
    ("Rent is two months behind.", ("Ring the housing office", "Go to the advice centre", "Wait"),
     "Open the last letter and ring the number on it.", "Thursday at 10"),
    ("The neighbours are loud after midnight.", ("Write a note", "Talk to them", "Ear plugs"),
     "Knock on Saturday afternoon with a cake.", "Saturday at 3"),
    ("No time for my own things.", ("Swap one shift", "Ask my sister to fetch the boys", "Say no to overtime"),
     "Ask Leanne to swap the Wednesday.", "Monday before the shift"),
    ("I owe my brother money and avoid him.", ("Pay part of it", "Tell him how it is", "Keep out of his way"),
     "Send 20 now and ring him on Sunday.", "Sunday evening"),
)  # fmt: skip


def write(worksheet_id: str, day: date, rng: Random, how: str) -> Answers:
    """Answers for one worksheet on one day. `how`: whole (its done rule holds), short, or started."""
    return WRITERS[worksheet_id](day, rng, how)


def _thought(day: date, rng: Random, how: str) -> Answers:
    situation, feeling, thought, fits, against, balanced = rng.choice(MOMENTS)
    before = rng.randrange(50, 96, 5)
    answers: Answers = {"date": day.isoformat(), "situation": situation, "feeling": feeling}
    if how == "started":
        return answers
    answers |= {"feeling_before": before, "hot_thought": thought}
    if how == "short":
        return answers
    belief = rng.randrange(50, 96, 5)
    return answers | {
        "thoughts": [{"thought": thought, "belief": belief}],
        "belief_before": belief,
        "evidence_for": fits,
        "evidence_against": against,
        "balanced": balanced,
        "balanced_belief": rng.randrange(30, 81, 5),
        "belief_after": max(belief - rng.randrange(10, 51, 5), 0),
        "feeling_after": max(before - rng.randrange(5, 51, 5), 0),
    }


def _worry(day: date, rng: Random, how: str) -> Answers:
    worry, kind, next_step = rng.choice(WORRY_LINES)
    answers: Answers = {"date": day.isoformat(), "worry": worry, "anxiety": rng.randint(3, 9)}
    if how == "started":
        return answers
    answers["kind"] = kind
    if how == "whole" and kind == "practical":
        answers |= {"next_step": next_step, "anxiety_after": rng.randint(1, 6)}
    if how == "whole" and kind == "hypothetical":
        answers["let_go"] = rng.choice(("worry_time", "not_yet"))
    return answers


def _activity(day: date, rng: Random, how: str) -> Answers:
    chosen = rng.sample(ACTIVITIES, 1 if how == "short" else rng.randint(2, 4))
    planned = []
    for number, (what, kind, size) in enumerate(chosen):
        one: Answers = {"what": what, "day": (day - timedelta(days=number)).isoformat(), "kind": kind, "size": size}
        one["expected_mood"] = rng.randint(3, 6)
        if how == "whole":
            one["did_it"] = rng.choices(("yes", "some", "no"), (6, 3, 1))[0]
        if one.get("did_it") in ("yes", "some"):
            one |= {"mood_before": rng.randint(2, 5), "mood_after": rng.randint(4, 8), "enjoyment": rng.randint(2, 8)}
        planned.append(one)
    return {"activities": planned}


def _night(day: date, rng: Random, how: str) -> Answers:
    bed = rng.choice(("22:30", "23:00", "23:30", "00:15"))
    answers: Answers = {"date": day.isoformat(), "into_bed": bed}
    if how == "started":
        return answers
    answers |= {"out_of_bed": rng.choice(("06:45", "07:15", "08:00")), "quality": rng.randint(0, 4)}
    if how == "short":
        return answers
    woke = rng.random() < 0.6
    answers |= {"tried_to_sleep": bed, "sol_min": rng.randrange(10, 91, 5), "woke": woke, "final_wake": "06:30"}
    return answers | ({"awakenings": rng.randint(1, 4), "waso_min": rng.randrange(10, 71, 5)} if woke else {})


def _fears(day: date, rng: Random, how: str) -> Answers:
    before = rng.randrange(50, 91, 5)
    answers: Answers = {"date": day.isoformat(), "step": rng.choice(STEPS)}
    if how == "started":
        return answers | {"anxiety_before": before}
    answers |= {"anxiety_before": before, "anxiety_end": max(before - rng.randrange(10, 56, 5), 0)}
    if how == "short":
        return answers
    return answers | {
        "peak": min(before + rng.randrange(0, 16, 5), 100),
        "minutes": rng.randrange(15, 46, 5),
        "stayed": rng.random() < 0.75,
        "distraction": rng.choice(("none", "some", "some", "lots")),
        "learned": rng.choice(LEARNED),
    }


def _problem(day: date, rng: Random, how: str) -> Answers:
    problem, ways, what, when = rng.choice(PROBLEMS)
    answers: Answers = {"date": day.isoformat(), "problem": problem}
    if how == "started":
        return answers
    answers |= {"chosen": ways[0], "plan_what": what, "plan_when": when}
    if how == "short":
        return answers
    return answers | {
        "ways": [{"way": way} for way in ways],
        "done_on": day.isoformat(),
        "result": rng.choice(("solved", "better", "better", "same")),
        "learned": "It was easier than the weeks of not doing it.",
    }


WRITERS: dict[str, Callable[[date, Random, str], Answers]] = {
    ACTIVITY: _activity,
    THOUGHT: _thought,
    WORRIES: _worry,
    NIGHTS: _night,
    FEARS: _fears,
    PROBLEM: _problem,
}
