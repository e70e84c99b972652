"""The form in which a task is agreed: reason, plan and rhythm as they are typed, and as the domain takes them."""

import re
from datetime import date

from marshmallow import ValidationError, fields, pre_load, validates_schema
from werkzeug.datastructures import MultiDict

from server.assignments.rules import fewer_words, needs_when
from server.dashboard import presenters
from server.dashboard.forms import Day, Form, OneOf, Typed, WallTime, Whole, Words, blank, needed

RHYTHMS = {
    "once": "Once",
    "daily": "Every day",
    "per_week": "A number of times a week, on any days",
    "weekdays": "On chosen weekdays",
    "weekly": "Once a week",
    "per_appointment": "Once before each appointment",
    "monthly": "Once a month",
    "event": "Whenever it happens",
}
# Boxes that belong to one rhythm, and stand under it on the page.
ONLY_WITH = {
    "times_daily": "daily",
    "times_per_week": "per_week",
    "weekdays": "weekdays",
    "planned_per_week": "per_week",
    "planned_weekly": "weekly",
}
USUAL_TIMES = {"daily": 1, "per_week": 3}
# How often is said by the rhythm: a size that says it too would contradict it.
HOW_OFTEN = re.compile(
    r"\b(once|twice|\w+ times|\w+ (mornings|evenings|nights|days) of|most days"
    r"|(each|every) (day|morning|evening|night|week)|\w+ a (day|week)|this week|daily)\b",
    re.IGNORECASE,
)
SIZES_ALONE = {
    "small": "A part of it, or a few minutes.",
    "usual": "The whole of it.",
    "bigger": "More than the usual.",
}
PARTS = ("when", "where", "with_whom", "how_long", "reminder", "obstacle", "then")
WEEKDAY_CODES = {str(n): name for n, name in enumerate(presenters.WEEKDAYS)}


class TaskForm(Typed):
    """What is agreed with a client, made together in the appointment."""

    worksheet = Words(longest=120)
    again = Words(longest=36)  # the assignment it is repeated from
    title = Words(longest=120)
    reason = Words(longest=600, **needed("Say why this task may help. The client sees it first."))
    when = Words(longest=200, load_default="")
    where = Words(longest=200, load_default="")
    with_whom = Words(longest=200, load_default="")
    how_long = Words(longest=200, load_default="")
    reminder = Words(longest=200, load_default="")
    obstacle = Words(longest=400, load_default="")
    then = Words(longest=400, load_default="")
    confidence = Whole(0, 10)
    at = WallTime()
    move_reminder = fields.List(OneOf({"1": ""}), load_default=list)
    rhythm = OneOf(RHYTHMS, **needed("Choose how often."))
    times_daily = Whole(1, 7)
    times_per_week = Whole(1, 7)
    weekdays = fields.List(OneOf(WEEKDAY_CODES), load_default=list)
    planned_per_week = fields.List(OneOf(WEEKDAY_CODES), load_default=list)
    planned_weekly = fields.List(OneOf(WEEKDAY_CODES), load_default=list)
    from_date = Day(**needed("Enter the first day, like 22/11/2026."))
    until_date = Day()
    size = OneOf(presenters.SIZES, load_default="usual")

    @pre_load
    def from_form(self, typed: MultiDict, **more) -> dict:
        """What stands under a rhythm that was not chosen is not part of what was agreed."""
        given = super().from_form(typed, **more)
        chosen = given.get("rhythm")
        return {name: value for name, value in given.items() if ONLY_WITH.get(name, chosen) == chosen}

    @validates_schema
    def fits(self, values, **_):
        """What only shows when the answers are seen together."""
        wrong = {}
        if values.get("reason") and fewer_words(values["reason"]):
            wrong["reason"] = "Say in a few words why this task may help."
        if not values.get("worksheet") and not values.get("title"):
            wrong["title"] = "Enter what the client is going to do."
        if needs_when(values.get("rhythm") or "", plan_of(values)):
            wrong["when"] = "Say when: words like “after breakfast”, or a time."
        if values.get("rhythm") == "weekdays" and not values["weekdays"]:
            wrong["weekdays"] = "Choose at least one weekday."
        if values.get("until_date") and values.get("from_date") and values["until_date"] < values["from_date"]:
            wrong["until_date"] = "The last day is before the first day."
        if wrong:
            raise ValidationError(wrong)


def plan_of(values: dict) -> dict:
    """The plan as it is kept (docs/protocol.md)."""
    plan = {part: values.get(part) or "" for part in PARTS}
    plan["confidence"] = values.get("confidence")
    plan["at"] = values["at"].strftime("%H:%M") if values.get("at") else None
    plan["weekdays"] = _weekdays(values) or None
    return plan


