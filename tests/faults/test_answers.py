"""Answers that are lost, cut, forged by a portal or come out of a cache: nothing is acknowledged that is not proven."""

import json
import subprocess
from pathlib import Path

import pytest

from build_app import node_and_environment
from server.entries.reading import canonical
from tests.faults.phones import exchange
from tests.faults.proxy import Proxy

HERE = Path(__file__).parent


@pytest.fixture
def network(server):
    with Proxy(server.port) as between:
        yield between


def judged_by_the_phone(exchanges) -> list[dict]:
    """What the phone's own TypeScript says of (batch, status, headers, body)."""
    told = [
        {
            "answer": {
                "status": status,
                "type": headers.get("content-type", ""),
                "marker": headers.get("x-sync-protocol"),
                "text": body.decode(),
            },
            "sent": {
                "batch_id": batch["batch_id"],
                "items": [
                    {"revision_id": one["revision_id"], "content_hash": canonical(one)[1]} for one in batch["revisions"]
                ],
            },
        }
        for batch, status, headers, body in exchanges
    ]
    node, environment = node_and_environment()
    done = subprocess.run(
        [node, HERE / "verdict.ts"], input=json.dumps(told), env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("fault", ["lost_answer", "cut_answer"])
def test_an_answer_lost_after_the_commit_makes_the_retry_a_duplicate(world, network, fault):
    phone, entry = world.anna.phones[0], world.anna.entry()
    network.fault = fault
    assert phone.push(network.port, phone.save(entry)) == []
    assert phone.waiting() == [entry]
    network.fault = ""
    assert phone.push(network.port, phone.waiting()) == ["duplicate"]
    assert phone.waiting() == []
    world.holds()


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_a_request_that_never_arrived_is_stored_by_the_next_try(world, network):
    phone = world.anna.phones[0]
    network.fault = "lost_request"
    assert phone.push(network.port, phone.save(world.anna.entry())) == []
    network.fault = ""
    assert phone.push(network.port, phone.waiting()) == ["stored"]
    world.holds()


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", ["portal", "redirect", "earlier_answer"])
def test_an_answer_that_is_not_ours_acknowledges_nothing(world, network, fault):
    phone = world.anna.phones[0]
    assert phone.push(network.port, phone.save(world.anna.entry())) == ["stored"]
    network.fault = fault
    waiting = phone.save(world.anna.entry())
    assert phone.push(network.port, waiting) == []
    assert phone.waiting() == waiting


@pytest.mark.parametrize("config", ["sqlite"], indirect=True)
def test_the_phones_own_rule_takes_our_answer_and_no_other(world, network):
    phone = world.anna.phones[0]
    heard = []
    for fault in ("", "portal", "earlier_answer"):
        network.fault = fault
        batch = phone.batch(phone.save(world.anna.entry()))
        heard.append((batch, *exchange(network.port, phone.token, batch)))
    ours, *others = judged_by_the_phone(heard)
    revision_id = heard[0][0]["revisions"][0]["revision_id"]
    assert ours["kind"] == "acknowledged"
    assert ours["became"][revision_id]["state"] == "sent"
    assert [(one["kind"], one["became"]) for one in others] == [("offline", {})] * 2
