"""Reads a FHIR R4 Questionnaire into the data of a worksheet, question by question; refuses with every reason. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.fhir.answers import QUESTIONS, question_of
from server.fhir.conditions import Target, every_item, from_enable, to_enable
from server.fhir.extensions import control_code, extensions_of, overlaid, unused, value_of
from server.fhir.options import Chosen, code_among, name_of
from server.fhir.reasons import Reasons
from server.fhir.words import HIDDEN, ITEM_CONTROL, MAX_OCCURS, MIN_OCCURS, OURS

Data = dict[str, Any]
MOST_ITEMS = 50
DEEPEST = 20
MOST_DIGITS = 5  # of the version of a worksheet
ITEM_WORDS = {
    *("linkId", "definition", "code", "prefix", "text", "type", "enableWhen", "enableBehavior", "required"),
    *("repeats", "readOnly", "maxLength", "answerValueSet", "answerOption", "initial", "item", "extension"),
    *("modifierExtension", "id"),
}
ABOUT = {"help": "hint", "flyover": "hint", "lower": "low", "upper": "high"}
NOT_ASKED = {"attachment": "a file", "reference": "a reference", "url": "an address"}


@dataclass
class Taken:
    """What a Questionnaire comes to: our data, why it cannot be used, and what each linkId became."""

    data: Data = field(default_factory=dict)
    reasons: Reasons = field(default_factory=Reasons)
    targets: dict[str, Target] = field(default_factory=dict)
    options: dict[str, list[Chosen]] = field(default_factory=dict)
    inner: dict[str, Target] = field(default_factory=dict)


def taken(resource: Data, known: Mapping[str, Data] | None = None) -> Taken:
    """Everything of a Questionnaire that can be taken over. `known`: questions by linkId that stand elsewhere."""
    walk = _Walk(resource.get("contained"))
    for link_id, one in (known or {}).items():
        codes = {option["code"] for option in one.get("options", [])}
        walk.to.targets[link_id] = Target(one, _own_codes(codes))
        walk.names.add(one["id"])
    walk.links.update(known or ())
    found = extensions_of(resource, "", walk.reasons)
    walk.to.data = overlaid(_top(resource), found, "", walk.reasons)
    unused(found, set(), "", walk.reasons)
    walk.to.data["fields"] = walk.fields_of(resource.get("item"), None, inside=False)
    return walk.to


def _top(resource: Data) -> Data:
    data: Data = {}
    words = {"title": "title", "description": "summary", "purpose": "why", "copyright": "copyright"}
    data |= {ours: resource[name] for name, ours in words.items() if isinstance(resource.get(name), str)}
    url, version = resource.get("url"), resource.get("version")
    if isinstance(url, str) and url.startswith(OURS):
        data["id"] = url.removeprefix(OURS)
        ours = isinstance(version, str) and version.isdecimal() and len(version) <= MOST_DIGITS
        data["version"] = int(version) if ours else 1
    elif isinstance(url, str):
        data["canonical"] = f"{url}|{version if isinstance(version, str) else ''}"
    return data


def _own_codes(codes: set[str]) -> Callable[[str, Any], str | None]:
    def code_of(kind: str, given: Any) -> str | None:
        code = given.get("code") if kind == "Coding" and isinstance(given, dict) else None
        return code if isinstance(code, str) and code in codes else None

    return code_of


class _Walk:
    """Goes down a Questionnaire once, and remembers which names are used."""

    def __init__(self, contained: Any) -> None:
        self.contained = contained
        self.to = Taken()
        self.reasons = self.to.reasons
        self.names: set[str] = set()
        self.links: set[str] = set()
        self.depth = 0

    def fields_of(self, items: Any, shown: Data | None, inside: bool) -> list[Data]:
        """The questions of these items, in order. `shown`: when the group round them shows; `inside`: of a list."""
        if items is None:
            return []
        if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
            self.reasons.refuse("", "item is no list of items")
            return []
        if self.depth > DEEPEST:
            self.reasons.refuse("", "its items are nested too deeply")
            return []
        self.depth += 1
        found = [one for item in items if self._is_sound(item) for one in self._taken_over(item, shown, inside)]
        self.depth -= 1
        return found

    def _is_sound(self, item: Data) -> bool:
        link_id, said = item.get("linkId"), len(self.reasons.refused)
        if not isinstance(link_id, str) or not link_id.strip() or link_id in self.links:
            why = "is there twice" if isinstance(link_id, str) and link_id in self.links else "is missing"
            self.reasons.refuse(str(link_id or ""), f"the linkId {why}")
            return False
        self.links.add(link_id)
        for name in sorted(key for key in item if not key.startswith("_") and key not in ITEM_WORDS):
            self.reasons.refuse(link_id, f"{name!r} is no word of an item in FHIR R4")
        for name in ("definition", "code", *sorted(key for key in item if key.startswith("_"))):
            if name in item:
                self.reasons.keep(link_id, name)
        for name, kind in (("required", bool), ("repeats", bool), ("readOnly", bool), ("text", str), ("prefix", str)):
            if name in item and not isinstance(item[name], kind):
                self.reasons.refuse(link_id, f"{name} has a value of another type")
        return len(self.reasons.refused) == said

    def _taken_over(self, item: Data, shown: Data | None, inside: bool) -> list[Data]:
        link_id, kind = item["linkId"], item.get("type")
        found = extensions_of(item, link_id, self.reasons)
        if any(value_of(one) is not False for one in found.get(HIDDEN, [])):
            self.reasons.refuse(link_id, "it is hidden")
        when = _both(shown, from_enable(item, self.to.targets, self.reasons))
        if kind == "group" and item.get("repeats"):
            return self._list(item, found, when, inside)
        if kind == "group":
            return self._flat(item, found, when, inside)
        if kind == "display":
            return self._heading(item, found, when)
        if isinstance(kind, str) and kind in QUESTIONS:
            return self._question(item, found, when, inside)
        asked = NOT_ASKED.get(kind) if isinstance(kind, str) else None
        self.reasons.refuse(link_id, f"it asks for {asked}" if asked else f"{kind!r} is no type of an item in FHIR R4")
        self._look_inside(item)
        return []

    def _flat(self, item: Data, found: dict[str, list[Data]], when: Data | None, inside: bool) -> list[Data]:
        """A group that does not repeat: its text as a heading, then its questions."""
        link_id = item["linkId"]
        unused(found, {HIDDEN}, link_id, self.reasons)
        for name in ("required", "readOnly"):
            if item.get(name):
                self.reasons.keep(link_id, f"{name} on a group")
        if not item.get("item"):
            self.reasons.refuse(link_id, "the group is empty")
        heading = [self._named(item, "heading", when)] if _label(item) else []
        return heading + self.fields_of(item.get("item"), when, inside)

    def _heading(self, item: Data, found: dict[str, list[Data]], when: Data | None) -> list[Data]:
        unused(found, {HIDDEN}, item["linkId"], self.reasons)
        if not _label(item) or item.get("item"):
            self.reasons.refuse(item["linkId"], "it has no text" if not _label(item) else "a display has no items")
            self._look_inside(item)
            return []
        return [self._with_ours(item, found, self._named(item, "heading", when))]

    def _list(self, item: Data, found: dict[str, list[Data]], when: Data | None, inside: bool) -> list[Data]:
        link_id = item["linkId"]
        unused(found, {HIDDEN, MIN_OCCURS, MAX_OCCURS}, link_id, self.reasons)
        if inside:
            self.reasons.refuse(link_id, "a list inside a list is too much for a phone")
        if not _label(item):
            self.reasons.refuse(link_id, "a group that repeats has no text")
        data = {**self._named(item, "list", when), "item": "Entry", **self._how_many(item, found)}
        before, own = set(self.to.targets), self._besides(item, data)
        made = {**data, "fields": self.fields_of(own, None, inside=True)}
        if not made["fields"]:
            self.reasons.refuse(link_id, "the group is empty")
        made = self._with_ours(item, found, made)
        self._hide(set(self.to.targets) - before)
        self.to.targets[link_id] = Target(made, lambda kind, given: None)
        return [made]

    def _question(self, item: Data, found: dict[str, list[Data]], when: Data | None, inside: bool) -> list[Data]:
        link_id, base = item["linkId"], self._named(item, "", when)
        if not _label(item):
            self.reasons.refuse(link_id, "it has no text")
        if item.get("readOnly"):
            self.reasons.refuse(link_id, "it is read-only, so nobody could answer it")
        inner = self._besides(item, base)
        made, options, used = question_of(item, found, self.contained, self.reasons)
        unused(found, {HIDDEN, *used}, link_id, self.reasons)
        data, one = {**base, **made, **{word: base[word] for word in ABOUT.values() if word in base}}, None
        if item.get("repeats") and data["type"] not in ("choice", "choices"):
            data, one = self._repeated(item, found, base, made, inside)
        data = self._with_ours(item, found, data)
        self.to.options[link_id] = options
        self.to.targets[link_id] = Target(data, lambda kind, given: code_among(options, kind, given), one)
        if inner and item.get("repeats"):
            self.reasons.refuse(link_id, "there are questions under each of its answers")
        under = _both(when, {"answered": data["id"]})
        return [data, *self.fields_of(inner, under, inside)]

    def _repeated(
        self, item: Data, found: dict[str, list[Data]], base: Data, made: Data, inside: bool
    ) -> tuple[Data, Data]:
        """A question that may be answered several times: a list of that one question."""
        if inside:
            self.reasons.refuse(item["linkId"], "a list inside a list is too much for a phone")
        alone = {key: value for key, value in made.items() if key != "required"}
        one = {**alone, "id": name_of(f"{base['id'][:30]}_one", self.names, "q"), "label": base["label"]}
        self.names.add(one["id"])
        required = {"required": True} if made.get("required") else {}
        listed = {"type": "list", "item": "Answer", **required, **self._how_many(item, found), "fields": [one]}
        return {**base, **listed}, one

    def _named(self, item: Data, kind: str, when: Data | None) -> Data:
        """Id, type, text and when it shows: what every field has."""
        link_id = item["linkId"]
        name = name_of(link_id, self.names, "q")
        self.names.add(name)
        other = {"link_id": link_id} if name != link_id else {}
        required = {"required": True} if kind == "list" and item.get("required") else {}
        data = {"id": name, "type": kind, "label": _label(item), **other, **required}
        return {**data, "show_when": when} if when else data

    def _besides(self, item: Data, data: Data) -> list[Data]:
        """The items under a question, less those that are its hint or the ends of its scale: these go into `data`."""
        given = item.get("item", [])
        rest: list[Data] = []
        for one in given if isinstance(given, list) else []:
            word = _beside(one)
            if word and word not in data and not one.get("enableWhen") and not one.get("item") and self._is_sound(one):
                data[word] = one["text"]
            else:
                rest.append(one)
        return rest

    def _how_many(self, item: Data, found: dict[str, list[Data]]) -> Data:
        least, most = (value_of(found[url][0]) if url in found else None for url in (MIN_OCCURS, MAX_OCCURS))
        if most is None or not isinstance(most, int) or most > MOST_ITEMS:
            self.reasons.keep(item["linkId"], f"how often it repeats: here at most {MOST_ITEMS} times")
            most = MOST_ITEMS
        return {"max_items": most, **({"min_items": least} if isinstance(least, int) else {})}

    def _with_ours(self, item: Data, found: dict[str, list[Data]], native: Data) -> Data:
        """Our own extensions over FHIR's words. A condition that was changed elsewhere is refused, not guessed at."""
        data = overlaid(native, found, item["linkId"], self.reasons)
        rule = data.get("show_when")
        if rule != native.get("show_when"):
            fields = {target.field["id"]: target.field for target in self.to.targets.values()}
            links = {target.field["id"]: link_id for link_id, target in self.to.targets.items()}
            try:
                expected = to_enable(rule, fields, lambda name: links[name]) if isinstance(rule, dict) else None
            except (KeyError, TypeError, ValueError, AttributeError, StopIteration, RecursionError):
                expected = None
            if (item.get("enableWhen") or []) != (expected[0] if expected else []):
                self.reasons.refuse(item["linkId"], "its enableWhen and our own condition say two things")
        return data

    def _hide(self, link_ids: set[str]) -> None:
        """Nothing outside a list can ask about one answer inside it."""
        for link_id in link_ids:
            self.to.inner[link_id] = self.to.targets.pop(link_id)

    def _look_inside(self, item: Data) -> None:
        """Name what is wrong further down too, so that all reasons are told at once."""
        self.fields_of(item.get("item"), None, inside=False)


def _label(item: Data) -> str:
    return " ".join(part for part in (item.get("prefix", ""), item.get("text", "")) if part.strip())


def _beside(one: Any) -> str | None:
    """Whether an item is the hint of the question it is under, or the words at an end of its scale."""
    if not isinstance(one, dict) or one.get("type") != "display" or not isinstance(one.get("text"), str):
        return None
    given = one.get("extension")
    for ext in given if isinstance(given, list) else []:
        if isinstance(ext, dict) and ext.get("url") == ITEM_CONTROL:
            return ABOUT.get(control_code(ext))
    return None


def _both(one: Data | None, other: Data | None) -> Data | None:
    return {"all": [one, other]} if one and other and one != other else one or other


def linked(items: Any) -> dict[str, Data]:
    """Every item by its linkId."""
    return {one["linkId"]: one for one in every_item(items) if isinstance(one.get("linkId"), str)}
