"""M5: how well it went, by whoever says so; four things, reported apart and never multiplied into M1. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean


@dataclass(frozen=True)
class Rating:
    """A mean and over how many; None over nobody."""

    mean: float | None
    n: int


@dataclass(frozen=True)
class Quality:
    """The four, side by side: rated and counted do not mix (clinical.md F3.8; Mausbach 2010)."""

    helped: Rating  # by the client, 0 to 4
    by_practitioner: Rating  # 0 to 4
    completeness: Rating  # answered of asked, 0 to 1
    changes: Mapping[str, Rating]  # by worksheet and derived value, in its own unit


def rating(values: Iterable[float | None]) -> Rating:
    """The mean of what was said. *Too early to say*, and nothing, are no numbers and are left out."""
    known = [value for value in values if value is not None]
    return Rating(fmean(known) if known else None, len(known))


def field_completeness(entries: Iterable[tuple[int | None, int | None]]) -> Rating:
    """The mean over entries of questions answered ÷ questions asked, each entry once (clinical.md F2, F3.5)."""
    return rating(answered / asked for answered, asked in entries if asked and answered is not None)


def quality(
    *,
    helped: Iterable[float | None],
    by_practitioner: Iterable[float | None],
    entries: Iterable[tuple[int | None, int | None]],
    changes: Iterable[tuple[str, float | None]],
) -> Quality:
    """M5. Means of the client's *helped*, of the practitioner's rating, of completeness, and of what a task changes.

    `changes`: (worksheet and derived value, its figure), as percent less fear in facing-fears practice, or the change
    of feeling in a thought record (clinical.md F2; Kazantzis 2016 for why quality beside quantity).
    """
    by_task: dict[str, list[float | None]] = {}
    for task, value in changes:
        by_task.setdefault(task, []).append(value)
    return Quality(
        rating(helped),
        rating(by_practitioner),
        field_completeness(entries),
        {task: rating(values) for task, values in sorted(by_task.items())},
    )
