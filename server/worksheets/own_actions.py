"""Make, change and retire own tasks. Each version is held to the same check as the worksheets that ship."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from server.audit import actions as audit
from server.errors import Refused
from server.extensions import db
from server.people.models import Practitioner, Service
from server.worksheets.check import content_problems, wording_problems
from server.worksheets.models import OwnTask
from server.worksheets.own_building import Typed, definition_of
from server.worksheets.own_queries import FAMILY, newest_row
from server.worksheets.reading import read
from server.worksheets.structure import Problem, problems_of, schema_at


def problems_in(typed: Typed) -> list[Problem]:
    """Everything the check says of a task as it was typed; only those that are no `warning` keep it from being made."""
    return _checked(definition_of(typed, f"{FAMILY}/draft", 1))[1]


def make(*, typed: Typed, by: Practitioner, now: datetime) -> OwnTask:
    """The first version of a new own task. Refused `bad-input` when the check finds an error."""
    return _add(typed, f"{FAMILY}/t{secrets.token_hex(6)}", 1, by, now)


def change(*, worksheet_id: str, typed: Typed, by: Practitioner, now: datetime) -> OwnTask:
    """The next version; what was agreed before stays as it was.

    Refused `not-found` for another service's, and for one that is offered no more.
    Two changes at once follow each other.
    """
    db.session.execute(select(Service.id).where(Service.id == by.service_id).with_for_update())
    newest = newest_row(by.service_id, worksheet_id)
    if newest is None or newest.retired_at is not None:
        raise Refused("not-found")
    return _add(typed, worksheet_id, newest.version + 1, by, now)


def retire(*, worksheet_id: str, by: Practitioner, now: datetime) -> OwnTask:
    """Offer it no more. Whoever has it keeps it."""
    newest = newest_row(by.service_id, worksheet_id)
    if newest is None:
        raise Refused("not-found")
    if newest.retired_at is None:
        newest.retired_at, newest.retired_by = now, by.id
        audit.record("own_task.retired", about=newest, by=by, detail={"worksheet": worksheet_id}, now=now)
    return newest


def _add(typed: Typed, worksheet_id: str, version: int, by: Practitioner, now: datetime) -> OwnTask:
    text, problems = _checked(definition_of(typed, worksheet_id, version))
    wrong = [problem for problem in problems if not problem.warning]
    if wrong:
        raise Refused("bad-input", fields={problem.field: problem.message for problem in wrong})
    said = all(one.risk is not None for one in typed.questions)
    row = OwnTask(
        service_id=by.service_id,
        worksheet_id=worksheet_id,
        version=version,
        definition=text,
        sha256=read(text.encode()).sha256,
        risk_said_by=by.id if said else None,
        made_by=by.id,
        recorded_at=now,
    )
    db.session.add(row)
    db.session.flush()
    detail = {"worksheet": worksheet_id, "version": version, "risk_said": said}
    audit.record("own_task.made" if version == 1 else "own_task.changed", about=row, by=by, detail=detail, now=now)
    return row


def _checked(data: dict[str, Any]) -> tuple[str, list[Problem]]:
    text = json.dumps(data, ensure_ascii=False, indent=1)
    file = f"{data['id']}.v{data['version']}.yaml"
    reading = read(text.encode())
    found = problems_of(reading, file, schema_at(current_app.config["MEANTIME"].worksheets))
    return text, found or [*content_problems(file, reading), *wording_problems(file, reading, {})]
