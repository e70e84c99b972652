"""Reads one worksheet file into plain data, and remembers on which line each part stands."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

LARGEST = 200_000  # characters; ours are below 10,000
DEEPEST = 40

Path = tuple[str | int, ...]


class Unreadable(Exception):
    """The file cannot be read. `line` is where, `path` which part, `message` why, in a sentence."""

    def __init__(self, message: str, line: int = 1, path: Path = ()) -> None:
        super().__init__(message)
        self.message, self.line, self.path = message, line, path


@dataclass
class Reading:
    """The data of one file, the line of each part, and the hash of its LF bytes."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    sha256: str = ""

    def line(self, path: Path) -> int:
        """The line of this part, or of the nearest part round it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(content: bytes) -> Reading:
    """Plain data and lines of a YAML 1.2 file. Raises Unreadable, with the line; executes nothing."""
    text = _text(content)
    if text.startswith("%"):
        raise Unreadable("No directives: the file is YAML 1.2.")
    reading = Reading(sha256=sha256(content))
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(f"{error.problem or error.context}.", mark.line + 1 if mark else 1) from None
    except RecursionError:
        raise Unreadable("The parts are nested too deeply.") from None
    except (YAMLError, ValueError) as error:
        raise Unreadable(f"{str(error).splitlines()[0].rstrip('.')}.") from None
    if root is None:
        raise Unreadable("The file is empty.")
    reading.data = _plain(root, (), reading.lines, set())
    return reading


def sha256(content: bytes) -> str:
    """Hash over LF bytes, so that a checkout with other line ends has the same one."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable("The file is not in UTF-8.", line) from None
    if len(text) > LARGEST:
        raise Unreadable(f"The file is longer than {LARGEST} characters.")
    return text.replace("\r\n", "\n")


def _plain(node: Node, path: Path, lines: dict[Path, int], seen: set[int]) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if id(node) in seen:
        raise Unreadable("The same part is used twice (& and *). Write it out.", line, path)
    if len(path) > DEEPEST:
        raise Unreadable("The parts are nested too deeply.", line, path)
    seen.add(id(node))
    if isinstance(node, MappingNode):
        return _mapping(node, path, lines, seen)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, n), lines, seen) for n, item in enumerate(node.value)]
    return _scalar(str(node.tag), str(node.value), path, line)


def _mapping(node: MappingNode, path: Path, lines: dict[Path, int], seen: set[int]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key_node, value in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode) or key_node.tag != "tag:yaml.org,2002:str":
            raise Unreadable("A key is a word, or a word in quotes.", line, path)
        key = key_node.value
        if key in made:
            raise Unreadable(f"“{key}” is there twice.", line, (*path, key))
        lines[(*path, key)] = line
        made[key] = _plain(value, (*path, key), lines, seen)
    return made


def _scalar(tag: str, value: str, path: Path, line: int) -> Any:
    kind = tag.removeprefix("tag:yaml.org,2002:")
    try:
        if kind in ("str", "timestamp"):  # an unquoted day stays the word that was written
            return value
        if kind == "bool":
            return value.lower() == "true"
        if kind == "null":
            return None
        if kind == "int":
            return int(value.replace("_", ""), 10)
        if kind == "float" and math.isfinite(float(value)):
            return float(value)
    except ValueError:
        pass
    raise Unreadable(f"“{value}” ({tag}) cannot be used here. Put it in quotes.", line, path)
