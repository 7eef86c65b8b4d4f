"""People come, get roles, change passwords, leave and return; the ledger knows."""

import re

import pytest
from django.contrib.auth import get_user_model

from evenhand.desk.accounts import queries, services
from evenhand.desk.accounts.preferences import Preferences, read
from evenhand.desk.accounts.services import Refused
from evenhand.desk.audit import queries as audit

PASSWORD = "four unrelated words here"
pytestmark = pytest.mark.django_db


def create(email="kim@example.com", roles=("moderator",), password=PASSWORD):
    return services.create_user(email, roles, password, by="system:test")


def test_a_new_person_has_a_pseudonym_the_roles_and_the_password_and_stands_in_the_ledger(told):
    user = create("Kim@Example.com", ["moderator", "auditor", "moderator"])
    assert user.email == "kim@example.com"
    assert re.fullmatch(r"[a-z]+-[a-z]+-\d\d", user.pseudonym)
    assert queries.granted_roles(user) == ("moderator", "auditor")
    assert get_user_model().objects.get(pk=user.pk).check_password(PASSWORD)
    assert told() == [("user_created", "system:test", f"user:{user.pseudonym}")]


def test_the_pseudonym_tells_nothing_of_the_address():
    names = {create(f"amber.otter{number}@example.com").pseudonym for number in range(20)}
    assert len(names) == 20


def test_two_people_never_get_one_pseudonym(monkeypatch):
    drawn = iter(["calm-otter-10", "calm-otter-10", "keen-heron-20"])
    monkeypatch.setattr("evenhand.desk.accounts.pseudonyms.draw", lambda: next(drawn))
    assert [create("a@example.com").pseudonym, create("b@example.com").pseudonym] == ["calm-otter-10", "keen-heron-20"]


def test_the_address_is_in_the_ledger_only_as_a_payload_that_can_be_erased():
    create("kim@example.com")
    row = audit.page().rows[0]
    assert "kim" not in row.body
    assert row.commit
    assert audit.with_payload({row.seq}) == {row.seq}


@pytest.mark.parametrize(
    ("email", "roles", "password", "field", "says"),
    [
        ("not an address", ["moderator"], PASSWORD, "email", "“not an address” is not an e-mail address."),
        ("kim@example.com", ["emperor"], PASSWORD, "roles", "There is no role “emperor”."),
        ("kim@example.com", ["moderator"], "short", "password", "at least 12 characters"),
        ("kim@example.com", ["moderator"], "kim@example.com", "password", "too similar"),
        ("x" * 250 + "@example.com", ["moderator"], PASSWORD, "email", "is not an e-mail address"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_changes_nothing(told, *, email, roles, password, field, says):
    with pytest.raises(Refused, match=re.escape(says)) as refused:
        create(email, roles, password)
    assert refused.value.field == field
    assert not queries.people()
    assert told() == []


def test_an_address_is_taken_whatever_its_case():
    create("kim@example.com")
    with pytest.raises(Refused, match="here already"):
        create("KIM@example.com")


def test_roles_are_granted_and_revoked_once_each_and_recorded(told):
    user = create()
    assert services.grant_role(user, "legal", by="user:boss")
    assert not services.grant_role(user, "legal", by="user:boss")
    assert queries.granted_roles(user) == ("moderator", "legal")
    assert services.revoke_role(user, "legal", by="user:boss")
    assert not services.revoke_role(user, "legal", by="user:boss")
    assert queries.granted_roles(user) == ("moderator",)
    assert [entry[:2] for entry in told()[1:]] == [("role_granted", "user:boss"), ("role_revoked", "user:boss")]


def test_when_one_of_several_role_changes_is_refused_none_happens():
    boss = create("boss@example.com", ["admin"])
    with pytest.raises(Refused, match="only admin"):
        services.change_roles(boss, grant=["legal"], revoke=["admin"], by="system:test")
    boss.known_roles = None
    assert queries.granted_roles(boss) == ("admin",)


def test_the_last_active_admin_stays():
    boss, other = create("boss@example.com", ["admin"]), create("other@example.com", ["admin"])
    services.deactivate(other, by="system:test")
    for leave in (services.deactivate, lambda user, by: services.revoke_role(user, "admin", by=by)):
        with pytest.raises(Refused, match=f"{boss.pseudonym} is the only admin"):
            leave(boss, by="system:test")
    services.reactivate(other, by="system:test")
    assert services.revoke_role(boss, "admin", by="system:test")


def test_who_leaves_is_out_and_who_returns_is_in_and_both_are_recorded_once(told):
    user = create()
    assert services.deactivate(user, by="system:test")
    assert not services.deactivate(user, by="system:test")
    assert not get_user_model().objects.get(pk=user.pk).is_active
    assert services.reactivate(user, by="system:test")
    assert not services.reactivate(user, by="system:test")
    assert [entry[0] for entry in told()] == ["user_created", "user_deactivated", "user_reactivated"]


def test_a_changed_password_replaces_the_old_and_is_recorded_without_a_trace_of_it(told):
    user = create()
    services.change_password(user, "quite another long phrase", by="system:cli")
    kept = get_user_model().objects.get(pk=user.pk)
    assert kept.check_password("quite another long phrase")
    assert not kept.check_password(PASSWORD)
    assert told()[-1] == ("password_changed", "system:cli", f"user:{user.pseudonym}")
    with pytest.raises(Refused, match="too short"):
        services.change_password(user, "short", by="system:cli")


def test_somebody_is_found_by_address_or_pseudonym():
    user = create("kim@example.com")
    assert queries.person(" Kim@Example.com ") == queries.person(user.pseudonym) == user
    assert queries.person("nobody") is None


def test_the_list_of_people_takes_two_queries_however_many_they_are(django_assert_num_queries):
    for number in range(5):
        create(f"p{number}@example.com", ["auditor", "moderator"])
    gone = create("gone@example.com", [])
    services.deactivate(gone, by="system:test")
    with django_assert_num_queries(2):
        people = queries.people()
    assert [person.is_active for person in people] == [True] * 5 + [False]
    assert people[0].roles == ("moderator", "auditor")
    assert people[-1].roles == ()


def test_preferences_are_kept_as_small_as_they_differ():
    user = create()
    services.set_preferences(user, Preferences(theme="dark", keys={"u": "z"}))
    kept = get_user_model().objects.get(pk=user.pk).preferences
    assert kept == {"theme": "dark", "keys": {"u": "z"}}
    assert read(kept) == Preferences(theme="dark", keys={"u": "z"})
