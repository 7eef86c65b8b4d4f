"""Codes of the second factor: each good for one time, their secrets sealed, their removal thorough."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from evenhand.desk.accounts import queries, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim():
    return services.create_user("kim@example.com", ["child_safety"], by="system:test")


@pytest.fixture
def totp(kim):
    return TOTP.activate(kim, generate_totp_secret()).instance


def test_a_code_is_good_for_one_time_in_whatever_process(totp):
    assert services.use_code(totp, "123456")
    assert not services.use_code(Authenticator.objects.get(pk=totp.pk), "123 456")
    assert services.use_code(totp, "654321")


def test_codes_are_remembered_only_as_long_as_they_could_be_used_again(totp, monkeypatch):
    now = [1_000_000.0]
    monkeypatch.setattr("evenhand.desk.accounts.services.second_factor.time.time", lambda: now[0])
    services.use_code(totp, "123456")
    now[0] += 121
    services.use_code(totp, "654321")
    assert list(Authenticator.objects.get(pk=totp.pk).data["used"]) == ["654321"]


def test_the_secret_cannot_be_read_from_the_database(kim):
    secret = generate_totp_secret()
    kept = TOTP.activate(kim, secret).instance
    assert secret not in str(Authenticator.objects.get(pk=kept.pk).data)


def test_removing_it_takes_the_recovery_codes_along_and_is_recorded(kim, totp, told):
    RecoveryCodes.activate(kim)
    assert queries.has_second_factor(kim)
    assert services.remove_second_factor(kim, by="system:cli")
    assert not Authenticator.objects.filter(user=kim).exists()
    assert not queries.has_second_factor(kim)
    assert not services.remove_second_factor(kim, by="system:cli")
    assert told()[1:] == [("mfa_changed", "system:cli", f"user:{kim.pseudonym}")]
