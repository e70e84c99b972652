"""The proxy that docs/https.md sets up writes no address down that is a secret."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "https.md"
SECRETS = ("token", "secret", "code", "key", "proof")  # as routes name them


@pytest.fixture(scope="module")
def sample():
    return re.search(r"```nginx\n(.*?)```", DOCS.read_text(), re.DOTALL)[1]


def test_every_address_that_is_a_secret_is_left_out_of_the_log(app, sample):
    hidden = re.search(r'"~(\^\(\?<kept>.*?\))" "\$\{kept\}\.\.\.";', sample)[1].replace("?<", "?P<")
    secret = {rule.rule for rule in app.url_map.iter_rules() if rule.arguments & set(SECRETS)}
    assert {rule for rule in secret if rule.startswith("/api/stop")} and len(secret) >= 3
    assert [rule for rule in secret if not re.match(hidden, rule)] == []
    assert "$meantime_uri" in re.search(r"log_format meantime (.*);", sample)[1]
    assert not re.search(r"\$(request\b|request_uri|http_|args|query_string)", sample.split("server {")[0])


def test_each_server_of_it_logs_that_way_or_not_at_all(sample):
    for server in sample.split("\nserver {")[1:]:
        assert re.search(r"access_log (off|\S+ meantime);", server)
        assert re.search(r"error_log +\S+ crit;", server)
