"""A questionnaire of our own words that asks about risk: as vectors, as a file, and agreed with somebody."""

import json
from dataclasses import replace
from datetime import date, time
from pathlib import Path

from ruamel.yaml import YAML

from server.extensions import atomic
from server.safety import actions as safety
from server.safety.actions import Procedure
from server.worksheets.definition import Worksheet, worksheet_from
from tests.cast import NOW

VECTORS = Path(__file__).parents[1] / "vectors" / "risk.json"
CHECK = json.loads(VECTORS.read_text("utf-8"))["definition"]
PROCEDURE = Procedure(
    person="Dr Mira Hale", role="Clinical lead", text="The duty clinician rings the same day.",
    inbox="duty@example.org", confirmed_by="Dr Mira Hale", working_days=(0, 1, 2, 3, 4), works_from=time(9),
    works_until=time(17), reviewed_on=date(2026, 11, 2),
)  # fmt: skip


def worksheet_of(data: dict) -> Worksheet:
    """A definition's data as a worksheet."""
    return worksheet_from(data, "0" * 64)


def add_to(folder: Path) -> None:
    """Put it among a service's own worksheets, in a data folder."""
    path = folder / "worksheets" / f"{CHECK['id']}.v{CHECK['version']}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(CHECK, file)


def with_mail(app, url: str = "smtp://127.0.0.1:9") -> None:
    """Give an application a mail server."""
    app.config["MEANTIME"] = replace(app.config["MEANTIME"], smtp_url=url, mail_from="meantime@example.org")


def switched_on(app, cast, now=NOW, url: str = "smtp://127.0.0.1:9", **changes) -> None:
    """Ben's service answers for risk from now on."""
    with_mail(app, url)
    with atomic():
        safety.switch_on(
            service=cast.service, procedure=replace(PROCEDURE, **changes), mail_tried_at=now, by=cast.ada, now=now
        )


def filled_in(cast, assignment_id, answers: dict, safe_now: str | None = None, **changes) -> dict:
    """A raw revision of it as Anna's phone sends it."""
    form = {"form_key": CHECK["id"], "form_version": CHECK["version"]}
    raw = cast.entry(assignment_id, answers, **{**form, **changes})
    if safe_now is not None:
        raw["payload"]["safe_now"] = safe_now
    return raw


def after(cast, raw: dict, safe_now: str | None = None, answers: dict | None = None, **changes) -> dict:
    """The next state of the same entry: the follow-up answered, or other answers."""
    assignment = raw["subject"]["assignment_id"]
    told = raw["payload"]["answers"] if answers is None else answers
    follows = {"entry_id": raw["entry_id"], "parents": [raw["revision_id"]]}
    return filled_in(cast, assignment, told, safe_now, **follows, **changes)
