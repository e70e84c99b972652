"""Which entry fills which slot, and what therefore became of each. Pure.

Laws (design.md 5, tested as properties): settling afresh gives the same; order of arrival does not matter; an added
entry never lowers the count of done, nor of done-or-tried. The last one is why this is a matching and not a walk:
entries take slots in the order done, partial, tried, nothing happened, and one that was seated may move to another
slot of its window to let a further one in, but never loses its seat.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from server.assignments.rules.slots import DAY, Slot, end_of_day

GRACE = timedelta(hours=24)
_Spans = Mapping[str, tuple[Slot, datetime, datetime]]  # key -> a slot, from when until when it takes what happened
RANK = {"done": 0, "partial": 1, "tried": 2, "nothing_happened": 3}


@dataclass(frozen=True)
class Head:
    """The shown state of one entry: what its done rule says, when it happened, the slot it names (or None)."""

    entry_id: str
    revision_id: str
    slot: str | None
    happened_at: datetime
    outcome: str
    medium: str = "worksheet"
    entered_by: str = "client"
    helped_by: str = "none"


@dataclass(frozen=True)
class Answer:
    """What somebody said of an occurrence without a worksheet. `order` = (effective moment, number of arrival)."""

    revision_id: str
    slot: str
    answer: str  # done, tried, nothing_happened, not_today, exempt
    outcome: str | None  # smaller, another_day, swap, keep
    barrier: str | None
    moved_to: date | None
    happened_at: datetime
    order: tuple[datetime, int]
    medium: str = "said"
    entered_by: str = "client"
    helped_by: str = "none"


@dataclass(frozen=True)
class Filled:
    """What became of one slot: a stored state, and how we know."""

    state: str = "open"
    barrier: str | None = None
    moved_to: date | None = None
    size: str = "usual"
    medium: str | None = None
    entered_by: str | None = None
    helped_by: str | None = None
    done_at: datetime | None = None
    filled_by: str | None = None
    extra: int = 0


@dataclass
class _Item:
    """An entry, or an answer that says something was done: both look for a seat."""

    rank: int
    sort: tuple[object, ...]
    wants: list[str]  # slots it may take, best first
    source: Head | Answer
    seat: str | None = field(default=None)

    @property
    def is_entry(self) -> bool:
        return isinstance(self.source, Head)


def settle(laid: Sequence[Slot], heads: Iterable[Head], answers: Iterable[Answer], zone: ZoneInfo) -> dict[str, Filled]:
    """What became of every slot. Deleted and superseded revisions are not passed in: they fill nothing.

    A named slot is the only one an entry may take. Without a name, or if that slot is gone, or opened more than 24
    hours after it happened, it goes by when it happened: the earliest open slot whose window and 24 hours hold it; if
    none of them is free, the one it names. An entry beats an answer, unless the answer says more. The last answer of a
    slot holds; one whose slot is gone, or that says as much before it opened, goes to the earliest that has no answer.
    A spare slot takes only what happened by its last day, and only what no other has room for.
    """
    said, spans = _placed(laid, _last_answers(answers), zone)
    items = [_of_head(head, spans, said) for head in heads]
    items += [item for key, answer in said.items() if (item := _of_answer(key, answer, spans)) is not None]
    seated = _seat(sorted(items, key=lambda item: (item.rank, item.sort)))
    said = _moved_up(said, items)
    extras: dict[str, list[_Item]] = {}
    for item in items:
        if item.seat is None and item.is_entry and item.wants:
            extras.setdefault(item.wants[0], []).append(item)
    return {one.key: _became(one, seated.get(one.key), said.get(one.key), extras.get(one.key, [])) for one in laid}


def _last_answers(answers: Iterable[Answer]) -> dict[str, Answer]:
    last: dict[str, Answer] = {}
    for answer in sorted(answers, key=lambda a: (a.order, a.revision_id)):
        last[answer.slot] = answer
    return last


def _placed(laid: Sequence[Slot], said: Mapping[str, Answer], zone: ZoneInfo) -> tuple[dict[str, Answer], _Spans]:
    """The answer of each slot, and from when until when each slot takes what happened."""
    spans = {slot.key: (slot, *_held(slot, said.get(slot.key), zone)) for slot in laid}
    placed = {key: answer for key, answer in said.items() if _is_there(answer, spans)}
    for answer in sorted(said.values(), key=lambda a: (a.order, a.revision_id)):
        if answer.slot not in placed:
            holding = (slot.key for slot in _holding(answer, spans))
            key = next((key for key in holding if key not in placed and key not in said), _kept_for(answer, spans))
            if key is not None:
                placed[key] = answer
    return placed, spans


def _kept_for(source: Head | Answer, spans: _Spans) -> str | None:
    """The slot it names, where no other is free for it; a spare one is kept for nothing."""
    named = spans.get(source.slot or "")
    return named[0].key if named is not None and not named[0].spare else None


def _is_there(source: Head | Answer, spans: _Spans) -> bool:
    """Whether the slot it names is still there for it."""
    named = spans.get(source.slot or "")
    if named is None:
        return False
    slot, opens, closes = named
    if slot.spare:
        return opens <= source.happened_at < closes
    return not _is_work(source) or source.happened_at >= opens - GRACE or not _holding(source, spans)


def _is_work(source: Head | Answer) -> bool:
    """Something that was done, or looked for: nobody does it for a time to come, but many say so beforehand.

    24 hours before a slot opens are let pass, since a phone may keep another zone than we do.
    """
    return isinstance(source, Head) or _says(source) is not None


def _holding(source: Head | Answer, spans: _Spans) -> list[Slot]:
    """The slots whose time holds when it happened, the earliest first; spare ones last."""
    holding = [slot for slot, opens, closes in spans.values() if opens <= source.happened_at < closes]
    return sorted(holding, key=lambda slot: (slot.spare, slot.due_on, slot.opens_on, slot.key))


def _of_head(head: Head, spans: _Spans, said: Mapping[str, Answer]) -> _Item:
    if _is_there(head, spans):
        return _Item(RANK[head.outcome], (0, head.happened_at, head.entry_id), [str(head.slot)], head)
    holding = _holding(head, spans)
    wants = [slot.key for slot in sorted(holding, key=lambda slot: (slot.spare, slot.key in said))]
    kept = _kept_for(head, spans)
    return _Item(RANK[head.outcome], (2, head.happened_at, head.entry_id), [*wants, *([kept] if kept else [])], head)


def _of_answer(key: str, answer: Answer, spans: _Spans) -> _Item | None:
    says = _says(answer)
    if says is None:
        return None
    kept = _kept_for(answer, spans) or key  # nobody else's: no other answer goes to a slot that one names
    wants = [key] if kept == key else [key, kept]
    return _Item(RANK[says], (1, answer.happened_at, answer.revision_id), wants, answer)


def _moved_up(said: Mapping[str, Answer], items: Iterable[_Item]) -> dict[str, Answer]:
    """The answer of each slot, once some have moved up for an entry that named theirs."""
    seats = {item.wants[0]: item.seat for item in items if not item.is_entry and item.seat is not None}
    return {seats.get(key, key): answer for key, answer in said.items()}


def _says(answer: Answer) -> str | None:
    """What was done by it, or None."""
    if answer.answer == "not_today" and answer.outcome == "swap":
        return "tried"
    return answer.answer if answer.answer in RANK else None


def _held(slot: Slot, answer: Answer | None, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when until when a slot takes what happened: its window, to another day if so said, and 24 hours."""
    if slot.spare:
        return end_of_day(slot.opens_on - DAY, zone), end_of_day(slot.due_on, zone)
    due_on = slot.due_on
    if answer is not None and answer.outcome == "another_day" and answer.moved_to is not None:
        due_on = max(due_on, answer.moved_to)
    return end_of_day(slot.opens_on - DAY, zone), end_of_day(due_on, zone) + GRACE


