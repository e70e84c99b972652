"""An invented phone: makes revisions as the app does, keeps what is unsent, and sends by the same road."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from server.api.sync import take_in
from server.entries.actions import contact
from server.extensions import new_id
from server.people.models import Client, Device
from server.worksheets.definition import Worksheet

APP_VERSION = "0.1.0"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Phone:
    """One device of one client, with what it has not sent yet."""

    client: Client
    device: Device
    rng: Random
    helped_by: str = "none"
    seq: int = 0
    last_made: datetime = LONG_AGO
    unsent: list[dict[str, Any]] = field(default_factory=list)

    def entry(
        self,
        happened: datetime,
        assignment_id: UUID,
        worksheet: Worksheet,
        answers: dict[str, Any],
        *,
        kept: bool = False,
        short: bool = False,
        entry_id: str | None = None,
        parents: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """A worksheet was saved: kept here until it is sent."""
        payload = {"answers": answers, "kept": kept, "size": "small" if short else "usual", "short": short}
        return self._save(
            happened,
            {"kind": "entry", "assignment_id": str(assignment_id)},
            payload,
            entry_id=entry_id,
            parents=list(parents),
            form_key=worksheet.id,
            form_version=worksheet.version,
            wording={"language": "en", "sha256": worksheet.sha256},
        )

    def answer(self, happened: datetime, assignment_id: UUID, slot: str, payload: dict[str, Any]) -> None:
        """One tap: done, not today and why."""
        subject = {"kind": "answer", "assignment_id": str(assignment_id), "slot": slot}
        self._save(happened, subject, payload, medium="said")

    def tell(self, happened: datetime, kind: str, payload: dict[str, Any], **subject: str) -> None:
        """A question, a choice, a setting or a sharing."""
        self._save(happened, {"kind": kind, **subject}, payload, medium="said")

    def sync(self, now: datetime, again: bool = False) -> None:
        """Send everything, and say that nothing is left. `again`: the answer was lost, so it comes twice."""
        for _ in range(1 + again) if self.unsent else ():
            take_in(self.client, self.device, self.unsent, now, now)
        self.unsent.clear()
        contact(client=self.client, device=self.device, outbox=0, device_seq=self.seq, now=now)

    def _save(
        self, happened: datetime, subject: dict[str, Any], payload: dict[str, Any], **more: Any
    ) -> dict[str, Any]:
        self.seq += 1
        local = happened.astimezone(ZoneInfo(self.client.zone))
        offset = local.utcoffset() or timedelta()
        created = happened + timedelta(seconds=self.rng.randint(20, 900))
        self.last_made = max(self.last_made, created)
        raw = {
            "revision_id": str(new_id()),
            "entry_id": more.pop("entry_id", None) or str(new_id()),
            "subject": subject,
            "parents": more.pop("parents", []),
            "kind": "save",
            "payload": payload,
            "happened_at": {
                "local": local.strftime("%Y-%m-%dT%H:%M"),
                "zone": self.client.zone,
                "utc_offset": int(offset.total_seconds() // 60),
            },
            "medium": more.pop("medium", "worksheet"),
            "entered_by": "client",
            "helped_by": self.helped_by,
            "device_seq": self.seq,
            "created_at": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "app_version": APP_VERSION,
            "schema_version": 1,
            **more,
        }
        self.unsent.append(raw)
        return raw
