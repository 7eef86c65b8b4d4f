"""API keys: shown once, kept hashed, scoped, revocable, with their last use."""

import hashlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import OperationalError
from django.utils import timezone

from evenhand.desk.accounts import queries, services
from evenhand.desk.accounts.key_cache import CACHE
from evenhand.desk.accounts.queries import NoSuchKey, WrongScope
from evenhand.desk.accounts.services import Refused, impatient

ApiKey = apps.get_model("accounts", "ApiKey")
pytestmark = pytest.mark.django_db


def make(name="web", scopes=("ingest", "report")):
    return services.create_key(name, scopes, by="system:test")


def test_a_key_is_random_and_only_its_hash_and_its_beginning_are_kept(told):
    raw = make()
    kept = ApiKey.objects.get()
    assert raw.startswith("evh_")
    assert len(raw) == 4 + 43
    assert kept.digest == hashlib.sha256(raw.encode()).hexdigest()
    assert kept.prefix == raw[:12]
    assert raw not in repr(vars(kept))
    assert told() == [("key_created", "system:test", "key:web")]


def test_a_key_is_good_for_its_scopes_and_no_others():
    raw = make(scopes=["read", "ingest"])
    assert queries.key(raw, "ingest").name == "web"
    assert queries.key(raw, "read").scopes == {"ingest", "read"}
    with pytest.raises(WrongScope) as wrong:
        queries.key(raw, "act")
    assert (wrong.value.name, wrong.value.scope) == ("web", "act")


@pytest.mark.parametrize("raw", ["", "evh_", "evh_" + "x" * 43, "x" * 100_000, "evh_\x00ä"])
def test_what_is_no_key_is_refused(raw):
    make()
    with pytest.raises(NoSuchKey):
        queries.key(raw, "ingest")


def test_a_revoked_key_opens_nothing_at_once_in_this_process(django_capture_on_commit_callbacks, told):
    raw = make()
    queries.key(raw, "ingest")
    with django_capture_on_commit_callbacks(execute=True):
        assert services.revoke_key("web", by="system:test")
    with pytest.raises(NoSuchKey):
        queries.key(raw, "ingest")
    assert not services.revoke_key("web", by="system:test")
    assert [entry[0] for entry in told()] == ["key_created", "key_revoked"]


def test_another_process_notices_a_revocation_within_two_seconds(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(CACHE, "_clock", lambda: now[0])
    raw = make()
    queries.key(raw, "ingest")
    ApiKey.objects.update(revoked_at=timezone.now())
    now[0] += 1.9
    assert queries.key(raw, "ingest")
    now[0] += 0.2
    with pytest.raises(NoSuchKey):
        queries.key(raw, "ingest")


def test_neither_a_good_nor_a_bad_key_is_looked_up_twice_in_two_seconds(django_assert_num_queries):
    raw = make()
    queries.key(raw, "ingest")
    with pytest.raises(NoSuchKey):
        queries.key("evh_wrong", "ingest")
    with django_assert_num_queries(0):
        queries.key(raw, "ingest")
        with pytest.raises(NoSuchKey):
            queries.key("evh_wrong", "ingest")


@pytest.mark.parametrize("name", ["", " ", "two words", "-dash", "x" * 65, "user:me", "a\nb", "ä"])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(Refused) as refused:
        make(name)
    assert refused.value.field == "name"


def test_a_name_is_never_used_again_since_events_carry_it():
    make()
    services.revoke_key("web", by="system:test")
    with pytest.raises(Refused, match="There is, or was, a key named “web”"):
        make()


@pytest.mark.parametrize(
    ("scopes", "says"),
    [
        ("ingest,fly", "There is no scope “fly”. Scopes: ingest, report, act, read, moderate."),
        ("fly,swim", "There is no scope “fly”, “swim”."),
        ("", "A key needs a scope"),
        (" , ", "A key needs a scope"),
    ],
)
def test_a_scope_that_is_unknown_or_missing_is_refused_precisely(scopes, says):
    with pytest.raises(Refused) as refused:
        services.parse_scopes(scopes)
    assert refused.value.message.startswith(says)
    assert refused.value.field == "scopes"


def test_scopes_are_read_in_any_order_and_kept_in_one():
    assert services.parse_scopes(" read, ingest,read") == ["ingest", "read"]


def test_last_use_is_noted_at_most_once_a_minute(django_assert_num_queries, monkeypatch):
    raw = make()
    queries.key(raw, "ingest")
    first = ApiKey.objects.get().last_used_at
    assert timezone.now() - first < timedelta(seconds=5)
    with django_assert_num_queries(0):
        queries.key(raw, "ingest")
    queries._touch_after.clear()
    queries.key(raw, "ingest")
    assert ApiKey.objects.get().last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(seconds=61))
    queries._touch_after.clear()
    queries.key(raw, "ingest")
    assert ApiKey.objects.get().last_used_at >= first


def test_a_busy_database_delays_the_note_and_not_the_request(monkeypatch):
    raw = make()

    def busy(**_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(impatient.transaction, "atomic", busy)
    assert queries.key(raw, "ingest").name == "web"
    assert ApiKey.objects.get().last_used_at is None
    monkeypatch.undo()
    queries._touch_after.update({name: due - 6 for name, due in queries._touch_after.items()})
    queries.key(raw, "ingest")
    assert ApiKey.objects.get().last_used_at is not None


def test_keys_are_listed_with_the_revoked_last():
    make("old")
    make("new")
    make("gone")
    services.revoke_key("gone", by="system:test")
    assert [key.name for key in queries.api_keys()] == ["new", "old", "gone"]
