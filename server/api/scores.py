"""What of a push may be a measure: the entries it touched, as they are shown now, as the scorer takes them."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from server.assignments.queries import Ground, whose
from server.caseload.queries import open_episode
from server.entries.actions import Received
from server.entries.queries import EntryView, shown_of
from server.measures.from_clients import FilledIn, is_measure
from server.worksheets.library import library


def filled_in(client, received: Received, now: datetime) -> list[FilledIn]:
    """Every touched entry that may be a measure. Removing and sharing name no worksheet, so those are looked at too."""
    touched = {read.entry_id for read in received.of("entry") if read.kind == "delete" or _may_be(read)}
    touched |= {UUID(read.payload["entry_id"]) for read in received.of("sharing") if read.kind != "delete"}
    if not touched:
        return []
    views = [one for one in shown_of(client, touched) if one.revision.practitioner_id is None]
    grounds = whose(client.id, {one.revision.assignment_id for one in views if one.revision.assignment_id})
    return [_filled_in(client, one, grounds, now) for one in views]


def _may_be(read) -> bool:
    return bool(read.form_key) and is_measure(library().get(read.form_key, read.form_version or 0))


def _filled_in(client, one: EntryView, grounds: dict, now: datetime) -> FilledIn:
    ground = grounds.get(one.revision.assignment_id)
    episode = None if ground else open_episode(client.id)
    return FilledIn(
        entry_id=one.entry.entry_id,
        revision_id=one.revision.revision_id,
        worksheet=one.worksheet,
        answers=None if one.entry.deleted else one.answers,
        taken_on=_day(client, one, ground, now),
        episode_id=ground.episode_id if ground else episode and episode.id,
    )


def _day(client, one: EntryView, ground: Ground | None, now: datetime) -> date:
    """The day by the client's own wall, from the day it was agreed (else the day it came) to today.

    A phone whose clock is wrong makes no score of a day to come, and none that stands before all the others.
    """
    zone = ZoneInfo(client.zone)
    earliest = ground.agreed_on if ground else one.entry.first_received_at.astimezone(zone).date()
    said, today = date.fromisoformat(one.revision.happened_local[:10]), now.astimezone(zone).date()
    return min(max(said, earliest), today)
