"""Decisions of supervision in words: for the practitioner's page, the supervisor's, and the note to copy."""

from datetime import date

from server.dashboard import dates
from server.supervision.queries import Decided

# Who does it, as the supervisee's name or word is put in; and what became of it.
WHO = {"supervisee": "{name}", "supervisor": "Supervisor", "nobody": "Nothing to do"}
STATES = {"open": "Open", "done": "Done", "not_done": "Not done"}


def decided(one: Decided, supervisee: str, zone: str, today: date) -> dict:
    """One decision: when, what, who does it by when, and what became of it. `supervisee`: a name, or You."""
    row = one.row
    return {
        "id": row.id,
        "day": dates.short_day(dates.local_day(row.recorded_at, zone)),
        "words": row.words or "",
        "who": WHO[row.who].format(name=supervisee),
        "by": f"by {dates.short_day(row.by_day)}" if row.by_day else "",
        "past": one.state == "open" and row.by_day is not None and row.by_day < today,
        "open": one.state == "open",
        "todo": row.who != "nobody",
        "state": STATES[one.state],
    }


def one_line(shown: dict) -> str:
    """A decision in a line of plain text: 16 Nov: ring before Friday. Ruth Adeyemi, by Fri 20 Nov. Open."""
    words = shown["words"].rstrip()
    ended = words if words.endswith((".", "!", "?")) else f"{words}."
    who = f"{shown['who']}{', ' + shown['by'] if shown['by'] else ''}."
    return f"{ended} {who}{' ' + shown['state'] + '.' if shown['todo'] else ''}"
