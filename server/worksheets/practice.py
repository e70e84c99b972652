"""Which worksheets are practice, and which ask about it: by the family a worksheet belongs to, never by its name."""

from __future__ import annotations

# Folders of what is filled in about the work, or about the person: rated, never counted as work (clinical.md F3.8).
ABOUT_PRACTICE = ("check-ins", "measures-imported")


def is_practice(worksheet_id: str | None) -> bool:
    """Whether doing it is work between appointments. A free task, an own task and any other worksheet is."""
    return worksheet_id is None or worksheet_id.partition("/")[0] not in ABOUT_PRACTICE
