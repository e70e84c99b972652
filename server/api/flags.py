"""What of a push may raise a flag about risk: each state of a filled-in worksheet, as safety takes it."""

from collections.abc import Iterator
from datetime import datetime

from server.entries.actions import Received
from server.entries.rules import effective_at
from server.safety.actions import Answered


def answered(received: Received, sent_at: datetime | None, now: datetime) -> Iterator[Answered]:
    """Every stored state of an entry that names its worksheet, oldest first. Deleting one says nothing about risk."""
    for read in received.of("entry"):
        if read.kind != "delete" and read.form_key:
            yield Answered(
                entry_id=read.entry_id,
                revision_id=read.revision_id,
                assignment_id=read.assignment_id,
                worksheet_id=read.form_key,
                worksheet_version=read.form_version or 0,
                answers=read.payload["answers"],
                safe_now=read.payload.get("safe_now"),
                saved_at=effective_at(read.created_at, sent_at, now),
            )
