"""What a colleague who takes over has to know, as plain text to read and to copy (trust.md B3, H20). No name in it."""

from server.assignments import queries as assignments
from server.caseload import queries as caseload
from server.dashboard import dates, ending_words, figures, presenters
from server.dashboard.agenda import waiting_words
from server.dashboard.agreeing import plan_rows, rhythm_words
from server.endings.rules import PLAN
from server.engagement import queries as engagement
from server.engagement.rules import interval_figures
from server.entries import queries as entries


def summary_of(client, episode, note: str, now) -> str:
    """What is agreed, the last interval with its barriers, open questions, and how the staying-well plan stands.

    Nothing of an entry's words is in it: what a client keeps for now stays theirs, and the rest is in the record.
    """
    agreed = assignments.of_client(client)
    lines = [f"As of {dates.day(dates.local_day(now, client.zone))}", "", "Agreed now", *_tasks(agreed), ""]
    lines += ["Since the last appointment", *_interval(client, episode, now)]
    waiting = waiting_words(client)
    lines += ["", "Questions to talk about", *([f"- {text}" for text in waiting] or ["- None"])]
    lines += ["", "Staying well", f"- {_staying_well(client, agreed)}"]
    return "\n".join(lines + (["", "From the practitioner before", note] if note else []))


def _tasks(agreed) -> list[str]:
    lines = []
    for one in agreed:
        if one.assignment.state != "open":
            continue
        title, reason = presenters.shown(one.version.title), presenters.shown(one.version.reason)
        lines.append(f"- {title} ({presenters.inside(rhythm_words(one.version.rhythm))}). Why: {reason}")
        lines += [f"  {label}: {presenters.shown(text)}" for label, text in plan_rows(one.version.plan or {})]
    return lines or ["- Nothing"]


def _interval(client, episode, now) -> list[str]:
    contact = entries.last_contacts([client.id])[client.id]
    told = engagement.told_in(client, episode, now, contact)
    intervals = assignments.intervals_of([episode], now)[episode.id]
    meetings = caseload.meetings_of([episode.id])[episode.id]
    held = interval_figures(told, intervals[-1] if intervals else None, meetings, now)
    barriers = figures.in_the_way(held)
    lines = [f"- {figures.headline(held)}. {figures.rest(held)}".strip()]
    lines += [f"- In the way: {presenters.inside(barriers)}"] if barriers else []
    return [*lines, f"- {ending_words.contact_words(contact, client.zone)}"]


def _staying_well(client, agreed) -> str:
    mine = [one for one in agreed if one.assignment.worksheet_id == PLAN]
    if not mine:
        return "No staying-well plan yet"
    written = [one for each in mine for one in entries.entries_of(client, each.assignment.id)]
    if written:
        return f"Staying-well plan last written {dates.day(dates.local_day(written[0].entry.happened_at, client.zone))}"
    return "Staying-well plan agreed, not written yet"
