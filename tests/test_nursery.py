"""A server of the nursery ends as a process of its own does: with a true code, and not before its threads."""

import os
import signal

import pytest

from tests.faults.serving import Server
from tests.nursery import nursery

NONE = 0  # the signal that does nothing: wait for it to end by itself
REFUSED = {**os.environ, "MEANTIME_PORT": "none"}  # which is a 2


def test_a_server_that_crashed_is_not_taken_for_one_that_ended_well():
    with pytest.raises(RuntimeError, match="ended with 2"):
        nursery().end(nursery().start(REFUSED), NONE)


def test_one_that_is_told_gently_ends_well(sqlite_config):
    server = Server(sqlite_config)
    server.start()
    nursery().end(server.pid, signal.SIGTERM)


def test_it_ends_after_its_threads(tmp_path):
    env = {**REFUSED, "MEANTIME_LINGERS": str(tmp_path / "late")}
    with pytest.raises(RuntimeError, match="ended with 2"):
        nursery().end(nursery().start(env, "tests.faults.plants.lingering"), NONE)
    assert (tmp_path / "late").read_text() == "written"
