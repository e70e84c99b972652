"""A Questionnaire from elsewhere as a worksheet, or every reason why it cannot be one. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from server.fhir.reasons import Reasons, Said
from server.fhir.taking import Taken, taken
from server.worksheets.reading import Reading
from server.worksheets.scalars import straightened
from server.worksheets.structure import problems_of

Data = dict[str, Any]
Rule = dict[str, Any]
WORDS = {
    *("resourceType", "id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension"),
    *("url", "identifier", "version", "name", "title", "derivedFrom", "status", "experimental", "subjectType", "date"),
    *("publisher", "contact", "description", "useContext", "jurisdiction", "purpose", "copyright", "approvalDate"),
    *("lastReviewDate", "effectivePeriod", "code", "item"),
}
TAKEN = {"resourceType", "id", "contained", "extension", "url", "version", "title", "status", "item"}
TAKEN |= {"description", "purpose", "copyright", "subjectType", "name"}
SECONDS_A_QUESTION = 10
MOST_DIGITS = 18  # of a number in a file: FHIR R4 asks for no more
WHY = "Your practitioner asked you to fill this in. Your answers help you both to see how things are."


class Unreadable(Exception):
    """The file is no JSON; the message names line and column."""


@dataclass(frozen=True)
class Imported:
    """`definition` is None where anything was refused. `kept` is only in the source; `taken` maps linkIds."""

    definition: Data | None
    refused: tuple[Said, ...]
    kept: tuple[Said, ...]
    taken: Taken


def parsed(content: bytes) -> Any:
    """The JSON of a file. Raises Unreadable with line and column, also for a word that is there twice."""
    try:
        found = json.loads(content.decode("utf-8-sig"), **_HOOKS)
        json.dumps(found, ensure_ascii=False).encode()
        return found
    except UnicodeEncodeError:
        raise Unreadable("A text holds half a character (a lone surrogate).") from None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(f"line {line}: the file is not in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except RecursionError:
        raise Unreadable("The parts are nested too deeply.") from None


def imported_definition(
    resource: Any,
    *,
    worksheet_id: str,
    version: int,
    schema: Draft202012Validator,
    risk: Collection[str] | None = None,
    answered_by: str | None = None,
    measure: str | None = None,
) -> Imported:
    """The definition that a Questionnaire comes to, as data of a file `<worksheet_id>.v<version>.yaml`.

    `risk`: linkIds of the questions that ask about risk, as `answered_by` said of all of them; None: nobody said, so
    only staff fill it in (design.md 4). `measure`: which measure this is the text of; checking that it is belongs to
    the scorer. `schema`: that of worksheets. Never raises for what is in the resource.
    """
    about = Reasons()
    _whole(resource, about)
    if about.refused:
        return Imported(None, tuple(about.refused), tuple(about.kept), Taken())
    found = taken(resource)
    refused, kept = [*about.refused, *found.reasons.refused], [*about.kept, *found.reasons.kept]
    for link_id in sorted(set(risk or ()) - set(found.targets) - set(found.inner)):
        refused.append(Said(link_id, "no question is called this, so it cannot ask about risk."))
    if refused:
        return Imported(None, tuple(refused), tuple(kept), found)
    data = _completed(found, resource, worksheet_id, version)
    data |= {"measure": measure} if measure else {}
    data |= {"staff_entry": True} if risk is None else {"source": f"{data['source']} {_named(risk, answered_by)}"}
    data["fields"] = [_marked(one, found, set(risk or ())) for one in data["fields"]]
    flags = list(usual_flags(data["fields"]))
    if data.pop("risk_flags", []):
        kept.append(Said("", "which answers about risk open a card; the usual ones do here."))
    data |= {"risk_flags": flags} if flags else {}
    data = _straight(data, kept)
    wrong = problems_of(Reading(data), f"{worksheet_id}.v{version}.yaml", schema)
    refused = [Said(_link_at(problem.field, data), problem.message) for problem in wrong]
    return Imported(None if refused else data, tuple(refused), tuple(kept), found)


def same_definition(resource: Data) -> Data:
    """The definition that one of our own exports was made of: FHIR's words and ours read together, nothing added."""
    return taken(resource).data


def usual_done(fields: list[Data]) -> Rule:
    """Done once every required question that is on show is answered; where none is required, once any is."""
    asked = [one for one in fields if one["type"] != "heading"]
    wanted = [rule for one in asked for rule in _wanted(one)]
    if not wanted:
        return {"any": [{"answered": one["id"]} for one in asked]}
    return wanted[0] if len(wanted) == 1 else {"all": wanted}


def usual_flags(fields: list[Data]) -> Iterator[Data]:
    """A flag of level 1 and the support card for any answer to a question about risk (clinical reference D1, B 1).

    A Questionnaire does not say which end of a scale is the worse one: "How safe do you feel?" has it at 0. A measure
    gets the direction of its scorer instead (`measures.imported`).
    """
    for one in fields:
        if one.get("risk"):
            yield {"field": one["id"], "level": 1, "when": {"answered": one["id"]}}
        for inner in one.get("fields", []):
            if inner.get("risk"):
                some = {"count": {"list": one["id"], "where": {"answered": inner["id"]}, "at_least": 1}}
                yield {"field": inner["id"], "level": 1, "when": some}


