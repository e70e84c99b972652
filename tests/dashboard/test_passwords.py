"""Which passwords are taken: long ones, not too long, of many characters, not only common words and figures."""

import secrets
import string

import pytest

from server.errors import Refused
from server.people.passwords import check_strength

LONG = (string.ascii_letters * 5)[:256]


@pytest.mark.parametrize(
    "password",
    [
        "plum orchard bi",
        LONG,
        "abcdeffedcbaebdcfa",  # six different characters
        "correct horse battery staple",
        "a password of my own making",
        "Vögel zwitschern laut",
        "пароль от моей двери",
        "8 otters swam past 14 swans",
        "7$kQ2!9zR#4m&8v",
    ],
)
def test_a_password_that_is_hard_to_guess_is_taken(password):
    check_strength(password)


def test_what_a_password_manager_makes_is_taken():
    for _ in range(2000):
        check_strength("".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(20)))
        check_strength(secrets.token_urlsafe(16))


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
        "welcome therapy",
        "Password-Welcome-2026!",
        "LetMeInWelcomeQwerty",
        "P@ssw0rd W3lc0me 1",
        "summer2026 winter2027",
        "TalkingTherapiesNHS1",
        "meantimepasswordmeantime",
        "qwertyuiopasdfghjkl",
        "otters7 otters7 otters7",
        "passpasswordwordword",
        "  2026  08  15  1994  x",
    ],
)
def test_a_password_that_is_short_or_endless_or_plain_is_refused(password):
    with pytest.raises(Refused) as refusal:
        check_strength(password)
    assert refusal.value.code == "password-weak"
