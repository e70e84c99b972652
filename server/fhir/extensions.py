"""FHIR's extensions: reading those of an element, and our own for words that FHIR has no place for. Pure."""

from __future__ import annotations

import json
from typing import Any

from server.fhir.reasons import Reasons
from server.fhir.words import ABSENT, OURS, REFUSED_EXTENSIONS

Data = dict[str, Any]
_JSON = ".json"
_LARGEST_INTEGER = 2**31 - 1


def extension(url: str, value: Any) -> Data:
    """One extension; a list or an object is put into it as JSON."""
    if isinstance(value, bool):
        return {"url": url, "valueBoolean": value}
    if isinstance(value, int) and abs(value) <= _LARGEST_INTEGER:
        return {"url": url, "valueInteger": value}
    if isinstance(value, int | float):
        return {"url": url, "valueDecimal": value}
    if isinstance(value, str):
        return {"url": url, "valueString": value}
    return {"url": f"{url}{_JSON}", "valueString": json.dumps(value, ensure_ascii=False)}


def ours(wanted: Data, native: Data) -> list[Data]:
    """What has to be said beside FHIR's own words, so that reading both gives `wanted` again."""
    beside = [extension(f"{OURS}{key}", value) for key, value in wanted.items() if native.get(key) != value]
    absent = sorted(set(native) - set(wanted))
    return [*beside, *([extension(ABSENT, absent)] if absent else [])]


def overlaid(native: Data, found: dict[str, list[Data]], link_id: str, reasons: Reasons) -> Data:
    """FHIR's own words, and ours over them."""
    data = dict(native)
    for url, given in found.items():
        if not url.startswith(OURS):
            continue
        key, value = url.removeprefix(OURS).removesuffix(_JSON), value_of(given[0])
        try:
            value = json.loads(value) if url.endswith(_JSON) else value
        except (TypeError, ValueError, RecursionError):
            reasons.refuse(link_id, f"the extension {url} does not hold JSON")
            continue
        if url.removesuffix(_JSON) != ABSENT:
            data[key] = value
        elif isinstance(value, list):
            data = {name: inner for name, inner in data.items() if name not in value}
    return data


def extensions_of(element: Data, link_id: str, reasons: Reasons) -> dict[str, list[Data]]:
    """The extensions of an element by address. Those that change what is asked are refused, whatever they are on."""
    if element.get("modifierExtension"):
        reasons.refuse(link_id, "it has a modifierExtension, which may change what it means")
    given, found = element.get("extension", []), {}
    if not isinstance(given, list) or not all(
        isinstance(one, dict) and isinstance(one.get("url"), str) for one in given
    ):
        reasons.refuse(link_id, "its extensions are no list of extensions")
        return {}
    for one in given:
        found.setdefault(one["url"], []).append(one)
        if one["url"] in REFUSED_EXTENSIONS:
            reasons.refuse(link_id, f"{REFUSED_EXTENSIONS[one['url']]} ({one['url']})")
    return found


def unused(found: dict[str, list[Data]], used: set[str], link_id: str, reasons: Reasons) -> None:
    """Say of each extension that nothing here goes by that it is only kept."""
    for url in found:
        if url not in used and url not in REFUSED_EXTENSIONS and not url.startswith(OURS):
            reasons.keep(link_id, f"the extension {url}")


def value_of(one: Any) -> Any:
    """The value of an extension, an option or an initial answer, whatever its type; None where there is none."""
    return next((one[key] for key in one if key.startswith("value")), None) if isinstance(one, dict) else None


def type_of(one: Data) -> str:
    """`Coding` of valueCoding, and so on; empty where there is no value."""
    return next((key.removeprefix("value") for key in one if key.startswith("value")), "")


def control_code(ext: Data) -> str:
    """The code of an itemControl; empty where there is none."""
    codings = (value_of(ext) or {}).get("coding") if isinstance(value_of(ext), dict) else None
    first = codings[0] if isinstance(codings, list) and codings else None
    return str(first.get("code", "")) if isinstance(first, dict) else ""