def _seat(ordered: Sequence[_Item]) -> dict[str, _Item]:
    """Each in turn takes its best free slot, or has others move up for it (augmenting paths, Kuhn 1955)."""
    seated: dict[str, _Item] = {}
    for item in ordered:
        free = next((key for key in item.wants if key not in seated), None)
        if free is not None:
            seated[free], item.seat = item, free
        else:
            _make_room(item, seated, set())
    return seated


def _make_room(item: _Item, seated: dict[str, _Item], tried: set[str]) -> bool:
    for key in item.wants:
        if key in tried:
            continue
        tried.add(key)
        holder = seated.get(key)
        if holder is None or _make_room(holder, seated, tried):
            seated[key], item.seat = item, key
            return True
    return False


def _became(slot: Slot, item: _Item | None, answer: Answer | None, extras: list[_Item]) -> Filled:
    filled = _without_entry(slot, answer)
    if item is not None:
        filled = _with(item, filled)
    if item is not None and not item.is_entry and extras:
        # It was ticked, and a worksheet came as well: one doing. The worksheet is the better record of it, unless the
        # tick says more: then how we know is the tick, and the worksheet is only what there is to read.
        best = min(extras, key=lambda one: (one.rank, one.sort))
        rests_on_tick = item.rank < best.rank
        filled = replace(filled, filled_by=best.source.revision_id) if rests_on_tick else _with(best, filled)
        extras.remove(best)
    return replace(filled, extra=len(extras)) if extras else filled


def _with(item: _Item, filled: Filled) -> Filled:
    source = item.source
    state = next(name for name, rank in RANK.items() if rank == item.rank)
    return replace(
        filled,
        state=state,
        barrier=filled.barrier if state in ("partial", "tried") else None,
        moved_to=None,
        medium=source.medium,
        entered_by=source.entered_by,
        helped_by=source.helped_by,
        done_at=source.happened_at,
        filled_by=source.revision_id,
    )


def _without_entry(slot: Slot, answer: Answer | None) -> Filled:
    if answer is None:
        return Filled(size=slot.size)
    state, size, moved_to = "not_done", slot.size, None
    if answer.answer == "exempt":
        state = "exempt"
    elif answer.outcome == "another_day":
        state, moved_to = "moved", answer.moved_to
    elif answer.outcome == "smaller":
        state, size = "open", "small"
    return Filled(
        state=state,
        barrier=answer.barrier,
        moved_to=moved_to,
        size=size,
        medium=answer.medium,
        entered_by=answer.entered_by,
        helped_by=answer.helped_by,
        done_at=answer.happened_at if state in ("not_done", "exempt") else None,
        filled_by=answer.revision_id,
    )
