"""Push to a browser: sealed as the standard's own example is, signed so that its service knows the desk."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from evenhand.connectors.pages import BadSubscription, Told, by_webpush, public, read, sender
from evenhand.connectors.pages.webpush import CURVE, encrypt, token
from tests.support.ports import HOST
from tests.support.receiver import receiving_raw

MESSAGE = {"title": "Case 7", "text": "Critical.", "link": "https://desk.example/p/x", "urgent": True}
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
THEIRS = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_example_of_rfc_8291_comes_out_byte_by_byte() -> None:
    """Appendix A."""
    ephemeral = ec.derive_private_key(int.from_bytes(raw("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), CURVE)
    found = encrypt(
        b"When I grow up, I want to be a watermelon",
        raw(THEIRS),
        raw(SECRET),
        ephemeral=ephemeral,
        salt=raw("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert found == raw(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBr"
        "u3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_desks_key_is_the_same_every_time_and_signs_for_one_service_for_half_a_day() -> None:
    key = sender(b"\x07" * 32)
    assert public(key) == public(sender(b"\x07" * 32)) != public(sender(b"\x08" * 32))
    head, claims, signature = token("https://push.example/x/y", key, "https://desk.example", now=1_000).split(".")
    assert json.loads(raw(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(raw(claims)) == {
        "aud": "https://push.example",
        "exp": 1_000 + 12 * 3600,
        "sub": "https://desk.example",
    }
    r, s = int.from_bytes(raw(signature)[:32]), int.from_bytes(raw(signature)[32:])
    key.public_key().verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))


@pytest.mark.parametrize("seed", [b"\x00" * 32, b"\xff" * 32])
def test_any_seed_makes_a_key(seed: bytes) -> None:
    assert len(raw(public(sender(seed)))) == 65


@pytest.mark.parametrize(
    "line", ["", "https://push.example/x", f"https://x.example#{THEIRS}", f"https://x.example#AAAA.{SECRET}",
             f"https://x.example#{THEIRS}.AAAA", f"https://x.example#{THEIRS}.!!!!",
             f"https://x.example#{'B' + 'A' * 86}.{SECRET}"],
)  # fmt: skip
def test_what_is_no_subscription_is_told_apart(line: str) -> None:
    with pytest.raises(BadSubscription):
        read(line)
    told = by_webpush(
        line, key=sender(b"x" * 32), contact="mailto:a@b.example", message_id="m", kind="page", payload=MESSAGE
    )
    assert told.status == 410


def send(url: str, allow: tuple[str, ...] = ()) -> Told:
    return by_webpush(
        f"{url}#{THEIRS}.{SECRET}", key=sender(b"x" * 32), contact="https://desk.example", message_id="m1",
        kind="page", payload=MESSAGE, allow_private=allow,
    )  # fmt: skip


def test_a_service_gets_what_it_cannot_read_and_how_urgent_it_is() -> None:
    with receiving_raw() as service:
        told = send(f"{service.url}/of/this/browser", (HOST,))
        [got] = service.got
    assert (told.status, told.error, got.path) == (200, "", "/of/this/browser")
    assert got.headers["content-encoding"] == "aes128gcm"
    assert (got.headers["urgency"], got.headers["ttl"]) == ("high", "3600")
    assert got.headers["authorization"].startswith("vapid t=")
    assert b"Critical" not in got.body
    assert json.loads(told.body) == {"id": "m1", **MESSAGE}


def test_an_endpoint_inside_is_not_called() -> None:
    with receiving_raw() as service:
        told = send(service.url)
    assert told.status is None
    assert told.error
    assert service.got == []
