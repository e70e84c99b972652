"""How reminders go, as lines that a monitor reads. Counts only, over all services of the installation."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from server.reminders import vitals, watching
from server.reminders.vitals import Trouble
from server.reminders.watching import Refusal, Watch

BACK = timedelta(hours=1)
HELP = {
    "waiting": "Reminders that are due and have not gone out, with those that wait for another try",
    "held_up": "Of those, how many wait for another try, by way and cause",
    "oldest_due_seconds": "How long the oldest of those has waited",
    "sent": "Reminders due in the last hour that a message service took",
    "late": "Of those, taken more than 2 minutes after they were due",
    "expired": "Reminders due in the last hour that were too late to be sent",
    "failed": "Reminders due in the last hour that did not go through, by cause",
    "held_back": "Reminders due in the last hour that were not wanted any more, by reason",
    "taken_over": "Reminders taken again after a worker died; Topic and tag hide a repeat",
    "refused": "Messages refused for good, by message service, cause and answer; each needs somebody",
    "trouble": "Clients whose reminders do not go out now, by cause; the signal is silent meanwhile",
    "step_trouble": "1 for a step that did not go well of late; the signal is silent meanwhile",
    "resting": "Message services that are left alone for a while",
}


def written(now: datetime) -> str:
    """The lines of this moment, in the text format of Prometheus."""
    seen, troubles = watching.watch(now, BACK), vitals.troubles(now)
    return "\n".join(lines_of(seen, len(watching.resting(now)), troubles)) + "\n"


def lines_of(seen: Watch, resting: int, troubles: Sequence[Trouble]) -> Iterator[str]:
    """Each figure with what it means."""
    yield from _one("waiting", {"": seen.waiting})
    yield from _one("held_up", {f'{{channel="{way}",cause="{why}"}}': n for (way, why), n in seen.held_up.items()})
    yield from _one("oldest_due_seconds", {"": seen.oldest_seconds})
    yield from _one("sent", {"": seen.sent})
    yield from _one("late", {"": seen.late})
    yield from _one("expired", {"": seen.expired})
    yield from _one("failed", {f'{{channel="{way}",cause="{why}"}}': n for (way, why), n in seen.failed.items()})
    yield from _one("held_back", {f'{{cause="{why}"}}': n for why, n in seen.not_wanted.items()})
    yield from _one("taken_over", {"": seen.taken_over})
    yield from _one("refused", {_refused(one): n for one, n in seen.refused.items()})
    hurt = {f'{{channel="{one.channel}",cause="{one.cause}"}}': one.clients for one in troubles if one.channel}
    yield from _one("trouble", hurt)
    steps = {one.cause for one in troubles if not one.channel}
    yield from _one("step_trouble", {f'{{step="{step}"}}': int(step in steps) for step in vitals.WITHIN})
    yield from _one("resting", {"": resting})


def _refused(one: Refusal) -> str:
    whose = f'channel="{one.channel}",service="{one.origin or ""}"'
    return f'{{{whose},cause="{one.why}",answer="{one.status or ""}"}}'


def _one(name: str, values: dict[str, int]) -> Iterator[str]:
    full = f"meantime_reminders_{name}"
    yield f"# HELP {full} {HELP[name]}."
    yield f"# TYPE {full} gauge"
    yield from (f"{full}{labels} {count}" for labels, count in sorted(values.items()))
