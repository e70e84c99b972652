"""Writes report.html and the scripts that make it again from the bundle alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from flask import current_app

from server.research.bundle import Written, write_text
from server.research.reporting.page import report

COPIED = Path(__file__).parent / "reporting"


def write_report(folder: Path, alive: Callable[[], object] = int) -> Iterator[Written]:
    """The page, worked out from the files that are in the folder already, and what it was made with.

    `alive`: said for each person.
    """
    loaders: Path = current_app.config["MEANTIME"].loaders
    yield write_text(folder, "report.html", report(folder, alive))
    for name in ("report.py", "report.ipynb"):
        yield write_text(folder, f"scripts/{name}", (loaders / name).read_text("utf-8"))
    for path in sorted(COPIED.glob("*.py")):
        yield write_text(folder, f"scripts/reporting/{path.name}", path.read_text("utf-8"))
