"""What no worksheet holds anywhere: characters that turn a line round, and numbers too large to reckon with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from typing import Any

from server.worksheets.reading import Path

OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")  # embeddings, overrides and isolates of the bidi algorithm
LARGEST = 10**15  # the phone reckons exactly up to 2 ** 53


def unfit(data: Any) -> Iterator[tuple[Path, str, str]]:
    """(place, code, sentence) of each text and number in this data that cannot be shown or reckoned with."""
    for place, value in _values(data):
        found = OVERRIDES.search(value) if isinstance(value, str) else None
        if found:
            sign = f"U+{ord(found.group()):04X}"
            yield place, "turns-round", f"It holds {sign}, which shows letters in another order. Take it out."
        elif isinstance(value, int | float) and not -LARGEST <= value <= LARGEST:
            yield place, "too-large", "This number is too large: at most a 1 with 15 noughts."


def straightened(data: Any) -> tuple[Any, int]:
    """The same data without characters that turn a line round, and how many texts had any.

    The id of an item of FHIR stays as it is: answers go back under it.
    """
    places = [place for place, code, _ in unfit(data) if code == "turns-round" and place[-1:] != ("link_id",)]
    for place in places:
        data = _put(data, place)
    return data, len(places)


def _values(data: Any) -> Iterator[tuple[Path, Any]]:
    """Every text, number and the like with its place, however deep the parts are nested."""
    left: list[tuple[Path, Any]] = [((), data)]
    while left:
        place, value = left.pop()
        if isinstance(value, dict):
            left += [((*place, key), inner) for key, inner in value.items()]
        elif isinstance(value, list):
            left += [((*place, n), inner) for n, inner in enumerate(value)]
        else:
            yield place, value


def _put(data: Any, place: Path) -> Any:
    """A copy of the parts on the way to this text, and the text straightened."""
    if not place:
        return OVERRIDES.sub("", data)
    made = here = copy(data)
    for part in place[:-1]:
        here[part] = copy(here[part])
        here = here[part]
    here[place[-1]] = OVERRIDES.sub("", here[place[-1]])
    return made
