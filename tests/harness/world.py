"""The real application on a file of its own, asked line by line by the simulated phones, on their clock."""

import json
import re
import shutil
import traceback
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import flask_migrate
from argon2 import PasswordHasher
from sqlalchemy import select
from werkzeug.test import Client as Browser

from server import clock, create_app
from server.assignments import actions as assignments
from server.assignments.models import Assignment, Occurrence
from server.caseload import actions as caseload
from server.caseload.models import Episode
from server.config import Config
from server.engagement.actions import refresh_all
from server.entries.models import Entry, Quarantined, Revision
from server.extensions import atomic, db
from server.installation import start_new_epoch
from server.people import actions as people
from server.people import pairing, sign_in, tokens
from server.people.models import Client, Device, Practitioner
from server.sealing import make_key_file
from server.worksheets.library import library
from tests.cast import PLAN, THOUGHT_RECORD, people_of_two_services
from tests.faults.checks import everything_holds

BEGIN = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)  # four days before the phones begin
DAYS = 4
MARK = re.compile("«[0-9]+»")


@dataclass
class Held:
    """A phone as the checks know one: what came from it."""

    device_id: str
    held: dict[str, dict] = field(default_factory=dict)
    acknowledged: frozenset = frozenset()
    earlier: frozenset = frozenset()


class World:
    """The application, its clock, and a fresh copy of its people for each seed."""

    def __init__(self, folder: Path, most_people: int = 2):
        self.now = BEGIN
        self._clock, self._hasher = clock.now, sign_in._hasher
        clock.now = lambda: self.now
        sign_in._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        make_key_file(folder / "meantime.keys")
        self.config = Config.from_env(
            {
                "MEANTIME_DATA": str(folder),
                "MEANTIME_KEY_FILE": str(folder / "meantime.keys"),
                "MEANTIME_BASE_URL": "http://localhost:8000",
            }
        )
        self._file, self._fresh, self._copy = (folder / name for name in ("meantime.sqlite3", "fresh", "copy"))
        self.app = create_app(self.config)
        self._context = self.app.app_context()
        self._context.push()
        flask_migrate.upgrade()
        self._ben, self.people = _people(most_people)
        self._put_away(self._fresh)
        self._held: dict[str, Held] = {}
        # Hashes and marks: stored bytes never change, so they are opened once.
        self._opened: dict[tuple, tuple[str, list[str]]] = {}

    def close(self) -> None:
        """Give the clock back."""
        db.session.remove()
        db.engine.dispose()
        self._context.pop()
        clock.now, sign_in._hasher = self._clock, self._hasher

    def reset(self, now: float, people: int) -> dict:
        """Another seed begins: the same people, and nothing said yet."""
        self._bring_back(self._fresh)
        self._tick(now)
        self._held, self._opened = {}, {}
        return {"people": self.people[:people]}

    def request(self, now: float, method: str, path: str, headers: dict, body: str | None) -> dict:
        """One request over WSGI."""
        self._tick(now)
        if path.endswith("/push") and body:
            self._note(json.loads(body))
        web = Browser(self.app, use_cookies=False)
        answer = web.open(path, method=method, headers=headers, data=body.encode() if body else None)
        db.session.remove()
        told = {name.lower(): value for name, value in answer.headers.items()}
        return {"status": answer.status_code, "headers": told, "body": answer.get_data(as_text=True)}

    def invite(self, now: float, client_id: str) -> str:
        """A code for another phone of theirs."""
        self._tick(now)
        with atomic():
            ben, client = db.session.get(Practitioner, self._ben), db.session.get(Client, UUID(client_id))
            _, code = pairing.invite(client=client, by=ben, now=self.now)
        return code

    def agree(self, now: float, client_id: str) -> dict:
        """Something more to do with them, from this day on."""
        self._tick(now)
        with atomic():
            ben, client = db.session.get(Practitioner, self._ben), db.session.get(Client, UUID(client_id))
            episode = db.session.scalar(select(Episode).where(Episode.client_id == client.id))
            agreed = _agreed(client, episode, ben, self.now)
        return {"assignment_id": str(agreed.id), "days": _days(self.now)}

    def end_device(self, now: float, token: str) -> bool:
        """Its sign-in is no longer known."""
        self._tick(now)
        with atomic():
            told = tokens.read(token)
            if told:
                told.device.ended_at = self.now
        return told is not None

    def backup(self, now: float) -> bool:
        """Put a copy of the database by."""
        self._put_away(self._copy)
        return True

    def restore(self, now: float) -> bool:
        """The copy takes the place of the database, and a new epoch begins."""
        self._tick(now)
        self._bring_back(self._copy)
        start_new_epoch()
        return True

    def stored(self) -> dict:
        """Every revision's hash, the shown state of each thing, the marks in what was saved, what could not be read."""
        rows = db.session.execute(select(Revision.client_id, Revision.revision_id, Revision.content_hash_sealed)).all()
        words: dict[str, list[str]] = {}
        whose: dict[str, str] = {}
        hashes: dict[str, str] = {}
        for client_id, revision_id, sealed_hash in rows:
            key = (client_id, revision_id, sealed_hash)
            if key not in self._opened:
                row = db.session.get(Revision, key[:2])
                self._opened[key] = row.content_hash, _marks_in(row)
            hashes[str(revision_id)], marks = self._opened[key]
            for mark in marks:
                words.setdefault(mark, []).append(str(revision_id))
                whose[mark] = str(client_id)
        told = {
            "hashes": hashes,
            "heads": {str(one): str(head) for one, head in db.session.execute(select(Entry.entry_id, Entry.head_id))},
            "words": words,
            "whose": whose,
            "aside": [str(one) for one in db.session.scalars(select(Quarantined.revision_id))],
            "agreed": [str(one) for one in db.session.scalars(select(Assignment.id))],
        }
        db.session.remove()
        return told

    def ids(self, client_id: str) -> list[str]:
        """What is stored of one client."""
        found = db.session.scalars(select(Revision.revision_id).where(Revision.client_id == UUID(client_id)))
        return [str(one) for one in found]

    def due(self, client_id: str) -> list[str]:
        """What is to be done by one client, and when."""
        found = select(Occurrence.assignment_id, Occurrence.slot).where(Occurrence.client_id == UUID(client_id))
        return [f"{assignment_id}/{slot}" for assignment_id, slot in db.session.execute(found)]

    def holds(self, now: float) -> str:
        """Stored bytes, entries, occurrences and weeks, worked out afresh. Returns what does not hold."""
        self._tick(now)
        wrong = [self._wrong(UUID(person["client_id"])) for person in self.people]
        return "".join(wrong)

    def _wrong(self, client_id: UUID) -> str:
        """Occurrences are laid out as far ahead as on the day of the last push, whichever day of the story that was."""
        first = BEGIN + timedelta(days=DAYS)
        days = [first + timedelta(days=day) for day in range((self.now - first).days + 1)]
        try:
            everything_holds(client_id, self._phones(), *days)
        except AssertionError:
            return traceback.format_exc(limit=-2)
        finally:
            db.session.remove()
        return ""

    def _phones(self) -> list[Held]:
        """What came from each device; from one that was set apart, it came under the name of the other."""
        apart = db.session.execute(select(Device.id, Device.copy_of).where(Device.copy_of.is_not(None))).all()
        copies = [Held(str(one), self._held[str(of)].held) for one, of in apart if str(of) in self._held]
        return [*self._held.values(), *copies]

    def _note(self, pushed: dict) -> None:
        for revision in pushed["revisions"]:
            key = revision["revision_id"]
            for name in {pushed["device_id"], pushed.get("made_on", {}).get(key) or pushed["device_id"]}:
                self._held.setdefault(name, Held(name)).held.setdefault(key, revision)

    def _tick(self, now: float) -> None:
        self.now = datetime.fromtimestamp(now / 1000, UTC)

    def _put_away(self, to: Path) -> None:
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
        shutil.copy(self._file, to)

    def _bring_back(self, of: Path) -> None:
        db.session.remove()
        db.engine.dispose()
        for name in ("-wal", "-shm"):
            self._file.with_name(self._file.name + name).unlink(missing_ok=True)
        shutil.copy(of, self._file)


