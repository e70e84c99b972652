"""The bundle as FHIR R4, one resource a line: made of the rows as they left, so that nothing else can be in it.

There are no dates: days from day zero stand in extensions. What FHIR cannot say is in fhir/CapabilityNote.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from server.fhir.questionnaire import canonical, questionnaire
from server.research.bundle import Written, read_on, write_text
from server.research.columns import MISSING, File
from server.worksheets.definition import Worksheet

Data = dict[str, Any]
DAY = "urn:meantime:day"  # whole days from the client's day zero
CODES = "urn:meantime:codes:"
KINDS = ("Patient", "Consent", "Provenance", "CarePlan", "Task", "QuestionnaireResponse")
TASK_STATUS = {"open": "in-progress", "ended": "completed", "withdrawn": "cancelled"}
CONSENT = {"yes": ("active", "permit"), "no": ("rejected", "deny")}
STUDY_CONSENT = {"given": ("active", "permit"), "withdrawn": ("rejected", "deny")}
_NUMBERS = {"integer": ("valueInteger", int), "decimal": ("valueDecimal", float)}


class FhirFiles:
    """The NDJSON files while rows go by: those of one person, and of one entry, come one after the other."""

    def __init__(self, folder: Path, worksheets: Sequence[Worksheet], as_of: str) -> None:
        self._folder, self._as_of = folder, as_of
        self._worksheets = {(one.id, one.version): one for one in worksheets}
        self._asked: dict[tuple[str, int], _Asked] = {}
        self._outcomes: dict[str, str] = {}
        self._entry: list[Data] = []
        self._consent: Data | None = None  # of the person whose rows go by, as far as they said
        (folder / "fhir").mkdir()
        self._files: dict[str, BinaryIO] = {name: (folder / _path(name)).open("w+b") for name in KINDS}
        self._rows = dict.fromkeys(KINDS, 0)

    def see(self, file: File, cells: Sequence[Any]) -> None:
        """One row of any table, as it left."""
        if file.name not in _SEEN:
            return
        row = dict(zip(file.names, cells, strict=True))
        if file.name == "items":
            self._item(row)
            return
        self._end_entry()
        if file.name == "entries":
            self._outcomes[row["entry"]] = row["outcome"]
        else:
            for resource in self._made(file.name, row):
                self._put(resource)

    def take(self, folder: Path, rows: Mapping[str, int]) -> None:
        """The resources that another process wrote, after those that are here."""
        self._end()
        for name, file in self._files.items():
            for raw in read_on(folder / _path(name)):
                file.write(raw)
            self._rows[name] += rows[name]

    def flush(self) -> dict[str, int]:
        """Write what is left, and let others read it. Returns how many there are of each kind."""
        self._end()
        for file in self._files.values():
            file.flush()
        return self._rows

    def finish(self) -> list[Written]:
        """Write what is left. Returns the files, and the note on what they cannot say."""
        self._end()
        written = []
        for name, file in self._files.items():
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            written.append(Written(_path(name), digest, self._rows[name]))
        return [*written, write_text(self._folder, "fhir/CapabilityNote.md", NOTE)]

    def close(self) -> None:
        """Let go of the files."""
        for file in self._files.values():
            file.close()

    def _made(self, name: str, row: Data) -> Iterator[Data]:
        if name == "consents":
            self._consent = _study_consent(row)
            return
        if name == "participants":
            self._end_person()
            self._outcomes.clear()
            yield {"resourceType": "Patient", "id": row["pid"]}
            self._consent = _consent(row)
            yield self._provenance(row)
        if name == "episodes":
            yield _care_plan(row)
        if name == "assignments":
            worksheet = self._worksheets.get((row["worksheet"], row["worksheet_version"]))
            yield _task(row, canonical(worksheet) if worksheet else None)

    def _provenance(self, row: Data) -> Data:
        return {
            "resourceType": "Provenance",
            "id": f"made-{row['pid']}",
            "target": [{"reference": f"Patient/{row['pid']}"}],
            "recorded": self._as_of,
            "activity": {"text": "De-identified and exported"},
            "agent": [{"who": {"display": "Meantime"}}],
        }

    def _item(self, row: Data) -> None:
        if self._entry and self._entry[0]["entry"] != row["entry"]:
            self._end_entry()
        self._entry.append(row)

    def _end_entry(self) -> None:
        if not self._entry:
            return
        first = self._entry[0]
        key = first["worksheet"], first["worksheet_version"]
        if key not in self._asked:
            self._asked[key] = _Asked(self._worksheets[key])
        whole = self._outcomes.get(first["entry"]) in ("done", "nothing_happened")
        items = self._asked[key].items(self._entry)
        self._put(
            {
                "resourceType": "QuestionnaireResponse",
                "id": first["entry"],
                "questionnaire": canonical(self._worksheets[key]),
                "status": "completed" if whole else "in-progress",
                "subject": {"reference": f"Patient/{first['pid']}"},
                **({"item": items} if items else {}),
            }
        )
        self._entry = []

    def _end(self) -> None:
        self._end_entry()
        self._end_person()

    def _end_person(self) -> None:
        if self._consent:
            self._put(self._consent)
        self._consent = None

    def _put(self, resource: Data) -> None:
        line = json.dumps(resource, ensure_ascii=False, separators=(",", ":")) + "\n"
        self._files[resource["resourceType"]].write(line.encode())
        self._rows[resource["resourceType"]] += 1


class _Asked:
    """How answers to one version of a worksheet stand in its Questionnaire."""

    def __init__(self, worksheet: Worksheet) -> None:
        self._top = questionnaire(worksheet)["item"]

    def items(self, rows: Sequence[Data]) -> list[Data]:
        """The items of a response, in the order of the questions; each item of a list is a group of its own."""
        told: dict[Any, dict[str, list[Data]]] = {}
        for row in rows:
            told.setdefault(row["place"], {}).setdefault(row["link_id"], []).append(row)
        page = told.pop("not-applicable", {})
        found = []
        for item in self._top:
            if item["type"] != "group":
                found += _answered(item, page)
                continue
            for place in sorted(told):
                inner = [one for child in item.get("item", []) for one in _answered(child, told[place])]
                if inner:
                    found.append({"linkId": item["linkId"], "item": inner})
        return found


def _answered(item: Data, told: Mapping[str, list[Data]]) -> list[Data]:
    answers = [answer for row in told.get(item["linkId"], ()) for answer in _answer(item, row)]
    return [{"linkId": item["linkId"], "answer": answers}] if answers else []


def _answer(item: Data, row: Data) -> Iterator[Data]:
    kind = item["type"]
    if kind in _NUMBERS and row["number"] not in MISSING:
        name, number = _NUMBERS[kind]
        yield {name: number(row["number"])}
    elif kind == "boolean" and row["code"] not in MISSING:
        yield {"valueBoolean": row["code"] == "yes"}
    elif kind in ("choice", "open-choice"):
        codings = [option.get("valueCoding", {}) for option in item.get("answerOption", [])]
        yield from ({"valueCoding": one} for one in codings if one.get("code") == row["code"])


def _consent(row: Data) -> Data:
    said = CONSENT.get(row["research"], ("proposed", None))
    return _choice(row["pid"], "research", said, "The client's own choice in the app")


def _study_consent(row: Data) -> Data:
    """What they said to the study last stands in the place of their choice about research in general."""
    words = f"What clients of this study were told, version {row['text']}"
    made = _choice(row["pid"], "study", STUDY_CONSENT[row["choice"]], words)
    return {**made, "extension": [_day("said", row["day"])]}


def _choice(pid: str, about: str, said: tuple[str, str | None], words: str) -> Data:
    status, kind = said
    return {
        "resourceType": "Consent",
        "id": f"{about}-{pid}",
        "status": status,
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "research"}]},
        "category": [{"text": "Use of data in research"}],
        "patient": {"reference": f"Patient/{pid}"},
        "policyRule": {"text": words},
        **({"provision": {"type": kind}} if kind else {}),
    }


def _care_plan(row: Data) -> Data:
    closed = row["closed_day"] not in MISSING
    days = [_day("opened", row["opened_day"]), *([_day("closed", row["closed_day"])] if closed else [])]
    return {
        "resourceType": "CarePlan",
        "id": row["episode"],
        "extension": days,
        "status": "completed" if closed else "active",
        "intent": "plan",
        "title": "What was agreed between appointments",
        "subject": {"reference": f"Patient/{row['pid']}"},
    }


def _task(row: Data, where: str | None) -> Data:
    filled_in = [{"type": {"text": "Questionnaire"}, "valueCanonical": where}] if where else []
    return {
        "resourceType": "Task",
        "id": row["assignment"],
        "extension": [_day("agreed", row["agreed_day"])],
        "basedOn": [{"reference": f"CarePlan/{row['episode']}"}],
        "status": TASK_STATUS.get(row["state"], "in-progress"),
        "intent": "plan",
        "code": {"coding": [{"system": f"{CODES}rhythm", "code": row["rhythm"]}]},
        "for": {"reference": f"Patient/{row['pid']}"},
        **({"input": filled_in} if filled_in else {}),
    }


def _day(what: str, day: int) -> Data:
    return {"url": f"{DAY}:{what}", "valueInteger": day}


def _path(name: str) -> str:
    return f"fhir/{name}.ndjson"


_SEEN = ("participants", "consents", "episodes", "assignments", "entries", "items")
NOTE = """# What the FHIR files say, and what they do not

FHIR R4, one resource a line, made of the rows of `data/`; `instruments/` holds the Questionnaires they name.

- `Patient` has a pseudonym as its id and nothing else. There are no dates: days from day zero are in extensions
  `urn:meantime:day:…`. `Provenance.recorded` is the moment the bundle is of.
- `QuestionnaireResponse` has the answers to closed questions. Days, times of day, figures that were worked out and what
  was written are left out; so are one-tap answers, which have no Questionnaire. Own words beside a choice, and what the
  definition does not allow, are left out as well: `items` in `data/` says that they are there.
- `Task.code` is the rhythm by our own codes. No SNOMED CT code for such work is known, and none was made.
- `Consent` is what the client said to the study (`study-…`) as of the bundle or, where they said nothing to it or it is
  of no study, their present choice about research in general (`research-…`). Another basis stands in `manifest.json`.
- Reminders, appointments, reviews, measures and figures are in `data/` only.
"""