def _whole(resource: Any, about: Reasons) -> None:
    """What is wrong with the file as a whole."""
    if not isinstance(resource, dict) or resource.get("resourceType") != "Questionnaire":
        about.refuse("", "this is no FHIR Questionnaire")
        return
    for name in sorted(key for key in resource if not key.startswith("_") and key not in WORDS):
        about.refuse("", f"{name!r} is no word of a Questionnaire in FHIR R4")
    if resource.get("implicitRules"):
        about.refuse("", "it follows rules that are written elsewhere (implicitRules)")
    if resource.get("derivedFrom"):
        about.refuse("", "it goes by another questionnaire (derivedFrom)")
    if not resource.get("item"):
        about.refuse("", "it asks nothing")
    for name in sorted(key for key in resource if key not in TAKEN and (key in WORDS or key.startswith("_"))):
        if name not in ("implicitRules", "derivedFrom", "modifierExtension"):
            about.keep("", name)
    if isinstance(resource.get("status"), str) and resource["status"] != "active":
        about.keep("", f"its status, {resource['status']!r}")


def _completed(found: Taken, resource: Data, worksheet_id: str, version: int) -> Data:
    """What a worksheet needs and a Questionnaire has no word for, in plain words of ours."""
    data = {key: value for key, value in found.data.items() if key not in ("measure", "staff_entry")}
    title = data.get("title") or str(resource.get("name") or "Questions")
    asked = sum(one["type"] != "heading" for one in data["fields"])
    stated = resource.get("url") or resource.get("id") or "a file without an address"
    usual: Data = {
        "title": title,
        "neutral_title": "My questions",
        "summary": title,
        "why": WHY,
        "minutes": min(60, max(1, math.ceil(asked * SECONDS_A_QUESTION / 60))),
        "rhythms": {"allowed": ["once", "per_appointment", "weekly", "monthly"], "default": {"kind": "once"}},
        "who_sees": "You and the practitioner you work with.",
        "source": f"Imported from {stated}.",
        "licence": str(resource.get("copyright") or "The file does not say.")[:4000],
        "done": usual_done(data["fields"]),
    }
    return {**usual, **data, "id": worksheet_id, "version": version, "imported": True}


def _straight(data: Data, kept: list[Said]) -> Data:
    """The definition without characters that turn a line round, which are in the source only."""
    made, turned = straightened(data)
    if turned:
        kept.append(Said("", f"characters that turn a line round, left out of {turned} text{'s' * (turned > 1)}."))
    return dict(made)


def _named(risk: Collection[str], answered_by: str | None) -> str:
    which = ", ".join(sorted(risk)) or "none"
    return f"Questions about risk: {which}, as {answered_by or 'the importer'} said."


def _marked(field: Data, found: Taken, risk: set[str]) -> Data:
    """The question with its mark, or without one: what a file claims about risk is nobody's answer here."""
    plain = {key: value for key, value in field.items() if key != "risk"}
    names = {t.field["id"] for link, t in {**found.targets, **found.inner}.items() if link in risk}
    if field.get("fields"):
        inner = [_marked(one, found, risk) for one in field["fields"]]
        all_of_it = field["id"] in names
        return {**plain, "fields": [{**one, "risk": True} if all_of_it else one for one in inner]}
    return {**plain, "risk": True} if field["id"] in names and field["type"] != "heading" else plain


def _wanted(one: Data) -> Iterator[Rule]:
    name = one["id"]
    rules = [{"answered": name}] if one.get("required") else []
    inner = [{"answered": part["id"]} for part in one.get("fields", []) if part.get("required")]
    if inner:
        whole = {"every": {"list": name, "where": {"all": inner}}}
        rules.append(whole if one.get("required") else {"any": [{"not": {"answered": name}}, whole]})
    for rule in rules:
        yield {"any": [{"not": one["show_when"]}, rule]} if "show_when" in one else rule


def _link_at(place: str, data: Data) -> str:
    """The linkId of the question a problem is about; empty where it is about the whole."""
    parts, here, link = place.split("."), data, ""
    while len(parts) > 1 and parts[0] == "fields" and parts[1].isdecimal():
        here = here["fields"][int(parts[1])]
        link, parts = str(here.get("link_id", here.get("id", ""))), parts[2:]
    return link


def _once(pairs: list[tuple[str, Any]]) -> Data:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        raise Unreadable(f"“{next(name for name in names if names.count(name) > 1)}” is there twice in one object.")
    return made


def _no_number(name: str) -> None:
    raise Unreadable(f"{name} is no number in JSON.")


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise Unreadable(f"{digits[:MOST_DIGITS]}… is a number of {len(digits):,} digits; at most {MOST_DIGITS}.")
    return int(digits)


def _broken_number(digits: str) -> float:
    if not math.isfinite(float(digits)):
        raise Unreadable(f"{digits[:MOST_DIGITS]} is too large a number.")
    return float(digits)


_HOOKS: dict[str, Any] = {
    "object_pairs_hook": _once,
    "parse_constant": _no_number,
    "parse_int": _whole_number,
    "parse_float": _broken_number,
}
