"""The page on which a task is agreed or changed: what the form offers, and where somebody begins to type."""

from uuid import UUID

from flask import request

from server.caseload import queries as caseload
from server.dashboard.agreeing import WEEKDAY_CODES, allowed_rhythms, size_choices
from server.dashboard.amount import load_words
from server.dashboard.forms import Form
from server.dashboard.pages import page
from server.dashboard.reminder_time import reminder_at
from server.dashboard.shelf import risk_allowed, together_why

STARTERS = ("You told me that…", "You want to…", "We saw together that…", "This may help because…")


def task_page(
    client, worksheet, form: Form, preview: dict | None = None, made: str = "", focus: str | None = None
) -> str:
    """The page for agreeing. `made`: what a button has just done to the form, in words; `focus`: where it was."""
    return page(
        "dashboard/agree_task.html", client=client, worksheet=worksheet, form=form, preview=preview, made=made,
        appointment=agreed_in(), together_why=together_why(worksheet, risk_allowed()), repeats=form.text("again"),
        reminder_at=reminder_at(client), load=load_words(client),
        focus=focus or focus_of(form, worksheet, preview, bool(made)), **choices(worksheet),
    )  # fmt: skip


def focus_of(form: Form, worksheet, preview, made: bool) -> str:
    """The first box that has to be filled in; the button once nothing is missing; none where the errors take it.

    After a smaller step they are asked anew how sure they are.
    """
    if form.errors:
        return ""
    if made and preview and preview["shrink"]:
        return "confidence"
    wanted = [*(() if worksheet else ("title",)), "reason", *(() if form.text("at") else ("when",))]
    return next((name for name in wanted if not form.text(name).strip()), "agree" if preview else "reason")


def choices(worksheet) -> dict:
    """What the form offers besides boxes to type in."""
    return {
        "starters": STARTERS,
        "rhythms": allowed_rhythms(worksheet),
        "weekdays": [{"value": code, "text": name} for code, name in WEEKDAY_CODES.items()],
        "sizes": size_choices(worksheet),
    }


def begin_reason(form: Form, number: str) -> None:
    """Put a starter sentence into the reason, after what is typed there."""
    if number.isdecimal() and int(number) < len(STARTERS):
        begun = STARTERS[int(number)].removesuffix("…") + " "
        form.typed["reason"] = f"{form.text('reason')} {begun}".lstrip()


def agreed_in() -> str:
    """The appointment that the address names; "" for none."""
    given = request.args.get("appointment", "")
    try:
        return str(UUID(given)) if given else ""
    except ValueError:
        return ""


def appointment_here(episode) -> UUID | None:
    """The appointment this is agreed in, when the address names one of this episode."""
    given = agreed_in()
    if not given:
        return None
    caseload.meeting_of(episode, UUID(given))
    return UUID(given)