def rhythm_of(values: dict) -> dict:
    """The rhythm as it is kept (docs/protocol.md)."""
    rhythm: dict = {"kind": values["rhythm"]}
    if rhythm["kind"] in USUAL_TIMES:
        rhythm["times"] = values.get(f"times_{rhythm['kind']}") or USUAL_TIMES[rhythm["kind"]]
    if rhythm["kind"] == "weekdays":
        rhythm["weekdays"] = _weekdays(values)
    return rhythm


def new_task(worksheet, today: date, until: date | None) -> Form:
    """The form before anything is typed, with the worksheet's own rhythm."""
    default = worksheet.rhythms["default"] if worksheet else {"kind": "once"}
    return blank(
        worksheet=worksheet.id if worksheet else "",
        **_rhythm_as_typed(default, default.get("weekdays") or []),
        from_date=today.isoformat(),
        until_date=until.isoformat() if until else None,
        size="usual",
    )


def complete(form: Form) -> bool:
    """Whether a form that was filled in for somebody could be agreed as it stands; its values are read then."""
    try:
        form.values = TaskForm().load(form.typed)
    except ValidationError:
        return False
    return True


def task_as_typed(version) -> Form:
    """The form filled in with what is agreed now, to change it."""
    plan, rhythm = version.plan or {}, version.rhythm
    return blank(
        title=version.title,
        reason=version.reason,
        **{part: plan.get(part) for part in (*PARTS, "confidence", "at")},
        **_rhythm_as_typed(rhythm, rhythm.get("weekdays") or plan.get("weekdays") or []),
        from_date=version.from_date.isoformat(),
        until_date=version.until_date.isoformat() if version.until_date else None,
        size=version.size,
    )


def _rhythm_as_typed(rhythm: dict, weekdays: list) -> dict:
    """A rhythm with its own number and days; the other rhythms start from what is usual for them."""
    kind = rhythm["kind"]
    times = {**USUAL_TIMES, **({kind: rhythm["times"]} if kind in USUAL_TIMES and rhythm.get("times") else {})}
    days = {"weekdays": "weekdays", "per_week": "planned_per_week", "weekly": "planned_weekly"}
    return {
        "rhythm": kind,
        **{f"times_{one}": count for one, count in times.items()},
        **({days[kind]: weekdays} if kind in days else {}),
    }


def rhythm_words(rhythm: dict) -> str:
    """3 times a week · on Monday and Thursday · every day."""
    kind, times = rhythm["kind"], rhythm.get("times") or 1
    if kind == "per_week":
        return "Once a week" if times == 1 else f"{times} times a week"
    if kind == "daily":
        return "Every day" if times == 1 else f"{times} times a day"
    if kind == "weekdays":
        return "On " + presenters.listed([presenters.WEEKDAYS[n] for n in rhythm.get("weekdays") or []])
    return RHYTHMS[kind]


def allowed_rhythms(worksheet) -> list[dict]:
    """The rhythms a worksheet allows; a free task allows all."""
    allowed = worksheet.rhythms["allowed"] if worksheet else list(RHYTHMS)
    return [{"value": code, "text": text} for code, text in RHYTHMS.items() if code in allowed]


def size_choices(worksheet) -> list[dict]:
    """The sizes, each with what the worksheet says of it; how often is left to the rhythm."""
    said = (worksheet.sizes if worksheet else None) or {}
    return [
        {"value": code, "text": text, "hint": {"text": _size_words(said.get(code, ""), code)}}
        for code, text in presenters.SIZES.items()
    ]


def _size_words(text: str, code: str) -> str:
    return SIZES_ALONE[code] if not text or HOW_OFTEN.search(text) else text


def plan_rows(plan: dict) -> list[tuple[str, str]]:
    """A plan as (label, text), what is empty left out."""
    words = (
        ("When", _when(plan)), ("Where", plan.get("where")), ("With whom", plan.get("with_whom")),
        ("How long", plan.get("how_long")), ("What will remind me", plan.get("reminder")),
        ("What could get in the way", plan.get("obstacle")), ("Then I will", plan.get("then")),
    )  # fmt: skip
    rows = [(label, text) for label, text in words if text]
    sure = plan.get("confidence")
    return rows + ([("How sure I am", f"{sure} out of 10")] if sure is not None else [])


def _when(plan: dict) -> str:
    days = presenters.listed([presenters.WEEKDAYS[n] for n in plan.get("weekdays") or []])
    return ", ".join(part for part in (plan.get("when"), days, f"at {plan['at']}" if plan.get("at") else "") if part)


def _weekdays(values: dict) -> list[int]:
    """The days of the rhythm, or those on which they plan to do it: in the order of the week."""
    days = next((values[name] for name in ("weekdays", "planned_per_week", "planned_weekly") if values[name]), [])
    return sorted(int(code) for code in days)
