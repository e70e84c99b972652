"""Read one raw revision as a phone sent it. Anything else than the written shape is *unreadable*, and is kept. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import rfc8785

from server.assignments.rules import BARRIERS

KINDS = ("save", "delete", "restore")
SUBJECTS = ("entry", "answer", "plan", "agenda", "setting", "research", "sharing")
MEDIA = ("worksheet", "said", "paper", "phone_call")
ENTERED_BY = ("client", "practitioner")
HELPED_BY = ("none", "interpreter", "supporter")
ANSWERS = ("done", "tried", "nothing_happened", "not_today", "exempt")
OUTCOMES = ("smaller", "another_day", "swap", "keep")
REQUIRED = frozenset(
    {"revision_id", "entry_id", "subject", "parents", "kind", "payload", "happened_at", "medium", "entered_by"}
    | {"helped_by", "device_seq", "created_at", "app_version", "schema_version"}
)
OPTIONAL = frozenset({"form_key", "form_version", "wording"})
SLOT = re.compile(r"(\d{4}-\d{2}-\d{2}|w\d{1,4})#\d{1,2}|i:[0-9a-z-]{1,40}", re.ASCII)
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}", re.ASCII)
MOST_SEQ = 2**31 - 1  # as the database keeps it
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)


class Unreadable(Exception):
    """This revision does not have the written shape. `reason` is the code it is kept under."""

    def __init__(self, why: str, reason: str = "unreadable"):
        super().__init__(why)
        self.reason = reason


@dataclass(frozen=True)
class Read:
    """One revision, read."""

    revision_id: UUID
    entry_id: UUID
    subject_kind: str
    assignment_id: UUID | None
    slot: str | None
    parents: tuple[str, ...]
    kind: str
    form_key: str | None
    form_version: int | None
    payload: Mapping[str, Any]
    happened_at: datetime
    happened_local: str
    happened_zone: str
    medium: str
    entered_by: str
    helped_by: str
    device_seq: int
    created_at: datetime
    app_version: str | None
    schema_version: int


def canonical(raw: Any) -> tuple[bytes, str, bool]:
    """(bytes, hex SHA-256, whether they are RFC 8785). What has no canonical form is hashed over plain JSON."""
    try:
        text, fits = rfc8785.dumps(raw), True
    except (rfc8785.CanonicalizationError, UnicodeError, ValueError, RecursionError):
        text, fits = _plain(raw), False
    return text, hashlib.sha256(text).hexdigest(), fits


def _plain(raw: Any) -> bytes:
    try:
        return json.dumps(raw, sort_keys=True, separators=(",", ":")).encode()
    except RecursionError:  # no phone writes this; a batch with it must not be stuck for ever
        return b'"nested too deeply to be kept"'


def revision_id_of(raw: Any) -> UUID | None:
    """The id of a raw revision, if it has a readable one."""
    try:
        return _uuid(raw["revision_id"])
    except (Unreadable, KeyError, TypeError):
        return None


def read(raw: Any) -> Read:
    """The revision in a raw object. `Unreadable` when keys, types or codes are not as written in docs/protocol.md."""
    if not isinstance(raw, dict):
        raise Unreadable("not an object")
    keys = set(raw)
    if not keys >= REQUIRED or not keys <= REQUIRED | OPTIONAL:
        raise Unreadable("keys missing or unknown")
    subject = _object(raw["subject"])
    kind = subject.get("kind")
    if kind not in SUBJECTS:
        raise Unreadable("a subject we do not know", "unknown-subject")
    payload = _object(raw["payload"])
    happened = _object(raw["happened_at"])
    zone, local = _zone(happened.get("zone")), _text(happened.get("local"), 40)
    happened_at = _lived(local, happened.get("utc_offset"), zone)
    form_version = raw.get("form_version")
    revision = Read(
        revision_id=_uuid(raw["revision_id"]),
        entry_id=_uuid(raw["entry_id"]),
        subject_kind=kind,
        assignment_id=_uuid(subject["assignment_id"]) if subject.get("assignment_id") is not None else None,
        slot=_slot(subject.get("slot")),
        parents=tuple(str(_uuid(parent)) for parent in _list(raw["parents"], 20)),
        kind=_one_of(raw["kind"], KINDS),
        form_key=_text(raw["form_key"], 200) if raw.get("form_key") is not None else None,
        form_version=_whole(form_version, 1, 10_000) if form_version is not None else None,
        payload=payload,
        happened_at=happened_at,
        happened_local=local,
        happened_zone=str(zone),
        medium=_one_of(raw["medium"], MEDIA),
        entered_by=_one_of(raw["entered_by"], ENTERED_BY),
        helped_by=_one_of(raw["helped_by"], HELPED_BY),
        device_seq=_whole(raw["device_seq"], 0, MOST_SEQ),
        created_at=_moment(raw["created_at"]),
        app_version=_text(raw["app_version"], 40) if raw["app_version"] is not None else None,
        schema_version=_whole(raw["schema_version"], 1, 10_000),
    )
    _check_payload(revision)
    return revision


def _check_payload(revision: Read) -> None:
    payload, kind = revision.payload, revision.subject_kind
    if kind in ("entry", "answer", "plan") and revision.assignment_id is None:
        raise Unreadable("no assignment")
    if revision.kind == "delete":
        if payload:  # what is unchecked must not be stored: every later reading would meet it
            raise Unreadable("a delete says nothing more")
        return
    if kind == "entry":
        _object(payload.get("answers"))
    elif kind == "answer":
        _answer(revision)
    elif kind == "plan":
        _plan(payload)
    elif kind == "agenda":
        if not isinstance(payload.get("text"), str):
            raise Unreadable("no text")
    elif kind == "setting":
        _setting(payload)
    elif kind == "research":
        _one_of(payload.get("choice"), ("yes", "no"))
    elif kind == "sharing":
        _uuid(payload.get("entry_id"))
        if not isinstance(payload.get("shared"), bool):
            raise Unreadable("shared is yes or no")


def _plan(payload: Mapping[str, Any]) -> None:
    """A changed plan, or that a version of what was agreed is right."""
    if "plan" in payload or payload.get("confirmed") is not True:
        _object(payload.get("plan"))
    else:
        _whole(payload.get("version"), 1, MOST_SEQ)


def _setting(payload: Mapping[str, Any]) -> None:
    name = _text(payload.get("name"), 60)
    if name == "zone":
        _text(payload.get("value"), 60)
    if name == "language" and not LANGUAGE.fullmatch(_text(payload.get("value"), 20)):
        raise Unreadable("not a language")


def _answer(revision: Read) -> None:
    payload = revision.payload
    if revision.slot is None:
        raise Unreadable("an answer names its slot")
    _one_of(payload.get("answer"), ANSWERS)
    if payload.get("outcome") is not None:
        _one_of(payload["outcome"], OUTCOMES)
    if payload.get("barrier") is not None:
        _one_of(_text(payload["barrier"], 60), tuple(BARRIERS))  # kept in the open, so never free text
    if payload.get("outcome") == "another_day" or payload.get("moved_to") is not None:
        day_of(payload.get("moved_to"))  # settling reads it whatever the outcome is


def day_of(value: Any) -> date:
    """A day from its text, as 2026-11-22. `Unreadable` otherwise."""
    text = _text(value, 10)
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise Unreadable("not a day") from wrong
    if day.isoformat() != text or not 1900 <= day.year <= 2200:
        raise Unreadable("not a day")
    return day


def _lived(local: str, offset: Any, zone: ZoneInfo) -> datetime:
    """The moment of a wall time: by the offset the phone saw, else by the zone."""
    try:
        wall = datetime.fromisoformat(local)
    except ValueError as wrong:
        raise Unreadable("not a local time") from wrong
    if wall.tzinfo is not None or not 1900 <= wall.year <= 2200:
        raise Unreadable("not a local time")
    if offset is None:
        return wall.replace(tzinfo=zone).astimezone(UTC)
    return wall.replace(tzinfo=UTC) - timedelta(minutes=_whole(offset, -14 * 60, 14 * 60))


def _moment(value: Any) -> datetime:
    text = _text(value, 40)
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if not MOMENT.fullmatch(text) or moment.tzinfo is None or not 1900 <= moment.year <= 2200:
            raise ValueError
    except ValueError as wrong:
        raise Unreadable("not a moment") from wrong
    return moment.astimezone(UTC)


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(_text(value, 60))
    except (ValueError, OSError) as wrong:  # ZoneInfoNotFoundError is a KeyError
        raise Unreadable("not a zone") from wrong
    except KeyError as wrong:
        raise Unreadable("not a zone") from wrong


def _slot(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not SLOT.fullmatch(value):
        raise Unreadable("not a slot")
    return value


def _uuid(value: Any) -> UUID:
    try:
        found = UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        found = None
    if found is None or str(found) != value:
        raise Unreadable("not an id")
    return found


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str) or len(value.encode()) > most or "\x00" in value:
        raise Unreadable("not a text, or too long")
    return value


def _whole(value: Any, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Unreadable("not a whole number in range")
    return value


def _one_of(value: Any, known: tuple[str, ...]) -> str:
    if value not in known:
        raise Unreadable("a code we do not know")
    return str(value)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable("not an object")
    return value


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise Unreadable("not a list, or too long")
    return value
