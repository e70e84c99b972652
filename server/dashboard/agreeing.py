"""The form in which a task is agreed: reason, plan and rhythm as they are typed, and as the domain takes them."""

from datetime import date

from marshmallow import ValidationError, fields, validates_schema

from server.assignments.rules import fewer_words
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
STARTERS = ("You told me that…", "You want to…", "We saw together that…", "This may help because…")
PARTS = ("when", "where", "with_whom", "how_long", "reminder", "obstacle", "then")
WEEKDAY_CODES = {str(n): name for n, name in enumerate(presenters.WEEKDAYS)}


class TaskForm(Typed):
    """What is agreed with a client, made together in the appointment."""

    worksheet = Words(longest=120)
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
    rhythm = OneOf(RHYTHMS, **needed("Choose how often."))
    times = Whole(1, 7)
    weekdays = fields.List(OneOf(WEEKDAY_CODES), load_default=list)
    from_date = Day(**needed("Enter the first day, like 22/11/2026."))
    until_date = Day()
    size = OneOf(presenters.SIZES, load_default="usual")

    @validates_schema
    def fits(self, values, **_):
        """What only shows when the answers are seen together."""
        wrong = {}
        if values.get("reason") and fewer_words(values["reason"]):
            wrong["reason"] = "Say in a few words why this task may help."
        if not values.get("worksheet") and not values.get("title"):
            wrong["title"] = "Enter what the client is going to do."
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
    if rhythm["kind"] in ("daily", "per_week"):
        rhythm["times"] = values.get("times") or (3 if rhythm["kind"] == "per_week" else 1)
    if rhythm["kind"] == "weekdays":
        rhythm["weekdays"] = _weekdays(values)
    return rhythm


def new_task(worksheet, today: date, until: date | None) -> Form:
    """The form before anything is typed, with the worksheet's own rhythm."""
    default = worksheet.rhythms["default"] if worksheet else {"kind": "once"}
    return blank(
        worksheet=worksheet.id if worksheet else "",
        rhythm=default["kind"],
        times=default.get("times"),
        weekdays=default.get("weekdays") or [],
        from_date=today.isoformat(),
        until_date=until.isoformat() if until else None,
        size="usual",
    )


def task_as_typed(version) -> Form:
    """The form filled in with what is agreed now, to change it."""
    plan, rhythm = version.plan or {}, version.rhythm
    return blank(
        title=version.title,
        reason=version.reason,
        **{part: plan.get(part) for part in (*PARTS, "confidence", "at")},
        rhythm=rhythm["kind"],
        times=rhythm.get("times"),
        weekdays=rhythm.get("weekdays") or plan.get("weekdays") or [],
        from_date=version.from_date.isoformat(),
        until_date=version.until_date.isoformat() if version.until_date else None,
        size=version.size,
    )


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


def _weekdays(values: dict) -> list[int]:
    return sorted(int(code) for code in values["weekdays"])
