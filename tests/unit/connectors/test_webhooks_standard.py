"""Standard Webhooks: what is signed, and what a receiver takes for genuine."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.connectors.webhooks import NotGenuine, mint, parse_secret, secret_text, verify
from evenhand.connectors.webhooks.keys import public_text
from evenhand.connectors.webhooks.standard import headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = 1614265330
BODY = b'{"test": 2432232314}'
SIGNED = {
    "webhook-id": MESSAGE,
    "webhook-timestamp": str(AT),
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
PRIVATE = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="


def test_the_standards_own_example_is_signed_as_the_standard_says() -> None:
    assert headers(MESSAGE, AT, BODY, [parse_secret(SECRET)]) == SIGNED


def test_the_standards_own_example_is_genuine() -> None:
    assert verify(BODY, SIGNED, [SECRET], now=AT) == MESSAGE


def test_the_public_half_of_an_asymmetric_key_checks_what_the_private_half_signed() -> None:
    scheme, seed = parse_secret(PRIVATE)
    assert public_text(seed) == PUBLIC
    signed = headers(MESSAGE, AT, BODY, [(scheme, seed)])
    assert signed["webhook-signature"].startswith("v1a,")
    assert verify(BODY, signed, [PUBLIC], now=AT) == MESSAGE


@given(body=st.binary(), message=st.text("abc_123", min_size=1), scheme=st.sampled_from(["v1", "v1a"]))
def test_what_is_signed_is_genuine_and_nothing_else_is(body: bytes, message: str, scheme: str) -> None:
    public, private = mint(scheme)
    key = public or secret_text(private)
    signed = headers(message, AT, body, [(scheme, private)])
    assert verify(body, signed, [key], now=AT) == message
    for changed in (
        (body + b" ", signed),
        (body, {**signed, "webhook-id": message + "x"}),
        (body, {**signed, "webhook-timestamp": str(AT + 1)}),
    ):
        with pytest.raises(NotGenuine):
            verify(*changed, [key], now=AT)


def test_header_names_may_come_in_any_case() -> None:
    assert verify(BODY, {name.title(): value for name, value in SIGNED.items()}, [SECRET], now=AT)


@pytest.mark.parametrize("name", list(SIGNED))
def test_each_header_is_needed(name: str) -> None:
    with pytest.raises(NotGenuine, match=name):
        verify(BODY, {key: value for key, value in SIGNED.items() if key != name}, [SECRET], now=AT)


@pytest.mark.parametrize("now", [AT - 301, AT + 301])
def test_a_replay_is_not_genuine(now: int) -> None:
    with pytest.raises(NotGenuine, match="300 seconds"):
        verify(BODY, SIGNED, [SECRET], now=now)


@pytest.mark.parametrize("stamp", ["", "-1", "1.5", "١٦", "now", "9" * 400])
def test_a_timestamp_that_is_none_is_not_genuine(stamp: str) -> None:
    with pytest.raises(NotGenuine):
        verify(BODY, {**SIGNED, "webhook-timestamp": stamp}, [SECRET])


@pytest.mark.parametrize("signature", ["", " ", "v1", "v1,", "v1,!!!", "v2,AAAA", "v1a,AAAA", "v1,AAAA v1a,AAAA ,"])
def test_a_malformed_signature_is_not_genuine(signature: str) -> None:
    with pytest.raises(NotGenuine):
        verify(BODY, {**SIGNED, "webhook-signature": signature}, [SECRET, PUBLIC], now=AT)


def test_a_shared_secret_signature_does_not_pass_for_an_asymmetric_one() -> None:
    _, public = parse_secret(PUBLIC)
    forged = headers(MESSAGE, AT, BODY, [("v1", public)])
    for value in (forged["webhook-signature"], forged["webhook-signature"].replace("v1,", "v1a,")):
        with pytest.raises(NotGenuine):
            verify(BODY, {**forged, "webhook-signature": value}, [PUBLIC], now=AT)


def test_in_a_rotation_old_and_new_receivers_both_take_the_webhook() -> None:
    old, new = mint("v1a"), mint("v1a")
    signed = headers(MESSAGE, AT, BODY, [("v1a", old[1]), ("v1a", new[1])])
    assert len(signed["webhook-signature"].split(" ")) == 2
    for public, _ in (old, new):
        assert verify(BODY, signed, [public], now=AT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MfKQ9r8G",
        "whsec_",
        "whsec_!!",
        "whsec_" + b64encode(b"a" * 23).decode(),
        "whpk_" + b64encode(b"a" * 31).decode(),
    ],
)
def test_a_secret_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="webhook secret"):
        parse_secret(text)


def test_there_is_no_key_of_an_unknown_scheme() -> None:
    with pytest.raises(ValueError, match="v2"):
        mint("v2")
