"""Headers that tell the caller's address are believed behind a proxy on this machine, and from nobody else."""

import http.client
import json
import sys
import threading

import pytest

from server.serving import create_server
from tests.conftest import settings
from tests.localhost import free_port

FORGED = {
    "X-Forwarded-For": "198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "Forwarded": "for=198.51.100.8;proto=https;host=evil.example",
}


def seen(environ, start_response):
    """Says what the application would take for the caller's address."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps([environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ["HTTP_HOST"]]).encode()]


@pytest.fixture
def ask(tmp_path):
    """Serves with these settings, sends one request with forged headers, and returns what was seen of it."""
    turn = sys.getswitchinterval()

    def asked(**environ):
        port = free_port()
        server = create_server(seen, settings(tmp_path, MEANTIME_PORT=str(port), **environ))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            web = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            web.request("GET", "/", headers={**FORGED, "Host": "ours.example"})
            return json.loads(web.getresponse().read())
        finally:
            web.close()
            # Its sockets are closed by its own loop: closed from here, the loop may be waiting on one that is gone.
            server.trigger.pull_trigger(server.close)
            thread.join(10)
            server.task_dispatcher.shutdown()
            assert not thread.is_alive()

    yield asked
    sys.setswitchinterval(turn)


def test_on_this_machine_alone_the_headers_are_not_believed(ask):
    assert ask(MEANTIME_HOST="127.0.0.1") == ["127.0.0.1", "http", "ours.example"]


def test_open_to_the_network_the_headers_are_not_believed(ask):
    said = ask(MEANTIME_HOST="0.0.0.0", MEANTIME_BASE_URL="https://ours.example")
    assert said == ["127.0.0.1", "http", "ours.example"]


def test_behind_the_proxy_its_address_and_scheme_are_believed_and_nothing_else(ask):
    said = ask(MEANTIME_HOST="127.0.0.1", MEANTIME_BASE_URL="https://ours.example")
    assert said == ["198.51.100.7", "https", "ours.example"]
