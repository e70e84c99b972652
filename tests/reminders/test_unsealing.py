"""The receiver of our tests opens messages by the standard alone, and what both senders seal."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from server.reminders.senders.encoding import by_http_ece, directly
from tests.fakes import PhoneKeys
from tests.unsealing import NotSealedWell, unb64, unseal, without_padding

# RFC 8291, section 5 and appendix A.
PRIVATE, AUTH = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94", "BTBZMqHH6r4Tts7J_aSIgg"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7"
    "A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
PLAIN = b"When I grow up, I want to be a watermelon"


def theirs():
    return ec.derive_private_key(int.from_bytes(unb64(PRIVATE), "big"), ec.SECP256R1())


def test_the_standard_s_own_message_is_opened():
    assert unseal(unb64(BODY), theirs(), unb64(AUTH)) == PLAIN


@pytest.mark.parametrize("seal", [by_http_ece, directly], ids=["default", "fast"])
def test_what_a_sender_seals_is_opened_by_its_phone_and_nobody_else(seal):
    phone, other = PhoneKeys(), PhoneKeys()
    for text in (b"{}", b"x" * 512, b"x" * 3993):
        body = seal(phone.p256dh, phone.auth, text)
        assert unseal(body, phone._private, phone._auth) == text
        with pytest.raises(InvalidTag):
            unseal(body, other._private, phone._auth)
        with pytest.raises(InvalidTag):
            unseal(body, phone._private, other._auth)


@pytest.mark.parametrize("at", [0, 90, -1])
def test_a_message_that_was_changed_on_its_way_is_not_opened(at):
    body = bytearray(unb64(BODY))
    body[at] ^= 1
    with pytest.raises(InvalidTag):
        unseal(bytes(body), theirs(), unb64(AUTH))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda body: body[:16] + (17).to_bytes(4, "big") + body[20:], "single record"),
        (lambda body: body[:16] + (50).to_bytes(4, "big") + body[20:], "single record"),
        (lambda body: body[:20] + b"\x40" + body[21:], "point"),
        (lambda body: body[:21] + b"\x02" + body[22:], "point"),
        (lambda body: body[:102], "single record"),
        (lambda body: body + bytes(4096), "4096"),
        (lambda body: b"", "point"),
    ],
)
def test_a_header_that_no_strict_receiver_takes_is_refused(change, said):
    with pytest.raises(NotSealedWell, match=said):
        unseal(change(unb64(BODY)), theirs(), unb64(AUTH))


@pytest.mark.parametrize("end", [b"", b"\x01", b"\x01\x00"])
def test_a_record_that_is_not_the_last_is_refused(end):
    with pytest.raises(NotSealedWell, match="last record"):
        without_padding(b"text" + end)
    assert without_padding(b"text\x02\x00\x00") == b"text"
