"""The practice check-in by both, and the takeaway in the client's words with what was agreed beside it."""

from server.dashboard import presenters
from server.dashboard.agreeing import plan_rows, rhythm_words
from server.dashboard.forms import blank
from server.entries import personal
from server.reviews import ratings

# clinical.md A4, pwp_amount and pwp_quality, in words of our own.
AMOUNT = {"0": "Nothing", "1": "A little", "2": "About half", "3": "Most", "4": "All or more"}
QUALITY = {"0": "Not well", "1": "A little", "2": "Partly", "3": "Well", "4": "Very well"}


def both_sides(client, interval, meeting, theirs: dict | None, form=None) -> dict:
    """The client's check-in and the practitioner's rating of the same interval, side by side."""
    made = ratings.ratings_of(client)
    held = ratings.rating_of(made, interval) or _made_here(made, meeting)
    kept = {"amount": held.amount, "quality": held.quality} if held else {}
    return {
        "theirs": theirs,
        "ours": [
            (label, words[str(kept[name])])
            for name, label, words in (("amount", "How much was done", AMOUNT), ("quality", "How well", QUALITY))
            if kept.get(name) is not None
        ],
        "form": form or blank(prefix="rating-", **kept),
        "amounts": presenters.options(AMOUNT),
        "qualities": presenters.options(QUALITY),
    }


def takeaway_shown(client, meeting, form=None) -> dict:
    """The takeaway of an appointment, and who wrote it down."""
    held = {str(key): row for key, row in personal.takeaways_of(client).items()}.get(meeting.appointment_id)
    words = held.words if held else ""
    return {
        "words": words,
        "by": "Written down by staff" if held and held.entered_by == "practitioner" else "Written by the client",
        "form": form or blank(prefix="takeaway-", words=words),
    }


def _made_here(made: list, meeting):
    """One made in this appointment, where no interval is open to hold it yet."""
    return next((one for one in made if str(one.appointment_id) == meeting.appointment_id), None)


def agreed_here(agreed, meeting) -> list[dict]:
    """What was `agreed` in this appointment and still is, with its plan: what the takeaway led to."""
    return [
        {
            "id": str(one.assignment.id),
            "title": one.version.title,
            "rhythm": rhythm_words(one.version.rhythm),
            "plan": plan_rows(one.version.plan or {}),
        }
        for one in agreed
        if str(one.assignment.agreed_in or "") == meeting.appointment_id and one.assignment.state == "open"
    ]
