"""How a row is made safe to leave: pseudonyms, relative days, bands, and the hiding of small groups."""

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Mapping, Set
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

SMALLEST_GROUP = 5  # k of k-anonymity, trust reference E4.4
SMALL_COUNT = 7  # 1-7 is hidden, the rest rounded to 5: OpenSAFELY's rule, trust reference E1
SUPPRESSED = "suppressed"
AGE_BANDS = ("16-17", "18-25", "26-35", "36-45", "46-55", "56-65", "66-75", "76+")
TIME_BANDS = ("night", "morning", "afternoon", "evening")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"  # of base32
_PAIRS = [one + other for one in _LETTERS for other in _LETTERS]  # two at once: a bundle has a name in every third cell
_SHIFTS = range(70, -1, -10)

Group = tuple[str, ...]


def project_key(secret: bytes, project: str) -> bytes:
    """The key of one project, from the installation's research secret: two projects' bundles cannot be joined."""
    return hmac.new(secret, f"project|{project}".encode(), hashlib.sha256).digest()


def pseudonym(key: bytes, kind: str, identity: object) -> str:
    """A stable name for one thing in one project: HMAC-SHA-256 cut to 80 bits, 16 characters of base32."""
    number = int.from_bytes(hmac.digest(key, f"{kind}|{identity}".encode(), "sha256")[:10], "big")
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def relative_day(day: date, day_zero: date) -> int:
    """Whole days from the client's day zero; negative before it."""
    return (day - day_zero).days


def local_day(moment: datetime, zone: str) -> date:
    """The calendar day of a moment where the client lives."""
    return moment.astimezone(ZoneInfo(zone)).date()


def day_in(text: str | None) -> date | None:
    """The day a text begins with; None when it does not: such a text is not repeated, not even in an error."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def time_band(at: time) -> str:
    """The part of the day, by the client's own clock: night 22-5, morning 5-12, afternoon 12-17, evening 17-22."""
    if at.hour < 5 or at.hour >= 22:
        return "night"
    if at.hour < 12:
        return "morning"
    return "afternoon" if at.hour < 17 else "evening"


def age_band(born: date, on: date) -> str | None:
    """The ten-year band of an age on a day; None for somebody too young to be a client here."""
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    if age < 16:
        return None
    return next((band for band in AGE_BANDS[:-1] if age <= int(band.split("-")[1])), AGE_BANDS[-1])


def hours_between(start: datetime, end: datetime) -> float:
    """Hours from one moment to another, to a tenth; negative when `end` is earlier."""
    return round((end - start).total_seconds() / 3600, 1)


def rounded(count: int) -> str:
    """A count that may be shown outside: 1-7 hidden, the rest to the nearest 5 (trust reference E1)."""
    if 0 < count <= SMALL_COUNT:
        return SUPPRESSED
    return str(5 * round(count / 5))


def to_show(sizes: Mapping[Group, int], k: int = SMALLEST_GROUP) -> dict[Group, Group]:
    """What each description may say, from how many people have it: what is left is shared by k or more, or everybody.

    From the last value of a description to the first, so put what matters most first. Where those hidden are
    fewer than k, the smallest description beside them is hidden too: otherwise the hidden ones stand out.
    """
    whose = {one: [one] for one in sizes}  # what is shown of them, and whose it is
    for place in reversed(range(len(next(iter(sizes), ())))):
        counts = Counter({shown: sum(sizes[one] for one in those) for shown, those in whose.items()})
        alike: dict[Group, set[Group]] = defaultdict(set)  # by what comes before this value: a country has thousands
        for one in counts:
            alike[one[:place]].add(one)
        for rare in sorted(one for one, n in counts.items() if n < k):
            for hidden in _to_hide(rare, place, counts, alike[rare[:place]], k):
                cut = hidden[:place] + (SUPPRESSED,) * (len(hidden) - place)
                if hidden != cut:
                    counts[cut] += counts.pop(hidden)
                    whose.setdefault(cut, []).extend(whose.pop(hidden))
                    alike[rare[:place]].discard(hidden)
                    alike[rare[:place]].add(cut)
    return {one: shown for shown, those in whose.items() for one in those}


def safe_cell(value: str) -> str:
    """A text that no spreadsheet runs as a formula; numbers are written apart and may begin with a minus."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def _to_hide(rare: Group, place: int, counts: Counter[Group], alike: Set[Group], k: int) -> list[Group]:
    """The rare description, and as many of those that differ only from `place` on as make k together."""
    if rare not in counts:
        return []
    beside = sorted((counts[one], one) for one in alike if one != rare)
    hidden, people = [rare], counts[rare]
    for n, one in sorted(beside, key=lambda pair: (pair[1][place] != SUPPRESSED, pair)):
        if people < k or one[place] == SUPPRESSED:
            hidden, people = [*hidden, one], people + n
    return hidden
