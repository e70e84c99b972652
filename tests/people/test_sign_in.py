"""Signing in: an unknown name costs as much as a wrong password."""

import pytest

from server.errors import Refused
from server.people import sign_in
from tests.cast import NOW


@pytest.mark.parametrize("name", ["ben@example.org", "nobody@example.org"])
def test_a_hash_is_verified_whether_or_not_there_is_such_a_name(name, app, cast, monkeypatch):
    verified, really = [], sign_in.verify_password

    def verify(hashed, password):
        verified.append(hashed)
        return really(hashed, password)

    monkeypatch.setattr(sign_in, "verify_password", verify)
    with pytest.raises(Refused, match="sign-in-wrong"):
        sign_in.start(sign_in_name=name, password="not the password", address="127.0.0.1", now=NOW)
    assert len(verified) == 1
    assert verified[0].startswith("$argon2id$")
