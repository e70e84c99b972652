"""A plain-text summary of an appointment's work, to copy into the record system."""

from server.dashboard import dates, presenters


def summary_of(meeting, work, upcoming, zone: str) -> str:
    """Lines without a name: the record it is pasted into says whose it is."""
    lines = [
        f"Work between appointments, {presenters.inside(work.words)}",
        f"Appointment {dates.moment(meeting.starts_at, zone)}, {presenters.MODES[meeting.mode].lower()},"
        f" {presenters.ATTENDANCE[meeting.state].lower()}",
    ]
    for task in work.tasks:
        became = f"{presenters.inside(task.headline)} {task.rest}".strip()
        lines.append(f"- {presenters.shown(task.title)} ({presenters.inside(task.rhythm)}): {became}")
        in_the_way = [one.words.lower() for one in task.barriers if one.got_in_the_way]
        if in_the_way:
            lines.append("  In the way: " + presenters.listed(in_the_way))
        for one in task.reviewed:
            lines.append(
                f"  Reviewed: {one['mark'].lower()}" + (f". {presenters.shown(one['line'])}" if one["line"] else "")
            )
    if not work.tasks:
        lines.append("- Nothing was agreed for this time.")
    lines.append(work.contact)
    lines.append(f"Next appointment: {dates.moment(upcoming.starts_at, zone) if upcoming else 'none booked'}")
    return "\n".join(lines)
