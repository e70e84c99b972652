"""Which passwords are taken: long ones, not too long, of more than a few characters, not a common word with figures."""

import string

import pytest

from server.errors import Refused
from server.people.sign_in import check_strength

LONG = (string.ascii_letters * 5)[:256]


@pytest.mark.parametrize(
    "password",
    ["plum orchard bi", LONG, "abcdefabcdefabcdef", "correct horse battery staple", "a password of my own making"],
)
def test_a_password_that_is_hard_to_guess_is_taken(password):
    check_strength(password)


@pytest.mark.parametrize(
    "password",
    [
        "plum orchard b",  # 14
        LONG + "x",  # 257
        "abcdeabcdeabcdeabcde",  # five different characters
        "Password 1234 5678 90",
        "meantime-MEANTIME",
        "qwerty2026 qwerty2027",
        "123456 123456 123456",
    ],
)
def test_a_password_that_is_short_or_endless_or_plain_is_refused(password):
    with pytest.raises(Refused) as refusal:
        check_strength(password)
    assert refusal.value.code == "password-weak"
