"""Which worksheets fit which problem, for practitioners: data in `suggested.yaml`, beside the worksheets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app

from server.caseload.problems import PROBLEMS
from server.worksheets.reading import Path as Place
from server.worksheets.reading import read
from server.worksheets.rule_structure import Found
from server.worksheets.structure import Problem, problems_beside

FILE = "suggested.yaml"
GOALS = ("worksheet", "list", "text")


@dataclass(frozen=True)
class Suggested:
    """Ids of worksheets, the likeliest first, and where the suggestion comes from."""

    worksheets: tuple[str, ...] = ()
    source: str = ""


class Suggestions:
    """What fits each problem, what begins every course, and what ends it."""

    def __init__(self, data: dict[str, Any]) -> None:
        problems, everybody = data.get("problems", {}), data.get("everybody", {})
        self._of = {code: Suggested(tuple(one["worksheets"]), one["source"]) for code, one in problems.items()}
        source = everybody.get("source", "")
        self.first = Suggested(tuple(everybody.get("first", ())), source)
        self.last = Suggested(tuple(everybody.get("last", ())), source)
        self._goals: dict[str, str] = data.get("goals", {})

    def asks_for_goals(self, worksheet_id: str | None) -> bool:
        """Whether this is the worksheet in which goals are written."""
        return worksheet_id is not None and worksheet_id == self._goals.get("worksheet")

    def goals_in(self, worksheet_id: str | None, answers: dict[str, Any] | None) -> list[str]:
        """A client's goals in their own words, where these are the answers of the worksheet that asks for them."""
        if not self.asks_for_goals(worksheet_id) or not answers:
            return []
        items = answers.get(self._goals["list"])
        texts = (
            [one.get(self._goals["text"]) for one in items if isinstance(one, dict)] if isinstance(items, list) else []
        )
        return [text.strip() for text in texts if isinstance(text, str) and text.strip()]

    def of(self, problem: str | None) -> Suggested:
        """What fits this problem; nothing for one that nobody named or wrote for."""
        return self._of.get(problem or "", Suggested())


def suggestions() -> Suggestions:
    """Those of the running app, read once for each state of the file. A folder of one's own need not have any."""
    path = current_app.config["MEANTIME"].worksheets / FILE
    return _loaded(path, path.stat().st_mtime_ns if path.is_file() else 0)


def check_suggestions(folder: Path) -> list[Problem]:
    """Every problem of a folder's suggestions, with line and field; none where there is no such file."""
    return problems_beside(folder / FILE, lambda reading: _shape(reading.data) or _content(reading.data, folder))


@cache
def _loaded(path: Path, changed: int) -> Suggestions:
    usable = changed and all(one.code == "unknown-worksheet" for one in check_suggestions(path.parent))
    return Suggestions(read(path.read_bytes()).data if usable else {})


def _shape(data: Any) -> list[Found]:
    """What keeps the file from being read as suggestions at all."""
    parts = set(data) - {"goals"} if isinstance(data, dict) else set()
    if parts != {"everybody", "problems"} or not isinstance(data["problems"], dict):
        return [((), "shape", "The file has the parts “everybody” and “problems”, and may have “goals”.")]
    goals = data.get("goals", dict.fromkeys(GOALS, ""))
    if (
        not isinstance(goals, dict)
        or set(goals) != set(GOALS)
        or not all(isinstance(one, str) for one in goals.values())
    ):
        return [(("goals",), "shape", "It has exactly worksheet, list and text: an id, a list in it, a text in that.")]
    found: list[Found] = [] if _fits(data["everybody"], "first", "last") else [_wrong(("everybody",), "first, last")]
    for code, one in data["problems"].items():
        if code not in PROBLEMS:
            found.append((("problems", code), "unknown-problem", f"“{code}” is not a problem anybody can name."))
        elif not _fits(one, "worksheets"):
            found.append(_wrong(("problems", code), "worksheets"))
    return found


def _fits(one: Any, *lists: str) -> bool:
    if not isinstance(one, dict) or set(one) != {*lists, "source"} or not isinstance(one["source"], str):
        return False
    return all(isinstance(one[name], list) and all(isinstance(each, str) for each in one[name]) for name in lists)


def _wrong(place: Place, lists: str) -> Found:
    return place, "shape", f"It has exactly {lists} (ids of worksheets) and source (words)."


def _content(data: dict[str, Any], folder: Path) -> list[Found]:
    named: list[tuple[Place, list[str]]] = [
        (("everybody", name), data["everybody"][name]) for name in ("first", "last")
    ]
    named += [(("goals",), [data["goals"]["worksheet"]])] if "goals" in data else []
    named += [(("problems", code, "worksheets"), one["worksheets"]) for code, one in data["problems"].items()]
    return [
        ((*place, n), "unknown-worksheet", f"There is no worksheet “{one}” here.")
        for place, ids in named
        for n, one in enumerate(ids)
        if not list(folder.glob(f"{one}.v*.yaml"))
    ]
