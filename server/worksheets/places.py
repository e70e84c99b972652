"""Where in a file a text stands, and how that place is named, so that a problem can say both."""

from __future__ import annotations

from server.worksheets.reading import Path


def place_of(key: str, data: object) -> Path:
    """The path of the text with this key (`definition.texts`); as near as can be found."""
    place: list[str | int] = []
    for part in key.split("."):
        if isinstance(data, list):
            found = next((n for n, one in enumerate(data) if _goes_by(one, part, n)), None)
            if found is None:
                break
            place.append(found)
            data = data[found]
            continue
        if not isinstance(data, dict) or part not in data:
            break
        place.append(part)
        data = data[part]
    return tuple(place)


def dotted(place: Path) -> str:
    """A path as one word, like `fields.2.label`."""
    return ".".join(str(part) for part in place)


def _goes_by(one: object, part: str, n: int) -> bool:
    if isinstance(one, dict) and part in (one.get("id"), one.get("code")):
        return True
    return part == str(n + 1)
