"""A plain-text summary of an appointment's work, to copy into the record system."""

from server.dashboard import dates, presenters
from server.dashboard.agenda import one_line


def summary_of(
    meeting, upcoming, zone: str, *, work, in_the_way, check_in, takeaway, agreed, measures, agenda, **_
) -> str:
    """Lines without a name: the record it is pasted into says whose it is. From the parts of the page."""
    lines = [
        f"Appointment {dates.moment(meeting.starts_at, zone)}, {presenters.MODES[meeting.mode].lower()},"
        f" {presenters.ATTENDANCE[meeting.state].lower()}",
        f"Work between appointments, {presenters.inside(work.words)}{_together(work)}",
    ]
    for task in work.tasks:
        lines += _task(task, in_the_way.get(task.id, []))
    if not work.tasks:
        lines.append("- Nothing was agreed for this time.")
    lines.append(f"{work.contact}.")
    lines += _check_in(check_in)
    lines += [f"Wants to talk about: {_one_line(one_line(one['about'], one['text']))}" for one in agenda["waiting"]]
    if takeaway["words"]:
        lines.append(f"Takes away: “{_one_line(takeaway['words'])}”")
    lines += [_next(task) for task in agreed]
    if measures["cards"]:
        lines.append("Scores: " + "; ".join(_score(card) for card in measures["cards"]))
    lines.append(f"Next appointment: {dates.moment(upcoming.starts_at, zone) if upcoming else 'none booked'}")
    return "\n".join(lines)


def _together(work) -> str:
    """All tasks in one figure, where there are several."""
    return f": {presenters.inside(work.headline)}. {work.rest}".rstrip() if len(work.tasks) > 1 else ""


def _task(task, barriers) -> list[str]:
    became = f"{presenters.inside(task.headline)} {task.rest}".strip()
    lines = [f"- {_one_line(task.title)} ({presenters.inside(task.rhythm)}): {became}"]
    named = [
        one.barrier.words.lower() + (f" ({presenters.inside(one.done)})" if one.done else "")
        for one in barriers
        if one.in_the_way
    ]
    if named:
        lines.append("  In the way: " + presenters.listed(named))
    for one in task.reviewed:
        lines.append(f"  Reviewed: {one['mark'].lower()}" + (f". {_one_line(one['line'])}" if one["line"] else ""))
    return lines


def _check_in(check_in) -> list[str]:
    theirs = [f"{label} {text}" for label, text in (check_in["theirs"] or {"rows": []})["rows"]]
    ours = [f"{label.lower()}: {text.lower()}" for label, text in check_in["ours"]]
    found = [("Check-in by the client", theirs), ("As the practitioner sees it", ours)]
    return [f"{who}: {'; '.join(said)}" for who, said in found if said]


def _next(task: dict) -> str:
    """Next task: Worry time (once a day). When: after lunch; Where: at my desk."""
    plan = "; ".join(f"{label}: {_one_line(str(text))}" for label, text in task["plan"])
    return f"Next task: {_one_line(task['title'])} ({presenters.inside(task['rhythm'])})." + (
        f" {plan}" if plan else ""
    )


def _score(card: dict) -> str:
    band = f", {card['band']}" if card["band"] else ""
    since = f", since {card['first']} it {card['change']}" if card["first"] and not card["until"] else ""
    return f"{card['name']} {card['value']}{band} ({card['day']}){since}"


def _one_line(text: str) -> str:
    return " ".join(presenters.shown(text).split())
