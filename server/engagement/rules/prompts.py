"""M16 and M17: whether reminders reach a phone, and whether practice follows them. Pure.

A push that was accepted was not therefore seen, and one that was not opened may have been read on the lock screen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.engagement.rules.told import Share

SOON_AFTER = timedelta(hours=24)  # clinical.md F2, M16


@dataclass(frozen=True)
class Prompt:
    """One reminder that fell due: when, whether it was accepted for sending on, and when it was opened."""

    at: datetime
    accepted: bool
    opened_at: datetime | None = None


@dataclass(frozen=True)
class Reach:
    """M16 of one client, or of several put together."""

    permitted: Share  # clients with a way to be reminded, of clients
    accepted: Share  # reminders accepted, of those that fell due
    opened: Share  # reminders opened, of those accepted
    turned_off: Share  # turnings-off within 24 hours after a reminder, of all turnings-off


@dataclass(frozen=True)
class Decision:
    """One moment at which a reminder could be sent: by which chance it was, whether it was, and what followed."""

    chance: float  # logged before the draw, 0 to 1
    sent: bool
    followed: bool  # an entry within the window


@dataclass(frozen=True)
class Effect:
    """The share with an entry after a reminder and without one, and the difference."""

    with_prompt: float
    without: float

    @property
    def difference(self) -> float:
        return self.with_prompt - self.without


def reach(permitted: Iterable[bool], prompts: Sequence[Prompt], turned_off_at: Sequence[datetime]) -> Reach:
    """M16. Permission, accepted, opened, and turned off within 24 hours after a reminder (clinical.md F2, E2)."""
    can, accepted = list(permitted), [one for one in prompts if one.accepted]
    soon = sum(any(timedelta(0) <= off - one.at <= SOON_AFTER for one in accepted) for off in turned_off_at)
    return Reach(
        Share(sum(can), len(can)),
        Share(len(accepted), len(prompts)),
        Share(sum(one.opened_at is not None for one in accepted), len(accepted)),
        Share(soon, len(turned_off_at)),
    )


def follows(at: datetime, entries_at: Iterable[datetime], window: timedelta) -> bool:
    """Whether an entry was made within a window after a moment; 1 hour and 24 hours are the two of clinical.md F2."""
    return any(timedelta(0) <= entry - at <= window for entry in entries_at)


def minutes_to_entry(at: datetime, entries_at: Iterable[datetime]) -> float | None:
    """M8. Minutes from a reminder to the first entry after it; None without one (clinical.md F2)."""
    after = [(entry - at).total_seconds() / 60 for entry in entries_at if entry >= at]
    return min(after, default=None)


def prompt_effect(decisions: Sequence[Decision]) -> Effect | None:
    """M17. P(entry | sent) against P(entry | not sent), each decision weighted by 1 ÷ the chance of what was done.

    Weights are normalised within each side (Hajek 1971; Boruvka et al. 2018 for the weighting of logged chances). None
    unless every chance lies between 0 and 1 and both happened: where a reminder is always sent there is nothing to
    compare it with, and a difference between days with and without one would be of the days (clinical.md F2, F3.7).
    """
    if not decisions or any(not 0 < one.chance < 1 for one in decisions):
        return None
    sides = []
    for sent in (True, False):
        weights = [
            (1 / (one.chance if sent else 1 - one.chance), one.followed) for one in decisions if one.sent is sent
        ]
        if not weights:
            return None
        sides.append(sum(w for w, followed in weights if followed) / sum(w for w, _ in weights))
    return Effect(*sides)
