"""The secrets that sign webhooks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.connectors.webhooks import Webhooks
from evenhand.desk.audit.acts import Act
from evenhand.desk.audit.queries import entries as ledger
from evenhand.desk.enforcement.models import SigningSecret
from evenhand.desk.enforcement.services import secrets
from evenhand.engine.platform import Destination
from evenhand.runtime import config

WIRE = Webhooks(allow_private=[])
DAY = timedelta(days=1)


def destination(signature: str = "v1a", name: str = "app") -> Destination:
    return Destination(id=name, url="https://hooks.example/", signature=signature)


def acts() -> list[str]:
    return [entry.act for entry in ledger.page().rows]


@pytest.mark.parametrize(("signature", "schemes"), [("v1", ["v1"]), ("v1a", ["v1a"]), ("coop", ["coop", "v1a"])])
def test_what_a_destination_needs_is_made_on_first_use_and_kept(db, signature: str, schemes: list[str]) -> None:
    first = secrets.signers(destination(signature), WIRE)
    assert [signer.scheme for signer in first] == schemes
    assert secrets.signers(destination(signature), WIRE) == first
    assert acts() == [Act.SECRET_MADE]


def test_a_secret_is_sealed_in_the_database_and_its_key_is_in_the_data_folder(db) -> None:
    [signer] = secrets.signers(destination(), WIRE)
    assert signer.private not in bytes(SigningSecret.objects.get().sealed)
    file = config.current().data_dir / secrets.SEAL_KEY
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_secret_does_not_open_for_another_destination(db) -> None:
    secrets.signers(destination(), WIRE)
    SigningSecret.objects.update(destination="other")
    with pytest.raises(secrets.Unreadable, match=r"other.*webhook-seal\.key"):
        secrets.signers(destination(name="other"), WIRE)


def test_each_destination_has_its_own(db) -> None:
    [one], [other] = secrets.signers(destination(), WIRE), secrets.signers(destination(name="other"), WIRE)
    assert one.private != other.private


def test_in_a_rotation_old_and_new_sign_until_the_overlap_is_over(db) -> None:
    [old] = secrets.signers(destination(), WIRE)
    secrets.rotate(destination(), WIRE, overlap=DAY, actor="user:ana")
    both = secrets.signers(destination(), WIRE)
    assert both[0] == old
    assert len(both) == 2
    SigningSecret.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now())
    assert secrets.signers(destination(), WIRE) == both[1:]
    assert acts()[0] == Act.SECRET_ROTATED


def test_a_rotation_without_overlap_ends_the_old_secret_at_once(db) -> None:
    secrets.signers(destination(), WIRE)
    secrets.rotate(destination(), WIRE, overlap=DAY, actor="user:ana")
    secrets.rotate(destination(), WIRE, overlap=timedelta(0), actor="user:ana")
    assert len(secrets.signers(destination(), WIRE)) == 1


def test_a_second_rotation_does_not_lengthen_the_life_of_the_first_secret(db) -> None:
    secrets.signers(destination(), WIRE)
    secrets.rotate(destination(), WIRE, overlap=timedelta(hours=1), actor="user:ana")
    secrets.rotate(destination(), WIRE, overlap=DAY, actor="user:ana")
    first = SigningSecret.objects.order_by("pk").first()
    assert first.expires_at < timezone.now() + timedelta(hours=2)
    assert len(secrets.signers(destination(), WIRE)) == 3


def test_a_change_of_signature_makes_what_is_missing_and_keeps_the_rest_for_a_way_back(db) -> None:
    [first] = secrets.signers(destination("v1a"), WIRE)
    assert [signer.scheme for signer in secrets.signers(destination("v1"), WIRE)] == ["v1"]
    assert secrets.signers(destination("v1a"), WIRE) == [first]


def test_a_shared_secret_is_shown_once(db) -> None:
    [signer] = secrets.signers(destination("v1"), WIRE)
    secret = SigningSecret.objects.get()
    assert secrets.show_once(secret) == signer
    assert secrets.show_once(secret) is None
