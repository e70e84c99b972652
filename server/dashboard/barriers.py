"""What got in the way, as staff pages show it: the words, and one way to respond (worksheets/responses.yaml)."""

from server.assignments.rules import BARRIERS
from server.worksheets.responses import Response, responses

# What can be written down as having got in the way. That nothing happened is an answer of its own, and exempt.
NAMED = tuple(code for code in BARRIERS if code != "no_trigger")


def barrier(code: str, worksheet_id: str | None = None) -> Response:
    """A barrier by its code, with the response of this worksheet where it has one of its own."""
    return responses().of(code, worksheet_id)
