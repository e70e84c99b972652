"""What of a client was put aside, for staff to see: its words too, where they can be read and only its work is gone."""

from server.dashboard import dates, presenters
from server.dashboard.answer_rows import rows_of
from server.entries import queries as entries
from server.entries.unplaced import Unplaced, unplaced_of

NOT_HERE = "It is about work that is not here, as after an older copy of the database was put back."


def put_aside_of(client, zone: str) -> list[dict]:
    """What nobody has marked as seen, newest first: when it came, why it is here, and what may be read of it."""
    waiting = entries.quarantined_of(client, unseen_only=True)
    readable = unplaced_of(client) if waiting else {}
    return [_shown(one, readable.get(one.id), zone) for one in waiting]


def unplaced_shown(client, zone: str) -> list[dict]:
    """What may be read of it, whether or not somebody marked it as seen: it stays where entries are read."""
    readable = unplaced_of(client)
    aside = entries.quarantined_of(client) if readable else []
    return [{**_shown(one, readable[one.id], zone), "id": None} for one in aside if one.id in readable]


def _shown(one, read: Unplaced | None, zone: str) -> dict:
    shown = {"id": one.id, "when": dates.moment(one.received_at, zone), "what": presenters.QUARANTINE[one.reason]}
    if read is None:
        return {**shown, "rows": []}
    rows = _said(read) if read.said.subject_kind == "answer" else rows_of(read.worksheet, read.answers)
    title = read.worksheet.title if read.worksheet else "A task"
    lived = dates.moment(read.said.happened_at, read.said.happened_zone)
    return {**shown, "what": NOT_HERE, "rows": [("What", f"{title}, {lived}"), *rows]}


def _said(read: Unplaced) -> list[tuple[str, str]]:
    words = read.answers.get("words")
    told = [("They said", presenters.TOLD[read.answers["answer"]])]
    return [*told, ("In their words", words)] if isinstance(words, str) and words else told
