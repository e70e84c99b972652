"""A worksheet back as the data of a file, with nothing written that goes without saying. Pure."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from server.worksheets.definition import DATA_CLASS, Field, Worksheet

_NOT_IN_A_FILE = ("sha256", "language", "part", "texts")


def data_of(worksheet: Worksheet) -> dict[str, Any]:
    """What `worksheet_from` would make this worksheet of."""
    data = {name: value for name, value in _plain(worksheet).items() if name not in _NOT_IN_A_FILE}
    default = {name: value for name, value in worksheet.rhythms["default"].items() if value is not None}
    data["rhythms"] = {"allowed": list(worksheet.rhythms["allowed"]), "default": default}
    return data


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return _of_class(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _of_class(value: Any) -> dict[str, Any]:
    data = {one.name: _plain(getattr(value, one.name)) for one in fields(value) if _is_said(value, one)}
    if isinstance(value, Field):
        usual = "free_text" if value.open else DATA_CLASS[value.type]
        data = {name: inner for name, inner in data.items() if name != "data_class"}
        data |= {} if value.data_class == usual else {"data_class": value.data_class}
    return data


def _is_said(value: Any, one: Any) -> bool:
    default = one.default_factory() if one.default_factory is not MISSING else one.default
    return default is MISSING or getattr(value, one.name) != default