def _people(count: int) -> tuple[UUID, list[dict]]:
    """Ben, and so many clients of his, each with a thought record a day."""
    cast = people_of_two_services(now=BEGIN)
    made = []
    for n in range(count):
        with atomic():
            client = people.add_client(
                service=cast.service,
                preferred_name=f"Anna {n}",
                date_of_birth=date(1990, 1, 1),
                local_number=f"TT-2{n:03}",
                by=cast.ben,
                now=BEGIN,
            )
            episode = caseload.take_on(client=client, practitioner=cast.ben, by=cast.ben, now=BEGIN)
            agreed = _agreed(client, episode, cast.ben, BEGIN)
            refresh_all(client=client, now=BEGIN + timedelta(days=DAYS))
            made.append({"client_id": str(client.id), "assignment_id": str(agreed.id), "days": _days(BEGIN)})
    return cast.ben.id, made


def _agreed(client: Client, episode: Episode, by: Practitioner, now: datetime) -> Assignment:
    return assignments.assign(
        client=client,
        episode=episode,
        worksheet=library().newest(THOUGHT_RECORD),
        reason="It can help to look at a thought from the outside.",
        plan=PLAN,
        rhythm={"kind": "daily", "times": 1},
        from_date=now.date(),
        by=by,
        now=now,
    )


def _days(first: datetime) -> list[str]:
    return [str(first.date() + timedelta(days=day)) for day in range(DAYS + 1)]


def _marks_in(row: Revision) -> list[str]:
    return MARK.findall(json.dumps(row.body["payload"], ensure_ascii=False)) if row.kind == "save" else []
