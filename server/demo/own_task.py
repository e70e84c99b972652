"""The one task that practitioners of the demonstration built for themselves."""

from datetime import datetime
from uuid import UUID

from server.demo.so_far import staff_of
from server.worksheets.own_actions import make
from server.worksheets.own_building import Question, Typed
from server.worksheets.own_queries import FAMILY

BUS = Typed(
    title="A bus ride on my own",
    summary="Take one short bus ride, and note how it went.",
    why="Each ride shows what happens when you stay on. It often gets a little less hard.",
    how=("Pick a quiet time and a short ride.", "Sit where you like.", "Stay on until your stop.", "Note how it was."),
    minutes=2,
    rhythm="per_week",
    times=2,
    done="all",
    questions=(
        Question("choice", "How far did you go?", ("One stop", "A few", "All the way"), required=True, risk=False),
        Question("scale", "How anxious were you?", low="Not at all", high="As can be", required=True, risk=False),
        Question("text", "What did you notice?", risk=False, example="I looked out of the window and it passed."),
    ),
)  # fmt: skip


def build_own(service_id: UUID, now: datetime) -> str:
    """Build it, as the first practitioner of the service. Its name, as it stands in addresses."""
    return make(typed=BUS, by=staff_of(service_id)[0], now=now).worksheet_id.removeprefix(f"{FAMILY}/")
