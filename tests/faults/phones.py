"""Phones that push over real connections, and remember what was acknowledged and what was not."""

import socket
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse

import orjson

from server.entries.reading import canonical
from tests.cast import new_uuid

STORED = {"stored", "stored_conflict", "duplicate"}


@dataclass
class Phone:
    """One paired phone: what it holds, by id, and what it was told is there."""

    token: str
    device_id: str
    epoch: str
    held: dict[str, dict] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    aside: set[str] = field(default_factory=set)  # it was told that these were put aside
    earlier: set[str] = field(default_factory=set)  # the devices it was before it was signed in again
    unheard: int = 0  # pushes that brought no answer to believe

    def save(self, *revisions: dict) -> list[dict]:
        """Saved on this phone."""
        self.held |= {revision["revision_id"]: revision for revision in revisions}
        return list(revisions)

    def waiting(self) -> list[dict]:
        """What nothing was said of yet."""
        return [revision for key, revision in self.held.items() if key not in self.acknowledged | self.aside]

    def batch(self, revisions: list[dict]) -> dict:
        """The body of a push."""
        envelope = {"protocol": 1, "batch_id": new_uuid(), "device_id": self.device_id, "epoch": self.epoch}
        return {**envelope, "revisions": revisions}

    def push(self, port: int, revisions: list[dict], patience: float = 20) -> list[str]:
        """Push, and believe only what is provably ours. Returns the statuses; none when there was no such answer."""
        batch = self.batch(revisions)
        try:
            answer = exchange(port, self.token, batch, patience)
        except (OSError, HTTPException):
            self.unheard += 1
            return []
        heard = self.hear(batch, *answer)
        self.unheard += not heard
        return heard

    def hear(self, batch: dict, status: int, headers: dict[str, str], body: bytes) -> list[str]:
        """The written rule of docs/protocol.md: 200, JSON, our header, the batch and each id and hash equal."""
        ours = status == 200 and headers.get("x-sync-protocol") == "1"
        if not ours or headers.get("content-type") != "application/json":
            return []
        try:
            told = orjson.loads(body)
        except orjson.JSONDecodeError:
            return []
        if told.get("batch_id") != batch["batch_id"]:
            return []
        sent = {one["revision_id"]: canonical(one)[1] for one in batch["revisions"]}
        proven = [one for one in told["results"] if sent.get(one["revision_id"]) == one["content_hash"]]
        self.acknowledged |= {one["revision_id"] for one in proven if one["status"] in STORED}
        self.aside |= {one["revision_id"] for one in proven if one["status"] == "quarantined"}
        return [one["status"] for one in proven]


def exchange(port: int, token: str, body: dict, patience: float = 20) -> tuple[int, dict[str, str], bytes]:
    """One push over one connection: (status, headers, body). OSError or HTTPException when it broke off."""
    text = orjson.dumps(body)
    head = (
        "POST /api/v1/sync/push HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"X-Sync-Protocol: 1\r\nCookie: phone={token}\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        connection.sendall(head.encode() + text)
        with HTTPResponse(connection) as answer:
            answer.begin()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, headers, answer.read()


def pulled(port: int, token: str, cursor: str) -> dict:
    """One pull over one connection: its body."""
    headers = {"X-Sync-Protocol": "1", "Cookie": f"phone={token}"}
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", f"/api/v1/sync/pull?cursor={cursor}", headers=headers)
        return orjson.loads(connection.getresponse().read())
