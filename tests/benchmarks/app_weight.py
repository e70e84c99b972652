"""What a phone fetches to draw its first screen, in each of the ways the app may start, read off the built files."""

import re
from collections.abc import Iterable
from pathlib import Path

DIST = Path(__file__).resolve().parents[2] / "pwa" / "dist"
BUDGET = 30_000
ALWAYS = ("index.html", "start.js", "icon.svg")
# The chunks that the first screen wants: everything it may say at once. Sending starts later, and is not among them.
STARTS = {
    "first_page": ("Pair", "typed"),
    "today": ("today",),
    "today_with_all_it_may_say": ("today", "notes"),
    "pin": ("Lock", "typed"),
}
# Starts of a phone that had Today before, and holds these files: told, and not held to the budget.
BESIDES = {
    "in_another_language": ("today", "notes", "tongue"),
    "course_over": ("Over", "forms"),
    "tapped_reminder": ("Opened", "Task", "forms"),
}


def weights(starts: dict[str, tuple[str, ...]], dist: Path = DIST) -> dict[str, int]:
    """Bytes, packed by brotli, of every file that each of these starts fetches."""
    return {name: sum(packed(dist / file) for file in files_of(chunks, dist)) for name, chunks in starts.items()}


def files_of(chunks: Iterable[str], dist: Path = DIST) -> set[str]:
    """The files of a start: those that the page names, these chunks, and whatever they import, and so on."""
    page = (dist / "index.html").read_text("utf-8")
    wanted = {*re.findall(r"assets/[\w-]+\.(?:js|css)", page), *(chunk(name, dist) for name in chunks)}
    found: set[str] = set()
    while wanted:
        file = wanted.pop()
        found.add(file)
        wanted |= imports(dist / file) - found
    return found | set(ALWAYS)


def chunk(name: str, dist: Path = DIST) -> str:
    """The built file of this name; there is exactly one."""
    [file] = [one for one in (dist / "assets").iterdir() if re.fullmatch(rf"{name}-[\w-]{{8}}\.(js|css)", one.name)]
    return f"assets/{file.name}"


def imports(file: Path) -> set[str]:
    """What a script imports at once; what it fetches later, by import(), is not among it."""
    if file.suffix != ".js":
        return set()
    return {f"assets/{name}" for name in re.findall(r'(?:from|import)\s*"\./([\w-]+\.js)"', as_text(file))}


def as_text(file: Path) -> str:
    """The script with one kind of quotes."""
    return re.sub(r"[`']", '"', file.read_text("utf-8"))


def packed(file: Path) -> int:
    """Bytes on the wire."""
    return file.with_name(f"{file.name}.br").stat().st_size
